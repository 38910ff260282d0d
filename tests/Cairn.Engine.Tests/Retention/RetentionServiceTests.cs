using Cairn.Engine.Entries;
using Cairn.Engine.Retention;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Tests.Retention;

public sealed class RetentionServiceTests : IDisposable
{
    private readonly EngineFixture _cairn = new();

    public void Dispose() => _cairn.Dispose();

    [Fact]
    public void DryRun_ByAge_CountsFromTheTimeThatHappened()
    {
        var old = SaveAged("Old", 31);
        var older = SaveAged("Older, from another project", 400, "another");
        SaveAged("Young", 29);

        var run = DryRun(new RetentionInputs { MaxAgeDays = 30 });

        Assert.Equal([older, old], run.CandidateIds);
        Assert.Equal(("dry-run", 2, 2, 0, null, null), (run.Mode, run.TotalCandidates, run.ByReason.Age, run.ByReason.ProjectCount, run.Audited, run.CandidateIdsTruncated));
        Assert.Equal(new RetentionInputs { Now = _cairn.Time.GetUtcNow(), MaxAgeDays = 30 }, run.Inputs);
        Assert.Equal((_cairn.Time.GetUtcNow(), 16), (run.ExecutedAt, run.RunId.Length));
    }

    [Fact]
    public void DryRun_ByCount_PicksTheOldestBeyondItInEachProject()
    {
        var ours = Enumerable.Range(0, 5).Select(i => SaveAged($"Ours {i}", 50 - i)).ToList();
        var theirs = Enumerable.Range(0, 4).Select(i => SaveAged($"Theirs {i}", 40 - i, "another")).ToList();
        SaveAged("Alone", 500, "third");

        var run = DryRun(new RetentionInputs { MaxEntriesPerProject = 3 });

        Assert.Equal([ours[0], ours[1], theirs[0]], run.CandidateIds);
        Assert.Equal((0, 3), (run.ByReason.Age, run.ByReason.ProjectCount));
    }

    [Fact]
    public void DryRun_BothReasons_CountOnceAndUnderAge()
    {
        foreach (var age in new[] { 40, 35, 20, 10 }) SaveAged($"{age} days old", age);

        var run = DryRun(new RetentionInputs { MaxAgeDays = 30, MaxEntriesPerProject = 1 });

        Assert.Equal((3, 2, 1), (run.TotalCandidates, run.ByReason.Age, run.ByReason.ProjectCount));
        Assert.Equal(3, run.CandidateIds.Distinct().Count());
    }

    [Fact]
    public void DryRun_PinnedArchivedHandoffAndSuperseding_AreNoCandidatesAndSupersededOnesAre()
    {
        _cairn.Store(new NewEntry { Text = "Handoff", Type = "handoff", OccurredAt = _cairn.Time.GetUtcNow().AddDays(-100) });
        var pinned = SaveAged("Pinned", 100);
        var archived = SaveAged("Archived", 100);
        var superseded = SaveAged("Superseded", 100);
        var active = SaveAged("Active", 90);
        _cairn.Update(pinned, EntryAction.Pin);
        _cairn.Update(archived, EntryAction.Forget);
        _cairn.Update(new EntryChange { Id = superseded, Action = EntryAction.Supersede, SupersededBy = active });

        Assert.Equal([superseded], DryRun(new RetentionInputs { MaxAgeDays = 30 }).CandidateIds);
        Assert.Equal([superseded], DryRun(new RetentionInputs { MaxEntriesPerProject = 1 }).CandidateIds);
    }

    [Fact]
    public void DryRun_PinnedAmongTheNewest_TakesAPlace()
    {
        var oldest = SaveAged("Oldest", 3);
        SaveAged("Kept", 2);
        _cairn.Update(SaveAged("Pinned", 1), EntryAction.Pin);

        Assert.Equal([oldest], DryRun(new RetentionInputs { MaxEntriesPerProject = 2 }).CandidateIds);
    }

    [Fact]
    public void DryRun_OneProject_LooksAtNoOther()
    {
        var ours = SaveAged("Ours", 100);
        var theirs = SaveAged("Theirs", 100, "another");

        var run = DryRun(new RetentionInputs { MaxAgeDays = 30, Project = " ANOTHER " });

        Assert.Equal([theirs], run.CandidateIds);
        Assert.Equal("another", run.Inputs.Project);
        Assert.Equal([ours, theirs], DryRun(new RetentionInputs { MaxAgeDays = 30, Project = "*" }).CandidateIds);
    }

    [Fact]
    public void DryRun_AnotherNow_CountsAgesFromThere()
    {
        var id = SaveAged("Entry", 0);

        Assert.Empty(DryRun(new RetentionInputs { MaxAgeDays = 30 }).CandidateIds);
        Assert.Equal([id], DryRun(new RetentionInputs { MaxAgeDays = 30, Now = _cairn.Time.GetUtcNow().AddDays(31) }).CandidateIds);
        Assert.Empty(DryRun(new RetentionInputs { MaxAgeDays = 36_500, Now = DateTimeOffset.MinValue }).CandidateIds);
        Assert.Equal([id], DryRun(new RetentionInputs { MaxAgeDays = 1, Now = DateTimeOffset.MaxValue }).CandidateIds);
    }

    [Fact]
    public void DryRun_WithTheInputsOfAFormerRun_GivesItsAnswer()
    {
        for (var age = 40; age > 20; age--) SaveAged($"{age} days old", age);
        var first = DryRun(new RetentionInputs { MaxAgeDays = 30, MaxEntriesPerProject = 15 });
        _cairn.Time.Advance(TimeSpan.FromDays(5));

        var again = DryRun(first.Inputs);

        Assert.Equal(first.CandidateIds, again.CandidateIds);
        Assert.Equal(first.Inputs, again.Inputs);
        Assert.NotEqual((first.RunId, first.ExecutedAt), (again.RunId, again.ExecutedAt));
    }

    [Fact]
    public void DryRun_ChangesNoEntry()
    {
        SaveAged("Entry", 100);
        var before = _cairn.Rows("SELECT * FROM entries");

        Assert.Equal(1, DryRun(new RetentionInputs { MaxAgeDays = 1, MaxEntriesPerProject = 1 }).TotalCandidates);

        Assert.Equal(before, _cairn.Rows("SELECT * FROM entries"));
    }

    [Fact]
    public void DryRun_NoDatabaseYet_FindsNothingAndIsRecorded()
    {
        Assert.Equal(0, DryRun(new RetentionInputs { MaxAgeDays = 1 }).TotalCandidates);
        Assert.Single(_cairn.Engine.Retention.History(1).Runs);
    }

    [Fact]
    public void DryRun_NoRule_IsRefusedWithTheWaysToGiveOne()
    {
        var error = Assert.Throws<EngineException>(() => DryRun(new RetentionInputs { Project = "cairn" }));

        Assert.Equal(ErrorCode.InvalidArgument, error.Code);
        foreach (var way in new[] { "max_age_days", "--max-age-days", "RETENTION_MAX_AGE_DAYS", "max_entries_per_project", "--max-entries-per-project", "RETENTION_MAX_ENTRIES_PER_PROJECT" })
            Assert.Contains(way, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, null, "max_age_days", 36_500)]
    [InlineData(-1, 5, "max_age_days", 36_500)]
    [InlineData(36_501, null, "max_age_days", 36_500)]
    [InlineData(null, 0, "max_entries_per_project", 1_000_000)]
    [InlineData(5, int.MinValue, "max_entries_per_project", 1_000_000)]
    [InlineData(null, 1_000_001, "max_entries_per_project", 1_000_000)]
    public void DryRun_NumberOutOfRange_IsRefusedWithTheLimit(int? days, int? count, string field, int limit)
    {
        var error = Assert.Throws<EngineException>(() => DryRun(new RetentionInputs { MaxAgeDays = days, MaxEntriesPerProject = count }));

        Assert.Equal((ErrorCode.InvalidArgument, field, limit), (error.Code, error.Details["field"], error.Details["limit"]));
    }

    [Fact]
    public void DryRun_UnknownProject_IsNotFoundAndNotRecorded()
    {
        SaveAged("Entry", 100);

        var error = Assert.Throws<EngineException>(() => DryRun(new RetentionInputs { MaxAgeDays = 1, Project = "nowhere" }));

        Assert.Equal(ErrorCode.EntryNotFound, error.Code);
        Assert.Empty(_cairn.Engine.Retention.History(1).Runs);
    }

    [Fact]
    public void DryRun_RuleForAProjectThatIsNotThere_WarnsAndAppliesTheOthers()
    {
        var id = SaveAged("Entry", 100);

        var run = DryRun(new RetentionInputs { Rules = [new() { Project = "nowhere", MaxAgeDays = 1 }, new() { Project = "CAIRN", MaxAgeDays = 30 }] });

        Assert.Equal([id], run.CandidateIds);
        Assert.Contains("nowhere", Assert.Single(run.Warnings!), StringComparison.Ordinal);
        Assert.Null(DryRun(run.Inputs with { Project = EngineFixture.Project }).Warnings);
    }

    [Fact]
    public void DryRun_ReadOnlyDatabase_IsAnsweredAsNotAudited()
    {
        var id = SaveAged("Entry", 100);
        MakeReadOnly();

        var run = DryRun(new RetentionInputs { MaxAgeDays = 30 });

        Assert.Equal([id], run.CandidateIds);
        Assert.False(run.Audited);
        Assert.Empty(_cairn.Engine.Retention.History(1).Runs);
    }

    [Fact]
    public void DryRun_FullDisk_IsAnsweredAsNotAudited()
    {
        for (var i = 0; i < 1000; i++) SaveAged($"Entry {i}", 100);
        using var database = new Database(_cairn.Options, _cairn.Time);
        database.Maintain(static connection => connection.Number("PRAGMA max_page_count = 1")); // as many as there are

        var run = new RetentionService(database, _cairn.Time, static () => throw new InvalidOperationException()).DryRun(new RetentionInputs { MaxAgeDays = 30 });

        Assert.Equal((1000, false), (run.TotalCandidates, run.Audited));
        Assert.Empty(_cairn.Engine.Retention.History(1).Runs);
    }

    [Fact]
    public void DryRun_BusyDatabase_IsAStorageFailure()
    {
        using var cairn = new EngineFixture(options => options with { BusyTimeout = TimeSpan.FromMilliseconds(50) }, TimeProvider.System);
        cairn.Save("Entry");
        using var other = cairn.Connect();
        using var command = other.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();

        Assert.Equal(ErrorCode.StorageFailure, Assert.Throws<EngineException>(() => cairn.Engine.Retention.DryRun(new RetentionInputs { MaxAgeDays = 1 })).Code);
    }

    private RetentionRun DryRun(RetentionInputs inputs) => _cairn.Engine.Retention.DryRun(inputs);

    private string SaveAged(string text, int days, string project = EngineFixture.Project) =>
        _cairn.Store(new NewEntry { Text = text, OccurredAt = _cairn.Time.GetUtcNow().AddDays(-days) }, _cairn.In(project)).Id;

    // A format version for writing that SQLite does not know makes a file read-only, for every user and on every system.
    private void MakeReadOnly()
    {
        _cairn.Engine.Dispose();
        using (var file = new FileStream(_cairn.DatabasePath, FileMode.Open))
        {
            file.Position = 18;
            file.WriteByte(3);
        }
        _cairn.Reopen();
    }
}
