using System.CommandLine;
using System.Globalization;
using Cairn.Engine;
using Cairn.Engine.Operations;
using Spectre.Console;

namespace Cairn.Host.Cli;

/// <summary>The last lines of the event log, oldest first.</summary>
internal sealed record LogTail(string Folder, IReadOnlyList<LogEvent> Events);

/// <summary>Failures in the event log, the most frequent first.</summary>
internal sealed record LogErrors(string Folder, DateTimeOffset Since, IReadOnlyList<LogFailures> Failures);

/// <summary>The files that days of the event log were packed into.</summary>
internal sealed record LogArchive(string Folder, IReadOnlyList<string> Files);

/// <summary>cairn logs: the event log of all processes that use this database.</summary>
internal static class LogsCommand
{
    public static CairnCommand Create() => new("logs", "The event log of all processes that use this database: tail, errors, archive. It holds no entry's text, query or argument.") { Tail(), Errors(), Archive() };

    private static CairnCommand Tail()
    {
        var lines = new Option<int>("--lines", "-n") { Description = $"How many, 1 to {LogService.MaxTail}", DefaultValueFactory = static _ => 50 };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with each new line of any process, until Ctrl+C; with --json one object a line" };
        return new CairnCommand("tail", "Show the last lines.", "cairn logs tail", "cairn logs tail -n 200 --json", "cairn logs tail --follow") { lines, follow }.Looks().Does(async (context, _) =>
        {
            var logs = context.Engine.Logs;
            if (context.Parsed.GetValue(follow))
            {
                await Follow(context, context.Parsed.GetValue(lines)).ConfigureAwait(false);
                return ExitCode.Done;
            }
            var events = logs.Tail(context.Parsed.GetValue(lines));
            if (context.Json) Output.Json(new LogTail(logs.Folder, events), WireJson.Indented.LogTail);
            else if (events.Count == 0) Empty(logs);
            else foreach (var line in events) Output.Line(Words(line));
            return ExitCode.Done;
        });
    }

    private static async Task Follow(CommandContext context, int count)
    {
        using var stop = new StopSignals();
        Output.EndWithReader();
        try
        {
            await foreach (var line in context.Engine.Logs.Follow(count, stop.Token).ConfigureAwait(false))
            {
                if (context.Json) Output.Json(line, WireJson.Compact.LogEvent);
                else Output.Line(Words(line));
            }
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            // Ctrl+C is how it ends.
        }
    }

    private static CairnCommand Errors()
    {
        var since = new Option<string>("--since") { Description = "A number of days or hours (7d, 12h), or a date or time (ISO 8601)", DefaultValueFactory = static _ => "7d", HelpName = "TIME" };
        return new CairnCommand("errors", "Count the failures by code and operation, the most frequent first.", "cairn logs errors", "cairn logs errors --since 24h") { since }.Looks().Does(context =>
        {
            var logs = context.Engine.Logs;
            var from = DateText.Since("--since", context.Parsed.GetValue(since)!, TimeProvider.System.GetUtcNow());
            var failures = logs.Errors(from);
            if (context.Json) Output.Json(new LogErrors(logs.Folder, from, failures), WireJson.Indented.LogErrors);
            else if (failures.Count == 0) Output.Line($"No failures since {Stamp(from)}.");
            else Show(failures);
            return ExitCode.Done;
        });
    }

    private static CairnCommand Archive()
    {
        var before = new Option<string>("--before") { Description = "Days before this date, UTC (default: today)", HelpName = "DATE" };
        return new CairnCommand("archive", "Pack past days into logs/archive, a compressed file each, where they are not pruned.", "cairn logs archive", "cairn logs archive --before 2026-05-31") { before }.Does(context =>
        {
            var logs = context.Engine.Logs;
            var files = logs.Archive(context.Parsed.GetValue(before) is { } date ? DateText.Parse("--before", date) : null);
            if (context.Json) Output.Json(new LogArchive(logs.Folder, files), WireJson.Indented.LogArchive);
            else if (files.Count == 0) Output.Line($"Nothing to archive in {Output.Safe(logs.Folder)}: only today's log is there, or none.");
            else foreach (var file in files) Output.Line($"Archived to [green]{Output.Safe(file)}[/]");
            return ExitCode.Done;
        });
    }

    private static void Empty(LogService logs) =>
        Output.Line(logs.Enabled ? $"Nothing is logged yet in {Output.Safe(logs.Folder)}." : "The event log is off (MEMORY_LOG, or log in the configuration file), and holds nothing.");

    private static void Show(IReadOnlyList<LogFailures> failures)
    {
        var table = new Table().Border(TableBorder.None).AddColumns("count", "code", "operation", "first", "last");
        foreach (var kind in failures)
            table.AddRow(kind.Count.ToString("N0", CultureInfo.InvariantCulture), $"[red]{Output.Safe(kind.Code)}[/]", Output.Safe(kind.Operation), Stamp(kind.First), Stamp(kind.Last));
        Output.Table(table);
    }

    private static string Words(LogEvent line)
    {
        var what = line.Tool ?? (line.Command is { } command ? $"cairn {command}" : line.Migration is { } version ? string.Create(CultureInfo.InvariantCulture, $"{line.Event} {version}") : line.Event);
        var shape = line.Hits is { } hits ? string.Create(CultureInfo.InvariantCulture, $" {line.Terms} words, {hits} hits{(line.Filters is { } filters ? $", by {string.Join(", ", filters)}" : "")}")
            : line.Entries is { } entries ? string.Create(CultureInfo.InvariantCulture, $" {entries} {(entries == 1 ? "entry" : "entries")}") : "";
        var time = line.Milliseconds is { } duration ? string.Create(CultureInfo.InvariantCulture, $" {duration:0.0} ms") : "";
        var code = line.Code is null ? "" : $" [red]{Output.Safe(line.Code)}[/]";
        return $"[grey]{Stamp(line.Time)}[/] {line.Pid} {Output.Safe(what)}{code}{time}{Output.Safe(shape)}{(line.Client is { } client ? $" [blue]{Output.Safe(client)}[/]" : "")}{(line.Reason is { } reason ? $" ({Output.Safe(reason)})" : "")}";
    }

    private static string Stamp(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
