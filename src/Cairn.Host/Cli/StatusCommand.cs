using System.Globalization;
using Cairn.Engine.Maintenance;
using Spectre.Console;

namespace Cairn.Host.Cli;

/// <summary>cairn status: the database at a glance, and who serves it.</summary>
internal static class StatusCommand
{
    public static CairnCommand Create() => new CairnCommand("status",
        "Show the live servers of this database, and how much it holds. Changes nothing but the files that killed servers left: those are removed.", "cairn status", "cairn status --json")
        .Looks().Does(static context =>
        {
            context.Engine.Servers.Sweep();
            var status = context.Engine.Health.Status();
            if (context.Json) Output.Json(status, WireJson.Indented.StatusReport);
            else Show(status);
            return ExitCode.Done;
        });

    private static void Show(StatusReport status)
    {
        Output.Line($"{Output.Safe(status.Database)}: {Words(status)}");
        if (status.Frozen) Output.Line($"[yellow]frozen, nothing is saved until cairn unfreeze:[/] {Output.Safe(status.FrozenReason ?? "a restore is under way, or was interrupted; see cairn health")}");
        if (status.Problem is { } problem) Output.Line($"[red]{Output.Safe(problem)}[/]");
        if (status.Servers.Count == 0)
        {
            Output.Line("No live servers.");
            return;
        }
        var table = new Table().Border(TableBorder.None).AddColumns("pid", "client", "since", "state", "cairn");
        foreach (var server in status.Servers)
        {
            var colour = server.State switch { "idle" => "green", "writing" => "yellow", _ => "grey" };
            table.AddRow(server.Pid.ToString(CultureInfo.InvariantCulture), Output.Safe($"{server.Client ?? "-"} {server.ClientVersion}".Trim()),
                server.Since.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), $"[{colour}]{server.State}[/]", Output.Safe(server.Version));
        }
        Output.Table(table);
    }

    private static string Words(StatusReport status)
    {
        if (!status.Exists) return "not there yet";
        var size = string.Create(CultureInfo.InvariantCulture, $"{status.SizeBytes / 1e6:0.0} MB, and {status.WalBytes / 1e6:0.0} MB to be folded in");
        if (status.Counts is not { } counts) return size;
        return string.Create(CultureInfo.InvariantCulture,
            $"{size}; schema {status.Schema}{(status.Schema == status.LatestSchema ? "" : $" (latest is {status.LatestSchema})")}; {counts.ActiveEntries:N0} active, {counts.SupersededEntries:N0} superseded and {counts.ArchivedEntries:N0} archived entries in {counts.Projects:N0} {(counts.Projects == 1 ? "project" : "projects")}");
    }
}
