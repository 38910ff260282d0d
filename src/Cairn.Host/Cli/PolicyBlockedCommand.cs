using System.CommandLine;
using System.Globalization;
using Cairn.Engine;
using Cairn.Engine.Entries;
using Cairn.Engine.Maintenance;
using Spectre.Console;

namespace Cairn.Host.Cli;

/// <summary>cairn policy blocked: the policy's audit.</summary>
internal static class PolicyBlockedCommand
{
    private const int Shown = 20;

    public static CairnCommand Create()
    {
        var limit = new Option<int>("--limit") { Description = $"How many lines, 1 to {PolicyService.MaxEvents}", DefaultValueFactory = static _ => Shown };
        var since = new Option<string>("--since") { Description = "None before this date or time (ISO 8601)", HelpName = "TIME" };
        var project = new Option<string>("--project") { Description = "Only this project (default: all)", HelpName = "NAME" };
        return new CairnCommand("blocked", "List what was refused, redacted and let pass, newest first: rule, place, length and fingerprint, never the text.",
            "cairn policy blocked", "cairn policy blocked --since 2026-11-01 --project billing --json")
        {
            limit, since, project,
        }.Looks().Does(context =>
        {
            var read = context.Parsed;
            var list = context.Engine.Policy.Events(read.GetValue(limit), read.GetValue(since) is { } time ? DateText.Parse("--since", time) : null, read.GetValue(project));
            if (context.Json) Output.Json(list, WireJson.Indented.PolicyEventList);
            else if (list.Events.Count == 0) Output.Line("Nothing is on record.");
            else Show(list.Events);
            return ExitCode.Done;
        });
    }

    private static void Show(IReadOnlyList<PolicyEvent> events)
    {
        var table = new Table().Border(TableBorder.None).AddColumns("when", "event", "rule", "where", "length", "fingerprint", "origin", "project", "entry or reason");
        foreach (var item in events)
            table.AddRow(item.OccurredAt.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), item.Event, Output.Safe(item.Rule), Output.Safe(Place(item)),
                item.Length?.ToString(CultureInfo.InvariantCulture) ?? "-", Output.Safe(item.Fingerprint ?? "-"), Output.Safe(item.Origin ?? "-"), Output.Safe(item.Project ?? "-"),
                Output.Safe(item.EntryId ?? item.Reason ?? ""));
        Output.Table(table);
    }

    private static string Place(PolicyEvent item) => item.Field is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{item.Field}:{item.Line}:{item.Column}");
}
