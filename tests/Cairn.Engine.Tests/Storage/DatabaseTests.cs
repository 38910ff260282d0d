using Cairn.Engine.Entries;
using Microsoft.Data.Sqlite;

namespace Cairn.Engine.Tests.Storage;

/// <summary>Several writers of one file, and what a write leaves behind that fails.</summary>
public sealed class DatabaseTests : IDisposable
{
    private readonly WatchedTime _time = new();
    private readonly EngineFixture _cairn;

    public DatabaseTests() => _cairn = new EngineFixture(time: _time);

    public void Dispose() => _cairn.Dispose();

    [Fact]
    public async Task Write_AnotherConnectionHoldsTheLock_WaitsAndSucceeds()
    {
        _cairn.Save("First");
        using var other = _cairn.Connect();
        Execute(other, "BEGIN IMMEDIATE");
        var busy = _time.Busy();
        var save = EngineFixture.Start(() => _cairn.Store(new NewEntry { Text = "Second" }).Status);
        await busy;

        Execute(other, "COMMIT");

        Assert.Equal("saved", await save);
    }

    [Fact]
    public void Write_LockIsNotLetGo_IsRefusedAfterTheBusyTimeoutAndLeavesNothing()
    {
        using var cairn = new EngineFixture(options => options with { BusyTimeout = TimeSpan.FromMilliseconds(100) }, TimeProvider.System);
        cairn.Save("First");
        using (var other = cairn.Connect())
        {
            Execute(other, "BEGIN IMMEDIATE");

            var error = Assert.Throws<EngineException>(() => cairn.Store(new NewEntry { Text = "Second" }, cairn.In("another")));

            Assert.Equal(ErrorCode.StorageFailure, error.Code);
            Assert.Contains("busy", error.Message, StringComparison.Ordinal);
        }
        Assert.Equal(["1|1"], cairn.Rows("SELECT (SELECT count(*) FROM entries), (SELECT count(*) FROM projects)"));
        cairn.Save("Second");
    }

    [Fact]
    public void Read_AnotherConnectionHoldsTheLock_DoesNotWait()
    {
        var id = _cairn.Save("A needle");
        using var other = _cairn.Connect();
        Execute(other, "BEGIN IMMEDIATE; UPDATE entries SET body = 'half written'");

        Assert.Equal("A needle", _cairn.Get(id).Body);
        Assert.Equal([id], _cairn.Find("needle"));
    }

    [Fact]
    public async Task Write_SeveralEnginesAtOnce_LosesNothing()
    {
        var engines = Enumerable.Range(0, 4).Select(_ => _cairn.Another()).ToList();
        var ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => EngineFixture.Start(() =>
            Enumerable.Range(0, 10).Select(j => EngineFixture.Stored(engines[i % 4].Entries.Save(new NewEntry { Text = $"Entry {i} {j}" }, _cairn.Context)).Id).ToList())));
        foreach (var engine in engines) engine.Dispose();

        Assert.Equal(80, _cairn.Entries.Get([.. ids.SelectMany(list => list)]).Items.Count);
        Assert.Equal(["ok"], _cairn.Rows("PRAGMA integrity_check"));
    }

    [Fact]
    public void Write_FailsInTheMiddle_LeavesNothing()
    {
        _cairn.Save("First");
        _cairn.Sql("CREATE TRIGGER spoil AFTER INSERT ON entries BEGIN SELECT RAISE (ABORT, 'spoilt'); END");

        var error = Assert.Throws<EngineException>(() => _cairn.Store(new NewEntry { Text = "Second" }, _cairn.In("another") with { SessionId = "s" }));

        Assert.Equal(ErrorCode.StorageFailure, error.Code);
        Assert.Equal(["1|1|0"], _cairn.Rows("SELECT (SELECT count(*) FROM entries), (SELECT count(*) FROM projects), (SELECT count(*) FROM sessions)"));
        _cairn.Sql("DROP TRIGGER spoil");
        _cairn.Save("Second");
    }

    [Fact]
    public async Task Dispose_WhileAWriteWaits_EndsItSoonAndLeavesNothing()
    {
        _cairn.Save("First");
        using (var other = _cairn.Connect())
        {
            Execute(other, "BEGIN IMMEDIATE");
            var engine = _cairn.Another();
            var busy = _time.Busy();
            var save = EngineFixture.Start(() => engine.Entries.Save(new NewEntry { Text = "Second" }, _cairn.Context));
            await busy;

            engine.Dispose();

            var error = await Assert.ThrowsAsync<EngineException>(() => save);
            Assert.Equal(ErrorCode.StorageFailure, error.Code);
            Assert.Contains("nothing was saved", error.Message, StringComparison.Ordinal);
        }
        Assert.Equal(["1"], _cairn.Rows("SELECT count(*) FROM entries"));
    }

    [Fact]
    public void Read_DamagedTable_IsAStorageFailureThatKeepsTheFile()
    {
        for (var i = 0; i < 30; i++) _cairn.Save($"Entry {i} {new string('x', 2000)}");
        var root = long.Parse(_cairn.Rows("SELECT rootpage FROM sqlite_schema WHERE name = 'entries'")[0], System.Globalization.CultureInfo.InvariantCulture);
        _cairn.Engine.Dispose();
        using (var file = new FileStream(_cairn.DatabasePath, FileMode.Open))
        {
            file.Position = (root - 1) * 4096;
            file.Write(new byte[4096].AsSpan());
        }
        using var engine = _cairn.Another();

        var error = Assert.Throws<EngineException>(() => engine.Entries.Save(new NewEntry { Text = "x" }, _cairn.Context));

        Assert.Equal(ErrorCode.StorageFailure, error.Code);
        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
        Assert.Contains(engine.Maintenance.Check(), check => check is { Name: "integrity" or "database", Status: "fail" });
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>The system's clock, which tells when a write finds the database busy and looks how long it has waited.</summary>
    private sealed class WatchedTime : TimeProvider
    {
        private TaskCompletionSource? _busy;
        private int _asked;

        /// <summary>Done when the next write has been turned away once.</summary>
        public Task Busy()
        {
            _asked = 0;
            _busy = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _busy.Task;
        }

        public override long GetTimestamp()
        {
            // Asked first before the first attempt, and again after each one that failed.
            if (Interlocked.Increment(ref _asked) == 2) _busy?.TrySetResult();
            return base.GetTimestamp();
        }
    }

    [Fact]
    public void Save_AfterTheFileWasMovedAway_GoesToANewFile()
    {
        if (OperatingSystem.IsWindows()) return; // an open file stays in its place there
        _cairn.Save("First");
        var away = Path.Combine(_cairn.Folder, "away");
        Directory.CreateDirectory(away);
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(_cairn.DatabasePath)!)) File.Move(file, Path.Combine(away, Path.GetFileName(file)));

        var id = _cairn.Save("Second");

        using var another = _cairn.Another();
        Assert.Equal("Second", Assert.Single(another.Entries.Get([id]).Items).Body);
        Assert.Equal([id], _cairn.Find("second"));
    }
}
