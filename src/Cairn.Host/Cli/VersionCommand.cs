namespace Cairn.Host.Cli;

/// <summary>What this program is made of.</summary>
internal sealed record VersionReport(string Version, string Runtime, string Sqlite, int Schema, string Rules, string RulesHash);

/// <summary>cairn version.</summary>
internal static class VersionCommand
{
    public static CairnCommand Create() => new CairnCommand("version", "Show the version of cairn, its runtime, SQLite and schema.", "cairn version --json").Looks().Does(static context =>
    {
        var report = new VersionReport(BuildInfo.Version, BuildInfo.Runtime, BuildInfo.Sqlite, Engine.Maintenance.MaintenanceService.LatestSchema,
            Engine.Maintenance.PolicyService.RulesVersion, Engine.Maintenance.PolicyService.RulesHash);
        if (context.Json) Output.Json(report, WireJson.Indented.VersionReport);
        else Output.Line($"cairn {report.Version} (schema {report.Schema}, SQLite {report.Sqlite}, {Output.Safe(report.Runtime)})");
        return ExitCode.Done;
    });
}
