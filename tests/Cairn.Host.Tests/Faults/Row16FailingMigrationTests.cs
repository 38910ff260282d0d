using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Faults;

/// <summary>Row 16: a migration that fails. The schema stays what it was, and who works with that schema goes on.</summary>
public sealed class Row16FailingMigrationTests
{
    [Fact]
    public void Row16_MigrationThatFails_LeavesTheOldSchemaInUse_AndSaysTheWayBack()
    {
        for (var version = 1; version < OlderSchema.Latest; version++)
        {
            using var home = new TempHome();
            OlderSchema.Make(home.Database, version);
            OlderSchema.AddEntries(home.Database, 25);
            DatabaseFile.Execute(home.Database, $"CREATE TRIGGER sabotage BEFORE INSERT ON schema_migrations WHEN new.version = {version + 1} BEGIN SELECT RAISE(ABORT, 'sabotaged'); END");
            var schema = DatabaseFile.Column(home.Database, "SELECT type || name FROM sqlite_schema ORDER BY rowid");
            // What works with the old schema has the database open meanwhile, as a server of the version before would.
            using var old = DatabaseFile.Open(home.Database);
            using var server = McpProcess.StartInitialized(home);

            foreach (var tool in ToolCalls.Names)
                AssertSaysTheWayBack(server.CallTool(tool, ToolCalls.Valid(tool, "0000000000000001")), version, home);

            Assert.Equal(["25"], DatabaseFile.Column(old, "SELECT CAST(count(*) AS TEXT) FROM entries"));
            DatabaseFile.Execute(old, "UPDATE entries SET pinned = 1 WHERE key = 1");
            var failed = CliProcess.Run(home, ["migrate", "up", "--db", home.Database]).ShouldExitWith(1);
            Assert.Contains($"Migration {version + 1} (", failed.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", failed.Error + server.Error, StringComparison.Ordinal);
            Assert.Equal(schema, DatabaseFile.Column(home.Database, "SELECT type || name FROM sqlite_schema ORDER BY rowid"));
            Assert.Equal(version, DatabaseFile.Number(home.Database, "PRAGMA user_version"));
            // One of what was there at first, one of what the old version changed; not one a call.
            Assert.Equal(2, CliProcess.Json(home, ["backup", "list", "--db", home.Database]).Array("backups").Count);
            old.Dispose();

            DatabaseFile.Execute(home.Database, "DROP TRIGGER sabotage");
            ToolCalls.AssertWorks(server, "mended");
            Assert.Equal(26, DatabaseFile.Count(home.Database, "entries"));
        }
        FaultRun.Report(16, "a migration fails", "a trigger that raises, at each migration; eight calls each", OlderSchema.Latest - 1,
            "rolled back; a connection of the old schema reads and writes on; one backup, not one a call; once the cause is gone the same server upgrades and works",
            "MIGRATION_FAILURE: Migration N (name) failed and was rolled back, SQLite's words, cairn restore BACKUP");
    }

    private static void AssertSaysTheWayBack(ToolResult result, int version, TempHome home)
    {
        Assert.Equal("MIGRATION_FAILURE", result.ErrorCode);
        var error = result.Structured.Object("error");
        Assert.Equal((version + 1, version), ((int)error.Object("details")["migration"]!, (int)error.Object("details")["schema"]!));
        var backup = error.Object("details").String("backup");
        Assert.Contains($"Migration {version + 1} (", error.String("message"), StringComparison.Ordinal);
        Assert.EndsWith($"cairn restore {backup}", error.String("message"), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(home.Path, "backups", backup)));
    }
}
