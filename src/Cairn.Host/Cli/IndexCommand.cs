using System.CommandLine;
using System.Globalization;
using Cairn.Engine.Maintenance;
using Spectre.Console;

namespace Cairn.Host.Cli;

/// <summary>cairn index: the full-text index that search uses.</summary>
internal static class IndexCommand
{
    private const int Shown = 30;

    public static CairnCommand Create() => new("index", "The full-text index: check, rebuild, stats.") { Check(), Rebuild(), Stats() };

    private static CairnCommand Check() => new CairnCommand("check", "Compare the full-text index with the entries, word by word. Reads only. Exit code 1 when they differ.", "cairn index check").Looks().Does(static context =>
    {
        var report = context.Engine.Integrity.CheckIndex(IntegrityCommand.Progress(context));
        if (context.Json) Output.Json(report, WireJson.Indented.IntegrityReport);
        else HealthCommand.Show(report.Checks);
        return report.Status == "pass" ? ExitCode.Done : ExitCode.Failed;
    });

    private static CairnCommand Rebuild() => new CairnCommand("rebuild",
        "Back the database up, make the full-text index anew, and measure a fixed set of queries before and after. Saves wait meanwhile.", "cairn index rebuild").Does(static context =>
    {
        var rebuilt = context.Engine.Index.Rebuild(IntegrityCommand.Progress(context));
        if (context.Json) Output.Json(rebuilt, WireJson.Indented.IndexRebuilt);
        else Show(rebuilt);
        return ExitCode.Done;
    });

    private static CairnCommand Stats()
    {
        var days = new Option<int>("--days") { Description = $"How many days back, 1 to {IndexService.MaxDays}", DefaultValueFactory = static _ => 14 };
        return new CairnCommand("stats", "Show which shapes of search (number of words, filters; never the words) are slow or find nothing. From the event log beside the database.",
            "cairn index stats", "cairn index stats --days 30 --json")
        {
            days,
        }.Looks().Does(context =>
        {
            var statistics = context.Engine.Index.Statistics(context.Parsed.GetValue(days));
            if (context.Json) Output.Json(statistics, WireJson.Indented.IndexStatistics);
            else Show(statistics);
            return ExitCode.Done;
        });
    }

    private static void Show(IndexRebuilt rebuilt)
    {
        Output.Line($"Backed up to [green]{Output.Safe(rebuilt.Backup.Path)}[/]");
        Output.Line(string.Create(CultureInfo.InvariantCulture, $"Made the index anew for {rebuilt.Entries:N0} {(rebuilt.Entries == 1 ? "entry" : "entries")} in {rebuilt.Milliseconds:0} ms"));
        Output.Line($"Before: {(rebuilt.Before is { } before ? Words(before) : "it could not be searched")}");
        Output.Line($"After:  {Words(rebuilt.After)}");
    }

    private static string Words(IndexLatency latency) => string.Create(CultureInfo.InvariantCulture,
        $"{latency.Queries} queries, median {latency.MedianMilliseconds:0.00} ms, slowest {latency.SlowestMilliseconds:0.00} ms, {latency.Hits:N0} hits");

    private static void Show(IndexStatistics statistics)
    {
        var ranked = statistics.Ranked;
        Output.Line(string.Create(CultureInfo.InvariantCulture, $"Ranked index {ranked.State}: {ranked.Covered:N0} of {ranked.Of:N0} entries in {ranked.Segments} segments, {ranked.Bytes / 1048576.0:0.0} MiB{(ranked.Working ? "; being made" : "")}"));
        if (statistics.Searches == 0)
        {
            Output.Line($"No searches of agents in {Output.Safe(statistics.Log)} since {statistics.Since.UtcDateTime:yyyy-MM-dd}.");
            return;
        }
        var table = new Table().Border(TableBorder.None).AddColumns("words", "filters", "searches", "found nothing", $"over {IndexService.SlowMilliseconds:0} ms", "median ms", "slowest ms");
        foreach (var shape in statistics.Shapes.Take(Shown))
            table.AddRow(Number(shape.Terms), Output.Safe(shape.Filters), Number(shape.Searches), Number(shape.Empty), Number(shape.Slow),
                shape.MedianMilliseconds.ToString("0.0", CultureInfo.InvariantCulture), shape.SlowestMilliseconds.ToString("0.0", CultureInfo.InvariantCulture));
        Output.Table(table);
        Output.Line(string.Create(CultureInfo.InvariantCulture, $"{statistics.Searches:N0} searches since {statistics.Since.UtcDateTime:yyyy-MM-dd}"));
        if (statistics.Shapes.Count > Shown) Output.Hint($"[grey]{Shown} of {statistics.Shapes.Count} shapes. All: --json[/]");
    }

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
