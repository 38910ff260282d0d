using System.CommandLine;
using System.Runtime.CompilerServices;
using Cairn.Engine;
using Cairn.Host.Setup;

namespace Cairn.Host.Cli;

/// <summary>What setup did to a client's configuration: to the file of its servers, and below that to others.</summary>
internal sealed record SetupReport(string Client, string File, string Status, bool? DryRun, string? Diff, IReadOnlyList<SetupPartReport>? Parts);

/// <summary>What setup did to another file of that client: to its hooks, or to a text for its agent; and the events at which somebody's own line runs cairn hook and was left as it is.</summary>
internal sealed record SetupPartReport(string Kind, string File, string Status, string? Diff, IReadOnlyList<string>? Left);

/// <summary>What setup did to all clients that it found.</summary>
internal sealed record SetupReports(IReadOnlyList<SetupReport> Clients);

/// <summary>cairn setup: tells clients of this server and gives them its hooks.</summary>
internal static class SetupCommand
{
    /// <summary>The opposite.</summary>
    public static readonly Option<bool> Remove = new("--remove") { Description = "Take cairn out again; the files are as they were before", Recursive = true };

    /// <summary>Writes nothing.</summary>
    public static readonly Option<bool> DryRun = new("--dry-run") { Description = "Only show what would change", Recursive = true };

    private static readonly Option<bool> NoHooks = new("--no-hooks") { Description = "The server alone: nothing is shown to the agent unless it asks" };
    private static readonly Option<string> AgentsFile = new("--agents-md") { Description = "Also put a short text for the agent (when to search, when to save) into this file, between two marks", HelpName = "FILE" };

    public static CairnCommand Create()
    {
        var setup = new CairnCommand("setup", "Register cairn with the clients that are installed (Codex, Claude Code, VS Code, Cursor), or with one: its server, and hooks by which a session starts with what earlier ones found out. Every other byte of their files stays.",
            "cairn setup --dry-run", "cairn setup", "cairn setup --remove")
        {
            ForOne("codex", "Register cairn with Codex: config.toml and hooks.json in CODEX_HOME, else in ~/.codex. Codex runs a hook only after you have looked at it and trusted it, with /hooks.",
                "cairn setup codex --dry-run", "cairn setup codex", "cairn setup codex --remove"),
            ForOne("claude", "Register cairn with Claude Code: ~/.claude.json and ~/.claude/settings.json, or both in CLAUDE_CONFIG_DIR.",
                "cairn setup claude --dry-run", "cairn setup claude", "cairn setup claude --agents-md CLAUDE.md"),
            ForOne("vscode", "Register cairn's server with VS Code: mcp.json in the user's folder.", "cairn setup vscode --dry-run", "cairn setup vscode"),
            ForOne("cursor", "Register cairn's server with Cursor: ~/.cursor/mcp.json.", "cairn setup cursor --dry-run", "cairn setup cursor"),
            Generic(),
            SetupGitCommand.Create(),
        };
        foreach (var option in new Option[] { Remove, DryRun, NoHooks, AgentsFile }) setup.Options.Add(option);
        return setup.Does(context =>
        {
            var found = Clients().Where(static client => client.IsInstalled).ToList();
            var results = Apply(context, found);
            if (context.Json) Output.Json(new SetupReports([.. results.Select(done => Report(context, done.Client, done.Results))]), WireJson.Indented.SetupReports);
            else foreach (var (client, done) in results) Show(context, client, done);
            if (context.Parsed.GetValue(Remove) && !context.Parsed.GetValue(DryRun)) SayWhatStays(context);
            if (found.Count == 0) Output.Hint("No client was found here. Name one (cairn setup codex), or see what any other needs: cairn setup generic");
            return ExitCode.Done;
        });
    }

    private static CairnCommand ForOne(string name, string description, params string[] examples) => new CairnCommand(name, description, examples) { NoHooks, AgentsFile }.Does(context =>
    {
        var client = Clients().Single(client => client.Name == name);
        var (_, results) = Apply(context, [client]).Single();
        if (context.Json) Output.Json(Report(context, client, results), WireJson.Indented.SetupReport);
        else Show(context, client, results);
        if (context.Parsed.GetValue(Remove) && !context.Parsed.GetValue(DryRun)) SayWhatStays(context);
        return ExitCode.Done;
    });

    // Taking the program out never takes the entries: whoever wants them gone must know where they are.
    private static void SayWhatStays(CommandContext context)
    {
        var database = context.Settings.DatabasePath.Value!;
        if (context.Json || !File.Exists(database)) return;
        Output.Hint($"What was saved stays: {Output.Safe(database)}, with backups and logs beside it. The configuration: {Output.Safe(Path.GetDirectoryName(context.Settings.ConfigPath)!)}. Delete those folders when nothing of it is wanted any more.");
    }

    private static CairnCommand Generic() => new CairnCommand("generic", "Print the JSON by which any other client registers cairn, as .mcp.json has it.", "cairn setup generic").Looks().Does(static context =>
    {
        var self = SelfProgram.Current;
        var text = new JsonServers(".mcp.json", "mcpServers").Add(null, self.Command, [.. self.Arguments, "mcp", "--db", context.Settings.DatabasePath.Value!]).Text!;
        Output.Text(text.TrimEnd('\n'));
        return ExitCode.Done;
    });

    /// <summary>The clients of this user.</summary>
    public static IReadOnlyList<Client> Clients() => Client.All(Settings.Home, Environment.GetEnvironmentVariable);

    // Whatever would be refused is refused before anything is written, in any file of any client.
    private static List<(Client Client, List<(ClientPart Part, SetupResult Result)> Results)> Apply(CommandContext context, IReadOnlyList<Client> clients)
    {
        var (remove, dry) = (context.Parsed.GetValue(Remove), context.Parsed.GetValue(DryRun));
        var plan = clients.Select(client => (client, Results: Parts(context, client, remove).ConvertAll(part => (part, dry ? part.Edit(remove, dryRun: true) : part.Check(remove))))).ToList();
        if (dry) return plan;
        var written = new List<string>();
        try
        {
            return plan.ConvertAll(planned => (planned.client, planned.Results.ConvertAll(checkedPart =>
            {
                var result = checkedPart.part.Edit(remove, dryRun: false);
                if (result.Change != SetupChange.Unchanged) written.Add(result.Path);
                return (checkedPart.part, result);
            })));
        }
        catch (EngineException error) when (written.Count > 0)
        {
            throw new EngineException(error.Code, $"{error.Message} Written before that: {string.Join(", ", written)}.", error.Details, error);
        }
    }

    private static List<ClientPart> Parts(CommandContext context, Client client, bool remove)
    {
        // What was set up with hooks is taken out with them.
        var parts = client.Parts(SelfProgram.Current, context.Settings.DatabasePath.Value!, remove || !context.Parsed.GetValue(NoHooks)).ToList();
        if (context.Parsed.GetValue(AgentsFile) is { Length: > 0 } file)
        {
            var path = Path.GetFullPath(file);
            parts.Add(new ClientPart("text", path, text => AgentText.Add(path, text), text => AgentText.Remove(path, text)));
        }
        return parts;
    }

    private static IReadOnlyList<string> Left(Client client, ClientPart part) => part.Kind == "hooks" ? client.Hooks.Others(new SetupFile(part.Path).Text()) : [];

    private static SetupReport Report(CommandContext context, Client client, List<(ClientPart Part, SetupResult Result)> results)
    {
        var (_, server) = results[0];
        var others = results.Skip(1).Select(other => new SetupPartReport(other.Part.Kind, other.Result.Path, Word(other.Result.Change), Diff(other.Result), Left(client, other.Part) is { Count: > 0 } left ? left : null)).ToList();
        return new SetupReport(client.Name, server.Path, Word(server.Change), context.Parsed.GetValue(DryRun) ? true : null, Diff(server), others.Count > 0 ? others : null);
    }

    private static void Show(CommandContext context, Client client, List<(ClientPart Part, SetupResult Result)> results)
    {
        var dry = context.Parsed.GetValue(DryRun);
        foreach (var (part, result) in results)
        {
            if (dry && result.Diff.Length > 0) Output.Text(result.Diff);
            Output.Line($"{(dry ? "Would be " : "")}{Word(result.Change)}: {Output.Safe(result.Path)} ({client.Title}: {part.Kind})");
            if (Left(client, part) is { Count: > 0 } left)
                Output.Note($"[yellow]A line of your own runs cairn hook at {string.Join(", ", left.Select(Output.Safe))}: it was left as it is, and cairn adds none there.[/]");
        }
        if (dry || context.Parsed.GetValue(Remove)) return;
        bool Changed(string kind) => results.Any(done => done.Part.Kind == kind && done.Result.Change is SetupChange.Added or SetupChange.Updated && done.Part.Kind == kind);
        if (Changed("server")) Output.Hint($"[grey]{client.Title} sees it from its next start.{(client.Name is "codex" or "claude" ? $" Look with: {client.Name} mcp get cairn" : "")}[/]");
        if (Changed("hooks") && client.Name is "codex") Output.Note("[yellow]Codex runs these hooks only once you trust them, and says nothing until then: type /hooks in Codex. cairn doctor says whether it does.[/]");
        if (RuntimeFeature.IsDynamicCodeCompiled)
            Output.Note("[yellow]This is not the native build: Codex drops the tools of a server that takes longer than about 0.8 s to start. Build it with eng/publish, and run its setup.[/]");
        if (!results.Any(static done => done.Part.Kind == "text")) Output.Hint("[grey]A short text that tells the agent when to search and when to save: --agents-md FILE puts it there.[/]");
    }

    private static string? Diff(SetupResult result) => result.Diff.Length > 0 ? result.Diff : null;

    private static string Word(SetupChange change) => change.ToString().ToLowerInvariant();
}
