using System.Text;
using Cairn.Engine;

namespace Cairn.Host.Setup;

/// <summary>
/// Registers our MCP server with Codex, in the file config.toml of Codex's home. Text that is not ours stays byte for
/// byte, and none of it is ever shown: it may hold secrets.
/// </summary>
public sealed class CodexSetup
{
    private const int Attempts = 2;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

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
        Edit(text => CodexConfig.Add(text, command, args), dryRun);

    /// <summary>Removes our server with its sub-tables, and the file itself if it holds nothing else.</summary>
    /// <param name="dryRun">True to compute the outcome and write nothing.</param>
    /// <exception cref="EngineException">The file cannot be edited safely; the message says why, and nothing was changed.</exception>
    /// <exception cref="IOException">The file system failed; the old file is whole.</exception>
    /// <exception cref="UnauthorizedAccessException">The file or its directory may not be read or written.</exception>
    public SetupResult Remove(bool dryRun = false) =>
        Edit(text => text is null ? new ConfigEdit(null, SetupChange.Unchanged, []) : CodexConfig.Remove(text), dryRun);

    private SetupResult Edit(Func<string?, ConfigEdit> compute, bool dryRun)
    {
        // Codex writes this file too: what it wrote meanwhile is read again and edited, once.
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var file = new ConfigFile(ConfigPath) { BeforeReplace = BeforeReplace };
            var before = file.Read();
            var edit = compute(Decode(before));
            var result = new SetupResult(ConfigPath, edit.Change, Diff(before is null, edit));
            if (edit.Change == SetupChange.Unchanged || dryRun) return result;
            if (file.IsReadOnly) throw EngineException.Invalid("config.toml", $"{ConfigPath} is read-only; nothing was changed: make it writable, then run this again");
            if (file.TryReplace(before, edit.Text is null ? null : Utf8.GetBytes(edit.Text))) return result;
        }
        throw EngineException.Invalid("config.toml", "another program keeps changing it; nothing was changed: run this again when Codex is at rest");
    }

    private static string? Decode(byte[]? content)
    {
        try
        {
            // A byte order mark comes through as a character, and so goes back as it came.
            return content is null ? null : Utf8.GetString(content);
        }
        catch (DecoderFallbackException invalid)
        {
            throw EngineException.Invalid(
                "config.toml", $"the byte at offset {invalid.Index} is not UTF-8, which TOML requires; nothing was changed: save the file as UTF-8, then run this again", ("offset", invalid.Index));
        }
    }

    private string Diff(bool isNew, ConfigEdit edit) => edit.Change == SetupChange.Unchanged
        ? ""
        : string.Join('\n', [$"--- {(isNew ? "(no file)" : ConfigPath)}", $"+++ {(edit.Text is null ? "(no file)" : ConfigPath)}", .. edit.Diff]);
}
