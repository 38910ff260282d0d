using System.CommandLine;
using System.Runtime.CompilerServices;
using Cairn.Engine;
using Cairn.Host.Setup;

namespace Cairn.Host.Cli;

/// <summary>What setup did to a client's configuration.</summary>
internal sealed record SetupReport(string Client, string File, string Status, bool? DryRun, string? Diff);

/// <summary>cairn setup: tells a client of this server.</summary>
internal static class SetupCommand
{
    public static CairnCommand Create() => new("setup", "Register cairn with a client: codex; or with a repository: git.", "cairn setup codex --dry-run", "cairn setup codex") { Codex(), SetupGitCommand.Create() };

    private static CairnCommand Codex()
    {
        var remove = new Option<bool>("--remove") { Description = "Take cairn out again; the file is as it was before" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only show what would change" };
        return new CairnCommand("codex", "Register cairn in Codex's config.toml (in CODEX_HOME, else ~/.codex), with the absolute paths of this program and of the database. Every other byte of the file stays.",
            "cairn setup codex --dry-run", "cairn setup codex", "cairn setup codex --remove")
        {
            remove, dryRun,
        }.Does(context =>
        {
            var home = CodexSetup.HomeOf(Environment.GetEnvironmentVariable("CODEX_HOME"), Settings.Home);
            var dry = context.Parsed.GetValue(dryRun);
            var result = Apply(new CodexSetup(home), context, context.Parsed.GetValue(remove), dry);
            if (context.Json) Output.Json(new SetupReport("codex", result.Path, Word(result.Change), dry ? true : null, result.Diff.Length > 0 ? result.Diff : null), WireJson.Indented.SetupReport);
            else Show(result, dry);
            return ExitCode.Done;
        });
    }

    private static SetupResult Apply(CodexSetup setup, CommandContext context, bool remove, bool dry)
    {
        try
        {
            if (remove) return setup.Remove(dry);
            var self = SelfProgram.Current;
            return setup.Add(self.Command, [.. self.Arguments, "mcp", "--db", context.Settings.DatabasePath.Value!], dry);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(ErrorCode.StorageFailure, $"{setup.ConfigPath} cannot be read or written; nothing was changed. Check its permissions and the disk.", inner: error);
        }
    }

    private static void Show(SetupResult result, bool dry)
    {
        if (dry && result.Diff.Length > 0) Output.Text(result.Diff);
        Output.Line($"{(dry ? "Would be " : "")}{Word(result.Change)}: {Output.Safe(result.Path)}");
        if (result.Change is SetupChange.Added or SetupChange.Updated && !dry) Output.Note("[grey]Codex sees it from its next start. Look with: codex mcp get cairn[/]");
        if (result.Change != SetupChange.Removed && RuntimeFeature.IsDynamicCodeCompiled)
            Output.Note("[yellow]This is not the native build: Codex drops the tools of a server that takes longer than about 0.8 s to start. Build it with eng/publish, and run its setup.[/]");
    }

    private static string Word(SetupChange change) => change.ToString().ToLowerInvariant();
}
