using Cairn.Engine.Entries;
using Cairn.Engine.Retention;

namespace Cairn.Engine.Tests.Retention;

/// <summary>approve, apply and undo: what goes, what stays, and what comes back.</summary>
public sealed class RetentionApplyTests : IDisposable
{
    private readonly EngineFixture _cairn = new();

    private RetentionService Retention => _cairn.Engine.Retention;

    public void Dispose() => _cairn.Dispose();

    [Fact]
    public void Apply_ApprovedRun_ArchivesItsCandidatesAfterABackup()
    {
        var (old, young) = (SaveAged("Old", 100), SaveAged("Young", 1));
        var run = DryRun();
        Assert.Equal(("approved", 1, 30), (Retention.Approve(run.RunId).Status, Retention.Approve(run.RunId).TotalCandidates, Retention.Approve(run.RunId).Inputs.MaxAgeDays));

        var applied = Retention.Apply(run.RunId);

        Assert.Equal(("applied", run.RunId, 1, null), (applied.Status, applied.RunId, applied.Archived, applied.Skipped));
        Assert.Equal(("archived", "retention"), (_cairn.Get(old).State, _cairn.Get(old).StateReason));
        Assert.Equal("active", _cairn.Get(young).State);
        Assert.Empty(_cairn.Find("Old"));
        var backup = Assert.Single(_cairn.Engine.Backups.List());
        Assert.Equal((applied.Backup, "before-retention", 2L), (backup.Name, backup.Manifest!.Reason, backup.Manifest.Counts.ActiveEntries));
        Assert.Equal(["apply_finished", "apply_started", "approve", "dry-run"], Retention.History(10).Runs.Select(step => step.Event));
        Assert.Equal(backup.Name, Retention.History(10).Runs[1].Inputs!.Value.GetProperty("backup").GetString());
        Assert.Equal(
            [$"apply_batch|{{}}|{{\"archived\":1}}|[\"{old}\"]"],
            _cairn.Rows("SELECT event, inputs, counts, candidate_ids FROM retention_audit_events WHERE event LIKE '%batch'"));
        Assert.True(Retention.History(1).Chain.Verified);
    }

    [Fact]
    public void Apply_SecondTime_ChangesNothingAndSaysWhatWasDone()
    {
        SaveAged("Old", 100);
        var run = Approved();
        var first = Retention.Apply(run.RunId);
        var rows = Retention.History(1).Chain.Events;

        var second = Retention.Apply(run.RunId.ToLowerInvariant());

        Assert.Equal(first with { Status = "unchanged" }, second);
        Assert.Equal(rows, Retention.History(1).Chain.Events);
        Assert.Single(_cairn.Engine.Backups.List());
    }

    [Fact]
    public void Apply_NotApproved_IsRefusedAndMakesNoBackup()
    {
        var id = SaveAged("Old", 100);
        var run = DryRun();

        var error = Assert.Throws<EngineException>(() => Retention.Apply(run.RunId));

        Assert.Equal((ErrorCode.InvalidArgument, "run"), (error.Code, error.Details["field"]));
        Assert.Contains($"cairn retention approve {run.RunId}", error.Message, StringComparison.Ordinal);
        Assert.Equal("active", _cairn.Get(id).State);
        Assert.Empty(_cairn.Engine.Backups.List());
    }

    [Theory]
    [InlineData("0123456789ABCDEF")]
    [InlineData("nonsense")]
    public void EachStep_UnknownRun_IsNotFound(string runId)
    {
        SaveAged("Old", 100);
        DryRun();

        Action[] steps = [() => Retention.Approve(runId), () => Retention.Apply(runId), () => Retention.Undo(runId), () => Retention.Purge(runId), () => Retention.Rerun(runId), () => Retention.Explain(runId)];
        foreach (var step in steps) Assert.Equal(ErrorCode.EntryNotFound, Assert.Throws<EngineException>(step).Code);
    }

    [Fact]
    public void Apply_ChangedSince_IsLeftAloneByReason()
    {
        var (plain, pinned, repinned, revised, superseding, forgotten, purged, handoff) = (
            SaveAged("Plain", 100), SaveAged("Pinned", 101), SaveAged("Pinned and unpinned", 102), SaveAged("Revised", 103),
            SaveAged("Superseding", 104), SaveAged("Forgotten", 105), SaveAged("Purged", 106), SaveAged("Handoff", 107));
        var run = Approved();
        Assert.Equal(8, run.TotalCandidates);
        _cairn.Time.Advance(TimeSpan.FromMinutes(1));
        _cairn.Update(pinned, EntryAction.Pin);
        _cairn.Update(repinned, EntryAction.Pin);
        _cairn.Update(repinned, EntryAction.Unpin);
        _cairn.Update(new EntryChange { Id = revised, Action = EntryAction.Revise, Text = "Revised text" });
        _cairn.Save(new NewEntry { Text = "Something else" });
        _cairn.Update(forgotten, EntryAction.Forget);
        _cairn.Update(new EntryChange { Id = _cairn.Save("Replaced"), Action = EntryAction.Supersede, SupersededBy = superseding });
        _cairn.Purge(purged);
        _cairn.Sql($"UPDATE entries SET entry_type = 'handoff' WHERE id = '{handoff}'");

        var applied = Retention.Apply(run.RunId);

        Assert.Equal(1, applied.Archived);
        Assert.Equal(
            new SortedDictionary<string, int> { ["already_archived"] = 1, ["changed"] = 2, ["gone"] = 1, ["handoff"] = 1, ["pinned"] = 1, ["superseding"] = 1 },
            new SortedDictionary<string, int>(applied.Skipped!.ToDictionary()));
        Assert.Equal("retention", _cairn.Get(plain).StateReason);
        Assert.Equal(("superseded", "forgotten", "active"), (_cairn.Get(revised).State, _cairn.Get(forgotten).StateReason, _cairn.Get(superseding).State));
    }

    [Fact]
    public void Apply_EntryWentToAnotherProjectAfterTheApproval_StaysThere()
    {
        var old = SaveAged("Old", 100);
        _cairn.Save("Of the project that takes it in", _cairn.In("another"));
        var run = Approved();
        _cairn.Time.Advance(TimeSpan.FromMinutes(1));
        _cairn.Entries.MergeProjects(EngineFixture.Project, "another");

        var applied = Retention.Apply(run.RunId);

        Assert.Equal((0, 1), (applied.Archived, applied.Skipped!["changed"]));
        Assert.Equal("active", _cairn.Get(old).State);
    }

    [Fact]
    public void Apply_OverlappingRuns_EachEntryBelongsToTheRunThatArchivedIt()
    {
        var (older, old) = (SaveAged("Older", 100), SaveAged("Old", 50));
        var wide = Approved(30);
        var narrow = Approved(80);
        Retention.Apply(narrow.RunId);
        _cairn.Time.Advance(TimeSpan.FromMinutes(1));

        var applied = Retention.Apply(wide.RunId);
        Assert.Equal((1, 1), (applied.Archived, applied.Skipped!["already_archived"]));

        Assert.Equal(1, Retention.Undo(wide.RunId).Reinstated);
        Assert.Equal(("archived", "active"), (_cairn.Get(older).State, _cairn.Get(old).State));
    }

    [Fact]
    public void Apply_ManyCandidates_GoInSeveralTransactionsThatTheRecordSumsUp()
    {
        Fill(1200);
        var run = Approved();

        Assert.Equal(1200, Retention.Apply(run.RunId).Archived);

        var batches = _cairn.Rows("SELECT json_array_length(candidate_ids) FROM retention_audit_events WHERE event = 'apply_batch'").ConvertAll(int.Parse);
        Assert.True(batches.Count >= 5, $"{batches.Count} batches");
        Assert.Equal(1200, batches.Sum());
        Assert.All(batches, size => Assert.InRange(size, 1, 250));
        Assert.Equal(1200, Retention.Undo(run.RunId).Reinstated);
        Assert.Equal(["active|1200"], _cairn.Rows("SELECT state, count(*) FROM entries GROUP BY state"));
    }

    [Fact]
    public void Apply_InterruptedAfterABatch_GoesOnWithTheRest()
    {
        Fill(600);
        var run = Approved();
        // The second batch's row does not go in: as if the process had died there.
        _cairn.Sql("CREATE TRIGGER stop BEFORE INSERT ON retention_audit_events WHEN new.event = 'apply_batch' AND EXISTS (SELECT 1 FROM retention_audit_events WHERE event = 'apply_batch') BEGIN SELECT RAISE(ABORT, 'stop'); END");
        Assert.Throws<EngineException>(() => Retention.Apply(run.RunId));
        var before = int.Parse(_cairn.Rows("SELECT count(*) FROM entries WHERE state_reason = 'retention'")[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(before, 1, 250);
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<EngineException>(() => Retention.Purge(run.RunId, 0)).Code);
        _cairn.Sql("DROP TRIGGER stop");
        _cairn.Time.Advance(TimeSpan.FromHours(1));

        var applied = Retention.Apply(run.RunId);

        Assert.Equal((600, null, "applied"), (applied.Archived, applied.Skipped, applied.Status));
        Assert.Equal(600, _cairn.Engine.Backups.List().Single(backup => backup.Name == applied.Backup).Manifest!.Counts.ActiveEntries); // from before anything went
        Assert.Equal(["600"], _cairn.Rows("SELECT count(*) FROM entries WHERE state_reason = 'retention'"));
        Assert.Equal(600, Retention.Undo(run.RunId).Reinstated);
    }

    [Fact]
    public void Undo_InterruptedApply_BringsBackWhatWasArchivedAndEndsTheRun()
    {
        Fill(600);
        var run = Approved();
        _cairn.Sql("CREATE TRIGGER stop BEFORE INSERT ON retention_audit_events WHEN new.event = 'apply_batch' AND EXISTS (SELECT 1 FROM retention_audit_events WHERE event = 'apply_batch') BEGIN SELECT RAISE(ABORT, 'stop'); END");
        Assert.Throws<EngineException>(() => Retention.Apply(run.RunId));

        Assert.InRange(Retention.Undo(run.RunId).Reinstated, 1, 250);

        Assert.Equal(["active|600"], _cairn.Rows("SELECT state, count(*) FROM entries GROUP BY state"));
        Assert.Contains("was undone", Assert.Throws<EngineException>(() => Retention.Apply(run.RunId)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_TwoProcessesAtOnce_ArchiveEachEntryOnce()
    {
        Fill(1000);
        var run = Approved();
        using var other = _cairn.Another();

        var applied = await Task.WhenAll(EngineFixture.Start(() => Retention.Apply(run.RunId)), EngineFixture.Start(() => other.Retention.Apply(run.RunId)));

        Assert.All(applied, result => Assert.Equal((1000, null), (result.Archived, result.Skipped)));
        Assert.Equal(["1000|1000"], _cairn.Rows("SELECT count(*), count(DISTINCT id.value) FROM retention_audit_events a, json_each(a.candidate_ids) id WHERE a.event = 'apply_batch'"));
        Assert.True(Retention.History(1).Chain.Verified);
    }

    [Fact]
    public void Apply_BackupFails_ArchivesNothing()
    {
        var id = SaveAged("Old", 100);
        var run = Approved();
        File.WriteAllText(_cairn.Engine.Backups.StandardFolder, "in the way");

        var error = Assert.Throws<EngineException>(() => Retention.Apply(run.RunId));

        Assert.Equal(ErrorCode.StorageFailure, error.Code);
        Assert.StartsWith("Nothing was archived", error.Message, StringComparison.Ordinal);
        Assert.Equal("active", _cairn.Get(id).State);
        Assert.Equal("approve", Retention.History(1).Runs[0].Event);
    }

    [Fact]
    public void Undo_ChangedSince_IsLeftAlone()
    {
        var (back, again, twice, superseded) = (SaveAged("Back", 100), SaveAged("Reinstated and forgotten", 101), SaveAged("Said twice", 102), SaveAged("Superseded", 103));
        _cairn.Update(new EntryChange { Id = superseded, Action = EntryAction.Supersede, SupersededBy = _cairn.Save("The new one") });
        var run = Approved();
        Retention.Apply(run.RunId);
        _cairn.Time.Advance(TimeSpan.FromMinutes(1));
        _cairn.Update(again, EntryAction.Reinstate);
        _cairn.Update(again, EntryAction.Forget);
        _cairn.Save("Said twice");

        var undone = Retention.Undo(run.RunId);

        Assert.Equal(("undone", 2), (undone.Status, undone.Reinstated));
        Assert.Equal((1, 1, 2), (undone.Skipped!["changed"], undone.Skipped["duplicate"], undone.Skipped.Count));
        Assert.Equal(("active", "superseded"), (_cairn.Get(back).State, _cairn.Get(superseded).State));
        Assert.Equal(("forgotten", "retention"), (_cairn.Get(again).StateReason, _cairn.Get(twice).StateReason));
        Assert.Equal("unchanged", Retention.Undo(run.RunId).Status);
        Assert.Equal(2, Retention.Undo(run.RunId).Reinstated);
    }

    [Fact]
    public void Undo_NotApplied_IsRefused()
    {
        SaveAged("Old", 100);
        var run = Approved();

        Assert.Contains("was not applied", Assert.Throws<EngineException>(() => Retention.Undo(run.RunId)).Message, StringComparison.Ordinal);
        Retention.Apply(run.RunId);
        Retention.Undo(run.RunId);
        foreach (var step in new Action[] { () => Retention.Approve(run.RunId), () => Retention.Apply(run.RunId) })
            Assert.Contains("was undone", Assert.Throws<EngineException>(step).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE retention_audit_events SET candidate_ids = json_insert(candidate_ids, '$[#]', (SELECT id FROM entries WHERE title = 'Young')) WHERE event = 'dry-run'")]
    [InlineData("UPDATE retention_audit_events SET candidate_ids = '{}' WHERE event = 'dry-run'")]
    [InlineData("UPDATE retention_audit_events SET event = 'approve' WHERE event = 'other'; UPDATE retention_audit_events SET inputs = '{\"max_age_days\":1}'")]
    [InlineData("UPDATE retention_audit_events SET executed_at = executed_at + 86400000 WHERE event = 'dry-run'")]
    [InlineData("DELETE FROM retention_audit_events WHERE key = 2")]
    public void Apply_RecordThatWasTouched_IsRefused(string tampering)
    {
        var (old, young) = (SaveAged("Old", 100), SaveAged("Young", 1));
        var run = DryRun();
        DryRun();
        Retention.Approve(run.RunId);
        _cairn.Sql(tampering);

        var error = Assert.Throws<EngineException>(() => Retention.Apply(run.RunId));

        Assert.Equal(ErrorCode.StorageFailure, error.Code);
        Assert.Contains("not whole", error.Message, StringComparison.Ordinal);
        Assert.Equal(("active", "active"), (_cairn.Get(old).State, _cairn.Get(young).State));
        Assert.False(Retention.History(1).Chain.Verified);
    }

    [Fact]
    public void Apply_RecordTouchedBeforeTheRun_GoesOn()
    {
        SaveAged("Old", 100);
        DryRun();
        _cairn.Sql("UPDATE retention_audit_events SET counts = '{}'");

        Assert.Equal(1, Retention.Apply(Approved().RunId).Archived);
        Assert.False(Retention.History(1).Chain.Verified);
    }

    [Fact]
    public void Apply_AddedApproval_DoesNotPassForOne()
    {
        var id = SaveAged("Old", 100);
        var run = DryRun();
        _cairn.Sql("INSERT INTO retention_audit_events (run_id, event, inputs, counts, candidate_ids, executed_at, previous_hash, row_hash) SELECT run_id, 'approve', '{}', '{}', '[]', executed_at, row_hash, zeroblob(32) FROM retention_audit_events");

        Assert.Equal(ErrorCode.StorageFailure, Assert.Throws<EngineException>(() => Retention.Apply(run.RunId)).Code);
        Assert.Equal("active", _cairn.Get(id).State);
    }

    private RetentionRun Approved(int days = 30)
    {
        var run = DryRun(days);
        Retention.Approve(run.RunId);
        return run;
    }

    private RetentionRun DryRun(int days = 30) => Retention.DryRun(new RetentionInputs { MaxAgeDays = days });

    private string SaveAged(string text, int days) => _cairn.Store(new NewEntry { Text = text, OccurredAt = _cairn.Time.GetUtcNow().AddDays(-days) }).Id;

    private void Fill(int entries)
    {
        SaveAged("Makes the database and its project", 1);
        _cairn.Sql(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"""
            WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {entries})
            INSERT INTO entries (id, project_key, occurred_at, recorded_at, changed_at, origin, entry_type, content_hash, title, search_text, body)
            SELECT printf('%016d', n), 1, n, e.recorded_at, e.recorded_at, 'user', 'note', randomblob(32), 'Entry ' || n, '', 'Body ' || n FROM number, entries e WHERE e.key = 1;
            DELETE FROM entries WHERE key = 1;
            """));
    }
}
