using System.CommandLine;
using System.Globalization;
using Cairn.Engine.Entries;
using Cairn.Engine.Retention;
using Cairn.Host.Mcp;
using Spectre.Console;

namespace Cairn.Host.Cli;

/// <summary>cairn retention: what a rule would let go, what was asked before, and the steps that follow from it.</summary>
internal static class RetentionCommand
{
    private const int Shown = 20;

    public static CairnCommand Create() => new("retention", "Which entries a rule lets go: dry-run, then approve, apply, purge. Nothing goes unapproved.")
    {
        DryRun(),
        RetentionCompareCommand.Rerun(),
        RetentionCompareCommand.Explain(),
        RetentionApplyCommand.Approve(),
        RetentionApplyCommand.Apply(),
        RetentionApplyCommand.Undo(),
        RetentionPurgeCommand.Create(),
        History(),
    };

    private static CairnCommand DryRun()
    {
        var age = new Option<int?>("--max-age-days") { Description = $"Entries older than this, 1 to {RetentionService.MaxAgeDays} (default: RETENTION_MAX_AGE_DAYS, else the configuration file)", HelpName = "DAYS" };
        var count = new Option<int?>("--max-entries-per-project") { Description = $"The oldest beyond this number of a project, 1 to {RetentionService.MaxEntriesPerProject} (default: RETENTION_MAX_ENTRIES_PER_PROJECT, else the configuration file)", HelpName = "N" };
        var project = new Option<string>("--project") { Description = "Only this project (default: all)", HelpName = "NAME" };
        var now = new Option<string>("--now") { Description = "Count ages from this date or time (ISO 8601) instead of now", HelpName = "TIME" };
        return new CairnCommand("dry-run", "Show which entries a rule would let go, oldest first, and record the run. Pinned entries, handoffs and what took another's place never.",
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
            else
            {
                Show(context, run);
                if (run.TotalCandidates > 0 && run.Audited is null) Output.Hint($"[grey]To archive them: cairn retention approve {run.RunId}, then apply[/]");
            }
            return ExitCode.Done;
        });
    }

    private static CairnCommand History()
    {
        var limit = new Option<int>("--limit") { Description = $"How many steps, 1 to {RetentionService.MaxHistory}", DefaultValueFactory = static _ => Shown };
        return new CairnCommand("history", "List the runs and what was done with them, newest first, and check that their record is whole (else exit code 1).",
            "cairn retention history",
            "cairn retention history --limit 100 --json")
        {
            limit,
        }.Looks().Does(context =>
        {
            var history = context.Engine.Retention.History(context.Parsed.GetValue(limit));
            if (context.Json) Output.Json(history, WireJson.Indented.RetentionHistory);
            else Show(history);
            return history.Chain.Verified ? ExitCode.Done : ExitCode.Failed;
        });
    }

    /// <summary>A run for people: its oldest candidates, how many there are, and what to look at.</summary>
    public static void Show(CommandContext context, RetentionRun run)
    {
        foreach (var warning in run.Warnings ?? []) Output.Note($"[yellow]{Output.Safe(warning)}[/]");
        ShowEntries(context, run.CandidateIds);
        Output.Line($"{Count(run.TotalCandidates, "candidate")}: {run.ByReason.Age} by age, {run.ByReason.ProjectCount} by number a project. Nothing was deleted. Run [green]{run.RunId}[/]");
        if (run.Audited is false) Output.Note("[yellow]The run is not recorded: the database cannot be written.[/]");
    }

    /// <summary>The first of these entries, a line each.</summary>
    public static void ShowEntries(CommandContext context, IReadOnlyList<string> ids)
    {
        if (ids.Count == 0) return;
        foreach (var entry in context.Engine.Entries.Get([.. ids.Take(Shown)]).Items) Output.Line(Line(entry));
        if (ids.Count > Shown) Output.Hint($"[grey]{Shown} of {ids.Count}, the oldest. All ids: --json[/]");
    }

    /// <summary>The run that a command is about.</summary>
    public static Argument<string> RunArgument() => new("run") { Description = "The run's id, from dry-run or history" };

    /// <summary>Says that the clock is right although it looks as if it were not.</summary>
    public static Option<bool> ClockOption() => new("--clock-is-right") { Description = "Go on although nothing was recorded for more than 30 days, or later times were" };

    /// <summary>A number of things in words.</summary>
    public static string Count(int number, string thing, string? things = null) => number == 1 ? $"1 {thing}" : $"{number} {things ?? thing + "s"}";

    /// <summary>What was left alone, in words; nothing when nothing was.</summary>
    public static string Left(IReadOnlyDictionary<string, int>? skipped) => skipped is null ? ""
        : $" Left alone: {string.Join(", ", skipped.Select(static reason => $"{reason.Value} {reason.Key.Replace('_', ' ')}"))}.";

    private static string Line(Entry entry) => string.Create(CultureInfo.InvariantCulture,
        $"[green]{entry.Id}[/] [grey]{entry.CreatedAt.ToLocalTime():yyyy-MM-dd HH:mm}[/] {Output.Safe(entry.EntryType)} [blue]{Output.Safe(entry.Project)}[/]  [bold]{Output.Safe(entry.Title)}[/]");

    private static void Show(RetentionHistory history)
    {
        var table = new Table().Border(TableBorder.None).AddColumns("run", "step", "when", "inputs", "counts");
        foreach (var run in history.Runs)
            table.AddRow(Output.Safe(run.RunId), Output.Safe(run.Event), run.ExecutedAt.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                Output.Safe(run.Inputs?.GetRawText() ?? "-"), Output.Safe(run.Counts?.GetRawText() ?? "-"));
        if (history.Runs.Count > 0) Output.Table(table);
        var chain = history.Chain;
        Output.Line(chain.Verified
            ? $"{Count(chain.Events, "row")} in all; the record is whole."
            : $"[red]The record of {Count(chain.Events, "row")} is not whole[/]: at run {Output.Safe(chain.BrokenAt ?? "-")} {chain.Reason}.");
    }
}
