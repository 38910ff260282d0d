using Cairn.Engine;

namespace Cairn.Host.Setup;

/// <summary>
/// Registers our MCP server with Codex, in the file config.toml of Codex's home. Text that is not ours stays byte for
/// byte, and none of it is ever shown: it may hold secrets.
/// </summary>
public sealed class CodexSetup
{
    /// <summary>Sets up the Codex whose home this is; the directory need not exist.</summary>
    /// <param name="codexHome">A path, made absolute against the current directory.</param>
    public CodexSetup(string codexHome) => ConfigPath = Path.Combine(Path.GetFullPath(codexHome), "config.toml");

    /// <summary>Absolute path of config.toml.</summary>
    public string ConfigPath { get; }

    /// <summary>Runs before each replacement of the file, so that a test can write in between.</summary>
    internal Action? BeforeReplace { get; init; }

    /// <summary>Where Codex looks: the value of CODEX_HOME if there is one, else .codex in the user's home.</summary>
    public static string HomeOf(string? codexHome, string userHome) =>
        string.IsNullOrEmpty(codexHome) ? Path.Combine(userHome, ".codex") : codexHome;

    /// <summary>Adds our server, or gives the entry that is there this command and these arguments.</summary>
    /// <param name="command">The executable: an absolute path, for Codex starts servers with a filtered environment.</param>
    /// <param name="args">Its arguments.</param>
    /// <param name="dryRun">True to compute the outcome and write nothing.</param>
    /// <exception cref="EngineException">The file cannot be edited safely; the message says why, and nothing was changed.</exception>
    /// <exception cref="IOException">The file system failed; the old file is whole.</exception>
    /// <exception cref="UnauthorizedAccessException">The file or its directory may not be read or written.</exception>
    public SetupResult Add(string command, IReadOnlyList<string> args, bool dryRun = false) =>
        File.Edit(text => CodexConfig.Add(text, command, args), dryRun);

    /// <summary>Removes our server with its sub-tables, and the file itself if it holds nothing else.</summary>
    /// <param name="dryRun">True to compute the outcome and write nothing.</param>
    /// <exception cref="EngineException">The file cannot be edited safely; the message says why, and nothing was changed.</exception>
    /// <exception cref="IOException">The file system failed; the old file is whole.</exception>
    /// <exception cref="UnauthorizedAccessException">The file or its directory may not be read or written.</exception>
    public SetupResult Remove(bool dryRun = false) =>
        File.Edit(text => text is null ? new ConfigEdit(null, SetupChange.Unchanged, []) : CodexConfig.Remove(text), dryRun);

    private SetupFile File => new(ConfigPath) { BeforeReplace = BeforeReplace };
}
