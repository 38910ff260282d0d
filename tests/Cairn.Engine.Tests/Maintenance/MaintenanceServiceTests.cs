using Cairn.Engine.Maintenance;
using Microsoft.Data.Sqlite;

namespace Cairn.Engine.Tests.Maintenance;

public sealed class MaintenanceServiceTests : IDisposable
{
    private readonly EngineFixture _cairn = new();

    public void Dispose() => _cairn.Dispose();

    [Fact]
    public void Schema_NoFile_IsVersionZeroAndMakesNone()
    {
        var schema = _cairn.Engine.Maintenance.Schema();

        Assert.Equal((false, 0, MaintenanceService.LatestSchema, _cairn.DatabasePath), (schema.Exists, schema.Version, schema.Latest, schema.Database));
        Assert.All(schema.Migrations, migration => Assert.Null(migration.AppliedAt));
        Assert.Empty(Directory.GetFileSystemEntries(_cairn.Folder));
    }

    [Fact]
    public void Schema_Database_TellsWhatWasAppliedWhen()
    {
        _cairn.Save("Entry");

        var schema = _cairn.Engine.Maintenance.Schema();

        Assert.Equal((true, MaintenanceService.LatestSchema), (schema.Exists, schema.Version));
        Assert.Equal(Enumerable.Range(1, MaintenanceService.LatestSchema), schema.Migrations.Select(migration => migration.Version));
        Assert.Equal(["entries", "full_text", "policy", "names"], schema.Migrations.Take(4).Select(migration => migration.Name));
        Assert.All(schema.Migrations, migration => Assert.Equal((_cairn.Time.Start, null), (migration.AppliedAt, migration.ChecksumDiffers)));
    }

    [Fact]
    public void Schema_OtherTextUnderANumber_IsShown()
    {
        _cairn.Save("Entry");
        _cairn.Sql("UPDATE schema_migrations SET checksum = 'other' WHERE version = 2");

        Assert.Equal(2, Assert.Single(_cairn.Engine.Maintenance.Schema().Migrations, migration => migration.ChecksumDiffers is true).Version);
        Assert.Equal("fail", Check("schema").Status);
    }

    [Fact]
    public void Check_HealthyDatabase_Passes()
    {
        _cairn.Save("Entry");

        var checks = _cairn.Engine.Maintenance.Check();

        Assert.All(checks, check => Assert.True(check.Status == "pass" || check.Name == "disk", $"{check.Name}: {check.Detail}"));
        Assert.Equal(["database", "disk", "freeze", "index", "integrity", "schema", "sqlite", "writable"], checks.Select(check => check.Name).Where(name => name != "permissions").Order());
    }

    [Fact]
    public void Check_NoFile_WarnsAndMakesNone()
    {
        Assert.Equal(("warn", "cairn migrate up"), (Check("database").Status, Check("database").Fix));
        Assert.Empty(Directory.GetFileSystemEntries(_cairn.Folder));
    }

    [Fact]
    public void Check_Database_IsNotChanged()
    {
        _cairn.Save("Entry");
        _cairn.Engine.Dispose();
        var before = File.ReadAllBytes(_cairn.DatabasePath);
        using (var engine = _cairn.Another())
        {
            engine.Maintenance.Check();
            engine.Maintenance.Schema();
        }

        Assert.Equal(before, File.ReadAllBytes(_cairn.DatabasePath));
    }

    [Fact]
    public void Check_DetachedIndex_Warns()
    {
        _cairn.Save("Entry");
        _cairn.Sql("DROP TRIGGER entries_fts_insert");

        Assert.Equal("warn", Check("index").Status);
        _cairn.Search("entry");
        Assert.Equal("pass", Check("index").Status);
    }

    [Fact]
    public void Check_OlderSchema_Warns()
    {
        _cairn.Save("Entry");
        _cairn.Sql("PRAGMA user_version = 1");

        Assert.Equal(("warn", "cairn migrate up"), (Check("schema").Status, Check("schema").Fix));
    }

    [Fact]
    public void Check_FileThatOthersMayRead_Warns()
    {
        if (OperatingSystem.IsWindows()) return; // has no such modes
        _cairn.Save("Entry");
        File.SetUnixFileMode(_cairn.DatabasePath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        Assert.Equal("warn", Check("permissions").Status);
        Assert.Contains("chmod 600", Check("permissions").Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_AnotherProcessHoldsTheLock_SaysThatNoWriteCanBegin()
    {
        _cairn.Save("Entry");
        using var other = _cairn.Connect();
        using var begin = new SqliteCommand("BEGIN IMMEDIATE", other);
        begin.ExecuteNonQuery();
        using var impatient = new CairnEngine(_cairn.Options with { BusyTimeout = TimeSpan.Zero }, TimeProvider.System);

        Assert.Equal("fail", Assert.Single(impatient.Maintenance.Check(), static check => check.Name == "writable").Status);
    }

    private HealthCheck Check(string name) => Assert.Single(_cairn.Engine.Maintenance.Check(), check => check.Name == name);
}
