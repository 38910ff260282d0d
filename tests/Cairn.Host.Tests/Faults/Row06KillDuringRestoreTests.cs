using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;
using Microsoft.Data.Sqlite;

namespace Cairn.Host.Tests.Faults;

/// <summary>
/// Restores that are killed at any moment: the database is the former or the restored one, whole; the next command says
/// which; and the restore can go on.
/// </summary>
[Collection(typeof(Alone))]
public sealed class Row06KillDuringRestoreTests : IDisposable
{
    private const int Entries = 600;

    private readonly TempHome _home = new();
    private readonly Random _random = new(20261124);

    private static int Rounds => FaultRun.Rounds(CairnBinary.IsNative ? 18 : 6);

    private string Journal => _home.Database + ".restoring";

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Row06_Restore_KilledWhileAServerReads_LeavesOneOfTheTwoAndGoesOn()
    {
        var backups = new Dictionary<string, string> { ["old"] = MakeBackup("old"), ["new"] = MakeBackup("new") };
        using var server = McpProcess.StartInitialized(_home);
        var (present, interrupted) = ("new", 0);
        for (var round = 0; round < Rounds; round++)
        {
            var target = present == "old" ? "new" : "old";
            Kill(["restore", backups[target]], round);

            var found = Kind();
            Assert.Contains(found, new[] { present, target });
            Assert.Equal([found], ServerSees(server));
            if (File.Exists(Journal))
            {
                interrupted++;
                AssertSaysWhich(found == target ? "the restored database is in place" : found == present ? "the database is the one from before" : "", mayHaveChangedNothing: found == present);
                Resume(backups[target]);
            }
            else if (found != target) Cairn("restore", backups[target]).ShouldExitWith(0);
            Assert.Equal(target, Kind());
            Assert.Equal([target], ServerSees(server));
            Assert.Empty(Directory.GetFiles(_home.Path, "*.restoring*"));
            present = target;
        }
        Assert.InRange(interrupted, Rounds / 4, Rounds);
        ToolCalls.AssertWorks(server, "writes go on");
        server.CloseInput();
        server.WaitForExit();
        DatabaseFile.AssertIntact(_home.Database);
        Assert.Empty(Directory.GetFiles(Path.Combine(_home.Path, "backups"), "*.partial*"));
        FaultRun.Report(6, "kill during restore", "SIGKILL at each step and a random moment later, beside a server that reads", Rounds,
            string.Create(CultureInfo.InvariantCulture, $"the former database or the restored one, never a mix; {interrupted} went on with --resume"), "restore was interrupted: which database is in place, and \"Go on with: cairn restore --resume\"");
    }

    [Fact]
    public void Row06_Restore_OverARuinedHeaderKilled_LeavesTheRuinOrTheRestoredDatabase()
    {
        var backup = MakeBackup("new");
        var interrupted = 0;
        for (var round = 0; round < Rounds / 2; round++)
        {
            using (var file = File.OpenWrite(_home.Database)) file.Write(new byte[100]);
            Kill(["restore", backup], round);

            var found = Kind();
            Assert.Contains(found, new[] { "new", "ruin" });
            if (File.Exists(Journal))
            {
                interrupted++;
                AssertSaysWhich(found == "new" ? "the restored database is in place" : "the database is the one from before", mayHaveChangedNothing: found == "ruin");
                Resume(backup);
            }
            else if (found != "new") Cairn("restore", backup).ShouldExitWith(0);
            Assert.Equal("new", Kind());
        }
        Assert.InRange(interrupted, Rounds / 8, Rounds);
        DatabaseFile.AssertIntact(_home.Database);
        FaultRun.Report(6, "kill during restore over a ruined header", "SIGKILL of a restore over a ruined header", Rounds / 2, "over a ruined header: the ruin as it was, or the restored database", "");
    }

    /// <summary>Kills the command at a moment of its own for each round: one of its steps, and a little later.</summary>
    private void Kill(string[] arguments, int round)
    {
        var backups = Path.Combine(_home.Path, "backups");
        var log = new FileInfo(_home.Database + "-wal");
        var rollback = new FileInfo(_home.Database + "-journal");
        var known = Directory.GetFiles(backups, "*.db").Length;
        using var process = ChildProcess.Start(CairnBinary.Path, [.. arguments, "--db", _home.Database], _home);
        bool Wrote(long bytes) => Length(log) > bytes || Length(rollback) > bytes;
        Func<bool> moment = (round % 6) switch
        {
            0 => () => File.Exists(Journal),
            1 => () => Directory.EnumerateFiles(backups, "*.partial").Any(),
            2 => () => Directory.GetFiles(backups, "*.db").Length > known,
            3 => () => File.Exists(Journal) && Wrote(100_000),
            4 => () => File.Exists(Journal) && Wrote(4_000_000),
            _ => () => File.Exists(Journal) && Wrote(Entries * 16_000),
        };
        SpinWait.SpinUntil(() => moment() || process.HasExited, ChildProcess.Limit);
        var (reached, delay) = (Stopwatch.GetTimestamp(), TimeSpan.FromMilliseconds(_random.Next(60)));
        SpinWait.SpinUntil(() => Stopwatch.GetElapsedTime(reached) >= delay);
        if (!process.HasExited) process.Kill();
        process.WaitForExit();
    }

    private void AssertSaysWhich(string state, bool mayHaveChangedNothing)
    {
        var refused = Cairn("save", "Not to be saved").ShouldExitWith(1).Error;
        if (mayHaveChangedNothing && refused.Contains("was interrupted before it changed anything", StringComparison.Ordinal)) return;
        Assert.Contains(state, refused, StringComparison.Ordinal);
        Assert.Contains("Go on with: cairn restore --resume", refused, StringComparison.Ordinal);
        if (_random.Next(4) == 0) Assert.Contains(state, Cairn("health").Output, StringComparison.Ordinal);
    }

    // Where nothing was written down yet, there is nothing to go on with: the restore begins again.
    private void Resume(string backup)
    {
        var resumed = Cairn("restore", "--resume");
        if (resumed.Error.Contains("Begin it again", StringComparison.Ordinal)) resumed = Cairn("restore", backup);
        resumed.ShouldExitWith(0);
    }

    private static List<string> ServerSees(McpProcess server)
    {
        var found = server.CallTool("search", new JsonObject { ["query"] = "marker", ["project"] = "*", ["limit"] = 50 });
        Assert.False(found.IsError, found.Text);
        return [.. found.Structured.Array("items").Select(item => item!.AsObject().String("title")[..3]).Distinct()];
    }

    /// <summary>"old", "new" or "ruin"; fails for a mix.</summary>
    private string Kind()
    {
        try
        {
            Assert.Equal(["ok"], DatabaseFile.Column(_home.Database, "PRAGMA quick_check"));
            return Assert.Single(DatabaseFile.Column(_home.Database, $"SELECT DISTINCT substr(title, 1, 3) || CASE WHEN (SELECT count(*) FROM entries) = {Entries} THEN '' ELSE ' in part' END FROM entries"));
        }
        catch (SqliteException error) when (error.SqliteErrorCode == SQLitePCL.raw.SQLITE_NOTADB)
        {
            return "ruin";
        }
    }

    /// <summary>Makes a database of some 10 MB whose entries all say which it is, and a backup of it. It stays.</summary>
    private string MakeBackup(string kind)
    {
        foreach (var file in Directory.GetFiles(_home.Path, "memory.db*")) File.Delete(file);
        Cairn("migrate", "up").ShouldExitWith(0);
        DatabaseFile.Execute(_home.Database, string.Create(CultureInfo.InvariantCulture, $"""
            INSERT INTO projects VALUES (1, '{kind}', 0);
            WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {Entries})
            INSERT INTO entries (id, project_key, occurred_at, recorded_at, changed_at, origin, entry_type, content_hash, title, search_text, body)
            SELECT printf('%016d', n), 1, n, n, n, 'user', 'note', randomblob(32), '{kind} marker ' || n, '', hex(randomblob(8000)) FROM number
            """));
        return Path.GetFileName(JsonNode.Parse(Cairn("backup", "create", "--json").ShouldExitWith(0).Output)!.AsObject().Object("backup").String("path"));
    }

    private ProcessResult Cairn(params string[] arguments) => CliProcess.Run(_home, [.. arguments, "--db", _home.Database]);

    private static long Length(FileInfo file)
    {
        file.Refresh();
        return file.Exists ? file.Length : 0;
    }
}
