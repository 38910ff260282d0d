using Cairn.Engine.Maintenance;

namespace Cairn.Engine.Tests.Maintenance;

public sealed class RepairServiceTests : IDisposable
{
    private const UnixFileMode Wide = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly EngineFixture _cairn = new();

    private string Data => Path.GetDirectoryName(_cairn.DatabasePath)!;

    public void Dispose() => _cairn.Dispose();

    [Fact]
    public void Repair_HealthyDatabase_DoesNothing()
    {
        _cairn.Save("Entry");
        _cairn.Reopen(); // and so the log is folded in

        Assert.All(_cairn.Engine.Repair.Repair(), step => Assert.Equal((step.Name, "not-needed"), (step.Name, step.Status)));
    }

    [Fact]
    public void Repair_UnfinishedBackupOfAProcessThatDied_IsSeenAndRemoved()
    {
        _cairn.Save("Entry");
        var whole = _cairn.Engine.Backups.Create().Backup.Path;
        var backups = Path.Combine(Data, "backups");
        foreach (var end in new[] { "json", "db" }) File.WriteAllText(Path.Combine(backups, $"memory-20250101T000000000Z.{end}.partial"), "half");
        File.WriteAllText(Path.Combine(backups, "memory-notes.json.partial"), "somebody's");
        var seen = Leftovers();
        Assert.Equal(("warn", "1 unfinished backup of processes that died", "cairn doctor --fix"), (seen.Status, seen.Detail, seen.Fix));

        Assert.Equal("done", Step("backups").Status);

        Assert.Equal("pass", Leftovers().Status);
        Assert.Equal("not-needed", Step("backups").Status);
        Assert.True(File.Exists(whole));
        Assert.Equal(["memory-notes.json.partial"], Directory.GetFiles(backups, "*.partial").Select(Path.GetFileName));
    }

    [Fact]
    public void Health_JournalOfARestoreThatDied_IsSeenAndLeftForItsUser()
    {
        _cairn.Save("Entry");
        File.WriteAllText($"{_cairn.DatabasePath}.restoring", "");
        var seen = Leftovers();

        Assert.Equal(("warn", "cairn restore --resume"), (seen.Status, seen.Fix));
        _cairn.Engine.Repair.Repair();
        Assert.True(File.Exists($"{_cairn.DatabasePath}.restoring"));
    }

    [Fact]
    public void Repair_NoDatabase_MakesNone()
    {
        Assert.Empty(_cairn.Engine.Repair.Repair());
        Assert.Empty(Directory.GetFileSystemEntries(_cairn.Folder));
    }

    [Fact]
    public void Repair_FilesThatOthersMayRead_AreMadePrivate()
    {
        if (OperatingSystem.IsWindows()) return; // has no such modes
        _cairn.Save("Entry");
        _cairn.Engine.Backups.Create();
        File.SetUnixFileMode(_cairn.DatabasePath, Wide & ~UnixFileMode.UserExecute);
        File.SetUnixFileMode(Data, Wide);
        var backup = Assert.Single(Directory.GetFiles(Path.Combine(Data, "backups"), "*.db"));
        File.SetUnixFileMode(backup, Wide & ~UnixFileMode.UserExecute);

        Assert.Equal("done", Step("permissions").Status);

        Assert.Equal((Private, Private & ~UnixFileMode.UserExecute, Private & ~UnixFileMode.UserExecute),
            (File.GetUnixFileMode(Data), File.GetUnixFileMode(_cairn.DatabasePath), File.GetUnixFileMode(backup)));
    }

    [Theory]
    [InlineData("backups")]
    [InlineData("backups/elsewhere")]
    public void Repair_LinkToAFolderOfOthers_LeavesTheirFilesAsTheyAre(string link)
    {
        if (OperatingSystem.IsWindows()) return; // has no such modes
        _cairn.Save("Entry");
        var script = Path.Combine(Directory.CreateDirectory(Path.Combine(_cairn.Folder, "theirs")).FullName, "script.sh");
        File.WriteAllText(script, "");
        File.SetUnixFileMode(script, Wide);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Data, link))!);
        Directory.CreateSymbolicLink(Path.Combine(Data, link), Path.GetDirectoryName(script)!);

        Step("permissions");

        Assert.Equal(Wide, File.GetUnixFileMode(script));
    }

    [Fact]
    public void Repair_FolderWithOtherThingsInIt_IsNotClosedToOthers()
    {
        if (OperatingSystem.IsWindows()) return; // has no such modes
        _cairn.Save("Entry");
        File.WriteAllText(Path.Combine(Data, "somebody's.txt"), "");
        File.SetUnixFileMode(Data, Wide);

        Assert.Equal("not-needed", Step("permissions").Status);
        Assert.Equal(Wide, File.GetUnixFileMode(Data));
    }

    [Fact]
    public void Repair_LostIndex_IsMadeAnew()
    {
        var id = _cairn.Save("A word to find: basalt");
        _cairn.Sql("DROP TABLE entries_fts");

        Assert.Equal("done", Step("index").Status);
        Assert.Equal([id], _cairn.Find("basalt"));
    }

    [Fact]
    public void Repair_LogThatNobodyUses_IsFoldedIn()
    {
        _cairn.Save("Entry");
        Assert.InRange(_cairn.Engine.Health.Status().WalBytes, 1, long.MaxValue);

        Assert.Equal("done", Step("wal").Status);
        Assert.Equal(0, _cairn.Engine.Health.Status().WalBytes);
    }

    [Fact]
    public void Repair_LogThatAReaderHolds_SaysSoAndTheOthersGoOn()
    {
        _cairn.Save("Entry");
        using var reader = _cairn.Connect();
        using var view = new Microsoft.Data.Sqlite.SqliteCommand("BEGIN; SELECT key FROM entries", reader).ExecuteReader();

        var steps = _cairn.Engine.Repair.Repair();

        Assert.Equal(("failed", "not-needed"), (steps.Single(step => step.Name == "wal").Status, steps.Single(step => step.Name == "index").Status));
    }

    private RepairStep Step(string name) => Assert.Single(_cairn.Engine.Repair.Repair(), step => step.Name == name);

    private HealthCheck Leftovers() => Assert.Single(_cairn.Engine.Health.Check(), static check => check.Name == "leftovers");
}
