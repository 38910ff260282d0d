using System.CommandLine;
using System.Globalization;
using Cairn.Engine;
using Cairn.Engine.Maintenance;

namespace Cairn.Host.Cli;

/// <summary>What became of the backups: pass, or fail when one could not be rewritten.</summary>
internal sealed record BackupScrubReport(string Status, IReadOnlyList<BackupScrubbed> Backups);

/// <summary>cairn backup scrub: takes out of copies what was purged since.</summary>
internal static class BackupScrubCommand
{
    public static CairnCommand Create()
    {
        var backups = new Argument<string[]>("backup") { Description = "Names from the list, or paths", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "Every backup of this database that holds something of it" };
        var folder = new Option<string>("--in") { Description = "The folder with the backups (default: backups, beside the database)", HelpName = "DIR" };
        return new CairnCommand("scrub",
            "Take out of backups what was purged, or redacted by a rescan, since they were made. Each is checked, rewritten and checked again; exit code 1 when one fails.",
            "cairn backup scrub --all", "cairn backup scrub memory-20261124T182500123Z.db")
        {
            backups, all, folder,
        }.Does(context =>
        {
            var names = context.Parsed.GetValue(backups) ?? [];
            var place = context.Parsed.GetValue(folder);
            if (names.Length > 0 == context.Parsed.GetValue(all)) throw EngineException.Invalid("backup", "name the backups, or give --all");
            var scrubs = context.Engine.BackupScrubs;
            var results = names.Length == 0 ? scrubs.ScrubAll(place, Note(context)) : [.. names.Select(name => scrubs.Scrub(name, place, Note(context)))];
            var passed = results.All(static result => result.Problem is null);
            if (context.Json) Output.Json(new BackupScrubReport(passed ? "pass" : "fail", results), WireJson.Indented.BackupScrubReport);
            else if (results.Count == 0) Output.Line("No backups.");
            else foreach (var result in results) Show(result);
            return passed ? ExitCode.Done : ExitCode.Failed;
        });
    }

    private static Action<string> Note(CommandContext context) => name =>
    {
        if (!context.Json) Output.Hint($"[grey]rewriting {Output.Safe(name)}[/]");
    };

    private static void Show(BackupScrubbed result) => Output.Line(result.Problem is { } problem
        ? $"[red]failed[/] {Output.Safe(result.Name)}: {Output.Safe(problem)}. It is as it was; delete it if it must not be kept."
        : string.Create(CultureInfo.InvariantCulture, $"[green]{result.Outcome}[/] {Output.Safe(result.Name)}{(result.Removed is { } removed ? $": {removed} removed, {result.Redacted} redacted" : "")}"));
}
