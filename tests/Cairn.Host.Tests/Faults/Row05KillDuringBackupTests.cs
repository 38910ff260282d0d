using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;
using Microsoft.Data.Sqlite;

namespace Cairn.Host.Tests.Faults;

/// <summary>Backups of real processes, while others write and when they are killed.</summary>
[Collection(typeof(Alone))]
public sealed class Row05KillDuringBackupTests : IDisposable
{
    private readonly TempHome _home = new();

    private string Folder => Path.Combine(_home.Path, "backups");

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Row05_Create_WhileServersSave_HoldsAllThatWasAnsweredBefore()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var answered = new System.Collections.Concurrent.ConcurrentBag<string>();
        using var started = new CountdownEvent(4);
        var writers = Enumerable.Range(0, 4).Select(number => Task.Factory.StartNew(
            () =>
            {
                using var server = McpProcess.StartInitialized(_home);
                for (var i = 0; !stop.IsCancellationRequested; i++)
                {
                    var saved = server.CallTool("save_memory", new JsonObject { ["text"] = $"Entry {i} of writer {number}" });
                    answered.Add(saved.Structured.String("id"));
                    if (i == 5) started.Signal();
                }
                server.CloseInput();
                Assert.Equal(0, server.WaitForExit());
            },
            cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToList();
        started.Wait(cancellation);

        for (var round = 0; round < 5; round++)
        {
            var before = answered.ToArray();
            var created = JsonNode.Parse(Cairn("backup", "create", "--json").ShouldExitWith(0).Output)!.AsObject().Object("backup");
            using var copy = Open(created.String("path"));
            var held = Rows(copy, "SELECT id FROM entries").ToHashSet(StringComparer.Ordinal);
            Assert.Empty(before.Except(held));
            Assert.Equal(["ok"], Rows(copy, "PRAGMA integrity_check"));
            Assert.Equal(held.Count, (int)created.Object("manifest").Object("counts")["active_entries"]!);
        }
        await stop.CancelAsync();
        await Task.WhenAll(writers);
        Cairn("backup", "verify", "--all").ShouldExitWith(0);
    }

    [Fact]
    public async Task Row05_Create_TwoAtOnce_AreTwoBackups()
    {
        Fill();

        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => Cairn("backup", "create", "--record", "log.md").ShouldExitWith(0))));

        Assert.Equal(4, Directory.GetFiles(Folder, "memory-*").Length);
        Assert.Equal(4, File.ReadAllLines(Path.Combine(_home.Project, "log.md")).Length);
        Cairn("backup", "verify", "--all").ShouldExitWith(0);
    }

    // Each round kills at another moment: a little later in the copy, in the check, or between the two renames.
    [Fact]
    public void Row05_Create_Killed_LeavesTheDatabaseWholeAndNoHalfFileUnderAFinalName()
    {
        Fill();
        var size = new FileInfo(_home.Database).Length;
        var (rounds, killed) = (FaultRun.Rounds(25), 0);
        for (var round = 0; round < rounds; round++)
        {
            var known = Directory.Exists(Folder) ? Directory.GetFiles(Folder).ToHashSet(StringComparer.Ordinal) : [];
            if (KilledAtItsMoment(round, known, size)) killed++;

            foreach (var file in Directory.GetFiles(Folder, "*.db").Except(known))
            {
                using var connection = Open(file, immutable: true);
                Assert.Equal(["ok"], Rows(connection, "PRAGMA quick_check"));
            }
            foreach (var file in Directory.GetFiles(Folder, "*.json").Except(known)) Assert.NotNull(JsonNode.Parse(File.ReadAllText(file)));
            foreach (var whole in Directory.GetFiles(Folder).Where(static file => !file.Contains(".partial", StringComparison.Ordinal))) File.Delete(whole); // 20 MB each
        }
        Assert.InRange(killed, rounds / 5, rounds);
        using (var source = Open(_home.Database)) Assert.Equal(["ok"], Rows(source, "PRAGMA integrity_check"));

        var swept = Cairn("backup", "create").ShouldExitWith(0);

        Assert.Matches(@"removed \d+ unfinished backup", swept.Error);
        Assert.Empty(Directory.GetFiles(Folder, "*.partial*"));
        Cairn("backup", "verify", "--all").ShouldExitWith(0);
        Assert.Empty(Cairn("backup", "create").ShouldExitWith(0).Error);
        FaultRun.Report(5, "kill during backup", "SIGKILL in the copy, in the check, and between the renames", killed,
            "the source is whole; no half file under a final name; what was left is removed by the next backup", "\"removed N unfinished backups\" at the next backup");
    }

    /// <summary>Starts a backup, waits for what it does in this round, and kills it. False when it was done before.</summary>
    private bool KilledAtItsMoment(int round, HashSet<string> known, long size)
    {
        using var process = ChildProcess.Start(CairnBinary.Path, ["backup", "create", "--db", _home.Database], _home);
        bool IsNew(string pattern) => Directory.Exists(Folder) && Directory.GetFiles(Folder, pattern).Any(file => !known.Contains(file));
        long Copied() => !Directory.Exists(Folder) ? -1 : Directory.GetFiles(Folder, "*.db.partial").Where(file => !known.Contains(file)).Select(file => new FileInfo(file)).Sum(file => file.Exists ? file.Length : 0);
        var kind = (round + 3) % 5;
        var delay = TimeSpan.FromMilliseconds(round / 5 % 5 * 10);
        Func<bool> moment = kind switch
        {
            0 => () => IsNew("*.json"),
            1 => () => IsNew("*.db"),
            2 => () => Copied() >= size,
            3 => () => Copied() >= size * (round / 5 % 5 + 1) / 6,
            _ => () => IsNew("*.json.partial"),
        };
        Assert.True(SpinWait.SpinUntil(() => moment() || process.HasExited, ChildProcess.Limit));
        if (kind is 2 or 4)
        {
            var reached = Stopwatch.GetTimestamp();
            SpinWait.SpinUntil(() => Stopwatch.GetElapsedTime(reached) >= delay);
        }
        var running = !process.HasExited;
        if (running) process.Kill();
        process.WaitForExit();
        return running;
    }

    /// <summary>A database of some 20 MB, so that copying it takes a while.</summary>
    private void Fill()
    {
        Cairn("save", "The first entry makes the database").ShouldExitWith(0);
        using var connection = Open(_home.Database);
        Rows(connection, string.Create(CultureInfo.InvariantCulture, $"""
            WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 1200)
            INSERT INTO entries (id, project_key, occurred_at, recorded_at, changed_at, origin, entry_type, content_hash, title, search_text, body)
            SELECT printf('%016d', n), 1, n, n, n, 'user', 'note', randomblob(32), 'Entry ' || n, '', hex(randomblob(8000)) FROM number
            """));
    }

    private ProcessResult Cairn(params string[] arguments) => CliProcess.Run(_home, [.. arguments, "--db", _home.Database]);

    private static SqliteConnection Open(string path, bool immutable = false)
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = immutable ? $"{new Uri(path)}?immutable=1" : path, Pooling = false, Mode = immutable ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWrite }.ToString());
        connection.Open();
        return connection;
    }

    private static List<string> Rows(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read()) rows.Add($"{reader.GetValue(0)}");
        return rows;
    }
}
