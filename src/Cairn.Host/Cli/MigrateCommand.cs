using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace Cairn.Host.Cli;

/// <summary>Which migrations were, or with --dry-run would be, applied.</summary>
internal sealed record MigrationResult(bool DryRun, IReadOnlyList<string> Applied);

/// <summary>cairn migrate: the schema of the database.</summary>
internal static class MigrateCommand
{
    public static CairnCommand Create() => new("migrate", "The schema of the database: status, up.", "cairn migrate status", "cairn migrate up --dry-run") { Status(), Up() };

    private static CairnCommand Status() => new CairnCommand("status", "Show which migrations the database has. Changes nothing.", "cairn migrate status").Looks().Does(static context =>
    {
        var schema = context.Engine.Maintenance.Schema();
        if (context.Json)
        {
            Output.Json(schema, WireJson.Indented.SchemaStatus);
            return ExitCode.Done;
        }
        Output.Line($"{Output.Safe(schema.Database)}: {(schema.Exists ? $"schema {schema.Version}" : "not there yet")}, latest is {schema.Latest}");
        var table = new Table().Border(TableBorder.None).AddColumns("version", "name", "applied");
        foreach (var migration in schema.Migrations)
        {
            var when = migration.AppliedAt?.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "[yellow]not yet[/]";
            table.AddRow(migration.Version.ToString(CultureInfo.InvariantCulture), migration.Name, migration.ChecksumDiffers is true ? $"{when} [red]with another text[/]" : when);
        }
        Output.Table(table);
        return ExitCode.Done;
    });

    private static CairnCommand Up()
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would be done" };
        var record = SessionLog.RecordOption();
        record.Description = "When it fails, append a dated line to this Markdown file";
        return new CairnCommand("up", "Bring the database to the latest schema; makes it when there is none.", "cairn migrate up", "cairn migrate up --dry-run", "cairn migrate up --record docs/session-log.md") { dryRun, record }.Does(context =>
        {
            var dry = context.Parsed.GetValue(dryRun);
            var names = dry
                ? [.. context.Engine.Maintenance.Schema().Migrations.Where(static migration => migration.AppliedAt is null).Select(static migration => migration.Name)]
                : SessionLog.RecordFailure(SessionLog.Named(context, record), "migrate up", context.Engine.Maintenance.Migrate);
            if (context.Json) Output.Json(new MigrationResult(dry, names), WireJson.Indented.MigrationResult);
            else Output.Line(names.Count == 0 ? "The schema is the latest." : $"{(dry ? "Would apply" : "Applied")}: {string.Join(", ", names)}");
            return ExitCode.Done;
        });
    }
}
