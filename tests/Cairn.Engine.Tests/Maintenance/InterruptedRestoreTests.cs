using Cairn.Engine.Entries;
using Cairn.Engine.Maintenance;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Tests.Maintenance;

/// <summary>What a restore leaves that did not come to its end, and how one goes on or back from there.</summary>
public sealed class InterruptedRestoreTests : IDisposable
{
    private static readonly RestoreOptions Plain = new();

    private readonly EngineFixture _cairn = new();
    private readonly string _kept;
    private readonly string _lost;
    private readonly string _backup;

    public InterruptedRestoreTests()
    {
        _kept = _cairn.Save("Kept by the backup");
        _backup = _cairn.Engine.Backups.Create().Backup.Path;
        _lost = _cairn.Save("Saved after the backup");
    }

    private string Journal => _cairn.DatabasePath + ".restoring";

    private RestoreService Restores => _cairn.Engine.Restores;

    public void Dispose() => _cairn.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("{\"stage\":\"Prep")]
    [InlineData("no JSON\n")]
    public void Interrupted_BeforeTheFirstLine_HoldsWritesUntilItIsGivenUp(string content)
    {
        File.WriteAllText(Journal, content);

        AssertHeld("interrupted before it changed anything");
        Assert.Throws<EngineException>(() => Restores.Resume(Plain));
        AssertHeld("interrupted before it changed anything");
        Assert.Contains("before it changed anything", _cairn.Engine.Freezes.Unfreeze().GivenUp, StringComparison.Ordinal);

        _cairn.Save("Writes go on");
    }

    [Fact]
    public void Interrupted_WhilePreparing_ResumesFromTheStart()
    {
        Write(new RestoreStep { Stage = RestoreStage.Preparing, Backup = _backup, Since = _cairn.Time.GetUtcNow() });
        AssertHeld("the database is the one from before. Go on with: cairn restore --resume");

        Assert.Equal(1, Restores.Resume(Plain).Safety.EntriesOnlyHere);

        AssertRestored();
    }

    [Fact]
    public void Interrupted_BeforeTheCopyTookPlace_SaysSoAndKeepsItsSafetyBackup()
    {
        var safety = _cairn.Engine.Backups.CreateAutomatic(BackupReason.BeforeRestore).Backup;
        Write(Copying(safety.Path, Cookie()));
        AssertHeld($"the database is the one from before. Go on with: cairn restore --resume; go back with: cairn restore {safety.Name}, or leave it so with: cairn unfreeze");

        Assert.Equal(safety.Path, Restores.Resume(Plain).Safety.Path);

        AssertRestored();
        Assert.Equal(2, _cairn.Engine.Backups.List().Count);
    }

    [Fact]
    public void Interrupted_AfterTheCopyTookPlace_SaysSoAndResumesWithTheChecks()
    {
        var safety = InterruptAfterTheCopy();
        AssertHeld("the restored database is in place, and not yet looked at");
        Assert.Equal([_lost], _cairn.Entries.Get([_kept, _lost]).Missing);
        var steps = new List<string>();

        Assert.Equal(safety, Restores.Resume(new RestoreOptions { Progress = (step, _) => steps.Add(step) }).Safety.Path);

        Assert.Equal(["verifying", "checking"], steps);
        AssertRestored();
    }

    [Fact]
    public void Interrupted_AfterTheCopyTookPlace_CanGoBack()
    {
        var safety = InterruptAfterTheCopy();

        Restores.Restore(Path.GetFileName(safety), Plain);

        Assert.Equal(2, _cairn.Entries.Get([_kept, _lost]).Items.Count);
        Assert.False(File.Exists(Journal));
    }

    [Fact]
    public void Interrupted_GivenUp_KeepsWhatIsThere()
    {
        InterruptAfterTheCopy();

        Assert.Contains("the restored database is in place", _cairn.Engine.Freezes.Unfreeze().GivenUp, StringComparison.Ordinal);

        AssertRestored();
    }

    [Fact]
    public void Interrupted_BackupIsGone_ResumeChangesNothing()
    {
        Write(new RestoreStep { Stage = RestoreStage.Preparing, Backup = _backup, Since = _cairn.Time.GetUtcNow() });
        File.Delete(_backup);

        Assert.Throws<EngineException>(() => Restores.Resume(Plain));

        AssertHeld("the database is the one from before");
    }

    [Fact]
    public void Interrupted_Prune_KeepsWhatTheRestoreNeeds()
    {
        for (var i = 0; i < 3; i++)
        {
            _cairn.Time.Advance(TimeSpan.FromSeconds(1));
            _cairn.Engine.Backups.Create();
        }
        Write(Copying(_cairn.Engine.Backups.List()[2].Path, Cookie()));

        Assert.Equal(3, _cairn.Engine.Backups.Prune(1).Kept);

        Assert.True(File.Exists(_backup));
    }

    [Fact]
    public void Restore_SmokeFails_HoldsWritesAndSaysHowToGoOn()
    {
        var failing = new RestoreOptions { Smoke = static () => new HealthCheck { Name = "server", Status = "fail", Detail = "no answer" } };

        var error = Assert.Throws<EngineException>(() => Restores.Restore(_backup, failing));

        Assert.Contains("does not pass (server: no answer). Writes stay held back: go back with: cairn restore memory-", error.Message, StringComparison.Ordinal);
        AssertHeld("the restored database is in place, and not yet looked at");
        Restores.Resume(Plain);
        AssertRestored();
    }

    [Fact]
    public void Restore_AnotherIsUnderWay_IsRefusedAndWritesAreHeld()
    {
        var begun = new RestoreOptions
        {
            Smoke = () =>
            {
                using var other = _cairn.Another();
                Assert.Contains("Another restore", Assert.Throws<EngineException>(() => other.Restores.Restore(_backup, Plain)).Message, StringComparison.Ordinal);
                Assert.Contains("Another restore", Assert.Throws<EngineException>(() => other.Freezes.Unfreeze()).Message, StringComparison.Ordinal);
                Assert.Contains("A restore of this database is under way", Assert.Throws<EngineException>(() => other.Entries.Save(new NewEntry { Text = "x" }, _cairn.Context)).Message, StringComparison.Ordinal);
                Assert.Throws<EngineException>(() => other.Backups.Prune(1));
                Assert.Single(other.Entries.Get([_kept]).Items);
                Assert.Contains("under way", other.Restores.Pending, StringComparison.Ordinal);
                return new HealthCheck { Name = "server", Status = "pass", Detail = "" };
            },
        };

        Restores.Restore(_backup, begun);

        AssertRestored();
    }

    [Fact]
    public void Restore_TooLittleSpace_ChangesNothing()
    {
        using var disk = new SmallDisk(560 * 1024);
        if (!disk.IsFileSystem) return;
        using var cairn = new EngineFixture(options => options with { DatabasePath = Path.Combine(disk.Path, "memory.db") });
        cairn.Save("The present");

        var error = Assert.Throws<EngineException>(() => cairn.Engine.Restores.Restore(_backup, Plain));

        Assert.Equal(ErrorCode.StorageFailure, error.Code);
        Assert.False(File.Exists(cairn.DatabasePath + ".restoring"));
        Assert.Single(cairn.Find("present"));
    }

    // As a process leaves it that is killed between the copy and its checks.
    private string InterruptAfterTheCopy()
    {
        var safety = _cairn.Engine.Backups.CreateAutomatic(BackupReason.BeforeRestore).Backup.Path;
        Write(Copying(safety, Cookie()));
        using var database = new Database(_cairn.Options, TimeProvider.System);
        new DatabaseReplacement(database).ReplaceBy(_backup);
        return safety;
    }

    private RestoreStep Copying(string safety, long cookie) =>
        new() { Stage = RestoreStage.Copying, Backup = _backup, Since = _cairn.Time.GetUtcNow(), Safety = safety, SafetyIsBackup = true, Cookie = cookie };

    private long Cookie() => long.Parse(_cairn.Rows("PRAGMA schema_version")[0], System.Globalization.CultureInfo.InvariantCulture);

    private void Write(RestoreStep step)
    {
        using var journal = new RestoreJournal(_cairn.DatabasePath).Take();
        journal.Append(step);
    }

    private void AssertHeld(string words)
    {
        var error = Assert.Throws<EngineException>(() => _cairn.Save("Not to be saved"));
        Assert.Equal(ErrorCode.StorageFailure, error.Code);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains(words, _cairn.Engine.Maintenance.Check().Single(check => check.Name == "freeze").Detail, StringComparison.Ordinal);
        Assert.Contains(words, Restores.Pending, StringComparison.Ordinal);
        Assert.Single(_cairn.Entries.Get([_kept]).Items);
    }

    private void AssertRestored()
    {
        Assert.False(File.Exists(Journal));
        Assert.Equal([_lost], _cairn.Entries.Get([_kept, _lost]).Missing);
        _cairn.Save("Writes go on");
        Assert.Equal(["ok"], _cairn.Rows("PRAGMA integrity_check"));
    }
}
