using System.Globalization;
using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Faults;

/// <summary>
/// The write-ahead log is cut short, of another day or of another database, or its index is gone. SQLite opens such a
/// database as if nothing were amiss; that entries are missing shows in what the newest backup counted.
/// </summary>
[Collection(typeof(Alone))]
public sealed class Row12LogTroubleTests : IDisposable
{
    private readonly TempHome _home = new();
    private readonly Random _random = new(20271);

    private string Log => $"{_home.Database}-wal";

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Row12_LogCutShort_OpensAndHealthCountsWhatIsMissing()
    {
        var rounds = FaultRun.Rounds(CairnBinary.IsNative ? 4 : 1);
        var warning = "";
        for (var round = 0; round < rounds; round++)
        {
            Clear();
            SaveAndKill(_home, 30, backup: true);
            using (var log = new FileStream(Log, FileMode.Open)) log.SetLength(_random.NextInt64(log.Length * 3 / 4));

            warning = AssertWarns("fewer were saved");
            AssertSaves();
        }
        FaultRun.Report(12, "truncated WAL", "the log of a killed server cut at a random byte", rounds, "cut short: opens, what is left is whole, health warns of what the newest backup counted", $"health: \"{warning}\"");
    }

    [Fact]
    public void Row12_LogOfAnEarlierDay_IsNoticed()
    {
        SaveAndKill(_home, 10);
        var earlier = File.ReadAllBytes(Log);
        SaveAndKill(_home, 30, backup: true);
        CliProcess.Run(_home, ["get", "0000000000000000", "--db", _home.Database]); // folds the log in as the last to close
        Assert.False(File.Exists(Log));
        File.WriteAllBytes(Log, earlier);

        var found = AssertNoticed();

        FaultRun.Report(12, "stale WAL", "a log that was folded in before put back", 1, $"stale: health notices ({found})", "health: what is wrong and how to go on");
    }

    [Fact]
    public void Row12_LogOfAnotherDatabase_IsNoticed()
    {
        using var other = new TempHome();
        SaveAndKill(other, 15);
        SaveAndKill(_home, 40, backup: true);
        CliProcess.Run(_home, ["get", "0000000000000000", "--db", _home.Database]);
        Assert.False(File.Exists(Log));
        File.WriteAllBytes(Log, File.ReadAllBytes($"{other.Database}-wal"));

        var found = AssertNoticed();

        FaultRun.Report(12, "foreign WAL", "the log of another database put beside it", 1, $"foreign: health notices ({found})", "health: what is wrong and how to go on");
    }

    [Fact]
    public void Row12_IndexOfTheLogIsMissing_NothingIsLost()
    {
        var rounds = FaultRun.Rounds(2);
        for (var round = 0; round < rounds; round++)
        {
            SaveAndKill(_home, 10, backup: true);
            File.Delete($"{_home.Database}-shm");

            Assert.Equal(10 * (round + 1), DatabaseFile.Count(_home.Database, "entries"));
            Assert.Equal("pass", Health("entries").String("status"));
        }
        FaultRun.Report(12, "missing -shm", "the index of a killed server's log deleted", rounds, "missing -shm: all is there", "nothing");
    }

    private void Clear()
    {
        foreach (var file in Directory.GetFiles(_home.Path, "memory.db*")) File.Delete(file);
        if (Directory.Exists(Path.Combine(_home.Path, "backups"))) Directory.Delete(Path.Combine(_home.Path, "backups"), recursive: true);
    }

    // The log stays, as nobody closed the database.
    private static void SaveAndKill(TempHome home, int saves, bool backup = false)
    {
        using var server = McpProcess.StartInitialized(home);
        for (var i = 0; i < saves; i++) ToolCalls.Save(server, $"Entry {i}, {Guid.NewGuid()}");
        if (backup) CliProcess.Run(home, ["backup", "create", "--db", home.Database]).ShouldExitWith(0);
        server.Kill();
        Assert.True(new FileInfo($"{home.Database}-wal").Length > 0);
    }

    private string AssertWarns(string words)
    {
        var entries = Health("entries");
        Assert.Equal("warn", entries.String("status"));
        Assert.Contains(words, entries.String("detail"), StringComparison.Ordinal);
        return entries.String("detail");
    }

    /// <summary>Fails unless a line of health that looks at the content does not pass; which one.</summary>
    private string AssertNoticed()
    {
        var ended = CliProcess.Run(_home, ["--json", "health", "--db", _home.Database]);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);
        var lines = JsonNode.Parse(ended.Output)!.AsObject().Array("checks").Select(static line => line!.AsObject())
            .Where(static line => line.String("status") != "pass" && line.String("name") is "database" or "schema" or "integrity" or "index" or "entries")
            .Where(static line => line.String("status") != "pass").ToList();
        Assert.True(lines.Count > 0, ended.Output);
        return string.Join(", ", lines.Select(static line => line.String("name")));
    }

    private JsonObject Health(string name)
    {
        var ended = CliProcess.Run(_home, ["--json", "health", "--db", _home.Database]);
        return JsonNode.Parse(ended.Output)!.AsObject().Array("checks").Select(static line => line!.AsObject()).Single(line => line.String("name") == name);
    }

    private void AssertSaves()
    {
        using var server = McpProcess.StartInitialized(_home);
        ToolCalls.AssertWorks(server, string.Create(CultureInfo.InvariantCulture, $"word{_random.Next(1_000_000)}"));
        server.CloseInput();
        Assert.Equal(0, server.WaitForExit());
        DatabaseFile.AssertIntact(_home.Database);
    }
}
