using Cairn.Engine.Maintenance;
using Cairn.Host.Mcp;
using Cairn.Host.Setup;
using Spectre.Console;

namespace Cairn.Host.Cli;

/// <summary>The state of the program, its settings and its database.</summary>
internal sealed record HealthReport(string Status, IReadOnlyList<HealthCheck> Checks);

/// <summary>cairn health: each line pass, warn or fail, with what mends it.</summary>
internal static class HealthCommand
{
    public static CairnCommand Create() => new CairnCommand("health",
        "Check the program, the settings, the database, and a real server session. Exit code 1 when a check fails.", "cairn health", "cairn health --json")
        .Looks().Does(static async (context, cancellation) =>
        {
            var checks = await CheckAsync(context, cancellation).ConfigureAwait(false);
            var worst = Worst(checks);
            if (context.Json) Output.Json(new HealthReport(worst, checks), WireJson.Indented.HealthReport);
            else Show(checks);
            return worst == "fail" ? ExitCode.Failed : ExitCode.Done;
        });

    /// <summary>Looks at all of it.</summary>
    public static async Task<IReadOnlyList<HealthCheck>> CheckAsync(CommandContext context, CancellationToken cancellation)
    {
        var checks = new List<HealthCheck>
        {
            new() { Name = "runtime", Status = "pass", Detail = $"cairn {BuildInfo.Version}, {BuildInfo.Runtime}" },
            new() { Name = "settings", Status = "pass", Detail = Sources(context.Settings) },
        };
        checks.AddRange(context.Engine.Health.Check());
        checks.AddRange(context.Engine.Policy.Health(context.Origin(null)));
        checks.AddRange(ClientHealth.Check(SetupCommand.Clients(), SelfProgram.Current, context.Settings.DatabasePath.Value!, context.Engine.HookNotes.LastRuns()));
        checks.AddRange(await SessionsAsync(context.Settings.DatabasePath.Value!, CanBeRead(checks), cancellation).ConfigureAwait(false));
        return checks;
    }

    /// <summary>The whole in a word: pass, warn or fail.</summary>
    public static string Worst(IReadOnlyList<HealthCheck> checks) =>
        checks.Any(static check => check.Status == "fail") ? "fail" : checks.Any(static check => check.Status == "warn") ? "warn" : "pass";

    // Values are cairn config's to show: here is only where each comes from.
    private static string Sources(Settings settings) => string.Join("; ", settings.All.Where(static setting => setting.Value is not null).GroupBy(static setting => setting.Source)
        .Select(group => $"from {(group.Key == "file" ? settings.ConfigPath : group.Key)}: {string.Join(", ", group.Select(static setting => setting.Name))}"));

    // A search would migrate an older schema and make a lost index anew: those are only reported.
    private static bool CanBeRead(List<HealthCheck> checks) =>
        checks.Any(static check => check is { Name: "schema", Status: "pass" }) && checks.Any(static check => check is { Name: "index", Status: "pass" });

    // The reading tools answer on this database, the writing ones on a temporary one: a look at health leaves no entry behind.
    private static async Task<IReadOnlyList<HealthCheck>> SessionsAsync(string database, bool read, CancellationToken cancellation)
    {
        var checks = new List<HealthCheck>();
        if (read) checks.Add(Line("reading", await SmokeSession.ReadAsync(database, cancellation).ConfigureAwait(false)));
        var folder = Directory.CreateTempSubdirectory("cairn-health-");
        try
        {
            checks.Add(Line("writing", await SmokeSession.CheckAsync(Path.Combine(folder.FullName, "memory.db"), cancellation).ConfigureAwait(false)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
        return checks;
    }

    /// <summary>A session with a server as one line.</summary>
    public static HealthCheck Line(string name, SmokeReport report) => report.Steps.FirstOrDefault(static step => !step.Passed) is { } failed
        ? new HealthCheck { Name = name, Status = "fail", Detail = $"{failed.Name}: {failed.Detail}", Fix = "cairn smoke" }
        : new HealthCheck { Name = name, Status = "pass", Detail = $"a server answered {report.Steps.Count} steps in {report.Steps.Sum(static step => step.Milliseconds):0} ms" };

    /// <summary>Checks as a table.</summary>
    public static void Show(IReadOnlyList<HealthCheck> checks)
    {
        var table = new Table().Border(TableBorder.None).AddColumns("", "check", "found", "to mend it");
        foreach (var check in checks)
        {
            var colour = check.Status switch { "pass" => "green", "warn" => "yellow", _ => "red" };
            table.AddRow($"[{colour}]{check.Status}[/]", check.Name, Output.Safe(check.Detail), Output.Safe(check.Fix ?? ""));
        }
        Output.Table(table);
    }
}
