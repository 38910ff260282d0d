using System.CommandLine;
using System.Globalization;
using Cairn.Engine.Entries;
using Cairn.Engine.Retention;
using Cairn.Host.Mcp;
using Spectre.Console;

namespace Cairn.Host.Cli;

/// <summary>cairn retention: what a rule would let go, and what was asked before. Nothing here deletes.</summary>
internal static class RetentionCommand
{
    private const int Shown = 20;

    public static CairnCommand Create() => new("retention", "Which entries a rule would let go: dry-run, history. Nothing is deleted.") { DryRun(), History() };

    private static CairnCommand DryRun()
    {
        var age = new Option<int?>("--max-age-days") { Description = $"Entries older than this, 1 to {RetentionService.MaxAgeDays} (default: RETENTION_MAX_AGE_DAYS, else the configuration file)", HelpName = "DAYS" };
        var count = new Option<int?>("--max-entries-per-project") { Description = $"The oldest beyond this number of a project, 1 to {RetentionService.MaxEntriesPerProject} (default: RETENTION_MAX_ENTRIES_PER_PROJECT, else the configuration file)", HelpName = "N" };
        var project = new Option<string>("--project") { Description = "Only this project (default: all)", HelpName = "NAME" };
        var now = new Option<string>("--now") { Description = "Count ages from this date or time (ISO 8601) instead of now", HelpName = "TIME" };
        return new CairnCommand("dry-run", "Show which entries a rule would let go, oldest first, and record the run. Pinned entries never.",
            "cairn retention dry-run --max-age-days 180",
            "cairn retention dry-run --max-entries-per-project 2000 --project billing --json")
        {
            age, count, project, now,
        }.Does(context =>
        {
            var read = context.Parsed;
            var run = context.Engine.Retention.DryRun(RetentionTools.Inputs(
                context.Settings, "--now", read.GetValue(now), read.GetValue(age), read.GetValue(count), read.GetValue(project)));
            if (context.Json) Output.Json(run, WireJson.Indented.RetentionRun);
            else Show(context, run);
            return ExitCode.Done;
        });
    }

    private static CairnCommand History()
    {
        var limit = new Option<int>("--limit") { Description = $"How many runs, 1 to {RetentionService.MaxHistory}", DefaultValueFactory = static _ => Shown };
        return new CairnCommand("history", "List the runs, newest first, and check that their record is whole (else exit code 1).",
            "cairn retention history",
            "cairn retention history --limit 100 --json")
        {
            limit,
        }.Does(context =>
        {
            var history = context.Engine.Retention.History(context.Parsed.GetValue(limit));
            if (context.Json) Output.Json(history, WireJson.Indented.RetentionHistory);
            else Show(history);
            return history.Chain.Verified ? ExitCode.Done : ExitCode.Failed;
        });
    }

    private static void Show(CommandContext context, RetentionRun run)
    {
        if (run.CandidateIds.Count > 0)
        {
            foreach (var entry in context.Engine.Entries.Get([.. run.CandidateIds.Take(Shown)]).Items) Output.Line(Line(entry));
            if (run.CandidateIds.Count > Shown) Output.Note($"[grey]{Shown} of {run.CandidateIds.Count}, the oldest. All ids: --json[/]");
        }
        Output.Line($"{Count(run.TotalCandidates, "candidate")}: {run.ByReason.Age} by age, {run.ByReason.ProjectCount} by number a project. Nothing was deleted. Run [green]{run.RunId}[/]");
        if (run.Audited is false) Output.Note("[yellow]The run is not recorded: the database cannot be written.[/]");
    }

    private static string Line(Entry entry) => string.Create(CultureInfo.InvariantCulture,
        $"[green]{entry.Id}[/] [grey]{entry.CreatedAt.ToLocalTime():yyyy-MM-dd HH:mm}[/] {Output.Safe(entry.EntryType)} [blue]{Output.Safe(entry.Project)}[/]  [bold]{Output.Safe(entry.Title)}[/]");

    private static void Show(RetentionHistory history)
    {
        var table = new Table().Border(TableBorder.None).AddColumns("run", "event", "when", "inputs", "found");
        foreach (var run in history.Runs)
            table.AddRow(Output.Safe(run.RunId), Output.Safe(run.Event), run.ExecutedAt.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                Output.Safe(run.Inputs?.GetRawText() ?? "-"), Output.Safe(run.Counts?.GetRawText() ?? "-"));
        if (history.Runs.Count > 0) Output.Table(table);
        var chain = history.Chain;
        Output.Line(chain.Verified
            ? $"{Count(chain.Events, "run")} in all; the record is whole."
            : $"[red]The record of {Count(chain.Events, "run")} is not whole[/]: at run {Output.Safe(chain.BrokenAt ?? "-")} {chain.Reason}.");
    }

    private static string Count(int number, string thing) => number == 1 ? $"1 {thing}" : $"{number} {thing}s";
}
