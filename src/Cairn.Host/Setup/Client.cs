using Cairn.Engine;

namespace Cairn.Host.Setup;

/// <summary>One file of a client that we write to.</summary>
/// <param name="Kind">What we put there: server, hooks or text.</param>
/// <param name="Path">Absolute path.</param>
/// <param name="Add">The edit that puts it there.</param>
/// <param name="Remove">The edit that takes it out.</param>
internal sealed record ClientPart(string Kind, string Path, Func<string?, ConfigEdit> Add, Func<string, ConfigEdit> Remove)
{
    /// <summary>Does one or the other.</summary>
    /// <exception cref="EngineException">The file cannot be edited safely, or not at all; nothing was changed.</exception>
    public SetupResult Edit(bool remove, bool dryRun) => Try(() =>
        new SetupFile(Path).Edit(text => !remove ? Add(text) : text is null ? new ConfigEdit(null, SetupChange.Unchanged, []) : Remove(text), dryRun));

    /// <summary>The same, with nothing written: it is refused when the edit would be.</summary>
    /// <exception cref="EngineException">The file cannot be edited safely, or not at all; nothing was changed.</exception>
    public SetupResult Check(bool remove)
    {
        var result = Edit(remove, dryRun: true);
        if (result.Change != SetupChange.Unchanged) Try(() => { new SetupFile(Path).RequireWritable(); return true; });
        return result;
    }

    private T Try<T>(Func<T> edit)
    {
        try
        {
            return edit();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(ErrorCode.StorageFailure, $"{Path} cannot be read or written; nothing was changed. Check its permissions and the disk.", inner: error);
        }
    }
}

/// <summary>A client that can be told of this program: where its files are, and whether it is installed here.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="IsInstalled">Whether there is a sign of it.</param>
/// <param name="ServerPath">The file that registers MCP servers.</param>
/// <param name="Servers">The object in it, when it is JSON; null for Codex's TOML.</param>
/// <param name="HooksPath">The file that registers hooks; null when it has none that we use.</param>
internal sealed record Client(string Name, string Title, bool IsInstalled, string ServerPath, string? Servers, string? HooksPath)
{
    private const int SecondsAtStart = 10;
    private const int SecondsInTurn = 5;
    private const int SecondsAtEnd = 3; // what Codex would cut it to

    /// <summary>The events that we have hooks for, and how long the client is to wait. A hook ends by itself well before.</summary>
    public static readonly IReadOnlyList<(string Event, int Seconds)> Events = 
        [("SessionStart", SecondsAtStart), ("UserPromptSubmit", SecondsInTurn), ("Stop", SecondsInTurn), ("SessionEnd", SecondsAtEnd)];

    /// <summary>Looks where this user's clients are.</summary>
    /// <param name="home">The user's home.</param>
    /// <param name="variable">Reads a variable of the environment.</param>
    public static IReadOnlyList<Client> All(string home, Func<string, string?> variable)
    {
        string Folder(string name, params string[] standard) => variable(name) is { Length: > 0 } folder ? Path.GetFullPath(folder) : Path.Combine([home, .. standard]);
        bool IsThere(string program, params string[] signs) => signs.Any(Path.Exists) || ProgramSearch.Find(program, variable("PATH")) is not null;

        var codex = Path.GetFullPath(CodexSetup.HomeOf(variable("CODEX_HOME"), home));
        var claude = Folder("CLAUDE_CONFIG_DIR", ".claude");
        var claudeServers = variable("CLAUDE_CONFIG_DIR") is { Length: > 0 } ? Path.Combine(claude, ".claude.json") : Path.Combine(home, ".claude.json");
        var code = Path.Combine(
            OperatingSystem.IsWindows() ? Folder("APPDATA", "AppData", "Roaming") : OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Application Support") : Folder("XDG_CONFIG_HOME", ".config"),
            "Code", "User");
        var cursor = Path.Combine(home, ".cursor");
        return
        [
            new("codex", "Codex", IsThere("codex", codex), Path.Combine(codex, "config.toml"), null, Path.Combine(codex, "hooks.json")),
            new("claude", "Claude Code", IsThere("claude", claude, claudeServers), claudeServers, "mcpServers", Path.Combine(claude, "settings.json")),
            new("vscode", "VS Code", IsThere("code", code), Path.Combine(code, "mcp.json"), "servers", null),
            new("cursor", "Cursor", IsThere("cursor", cursor), Path.Combine(cursor, "mcp.json"), "mcpServers", null),
        ];
    }

    /// <summary>What we write for this client.</summary>
    /// <param name="self">This program.</param>
    /// <param name="database">Absolute path of the database.</param>
    /// <param name="withHooks">Whether hooks are wanted.</param>
    public IReadOnlyList<ClientPart> Parts(SelfProgram self, string database, bool withHooks)
    {
        IReadOnlyList<string> args = [.. self.Arguments, "mcp", "--db", database];
        var server = Servers is null
            ? new ClientPart("server", ServerPath, text => CodexConfig.Add(text, self.Command, args), CodexConfig.Remove)
            : new ClientPart("server", ServerPath, text => Json.Add(text, self.Command, args), Json.Remove);
        return withHooks && HooksPath is not null ? [server, new ClientPart("hooks", HooksPath, text => Hooks.Add(text, Wanted(self, database)), Hooks.Remove)] : [server];
    }

    /// <summary>Our hooks in its file.</summary>
    public JsonHooks Hooks => new(Path.GetFileName(HooksPath!), Name);

    /// <summary>Our server in its file, when that is JSON.</summary>
    public JsonServers Json => new(Path.GetFileName(ServerPath), Servers!);

    private IReadOnlyList<Hook> Wanted(SelfProgram self, string database) =>
        [.. Events.Select(hook => new Hook(hook.Event, ShellText.Line([self.Command, .. self.Arguments, "hook", Name, hook.Event, "--db", database]), hook.Seconds))];
}
