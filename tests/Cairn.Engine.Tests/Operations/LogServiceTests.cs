using System.IO.Compression;
using System.Text.Json;
using Cairn.Engine.Operations;
using Cairn.Engine.Policy;
using Microsoft.Extensions.Time.Testing;

namespace Cairn.Engine.Tests.Operations;

public sealed class LogServiceTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 20, 12, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("cairn-test-").FullName;
    private readonly FakeTimeProvider _time = new(Noon);
    private readonly List<string> _warnings = [];

    private string Logs => Path.Combine(_folder, "logs");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Write_Event_IsOneLineInTheFileOfTheDay()
    {
        using var log = Open();

        log.Write(Save());

        var line = JsonDocument.Parse(Assert.Single(File.ReadAllLines(Day("2026-05-20")))).RootElement;
        Assert.Equal(
            ("tool", "2026-05-20T12:00:00.000Z", Environment.ProcessId, "memory.db", "save_memory", "ok", 1.5),
            (Text("event"), Text("time"), line.GetProperty("pid").GetInt32(), Text("database"), Text("tool"), Text("status"), line.GetProperty("milliseconds").GetDouble()));
        Assert.False(line.TryGetProperty("code", out _));

        string? Text(string name) => line.GetProperty(name).GetString();
    }

    [Fact]
    public void Write_EverythingThatAnEventCanHold_IsReadBack()
    {
        using var log = Open();
        var full = new LogEvent
        {
            Event = "tool", Time = Noon.AddHours(-1), Version = "1.2.3", Client = "a client", Tool = "search", Command = "backup create", Request = "r-1", Milliseconds = 0.125,
            Status = "error", Code = "STORAGE_FAILURE", ExitCode = 1, Migration = 4, Terms = 3, Filters = ["path", "type"], Hits = 0, Reason = "signal", Entries = 5,
        };

        log.Write(full);

        var read = Assert.Single(log.Tail(1));
        Assert.Equal(full with { Pid = Environment.ProcessId, Database = "memory.db", Filters = null }, read with { Filters = null });
        Assert.Equal(full.Filters, read.Filters);
        Assert.All(typeof(LogEvent).GetProperties(), property => Assert.NotNull(property.GetValue(read)));
    }

    [Fact]
    public void Write_AfterTheEnd_OpensTheFileAgain()
    {
        var log = Open();
        log.Write(Save());
        log.Dispose();

        log.Write(Save());
        log.Dispose();

        Assert.Equal(2, log.Tail(10).Count);
    }

    [Fact]
    public void Write_FirstLine_MakesFolderAndFileForThisUserAlone()
    {
        if (OperatingSystem.IsWindows()) return; // has no such modes
        using var log = Open();

        log.Write(Save());

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Logs));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Day("2026-05-20")));
    }

    [Fact]
    public void Write_WhenTheDayEnds_GoesOnInTheNextFile()
    {
        using var log = Open();
        log.Write(Save());
        _time.Advance(TimeSpan.FromHours(12));
        log.Write(Save());

        Assert.Single(File.ReadAllLines(Day("2026-05-20")));
        Assert.Single(File.ReadAllLines(Day("2026-05-21")));
    }

    [Fact]
    public void Write_FileOfTheDayIsFull_GoesOnInASecond()
    {
        using var log = Open();
        log.Write(Save());
        Make("2026-05-20", LogFiles.FullBytes);
        _time.Advance(TimeSpan.FromSeconds(1)); // it looks once a second

        log.Write(Save());
        using var another = Open();
        another.Write(Save());

        Assert.Equal(2, File.ReadAllLines(Day("2026-05-20.1")).Length);
    }

    [Fact]
    public void Write_FirstLine_RemovesDaysThatAreTooOldAndNothingElse()
    {
        Directory.CreateDirectory(Logs);
        Make("2026-05-05", 1);
        Make("2026-05-06", 1);
        string[] strangers = ["notes.jsonl", "2026-05-05.x.jsonl", "2025-01-01.txt"];
        foreach (var stranger in strangers) File.WriteAllText(Path.Combine(Logs, stranger), "");
        using var log = Open();

        log.Write(Save());

        Assert.Equal(["2026-05-06.jsonl", "2026-05-20.jsonl", .. strangers], Directory.GetFiles(Logs).Select(Path.GetFileName).Except(strangers).Order().Concat(strangers));
        Assert.All(strangers, stranger => Assert.True(File.Exists(Path.Combine(Logs, stranger))));
    }

    [Fact]
    public void Write_AllFilesTogetherAreTooLong_RemovesTheOldest()
    {
        Directory.CreateDirectory(Logs);
        Make("2026-05-17", LogFiles.FullBytes);
        Make("2026-05-18", LogFiles.MaxBytes);
        Make("2026-05-19", 1);
        using var log = Open();

        log.Write(Save());

        Assert.Equal(["2026-05-19.jsonl", "2026-05-20.jsonl"], Directory.GetFiles(Logs).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Write_FromManyAtOnce_LosesAndMixesNoLine()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(number => EngineFixture.Start(() =>
        {
            using var log = Open(); // a file of its own, as another process has
            for (var i = 0; i < 250; i++) log.Write(new LogEvent { Event = $"writer.{number}", Terms = i });
            return true;
        })));

        using var reader = Open();
        var lines = reader.Tail(LogService.MaxTail);
        Assert.Equal(8 * 250, lines.Count);
        Assert.All(lines.GroupBy(line => line.Event), writer => Assert.Equal(Enumerable.Range(0, 250), writer.Select(line => line.Terms!.Value)));
    }

    [Fact]
    public void Write_SecretThatFoundItsWayIntoALine_LeavesOnlyThatThereWasOne()
    {
        var secret = "ghp_" + string.Concat(Enumerable.Repeat("a1B2c3D4e5", 4))[..36];
        using var log = Open();

        log.Write(Save() with { Client = secret });

        var text = File.ReadAllText(Day("2026-05-20"));
        Assert.DoesNotContain(secret[4..], text, StringComparison.Ordinal);
        Assert.Equal("redacted", Assert.Single(log.Tail(1)).Event);
        Assert.Null(LogService.Clean(secret));
    }

    [Theory]
    [InlineData("codex-cli 0.55", "codex-cli 0.55")]
    [InlineData("@scope/client", "@scope/client")]
    [InlineData("", null)]
    [InlineData("two\nlines", null)]
    [InlineData("\"quoted\"", null)]
    [InlineData("naïve", null)]
    [InlineData("a1b2c3d4e5f6a7b8c9", null)]
    public void Clean_Name_IsKeptWhenItIsPlain(string name, string? kept)
    {
        Assert.Equal(kept, LogService.Clean(name));
        Assert.Null(LogService.Clean(string.Concat(Enumerable.Repeat("ab ", 21))));
    }

    [Fact]
    public void Write_FolderCannotBeMade_WarnsOnceFailsNothing_AndGoesOnOnceItCan()
    {
        File.WriteAllText(Logs, "in the way");
        using var log = Open();

        log.Write(Save());
        log.Write(Save());

        Assert.Contains(Logs, Assert.Single(_warnings), StringComparison.Ordinal);
        Assert.NotNull(log.Problem);
        File.Delete(Logs);
        _time.Advance(TimeSpan.FromSeconds(11));
        log.Write(Save());
        Assert.Null(log.Problem);
        Assert.Single(log.Tail(10));
    }

    [Fact]
    public void Write_FolderIsRemovedMeanwhile_MakesItAgain()
    {
        using var log = Open();
        log.Write(Save());
        Directory.Delete(Logs, recursive: true);
        _time.Advance(TimeSpan.FromSeconds(1)); // it looks once a second

        log.Write(Save());

        Assert.Single(log.Tail(10));
    }

    [Fact]
    public void Write_LogIsOff_MakesNothing()
    {
        using var log = Open(enabled: false);

        log.Write(Save());

        Assert.False(Directory.Exists(Logs));
    }

    [Fact]
    public void Tail_OverSeveralFiles_GivesTheLastInTheirOrder_WithoutHalfLinesAndOtherDatabases()
    {
        using (var log = Open())
        {
            for (var i = 0; i < 4; i++)
            {
                log.Write(new LogEvent { Event = "e", Terms = i });
                if (i == 1) _time.Advance(TimeSpan.FromDays(1));
            }
        }
        File.AppendAllText(Day("2026-05-21"), "{\"event\":\"half\n");
        using (var other = Open(database: "other.db")) other.Write(new LogEvent { Event = "e", Terms = 99 });

        using var reader = Open();

        Assert.Equal([1, 2, 3], reader.Tail(3).Select(line => line.Terms!.Value));
        Assert.Equal(4, reader.Tail(100).Count);
        Assert.Throws<EngineException>(() => reader.Tail(0));
    }

    [Fact]
    public void Errors_SinceATime_AreCountedByCodeAndOperation()
    {
        using var log = Open();
        log.Write(Failed() with { Tool = "search" }); // before
        _time.Advance(TimeSpan.FromDays(2));
        log.Write(Failed() with { Tool = "save_memory" });
        log.Write(Save());
        _time.Advance(TimeSpan.FromHours(1));
        log.Write(Failed() with { Tool = "save_memory" });
        log.Write(Failed() with { Command = "migrate up", Code = "MIGRATION_FAILURE" });

        var failures = log.Errors(Noon.AddDays(1));

        Assert.Equal(
            [
                new LogFailures("STORAGE_FAILURE", "save_memory", 2, Noon.AddDays(2), Noon.AddDays(2).AddHours(1)),
                new LogFailures("MIGRATION_FAILURE", "cairn migrate up", 1, Noon.AddDays(2).AddHours(1), Noon.AddDays(2).AddHours(1)),
            ],
            failures);
    }

    [Fact]
    public void Archive_PastDays_PacksThemWholeAndLeavesToday()
    {
        using var log = Open();
        log.Write(Save());
        var former = File.ReadAllText(Day("2026-05-20"));
        _time.Advance(TimeSpan.FromDays(1));
        log.Write(Save());

        var archived = Assert.Single(log.Archive());

        Assert.Equal(Path.Combine(Logs, "archive", "2026-05-20.jsonl.gz"), archived);
        using var packed = new StreamReader(new GZipStream(File.OpenRead(archived), CompressionMode.Decompress));
        Assert.Equal(former, packed.ReadToEnd());
        Assert.Equal([Day("2026-05-21")], Directory.GetFiles(Logs));
        Assert.Empty(log.Archive());
    }

    [Fact]
    public void Archive_DayThatWasArchivedBefore_GetsANumber()
    {
        Directory.CreateDirectory(Logs);
        using var log = Open();
        Make("2026-05-19", 10);
        log.Archive();
        Make("2026-05-19", 20);

        Assert.Equal("2026-05-19.1.jsonl.gz", Path.GetFileName(Assert.Single(log.Archive())));
        Assert.Equal(2, Directory.GetFiles(Path.Combine(Logs, "archive"), "*.gz").Length);
    }

    [Fact]
    public async Task Archive_SeveralAtOnceAfterAKilledOne_PackEachLineOnceAndLeaveNoHalf()
    {
        var lines = Enumerable.Range(0, 5000).Select(static i => $"{{\"event\":\"tool\",\"pid\":{i}}}").ToList();
        Directory.CreateDirectory(Path.Combine(Logs, "archive"));
        foreach (var day in Enumerable.Range(10, 10)) File.WriteAllLines(Day($"2026-05-{day}"), lines);
        File.WriteAllText(Path.Combine(Logs, "archive", "2026-05-10.jsonl.gz.partial"), "half");

        var made = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => EngineFixture.Start(() => { using var log = Open(); return log.Archive(); })));

        Assert.Equal(10, made.Sum(static files => files.Count));
        var archived = Directory.GetFiles(Path.Combine(Logs, "archive"), "*.gz*");
        Assert.Equal(Enumerable.Range(10, 10).Select(static day => $"2026-05-{day}.jsonl.gz"), archived.Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(archived, file =>
        {
            using var packed = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
            Assert.Equal(lines, packed.ReadToEnd().TrimEnd().Split(Environment.NewLine));
        });
        Assert.Empty(Directory.GetFiles(Logs));
    }

    [Fact]
    public void Archive_DateInTheFuture_IsRefused()
    {
        using var log = Open();

        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<EngineException>(() => log.Archive(Noon.AddDays(1))).Code);
    }

    [Fact]
    public void Engine_MigrationAndIndexMadeAnew_AreEvents()
    {
        using var cairn = new EngineFixture(options => options with { Log = true });
        cairn.Save("A word to find: basalt");
        cairn.Sql("DROP TABLE entries_fts");
        cairn.Save("Saved without an index");
        cairn.Find("basalt");

        var events = cairn.Engine.Logs.Tail(100);

        Assert.Equal(Enumerable.Range(1, Cairn.Engine.Maintenance.MaintenanceService.LatestSchema), events.Where(line => line.Event == "migration").Select(line => line.Migration!.Value));
        Assert.Equal(["index.detached", "index.rebuilt"], events.Select(line => line.Event).Where(name => name.StartsWith("index", StringComparison.Ordinal)));
    }

    private static LogEvent Save() => new() { Event = "tool", Tool = "save_memory", Request = "7", Milliseconds = 1.5, Status = "ok" };

    private static LogEvent Failed() => new() { Event = "tool", Status = "error", Code = "STORAGE_FAILURE" };

    private string Day(string name) => Path.Combine(Logs, name + ".jsonl");

    // Sparse: only its length counts.
    [Fact]
    public async Task Follow_LinesOfOthers_TheNextDayAndAFileMadeAnew_ComeEachOnceInOrder()
    {
        using var log = Open();
        using var another = Open();
        log.Write(Named("one"));
        log.Write(Named("two"));
        using var end = new CancellationTokenSource();
        await using var lines = log.Follow(1, end.Token).GetAsyncEnumerator(end.Token);
        Assert.Equal("two", await Next());

        another.Write(Named("three"));
        Assert.Equal("three", await Next());
        another.Write(Named("four"));
        _time.Advance(TimeSpan.FromHours(12));
        another.Write(Named("five"));
        Assert.Equal("four", await Next());
        Assert.Equal("five", await Next());
        another.Dispose();
        File.Delete(Day("2026-05-20"));
        File.Delete(Day("2026-05-21"));
        another.Write(Named("six"));
        Assert.Equal("six", await Next());

        var never = Next();
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => never);

        // Waits by the test's clock alone.
        async Task<string?> Next()
        {
            var next = lines.MoveNextAsync();
            _time.Advance(TimeSpan.FromMilliseconds(250));
            return await next ? lines.Current.Tool : null;
        }
    }

    [Fact]
    public void Tail_LineWhoseEndIsStillComing_IsLeftForLater()
    {
        using var log = Open();
        log.Write(Named("one"));
        var whole = File.ReadAllText(Day("2026-05-20"));
        File.AppendAllText(Day("2026-05-20"), whole[..20]);

        Assert.Equal("one", Assert.Single(log.Tail(10)).Tool);
        File.AppendAllText(Day("2026-05-20"), whole[20..]);
        Assert.Equal(2, log.Tail(10).Count);
    }

    private static LogEvent Named(string tool) => Save() with { Tool = tool };

    private void Make(string name, long length)
    {
        using var file = new FileStream(Day(name), FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        file.SetLength(length);
    }

    private LogService Open(bool enabled = true, string database = "memory.db") => new(
        new EngineOptions { DatabasePath = Path.Combine(_folder, database), Log = enabled, Warn = _warnings.Add }, new SecretScanner(), _time);
}
