using System.CommandLine;
using System.Globalization;
using Cairn.Engine.Capture;
using Spectre.Console;

namespace Cairn.Host.Cli;

/// <summary>cairn capture: what is taken out of sessions, why, and how to take it back.</summary>
internal static class CaptureCommand
{
    private const int Shown = 20;

    public static CairnCommand Create() => new("capture", "What is taken out of sessions by itself: try it on a file, see why something was saved or not, take it back.")
    {
        Simulate(), Audit(), Undo(), Statistics(), CaptureCommitCommand.Create(),
    };

    private static CairnCommand Simulate()
    {
        var file = new Argument<string>("file") { Description = "A session file of Codex or Claude Code, or session events as JSON, one a line" };
        var mode = new Option<string>("--mode") { Description = "off, assist or full (default: as it is set); a project's .cairn.json may still turn it down", HelpName = "MODE" };
        var project = CommandContext.ProjectOption();
        return new CairnCommand("simulate", "Show what capture would save and skip of a session's file, with rule, confidence and reason. Stores nothing.",
            "cairn capture simulate events.jsonl", "cairn capture simulate events.jsonl --mode full --json")
        {
            file, mode, project,
        }.Looks().Does(context =>
        {
            var read = context.Parsed;
            var result = context.Engine.Capture.SimulateFile(read.GetValue(file)!, context.Origin(read.GetValue(project)), read.GetValue(mode) is { } word ? CaptureSettings.Mode("--mode", word) : null);
            if (context.Json) Output.Json(result, WireJson.Indented.CaptureSimulation);
            else Show(result);
            return ExitCode.Done;
        });
    }

    private static CairnCommand Audit()
    {
        var session = new Option<string>("--session") { Description = "Only this session", HelpName = "ID" };
        var limit = new Option<int>("--limit") { Description = $"How many lines, 1 to {CaptureService.MaxEvents}", DefaultValueFactory = static _ => Shown };
        var project = new Option<string>("--project") { Description = "Only this project (default: all)", HelpName = "NAME" };
        return new CairnCommand("audit", "List what capture decided, newest first: outcome, reason, rule, confidence and the events that it rests on, never their text.",
            "cairn capture audit", "cairn capture audit --session 01a20e18-af62 --limit 100 --json")
        {
            session, limit, project,
        }.Looks().Does(context =>
        {
            var read = context.Parsed;
            var audit = context.Engine.Capture.Audit(read.GetValue(limit), read.GetValue(session), read.GetValue(project));
            if (context.Json) Output.Json(audit, WireJson.Indented.CaptureAudit);
            else if (audit.Events.Count == 0) Output.Line("Nothing is on record.");
            else Show(audit.Events);
            return ExitCode.Done;
        });
    }

    private static CairnCommand Undo()
    {
        var session = new Argument<string>("session") { Description = "The session, as cairn capture audit shows it" };
        var reinstate = new Option<bool>("--reinstate") { Description = "Take an undo back" };
        return new CairnCommand("undo", "Archive what capture saved of a session. What is pinned or was revised since stays; what the session saved by hand is not touched.",
            "cairn capture undo 01a20e18-af62", "cairn capture undo 01a20e18-af62 --reinstate")
        {
            session, reinstate,
        }.Does(context =>
        {
            var read = context.Parsed;
            var back = read.GetValue(reinstate);
            var result = context.Engine.Capture.Undo(read.GetValue(session)!, context.Origin(null), back);
            if (context.Json) Output.Json(result, WireJson.Indented.CaptureUndone);
            else
            {
                Output.Line(string.Create(CultureInfo.InvariantCulture, $"{result.Changed.Count} {(back ? "brought back" : "archived")}{(result.Kept.Count > 0 ? $", {result.Kept.Count} kept: pinned or revised since" : "")}."));
                if (result.Changed.Count > 0 && !back) Output.Hint("[grey]To take that back: the same with --reinstate[/]");
            }
            return ExitCode.Done;
        });
    }

    private static CairnCommand Statistics()
    {
        var project = new Option<string>("--project") { Description = "Only this project (default: all)", HelpName = "NAME" };
        return new CairnCommand("stats", "Count what capture saved and skipped, by type and rule, and why.", "cairn capture stats", "cairn capture stats --project billing --json")
        {
            project,
        }.Looks().Does(context =>
        {
            var named = context.Parsed.GetValue(project);
            var statistics = context.Engine.Capture.Statistics(context.Origin(named), named);
            if (context.Json) Output.Json(statistics, WireJson.Indented.CaptureStatistics);
            else Show(statistics);
            return ExitCode.Done;
        });
    }

    private static void Show(CaptureSimulation result)
    {
        foreach (var item in result.Decisions)
        {
            Output.Line(string.Create(CultureInfo.InvariantCulture, $"{Colour(item.Outcome)} {Output.Safe(item.EntryType)} [bold]{Output.Safe(item.Title)}[/]"));
            Output.Line(string.Create(CultureInfo.InvariantCulture, $"    {Output.Safe(item.Reason)}, {Output.Safe(item.Rule)}, {item.Confidence:0.00}, events {Output.Safe(string.Join(", ", item.EventIds))}{(item.EntryId is { } id ? $", as {Output.Safe(id)}" : "")}"));
        }
        Output.Line(string.Create(CultureInfo.InvariantCulture,
            $"Mode {CaptureSettings.Word(result.Mode)}. Events: {result.Events}. Turns: {result.Windows}. Would be saved: {result.Decisions.Count(static item => item.Outcome == "saved")} of {result.Decisions.Count} candidates."));
    }

    private static void Show(IReadOnlyList<CaptureEvent> events)
    {
        var table = new Table().Border(TableBorder.None).AddColumns("when", "outcome", "reason", "type", "rule", "sure", "project", "session", "entry");
        foreach (var item in events)
            table.AddRow(item.DecidedAt.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), item.Outcome, Output.Safe(item.Reason), Output.Safe(item.EntryType), Output.Safe(item.Rule),
                item.Confidence?.ToString("0.00", CultureInfo.InvariantCulture) ?? "-", Output.Safe(item.Project ?? "-"), Output.Safe(item.SessionId), Output.Safe(item.EntryId ?? "-"));
        Output.Table(table);
    }

    private static void Show(CaptureStatistics statistics)
    {
        Output.Line(string.Create(CultureInfo.InvariantCulture, $"Mode here: {CaptureSettings.Word(statistics.Mode)}. Sessions on record: {statistics.Sessions}{(statistics.Since is { } since ? $", since {since.ToLocalTime():yyyy-MM-dd}" : "")}."));
        if (statistics.Rules.Count == 0) return;
        var table = new Table().Border(TableBorder.None).AddColumns("type", "rule", "saved", "undone", "duplicates", "skipped");
        foreach (var rule in statistics.Rules) table.AddRow([Output.Safe(rule.EntryType), Output.Safe(rule.Rule), .. new[] { rule.Saved, rule.Undone, rule.Duplicates, rule.Skipped }.Select(static count => count.ToString(CultureInfo.InvariantCulture))]);
        Output.Table(table);
        if (statistics.Reasons.Count > 0) Output.Line($"Skipped: {string.Join(", ", statistics.Reasons.Select(static reason => string.Create(CultureInfo.InvariantCulture, $"{Output.Safe(reason.Reason)} {reason.Count}")))}.");
    }

    private static string Colour(string outcome) => outcome switch
    {
        "saved" => "[green]save[/]",
        "duplicate" => "[grey]known[/]",
        _ => "[yellow]skip[/]",
    };
}
