using Cairn.Engine.Maintenance;
using Microsoft.Data.Sqlite;

namespace Cairn.Engine.Tests.Maintenance;

public sealed class HealthServiceTests : IDisposable
{
    private readonly EngineFixture _cairn = new(options => options with { Log = true });

    public void Dispose() => _cairn.Dispose();

    [Fact]
    public void Check_HealthyDatabase_Passes()
    {
        _cairn.Save("Entry");

        var checks = _cairn.Engine.Health.Check();

        Assert.All(checks, check => Assert.True(check.Status == "pass" || check.Name == "disk", $"{check.Name}: {check.Detail}"));
        Assert.Equal(["wal", "clock", "backup", "entries", "servers", "leftovers", "log"], checks.Select(check => check.Name).TakeLast(7));
    }

    [Fact]
    public void Check_AnotherProcessWritesJustNow_WaitsForIt()
    {
        var clock = new WatchedClock();
        using var cairn = new EngineFixture(time: clock);
        cairn.Save("Entry");
        using var other = cairn.Connect();
        using var command = other.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        var looks = 0;
        clock.Look = () => // who waits looks once at its begin, and each time that the lock is not free
        {
            if (++looks != 2) return;
            command.CommandText = "COMMIT";
            command.ExecuteNonQuery();
        };

        var check = Assert.Single(cairn.Engine.Health.Check(), check => check.Name == "writable");

        Assert.Equal(("pass", "a write can begin"), (check.Status, check.Detail));
    }

    private sealed class WatchedClock : TimeProvider
    {
        public Action Look { get; set; } = static () => { };

        public override long GetTimestamp()
        {
            Look();
            return base.GetTimestamp();
        }
    }

    [Fact]
    public void Check_NoFile_MakesNone()
    {
        Assert.Equal(["database"], _cairn.Engine.Health.Check().Where(check => check.Status != "pass").Select(check => check.Name));
        Assert.Empty(Directory.GetFileSystemEntries(_cairn.Folder));
    }

    [Fact]
    public void Check_EntryOfTheFuture_WarnsOfTheClock()
    {
        _cairn.Save("Entry");
        _cairn.Sql("UPDATE entries SET recorded_at = recorded_at + 86400000");

        Assert.Equal("warn", Check("clock").Status);
        Assert.Contains("2026-03-15 09:26 UTC", Check("clock").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_NothingRecordedForLong_WarnsThatTheClockMayHaveJumped()
    {
        _cairn.Save("Entry");
        _cairn.Time.Advance(TimeSpan.FromDays(29));
        Assert.Equal("pass", Check("clock").Status);

        _cairn.Time.Advance(TimeSpan.FromDays(2));

        Assert.Equal("warn", Check("clock").Status);
        Assert.Contains("31 days ago", Check("clock").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_EntryThatIsInNoBackupForTwoWeeks_Warns_UntilThereIsOne()
    {
        _cairn.Save("Entry");
        _cairn.Time.Advance(TimeSpan.FromDays(15));
        Assert.Equal(("warn", "cairn backup create"), (Check("backup").Status, Check("backup").Fix));

        _cairn.Engine.Backups.Create();
        _cairn.Save("Another");
        _cairn.Time.Advance(TimeSpan.FromDays(13));

        Assert.Equal("pass", Check("backup").Status);
        _cairn.Time.Advance(TimeSpan.FromDays(2));
        Assert.Equal("warn", Check("backup").Status);
    }

    [Fact]
    public void Check_FewerWereSavedThanTheNewestBackupCounted_Warns()
    {
        _cairn.Save("One");
        _cairn.Save("Two");
        _cairn.Engine.Backups.Create();
        Assert.Equal("pass", Check("entries").Status);

        // As a database looks whose last commits were cut off with the end of its log.
        _cairn.Sql("DELETE FROM entries WHERE key = 2");
        _cairn.Sql("UPDATE sqlite_sequence SET seq = 1 WHERE name = 'entries'");
        Assert.Equal(["ok"], _cairn.Rows("PRAGMA quick_check"));

        Assert.Equal("warn", Check("entries").Status);
        Assert.Contains("(1) than the newest backup counted (2)", Check("entries").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_NothingIsLeftOfWhatTheNewestBackupCounted_Warns()
    {
        _cairn.Save("One");
        _cairn.Engine.Backups.Create();
        _cairn.Engine.Dispose();

        // As a database looks whose log, with all that it ever held, was cut off near its beginning.
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(_cairn.DatabasePath)!, "memory.db*")) File.WriteAllBytes(file, []);
        using var engine = _cairn.Another();

        var entries = engine.Health.Check().Single(static check => check.Name == "entries");
        Assert.Equal("warn", entries.Status);
        Assert.Contains("(0) than the newest backup counted (1)", entries.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_AfterTheRestoreOfAnOlderBackup_MissesNothing()
    {
        _cairn.Save("One");
        var older = _cairn.Engine.Backups.Create().Backup;
        _cairn.Save("Two");
        _cairn.Engine.Backups.Create();

        _cairn.Engine.Restores.Restore(older.Name, new RestoreOptions());

        Assert.Equal(("pass", "pass"), (Check("entries").Status, Check("backup").Status));
    }

    [Fact]
    public void Check_EntryThatWasPurged_IsNotMissed()
    {
        _cairn.Save("One");
        var id = _cairn.Save("Two");
        _cairn.Engine.Backups.Create();
        _cairn.Engine.Purges.Purge([id], "test");

        Assert.Equal("pass", Check("entries").Status);
    }

    [Fact]
    public void Check_LargeLog_Warns()
    {
        _cairn.Save("Entry");
        using var reader = _cairn.Connect();
        using var view = new SqliteCommand("BEGIN; SELECT key FROM entries", reader).ExecuteReader(); // keeps the log from being folded in
        _cairn.Sql("CREATE TABLE bulk (x BLOB); INSERT INTO bulk SELECT randomblob(1000000) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 70) SELECT i FROM n)");

        Assert.Equal("warn", Check("wal").Status);
    }

    [Fact]
    public void Check_LogCannotBeWritten_Warns()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess) return; // a mode holds nobody back there
        _cairn.Save("Entry");
        File.SetUnixFileMode(_cairn.Engine.Logs.Folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        Assert.Equal("warn", Check("log").Status);
        File.SetUnixFileMode(_cairn.Engine.Logs.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void Status_Database_IsShownWithoutAChange()
    {
        _cairn.Save("Entry");
        File.WriteAllText($"{_cairn.DatabasePath}.frozen", "");

        var status = _cairn.Engine.Health.Status();

        Assert.Equal((true, true, MaintenanceService.LatestSchema, 1L, 1L, null), (status.Exists, status.Frozen, status.Schema, status.Counts!.ActiveEntries, status.Counts.Projects, status.Problem));
        Assert.InRange(status.SizeBytes, 1, long.MaxValue);
    }

    [Fact]
    public void Status_FileOfAnotherProgram_SaysSo()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_cairn.DatabasePath)!);
        _cairn.Sql("CREATE TABLE theirs (x)");

        Assert.Contains("another program", _cairn.Engine.Health.Status().Problem, StringComparison.Ordinal);
    }

    private HealthCheck Check(string name) => Assert.Single(_cairn.Engine.Health.Check(), check => check.Name == name);
}
