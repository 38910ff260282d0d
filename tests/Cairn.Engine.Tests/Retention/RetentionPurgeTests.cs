using Cairn.Engine.Entries;
using Cairn.Engine.Retention;

namespace Cairn.Engine.Tests.Retention;

/// <summary>retention purge: what goes for good, and when.</summary>
public sealed class RetentionPurgeTests : IDisposable
{
    private readonly EngineFixture _cairn = new();

    private RetentionService Retention => _cairn.Engine.Retention;

    public void Dispose() => _cairn.Dispose();

    [Fact]
    public void Purge_WithinTheGrace_RemovesNothingAndSaysUntilWhen()
    {
        var id = SaveAged("Old", 100);
        var run = Applied();
        Pass(29);

        var plan = Retention.PlanPurge();

        Assert.Equal((0, 1, run.AppliedAt.AddDays(30)), (plan.Entries, plan.Waiting, plan.WaitingUntil));
        Assert.Equal((0, null), (Retention.Purge().Purged, Retention.Purge().OldestRecordedAt));
        Assert.Equal("archived", _cairn.Get(id).State);
        Assert.Equal("apply_finished", Retention.History(1).Runs[0].Event);
    }

    [Fact]
    public void Purge_AfterTheGrace_LeavesNoByte()
    {
        var id = SaveAged("The zebra crosses", 100);
        var kept = SaveAged("The heron stays", 1);
        var run = Applied();
        Pass(30);

        var plan = Retention.PlanPurge();
        var purged = Retention.Purge();

        Assert.Equal([run.RunId], plan.Runs);
        Assert.Equal((1, 0, null), (plan.Entries, plan.Waiting, plan.WaitingUntil));
        Assert.Equal([run.RunId], purged.Runs);
        Assert.Equal((1, null, _cairn.Time.Start), (purged.Purged, purged.Skipped, purged.OldestRecordedAt));
        Assert.Equal([$"{id}|retention {run.RunId}"], _cairn.Rows("SELECT id, reason FROM purged_entries"));
        Assert.Equal(["purge_finished", "purge_started", "apply_finished"], Retention.History(3).Runs.Select(step => step.Event));
        Assert.Equal(1, Retention.History(1).Runs[0].Counts!.Value.GetProperty("purged").GetInt32());
        Assert.True(Retention.History(1).Chain.Verified);
        Assert.Equal("active", _cairn.Get(kept).State);
        Directory.Delete(_cairn.Engine.Backups.StandardFolder, recursive: true);
        Assert.False(_cairn.Holds("zebra"));
        Assert.True(_cairn.Holds("heron"));
    }

    [Fact]
    public void Purge_GraceOfItsOwn_CountsFromTheArchiving()
    {
        SaveAged("Old", 100);
        Applied();
        Pass(7);

        Assert.Equal(0, Retention.PlanPurge(graceDays: 8).Entries);
        Assert.Equal(1, Retention.PlanPurge(graceDays: 7).Entries);
        Assert.Equal(1, Retention.Purge(graceDays: 0).Purged);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(36_501)]
    public void Purge_GraceOutOfRange_IsRefused(int days) =>
        Assert.Equal("grace_days", Assert.Throws<EngineException>(() => Retention.Purge(graceDays: days)).Details["field"]);

    [Fact]
    public void Purge_ReinstatedPinnedAndUndone_Stay()
    {
        var (gone, reinstated, forgottenAgain) = (SaveAged("Gone", 100), SaveAged("Reinstated", 101), SaveAged("Forgotten again", 102));
        Applied();
        var undone = SaveAged("Undone", 103);
        Retention.Undo(Applied().RunId);
        _cairn.Time.Advance(TimeSpan.FromMinutes(1));
        _cairn.Update(reinstated, EntryAction.Reinstate);
        _cairn.Update(forgottenAgain, EntryAction.Reinstate);
        _cairn.Update(forgottenAgain, EntryAction.Forget);
        Pass(60);

        Assert.Equal(1, Retention.Purge().Purged);

        Assert.Equal([gone], _cairn.Rows("SELECT id FROM purged_entries"));
        foreach (var id in new[] { reinstated, forgottenAgain, undone }) Assert.Single(_cairn.Entries.Get([id]).Items);
        Assert.Equal(0, Retention.Purge().Purged);
    }

    [Fact]
    public void Purge_OneRun_LeavesTheOthers()
    {
        SaveAged("First", 100);
        var first = Applied();
        SaveAged("Second", 100);
        var second = Applied();
        Pass(60);

        Assert.Equal([second.RunId], Retention.Purge(second.RunId).Runs);
        Assert.Equal([first.RunId], Retention.Purge().Runs);
    }

    [Fact]
    public void Purge_RunThatWasNotAppliedOrUndone_IsRefused()
    {
        SaveAged("Old", 100);
        var run = Retention.DryRun(new RetentionInputs { MaxAgeDays = 30 });

        Assert.Contains("was not applied", Assert.Throws<EngineException>(() => Retention.Purge(run.RunId)).Message, StringComparison.Ordinal);
        Retention.Undo(Applied().RunId);
        Assert.Contains("was undone", Assert.Throws<EngineException>(() => Retention.Purge(Retention.History(1).Runs[0].RunId)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Purge_BytesCouldNotLeave_IsAFailureThatTheNextPurgeMends()
    {
        SaveAged("The zebra crosses", 100);
        var run = Applied();
        Pass(60);
        using (var cairn = new CairnEngine(_cairn.Options with { BusyTimeout = TimeSpan.FromMilliseconds(50) }, TimeProvider.System))
        using (var reader = _cairn.Connect())
        {
            using var command = reader.CreateCommand();
            command.CommandText = "BEGIN; SELECT count(*) FROM entries;";
            command.ExecuteNonQuery();

            Assert.Contains("Call cairn retention purge again", Assert.Throws<EngineException>(() => cairn.Retention.Purge(clockIsRight: true)).Message, StringComparison.Ordinal);
        }
        Assert.Equal("purge_started", Retention.History(1).Runs[0].Event);

        var mended = Retention.Purge(clockIsRight: true);

        Assert.Equal([run.RunId], mended.Runs);
        Assert.Equal(0, mended.Purged);
        Assert.Equal("purge_finished", Retention.History(1).Runs[0].Event);
        Directory.Delete(_cairn.Engine.Backups.StandardFolder, recursive: true);
        Assert.False(_cairn.Holds("zebra"));
    }

    [Fact]
    public void Purge_RecordThatWasTouched_IsRefused()
    {
        SaveAged("Old", 100);
        var young = SaveAged("Young", 1);
        Applied();
        Pass(60);
        _cairn.Sql($"UPDATE retention_audit_events SET candidate_ids = json_insert(candidate_ids, '$[#]', '{young}') WHERE event = 'apply_batch'");

        Assert.Equal(ErrorCode.StorageFailure, Assert.Throws<EngineException>(() => Retention.Purge()).Code);
        Assert.Empty(_cairn.Rows("SELECT id FROM purged_entries"));
    }

    private RetentionApplied Applied()
    {
        var run = Retention.DryRun(new RetentionInputs { MaxAgeDays = 30 });
        Retention.Approve(run.RunId);
        return Retention.Apply(run.RunId);
    }

    // Somebody works all the time, so that the clock is in no doubt.
    private void Pass(int days)
    {
        while (days > 0)
        {
            var step = Math.Min(days, 20);
            _cairn.Time.Advance(TimeSpan.FromDays(step));
            days -= step;
            _cairn.Store(new NewEntry { Text = $"{days} days to go" });
        }
    }

    private string SaveAged(string text, int days) => _cairn.Store(new NewEntry { Text = text, OccurredAt = _cairn.Time.GetUtcNow().AddDays(-days) }).Id;
}
