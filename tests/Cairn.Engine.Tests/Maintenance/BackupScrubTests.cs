using Cairn.Engine.Entries;
using Cairn.Engine.Maintenance;

namespace Cairn.Engine.Tests.Maintenance;

public sealed class BackupScrubTests : IDisposable
{
    private const string Needle = "xqzneedlexqz";
    private const string Word = "PLACE";

    private static readonly string Secret = "gh" + "p_" + string.Concat(Enumerable.Range(0, 36).Select(i => "a1B2c3D4e5F6g7H8i9J0"[i * 7 % 20]));

    private readonly EngineFixture _cairn = new();

    private BackupScrubService Scrubs => _cairn.Engine.BackupScrubs;

    public void Dispose() => _cairn.Dispose();

    [Fact]
    public void Holding_AfterAPurge_NamesTheBackupsThatWereMadeBefore()
    {
        Assert.Empty(Scrubs.Holding());
        var id = SaveNeedle();
        var before = Backup();
        Assert.Empty(Scrubs.Holding());
        _cairn.Purge(id);
        Backup();

        var remains = Assert.Single(Scrubs.Holding());
        Assert.Equal((before.Name, 1, null), (remains.Name, remains.Entries, remains.Problem));
    }

    [Fact]
    public void ScrubAll_AfterAPurge_LeavesTheWordsInNoByteAndTheRestAsItWas()
    {
        var kept = _cairn.Save("Kept");
        var ids = Enumerable.Range(0, 20).Select(_ => SaveNeedle()).ToList();
        var before = Backup();
        _cairn.Purge(ids);
        var after = Backup();
        Assert.True(_cairn.Holds(Needle));

        var scrubbed = Scrubs.ScrubAll();

        Assert.Equal([(after.Name, "unchanged", null), (before.Name, "rewritten", 20)], scrubbed.Select(one => (one.Name, one.Outcome, one.Removed)));
        Assert.False(_cairn.Holds(Needle));
        Assert.Empty(Scrubs.Holding());
        Assert.All(_cairn.Engine.Backups.VerifyAll(), verified => Assert.Null(verified.Problem));
        var manifest = _cairn.Engine.Backups.List()[1].Manifest!;
        Assert.Equal((before.CreatedAt, "manual", 1, _cairn.Time.GetUtcNow()), (manifest.CreatedAt, manifest.Reason, manifest.Counts.ActiveEntries, manifest.ScrubbedAt));
        Assert.Equal((before.Manifest!.Schema, before.Manifest.Counts.HighestEntryKey), (manifest.Schema, manifest.Counts.HighestEntryKey));
        Assert.Equal(4, Directory.GetFiles(_cairn.Engine.Backups.StandardFolder).Count(file => Path.GetFileName(file) != ".lock"));
        Assert.Equal([$"{kept}|20"], Rows(before.Path, "SELECT id, (SELECT count(*) FROM purged_entries) FROM entries"));
        Assert.All(Scrubs.ScrubAll(), one => Assert.Equal("unchanged", one.Outcome));
    }

    [Fact]
    public void ScrubAll_AfterARedaction_PutsThePresentTextInPlace()
    {
        var id = _cairn.Save($"The token is {Word} here");
        var twin = _cairn.Save("The token is OTHER here");
        _cairn.Age(id, Word, Secret);
        _cairn.Age(twin, "OTHER", Secret[..4] + new string([.. Secret[4..].Reverse()]));
        var backup = Backup();
        _cairn.Engine.Rescans.Run(new RescanRequest { Action = RescanAction.Redact }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(2, Assert.Single(Scrubs.Holding()).Entries);

        var scrubbed = Assert.Single(Scrubs.ScrubAll());

        Assert.Equal(("rewritten", 0, 2), (scrubbed.Outcome, scrubbed.Removed, scrubbed.Redacted));
        Assert.False(_cairn.Holds(Secret[8..]));
        Assert.False(_cairn.Holds(Secret[8..].ToLowerInvariant()));
        Assert.Equal([$"{id}|The token is [REDACTED:github-token] here"], Rows(backup.Path, "SELECT id, body FROM entries"));
    }

    [Theory]
    [InlineData("no manifest", "it has no manifest")]
    [InlineData("short", "not as long as its manifest says")]
    [InlineData("changed", "SHA-256")]
    public void Scrub_BackupThatIsNotWhole_IsRefusedAndLeftAsItIs(string damage, string problem)
    {
        var id = SaveNeedle();
        var backup = Backup();
        _cairn.Purge(id);
        if (damage == "no manifest") File.Delete(BackupFolder.ManifestOf(backup.Path));
        else if (damage == "short") File.WriteAllBytes(backup.Path, File.ReadAllBytes(backup.Path)[..^4096]);
        else File.WriteAllBytes(backup.Path, [.. File.ReadAllBytes(backup.Path)[..^1], 1]);
        var bytes = File.ReadAllBytes(backup.Path);

        var scrubbed = Scrubs.Scrub(backup.Name);

        Assert.Equal("failed", scrubbed.Outcome);
        Assert.Contains(problem, scrubbed.Problem, StringComparison.Ordinal);
        Assert.Equal(bytes, File.ReadAllBytes(backup.Path));
    }

    [Fact]
    public void Scrub_BackupThatIsNamed_IsWrittenAnewInAnyCase()
    {
        SaveNeedle();
        var backup = Backup();

        Assert.Equal(("rewritten", 0), (Scrubs.Scrub(backup.Path).Outcome, Scrubs.Scrub(backup.Name).Removed));
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<EngineException>(() => Scrubs.Scrub("nothing.db")).Code);
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<EngineException>(() => Scrubs.Scrub(_cairn.DatabasePath)).Code);
    }

    [Fact]
    public void ScrubAll_KilledAfterTheCopyTookItsPlace_IsFinishedByTheNext()
    {
        var (backup, former, rewritten) = Interrupted();
        File.WriteAllBytes(backup.Path, rewritten.Database);
        File.WriteAllBytes(BackupFolder.ManifestOf(backup.Path), former.Manifest);
        File.WriteAllBytes(BackupFolder.ManifestOf(backup.Path) + ".partial", rewritten.Manifest);
        Assert.Equal(backup.Name, Assert.Single(_cairn.Engine.Backups.List()).Name);

        Assert.Equal("unchanged", Assert.Single(Scrubs.ScrubAll()).Outcome);
        AssertFinished();
    }

    [Fact]
    public void ScrubAll_KilledBeforeTheCopyTookItsPlace_IsBegunAnew()
    {
        var (backup, former, rewritten) = Interrupted();
        File.WriteAllBytes(backup.Path, former.Database);
        File.WriteAllBytes(backup.Path + ".partial", rewritten.Database);
        File.WriteAllBytes(BackupFolder.ManifestOf(backup.Path), former.Manifest);
        File.WriteAllBytes(BackupFolder.ManifestOf(backup.Path) + ".partial", rewritten.Manifest);
        Assert.Null(_cairn.Engine.Backups.Verify(backup.Name).Problem);

        Assert.Equal("rewritten", Assert.Single(Scrubs.ScrubAll()).Outcome);
        AssertFinished();
    }

    [Fact]
    public void Create_AfterAScrubThatWasKilled_FinishesItAndRemovesNothing()
    {
        var (backup, former, rewritten) = Interrupted();
        File.WriteAllBytes(backup.Path, former.Database);
        File.WriteAllBytes(BackupFolder.ManifestOf(backup.Path), former.Manifest);
        File.WriteAllBytes(BackupFolder.ManifestOf(backup.Path) + ".partial", rewritten.Manifest[..40]);

        Assert.Equal(0, _cairn.Engine.Backups.Create().RemovedUnfinished);
        Assert.All(_cairn.Engine.Backups.VerifyAll(), verified => Assert.True(verified.Passed));
        Assert.Equal(2, _cairn.Engine.Backups.List().Count);
    }

    [Fact]
    public void Scrub_WhileAnotherProcessRewritesIt_LeavesItToThat()
    {
        var (backup, former, _) = Interrupted();
        File.WriteAllBytes(backup.Path, former.Database);
        File.WriteAllBytes(BackupFolder.ManifestOf(backup.Path), former.Manifest);
        using var held = new FileStream(BackupFolder.ManifestOf(backup.Path) + ".partial", FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);

        var scrubbed = Assert.Single(Scrubs.ScrubAll());

        Assert.Equal(("failed", "another process rewrites it just now"), (scrubbed.Outcome, scrubbed.Problem));
    }

    /// <summary>A backup that was scrubbed, and the bytes before and after.</summary>
    private (BackupInfo Backup, (byte[] Database, byte[] Manifest) Former, (byte[] Database, byte[] Manifest) Rewritten) Interrupted()
    {
        var id = SaveNeedle();
        var backup = Backup();
        var former = Bytes();
        _cairn.Purge(id);
        Assert.Equal("rewritten", Scrubs.Scrub(backup.Name).Outcome);
        return (backup, former, Bytes());

        (byte[], byte[]) Bytes() => (File.ReadAllBytes(backup.Path), File.ReadAllBytes(BackupFolder.ManifestOf(backup.Path)));
    }

    private void AssertFinished()
    {
        Assert.All(_cairn.Engine.Backups.VerifyAll(), verified => Assert.Null(verified.Problem));
        Assert.Empty(Directory.GetFiles(_cairn.Engine.Backups.StandardFolder, "*.partial*"));
        Assert.False(_cairn.Holds(Needle));
    }

    private BackupInfo Backup()
    {
        var backup = _cairn.Engine.Backups.Create().Backup;
        _cairn.Time.Advance(TimeSpan.FromMinutes(1));
        return backup;
    }

    private string SaveNeedle() => _cairn.Save(new NewEntry { Text = $"Text {Needle} {_cairn.Time.GetUtcNow():O} {new string('x', 3000)}", Title = Needle, Tags = [Needle] });

    private static List<string> Rows(string path, string sql)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={path};Pooling=False;Mode=ReadOnly");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read()) rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)));
        return rows;
    }
}
