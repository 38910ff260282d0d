using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Faults;

/// <summary>The disk is full: for the database and its log, for a backup, for the event log, and at the nth write.</summary>
[Collection(typeof(Alone))]
public sealed class Row08DiskFullTests : IDisposable
{
    private readonly TempHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Row08_DatabaseOnAFullDisk_RefusesSavesReadsOnAndRecovers()
    {
        if (!OperatingSystem.IsLinux()) return; // file systems in memory are mounted otherwise there
        using var disk = new SmallDisk(_home, Path.Combine(_home.Path, "small"), 3_000_000);
        var database = Path.Combine(disk.Path, "memory.db");
        var ballast = Path.Combine(disk.Path, "ballast");
        File.WriteAllBytes(ballast, new byte[1_000_000]);
        using var server = McpProcess.StartInitialized(_home, ["mcp", "--db", database]);
        var (saved, message) = SaveUntilRefused(server);

        Assert.Matches(@"^The disk is full \(.*memory\.db, \d+ bytes free\); nothing was saved\. ", message);
        foreach (var (id, word) in saved)
        {
            Assert.Equal([id], ToolCalls.Search(server, word));
            Assert.Single(server.CallTool("get_entries", new JsonObject { ["ids"] = new JsonArray(id) }).Structured.Array("items"));
        }
        var cli = CliProcess.Run(_home, ["save", new string('x', 20_000), "--db", database]).ShouldExitWith(1);
        Assert.Contains("STORAGE_FAILURE The disk is full", cli.Error, StringComparison.Ordinal);

        File.Delete(ballast);
        ToolCalls.AssertWorks(server, "afterwards");
        server.CloseInput();
        Assert.Equal(0, server.WaitForExit());
        Assert.Equal(saved.Count + 1, DatabaseFile.Count(database, "entries"));
        DatabaseFile.AssertIntact(database);
        FaultRun.Report(8, "disk full: database and log", "a small tmpfs, filled by saves", 1,
            string.Create(CultureInfo.InvariantCulture, $"database: {saved.Count} acknowledged, all read while the disk was full; saves go on without a restart once there is room"), $"STORAGE_FAILURE \"{message.Replace(disk.Path, "…", StringComparison.Ordinal)}\"");
    }

    [Fact]
    public void Row08_BackupToAFullDisk_FailsAndLeavesNothingUnderAFinalName()
    {
        if (!OperatingSystem.IsLinux()) return;
        OlderSchema.Make(_home.Database, OlderSchema.Latest);
        OlderSchema.AddEntries(_home.Database, 2_000);
        using var disk = new SmallDisk(_home, Path.Combine(_home.Path, "small"), 200_000);

        var failed = CliProcess.Run(_home, ["backup", "create", "--to", disk.Path, "--db", _home.Database]).ShouldExitWith(1);

        Assert.Contains("STORAGE_FAILURE", failed.Error, StringComparison.Ordinal);
        Assert.Contains("nothing was changed. Free some space", failed.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", failed.Error, StringComparison.Ordinal);
        Assert.All(Directory.GetFiles(disk.Path), static file => Assert.Equal(".lock", Path.GetFileName(file)));
        Assert.Equal(2_000, DatabaseFile.Count(_home.Database, "entries"));
        DatabaseFile.AssertIntact(_home.Database);
        FaultRun.Report(8, "disk full: backup", "a tmpfs that is smaller than the backup", 1, "backup: nothing is left of it, the database is whole", $"backup: \"{failed.Error.Trim().Replace(_home.Path, "…", StringComparison.Ordinal)}\"");
    }

    [Fact]
    public void Row08_DiskFullInMidBackup_FailsAndTheNextOneIsWhole()
    {
        if (!OperatingSystem.IsLinux()) return;
        OlderSchema.Make(_home.Database, OlderSchema.Latest);
        OlderSchema.AddEntries(_home.Database, 2_000);
        var (rounds, random, failures) = (FaultRun.Rounds(CairnBinary.IsNative ? 4 : 2), new Random(20272), 0);
        string[] create = ["backup", "create", "--db", _home.Database];
        for (var round = 0; round < rounds; round++)
        {
            var strace = Strace.Under(Path.Combine(_home.Path, "strace.txt"), "pwrite64", string.Create(CultureInfo.InvariantCulture, $"pwrite64:error=ENOSPC:when={random.Next(2, 200)}+"));
            var ended = ChildProcess.Run(strace[0], [.. strace.Skip(1), CairnBinary.Path, .. create], _home);
            Assert.InRange(ended.ExitCode, 0, 1);
            Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);
            if (ended.ExitCode == 0) continue;
            failures++;
            Assert.Contains("STORAGE_FAILURE", ended.Error, StringComparison.Ordinal);
            // Where the index of the log finds no room, SQLite says no more than that the disk failed.
            Assert.Matches("(?i)the disk (of .* )?is full|disk I/O error", ended.Error);
        }
        Assert.True(failures > 0);
        CliProcess.Run(_home, create).ShouldExitWith(0);
        CliProcess.Run(_home, ["backup", "verify", "--all", "--db", _home.Database]).ShouldExitWith(0);
        Assert.Empty(Directory.GetFiles(Path.Combine(_home.Path, "backups"), "*.partial*"));
        FaultRun.Report(8, "disk full: in mid-backup", "strace, from the nth pwrite64 on ENOSPC", rounds, string.Create(CultureInfo.InvariantCulture, $"mid-backup: {failures} backups failed, none left under a final name, the next is whole"), "");
    }

    [Fact]
    public void Row08_EventLogOnAFullDisk_IsSaidOnceAndSavesGoOn()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var disk = new SmallDisk(_home, Path.Combine(_home.Path, "logs"), 100_000);
        disk.Fill("ballast");
        using var server = McpProcess.StartInitialized(_home);

        for (var i = 0; i < 5; i++) ToolCalls.AssertWorks(server, $"word{i}");
        server.CloseInput();

        Assert.Equal(0, server.WaitForExit());
        Assert.Single(Regex.Matches(server.Error, "The event log is not kept"));
        Assert.Equal(5, DatabaseFile.Count(_home.Database, "entries"));
        FaultRun.Report(8, "disk full: event log", "a full tmpfs under the log", 1, "event log: saves and searches go on", "event log: one line on standard error");
    }

    [Fact]
    public void Row08_NthWriteFindsTheDiskFull_RefusesThatSaveAlone()
    {
        if (!OperatingSystem.IsLinux()) return;
        CliProcess.Run(_home, ["migrate", "up", "--db", _home.Database]).ShouldExitWith(0);
        var (rounds, random) = (FaultRun.Rounds(CairnBinary.IsNative ? 8 : 3), new Random(20268));
        var disk = new FailingDisk(_home);

        for (var round = 1; round <= rounds; round++) disk.Live("pwrite64", "ENOSPC", round % 2 == 0 ? round : random.Next(1, 80), "The disk is full");

        disk.AssertKept();
        Assert.True(disk.Refused > 0);
        FaultRun.Report(8, "disk full at the nth write", "strace, the nth pwrite64 fails with ENOSPC", rounds,
            string.Create(CultureInfo.InvariantCulture, $"nth write: {disk.Injected} writes failed, {disk.Refused} saves refused and absent, {disk.Acknowledged} acknowledged and present"), "");
    }

    private static (List<(string Id, string Word)> Saved, string Message) SaveUntilRefused(McpProcess server)
    {
        var saved = new List<(string, string)>();
        while (true)
        {
            Assert.True(saved.Count < 500, "The disk never got full.");
            var word = string.Create(CultureInfo.InvariantCulture, $"word{saved.Count:000}");
            var answer = server.CallTool("save_memory", new JsonObject { ["text"] = $"{word} {new string('.', 15_000)} end" });
            if (answer.IsError)
            {
                Assert.Equal("STORAGE_FAILURE", answer.ErrorCode);
                return (saved, answer.Structured.Object("error").String("message"));
            }
            saved.Add((answer.Structured.String("id"), word));
        }
    }
}
