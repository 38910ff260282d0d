using Cairn.Engine.Entries;
using Cairn.Engine.Maintenance;
using CsCheck;

namespace Cairn.Engine.Tests.Maintenance;

public sealed class BackupPruneTests : IDisposable
{
    private readonly EngineFixture _cairn = new();

    public BackupPruneTests() => _cairn.Save("Entry");

    private BackupService Backups => _cairn.Engine.Backups;

    public void Dispose() => _cairn.Dispose();

    [Fact]
    public void Prune_MoreThanToKeep_RemovesTheOldestOfWhateverReason()
    {
        var reasons = new[] { BackupReason.Manual, BackupReason.BeforeMigrate, BackupReason.BeforeRestore, BackupReason.Manual, BackupReason.BeforeRetention };
        var names = reasons.Select(Make).ToList();

        Assert.Equal([names[1], names[0]], Backups.Prune(3, dryRun: true).Removed.Select(backup => backup.Name));
        Assert.Equal(5, Backups.List().Count);

        var pruning = Backups.Prune(3);

        Assert.Equal((3, 0, false, null), (pruning.Kept, pruning.RemovedUnfinished, pruning.DryRun, pruning.Note));
        Assert.Equal([names[1], names[0]], pruning.Removed.Select(backup => backup.Name));
        Assert.Equal([names[4], names[3], names[2]], Backups.List().Select(backup => backup.Name));
        Assert.Equal(6, Directory.GetFiles(Backups.StandardFolder, "memory-*").Length);
        Assert.Empty(Backups.Prune(3).Removed);
        Assert.All(Backups.VerifyAll(), backup => Assert.True(backup.Passed));
    }

    [Fact]
    public void Prune_AnotherDatabaseOfTheFolder_KeepsItsOwn()
    {
        var sibling = Path.ChangeExtension(_cairn.DatabasePath, ".sqlite");
        using var other = new CairnEngine(_cairn.Options with { DatabasePath = sibling }, _cairn.Time);
        Assert.IsType<SaveOutcome.Stored>(other.Entries.Save(new NewEntry { Text = "Entry" }, _cairn.Context));
        var mine = Make(BackupReason.Manual);
        var theirs = other.Backups.Create().Backup.Name;

        Assert.Equal((mine, theirs), (Assert.Single(Backups.List()).Name, Assert.Single(other.Backups.List()).Name));
        Assert.Empty(Backups.Prune(1).Removed);
    }

    [Fact]
    public void Prune_TheNewestAreDamaged_KeepsTheNewestThatVerifies()
    {
        var names = Enumerable.Range(0, 4).Select(_ => Make(BackupReason.Manual)).ToList();
        foreach (var name in names[2..]) Damage(name);

        var pruning = Backups.Prune(1);

        Assert.Equal([names[2], names[0]], pruning.Removed.Select(backup => backup.Name));
        Assert.True(Backups.Verify(names[1]).Passed);
        Assert.Equal("one that is needed was kept as well", pruning.Note);
    }

    [Fact]
    public void Prune_NoneVerifies_RemovesNone()
    {
        foreach (var name in Enumerable.Range(0, 3).Select(_ => Make(BackupReason.Manual)).ToList()) Damage(name);

        var pruning = Backups.Prune(1);

        Assert.Empty(pruning.Removed);
        Assert.Contains("none of the backups verifies", pruning.Note, StringComparison.Ordinal);
        Assert.Equal(3, Backups.List().Count);
    }

    [Fact]
    public void Prune_FilesOfOthers_Stay()
    {
        var names = Enumerable.Range(0, 3).Select(_ => Make(BackupReason.Manual)).ToList();
        File.Delete(Path.Combine(Backups.StandardFolder, Path.ChangeExtension(names[0], ".json")));
        foreach (var name in new[] { "other-20250101T000000000Z.db", "memory-20250101T000000000Z.damaged", "memory-notes.db", "notes.txt" })
            File.WriteAllText(Path.Combine(Backups.StandardFolder, name), "");

        Assert.Equal([names[1]], Backups.Prune(1).Removed.Select(backup => backup.Name));

        Assert.Equal([names[2], names[0]], Backups.List().Select(backup => backup.Name));
        Assert.Equal(4 + 2 + 1 + 1, Directory.GetFiles(Backups.StandardFolder).Length); // theirs, the newest, the one without a manifest, the lock
    }

    [Fact]
    public void Prune_KilledBetweenTwoFiles_IsEndedByTheNextRun()
    {
        var names = Enumerable.Range(0, 2).Select(_ => Make(BackupReason.Manual)).ToList();
        var manifest = Path.Combine(Backups.StandardFolder, Path.ChangeExtension(names[0], ".json"));
        File.Move(manifest, manifest + ".partial");

        Assert.Equal(1, Backups.Prune(1).RemovedUnfinished);

        Assert.Equal([names[1]], Backups.List().Select(backup => backup.Name));
        Assert.Equal(2, Directory.GetFiles(Backups.StandardFolder, "memory-*").Length);
    }

    [Fact]
    public async Task Prune_SeveralAtOnce_EachEndsWell()
    {
        var names = Enumerable.Range(0, 30).Select(_ => Make(BackupReason.Manual)).ToList();
        var others = Enumerable.Range(0, 4).Select(_ => _cairn.Another()).ToList();

        var prunings = await Task.WhenAll(others.Select(other => EngineFixture.Start(() => Enumerable.Range(1, 9).Select(i => other.Backups.Prune(30 - 3 * i)).ToList())));

        Assert.All(prunings, each => Assert.Equal(3, each[^1].Kept));
        Assert.Equal(Enumerable.Reverse(names[^3..]), Backups.List().Select(backup => backup.Name));
        foreach (var other in others) other.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(10_001)]
    public void Prune_NumberOutOfRange_IsInvalid(int keep) => Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<EngineException>(() => Backups.Prune(keep)).Code);

    [Fact]
    public void Prune_NoFolder_IsNoFailureUnlessItIsNamed()
    {
        Assert.Equal(0, Backups.Prune().Kept);
        Assert.Throws<EngineException>(() => Backups.Prune(folder: Path.Combine(_cairn.Folder, "missing")));
    }

    [Fact]
    public void CreateAutomatic_ManyOfThem_LeavesTenAndWhatSomebodyAskedFor()
    {
        var manual = Enumerable.Range(0, 2).Select(_ => Make(BackupReason.Manual)).ToList();
        var automatic = Enumerable.Range(0, 12).Select(_ => Make(BackupReason.BeforeIndexRebuild)).ToList();

        Assert.Equal(automatic[2..].Concat(manual).Order(StringComparer.Ordinal), Backups.List().Select(backup => backup.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void CreateAutomatic_ClockWasSetBack_KeepsTheOneThatWasJustMade()
    {
        var former = Enumerable.Range(0, BackupService.DefaultKeep).Select(_ => Make(BackupReason.BeforeIndexRebuild)).ToList();
        _cairn.Time.AdjustTime(_cairn.Time.GetUtcNow().AddYears(-1));

        var made = Backups.CreateAutomatic(BackupReason.BeforeMigrate).Backup;

        Assert.Equal([made.Name, .. Enumerable.Reverse(former[1..])], Backups.List().Select(backup => backup.Name));
        Assert.Equal(_cairn.Time.GetUtcNow(), made.CreatedAt);
    }

    [Fact]
    public void Restore_ClockWasSetBack_KeepsTheFormerDatabase()
    {
        var backup = Make(BackupReason.Manual);
        foreach (var _ in Enumerable.Range(0, BackupService.DefaultKeep)) Make(BackupReason.BeforeIndexRebuild);
        var later = _cairn.Save("Saved after the backup");
        _cairn.Time.AdjustTime(_cairn.Time.GetUtcNow().AddYears(-1));

        var safety = _cairn.Engine.Restores.Restore(backup, new()).Safety;

        Assert.True(Backups.Verify(safety.Path).Passed);
        _cairn.Engine.Restores.Restore(safety.Path!, new());
        Assert.Equal("Saved after the backup", _cairn.Get(later).Body);
    }

    // Whatever is there and whatever is to be kept: the newest good one stays, nothing newer than what stays goes, and no more than asked goes.
    [Fact]
    public void Prune_AnyMixture_KeepsWhatItMust() => Gen.Select(Gen.Bool.Array[0, 5], Gen.Int[1, 4]).Sample(
        (damaged, keep) =>
        {
            if (Directory.Exists(Backups.StandardFolder)) Directory.Delete(Backups.StandardFolder, recursive: true);
            var names = damaged.Select(_ => Make(BackupReason.Manual)).Reverse().ToList();
            for (var i = 0; i < names.Count; i++)
                if (damaged[i]) Damage(names[i]);
            var good = names.Where((_, i) => !damaged[i]).ToList();

            var removed = Backups.Prune(keep).Removed.Select(backup => backup.Name).ToList();

            Assert.DoesNotContain(good.FirstOrDefault(), removed);
            Assert.True(names.Count - removed.Count >= Math.Min(keep, names.Count));
            Assert.Equal(names.Except(removed), Backups.List().Select(backup => backup.Name));
        },
        iter: 15, threads: 1);

    private string Make(string reason)
    {
        var name = (reason == BackupReason.Manual ? Backups.Create() : Backups.CreateAutomatic(reason)).Backup.Name;
        _cairn.Time.Advance(TimeSpan.FromSeconds(1));
        return name;
    }

    private void Damage(string name)
    {
        using var file = new FileStream(Path.Combine(Backups.StandardFolder, name), FileMode.Open);
        file.Seek(-1, SeekOrigin.End);
        var last = file.ReadByte();
        file.Seek(-1, SeekOrigin.End);
        file.WriteByte((byte)(last ^ 1));
    }
}
