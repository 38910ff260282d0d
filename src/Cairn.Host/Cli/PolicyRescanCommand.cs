using System.CommandLine;
using System.Globalization;
using Cairn.Engine;
using Cairn.Engine.Entries;
using Cairn.Engine.Maintenance;

namespace Cairn.Host.Cli;

/// <summary>What a rescan found and did, and which backups still hold what it took out.</summary>
internal sealed record RescanReport(RescanResult Rescan, IReadOnlyList<BackupRemains>? Backups);

/// <summary>cairn policy rescan: stored entries by the rules of today. No tool does this.</summary>
internal static class PolicyRescanCommand
{
    private const int NoteEvery = 1000;

    public static CairnCommand Create()
    {
        var project = new Option<string>("--project") { Description = "Only this project (default: all)", HelpName = "NAME" };
        var all = new Option<bool>("--all") { Description = "Also entries that today's rules have judged" };
        var redact = new Option<bool>("--redact") { Description = "Cut the secrets out of the entries that are found; ids, links and history stay" };
        var purge = new Option<bool>("--purge") { Description = "Remove the entries that are found for good" };
        var yes = new Option<bool>("--yes") { Description = "Do not ask" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Write nothing, also not that the others are clean" };
        return new CairnCommand("rescan", "Judge stored entries by the rules of today, and list those that they would refuse. Exit code 3 when some are left.",
            "cairn policy rescan", "cairn policy rescan --redact", "cairn policy rescan --project billing --purge --yes")
        {
            project, all, redact, purge, yes, dryRun,
        }.Does(context =>
        {
            var read = context.Parsed;
            if (read.GetValue(redact) && read.GetValue(purge)) throw EngineException.Invalid("--redact", "goes without --purge");
            var action = read.GetValue(purge) ? RescanAction.Purge : read.GetValue(redact) ? RescanAction.Redact : RescanAction.List;
            var request = new RescanRequest
            {
                Project = read.GetValue(project) is { } name and not "*" ? name : null,
                All = read.GetValue(all),
                Action = action,
                DryRun = read.GetValue(dryRun),
            };
            var changes = action != RescanAction.List && !request.DryRun;
            if (changes && !read.GetValue(yes) && Output.IsInteractive && !Output.Confirm(Question(action))) return ExitCode.Failed;

            var result = context.Engine.Rescans.Run(request, Progress(context));
            var backups = changes && result.Found.Count > 0 ? PurgeCommand.Holding(context) : [];
            if (context.Json) Output.Json(new RescanReport(result, backups), WireJson.Indented.RescanReport);
            else Show(result, changes && result.Found.Count > 0, backups);
            return result.BytesLeft is not null ? ExitCode.Failed
                : result.Found.All(static finding => finding.Outcome is "redacted" or "purged") ? ExitCode.Done : ExitCode.Blocked;
        });
    }

    private static Action<RescanProgress> Progress(CommandContext context)
    {
        long next = NoteEvery;
        return progress =>
        {
            if (context.Json || progress.Judged < next) return;
            next = progress.Judged + NoteEvery;
            Output.Hint(string.Create(CultureInfo.InvariantCulture, $"[grey]{progress.Judged} judged, {progress.Found} found[/]"));
        };
    }

    private static void Show(RescanResult result, bool changed, IReadOnlyList<BackupRemains>? backups)
    {
        foreach (var finding in result.Found)
        {
            var outcome = finding.Outcome is "redacted" or "purged" ? $"[green]{finding.Outcome}[/]" : $"[yellow]{finding.Outcome}[/]";
            Output.Line($"{finding.Id} {outcome} {Output.Safe(string.Join(", ", finding.Rules))} in {Output.Safe(string.Join(", ", finding.Fields))}");
        }
        Output.Line(string.Create(CultureInfo.InvariantCulture,
            $"{result.Judged} judged by rules {result.RuleSet}: {result.Clean} clean, {result.Found.Count} found{(result.DryRun is true ? ". Nothing was written." : ".")}"));
        if (changed) PurgeCommand.Show(result.BytesLeft, backups);
        else if (result.BytesLeft is { } left) Output.Note($"[yellow]{Output.Safe(left)}[/]");
        if (result.Found.Any(static finding => finding.Outcome == "found"))
            Output.Hint("They are shown without what looks like a secret. To cut it out: cairn policy rescan --redact. To remove them: cairn policy rescan --purge");
        if (result.Found.Any(static finding => finding.Outcome == "partly_redacted"))
            Output.Hint("What is left stands in the name of a project or session: remove those entries with --purge.");
    }

    private static string Question(RescanAction action) => action == RescanAction.Purge
        ? "Remove every entry that looks as if it held a secret, for good? (cairn policy rescan lists them)"
        : "Cut what looks like a secret out of every entry that holds one, for good? (cairn policy rescan lists them)";
}
