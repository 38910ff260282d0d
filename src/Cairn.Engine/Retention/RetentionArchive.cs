using Cairn.Engine.Entries;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Retention;

/// <summary>Archives the entries of an approved run, and brings them back.</summary>
internal sealed class RetentionArchive(Database database, TimeProvider time, Func<string> backup)
{
    /// <summary>Approves a run: only such a run may be applied.</summary>
    public RetentionApproval Approve(string runId)
    {
        var run = database.Read(connection => RetentionState.Require(connection, runId));
        var inputs = run.Inputs;
        RequireNotUndone(run);
        var (status, at) = database.Write(scope =>
        {
            if (RetentionState.Find(scope.Connection, run.RunId).Last(RetentionSteps.Approve) is { } before) return ("unchanged", before.ExecutedAt);
            Append(scope, run.RunId, RetentionSteps.Approve);
            return ("approved", scope.Now);
        });
        return new RetentionApproval
        {
            Status = status,
            RunId = run.RunId,
            ApprovedAt = at,
            Inputs = inputs,
            TotalCandidates = RetentionJson.ReadCounts(run.DryRun.Counts).GetValueOrDefault("total_candidates"),
        };
    }

    /// <summary>Archives what an approved run listed and nobody has changed since.</summary>
    public RetentionApplied Apply(string runId, bool clockIsRight)
    {
        var (run, doubt) = database.Read(connection =>
        {
            var state = RetentionState.Require(connection, runId);
            return (state, RetentionClock.Gap(connection, state.DryRun.ExecutedAt) ?? RetentionClock.Doubt(connection, time.GetUtcNow()));
        });
        RequireNotUndone(run);
        if (run.Last(RetentionSteps.ApplyFinished) is { } finished) return Applied("unchanged", run, finished);
        if (!run.Has(RetentionSteps.Approve))
            throw EngineException.Invalid("run", $"{run.RunId} is not approved. Read what it lists, then: cairn retention approve {run.RunId}");
        if (doubt is not null && !clockIsRight) throw Doubtful(doubt, "Nothing was archived.");

        var name = backup();
        database.Write(scope =>
        {
            RequireNotUndone(RetentionState.Find(scope.Connection, run.RunId));
            return Append(scope, run.RunId, RetentionSteps.ApplyStarted, inputs: RetentionJson.Write("backup", name));
        });
        var skipped = Batches(run.RunId, RetentionSteps.ApplyBatch, "archived").Run(
            database.Read(connection => ToArchive(connection, run)),
            static (scope, id, ranAt) => RetentionWriter.Archive(scope, id, ranAt),
            connection => { if (RetentionStore.Has(connection, run.RunId, RetentionSteps.UndoStarted)) throw Undone(run.RunId); });
        Finish(run.RunId, RetentionSteps.ApplyBatch, RetentionSteps.ApplyFinished, "archived", skipped);
        return database.Read(connection =>
        {
            var state = RetentionState.Find(connection, run.RunId);
            return Applied("applied", state, state.Last(RetentionSteps.ApplyFinished)!);
        });
    }

    /// <summary>Brings back what a run has archived and nobody has changed since.</summary>
    public RetentionUndone Undo(string runId)
    {
        var run = database.Read(connection => RetentionState.Require(connection, runId));
        if (run.Last(RetentionSteps.UndoFinished) is { } finished) return Undone("unchanged", finished);
        if (!run.Has(RetentionSteps.ApplyStarted)) throw EngineException.Invalid("run", $"{run.RunId} was not applied: there is nothing to undo");

        // From this row on no process archives for the run.
        database.Write(scope => Append(scope, run.RunId, RetentionSteps.UndoStarted));
        var skipped = Batches(run.RunId, RetentionSteps.UndoBatch, "reinstated").Run(
            database.Read(connection => Without(RetentionStore.Ids(connection, run.RunId, RetentionSteps.ApplyBatch), connection, run.RunId, RetentionSteps.UndoBatch)),
            static (scope, id, archivedAt) => RetentionWriter.Reinstate(scope, id, archivedAt));
        Finish(run.RunId, RetentionSteps.UndoBatch, RetentionSteps.UndoFinished, "reinstated", skipped);
        return Undone("undone", database.Read(connection => RetentionState.Find(connection, run.RunId).Last(RetentionSteps.UndoFinished)!));
    }

    /// <summary>What says that a step is not done while the clock may be wrong.</summary>
    internal static EngineException Doubtful(string doubt, string consequence) => EngineException.Invalid("clock_is_right",
        $"{doubt}. {consequence} If the clock is right, say so: --clock-is-right");

    private static List<(string Id, DateTimeOffset At)> ToArchive(DatabaseConnection connection, RetentionState run) =>
        Without(RetentionStore.Ids(connection, run.RunId, RetentionSteps.DryRun), connection, run.RunId, RetentionSteps.ApplyBatch);

    // What a step that was interrupted has done is done.
    private static List<(string Id, DateTimeOffset At)> Without(List<(string Id, DateTimeOffset At)> entries, DatabaseConnection connection, string runId, string batch)
    {
        var done = RetentionStore.Ids(connection, runId, batch).Select(static row => row.Id).ToHashSet(StringComparer.Ordinal);
        return [.. entries.Where(entry => !done.Contains(entry.Id))];
    }

    // Two processes may do the same step at once: what the other one did is no skip, and one of the two writes the end.
    private void Finish(string runId, string batch, string finished, string done, List<(string Id, string Reason)> skipped)
    {
        var all = database.Read(connection => RetentionStore.Ids(connection, runId, batch)).Select(static row => row.Id).ToHashSet(StringComparer.Ordinal);
        var counts = Counts(skipped.Where(skip => !all.Contains(skip.Id)));
        database.Write(scope => RetentionStore.Has(scope.Connection, runId, finished) || Append(scope, runId, finished, counts: RetentionJson.Write([new(done, all.Count), .. counts])));
    }

    private RetentionBatches Batches(string runId, string batch, string done) => new(database, time, runId, batch, done);

    private static IEnumerable<KeyValuePair<string, int>> Counts(IEnumerable<(string Id, string Reason)> skipped) =>
        skipped.GroupBy(static skip => skip.Reason, StringComparer.Ordinal).OrderBy(static group => group.Key, StringComparer.Ordinal).Select(static group => KeyValuePair.Create(group.Key, group.Count()));

    private static bool Append(WriteScope scope, string runId, string step, string inputs = "{}", string counts = "{}")
    {
        RetentionStore.Append(scope.Connection, new RetentionAuditRow(runId, step, scope.Now, inputs, counts, "[]"));
        return true;
    }

    private static RetentionApplied Applied(string status, RetentionState run, RetentionAuditEvent finished)
    {
        var (archived, skipped) = Split(finished, "archived");
        return new RetentionApplied
        {
            Status = status,
            RunId = run.RunId,
            AppliedAt = finished.ExecutedAt,
            Backup = RetentionJson.ReadText(run.First(RetentionSteps.ApplyStarted)?.Inputs, "backup"),
            Archived = archived,
            Skipped = skipped,
        };
    }

    private static RetentionUndone Undone(string status, RetentionAuditEvent finished)
    {
        var (reinstated, skipped) = Split(finished, "reinstated");
        return new RetentionUndone { Status = status, RunId = finished.RunId, UndoneAt = finished.ExecutedAt, Reinstated = reinstated, Skipped = skipped };
    }

    private static (int Done, IReadOnlyDictionary<string, int>? Skipped) Split(RetentionAuditEvent finished, string done)
    {
        var counts = RetentionJson.ReadCounts(finished.Counts);
        var skipped = counts.Where(count => count.Key != done).ToDictionary(StringComparer.Ordinal);
        return (counts.GetValueOrDefault(done), skipped.Count > 0 ? skipped : null);
    }

    private static void RequireNotUndone(RetentionState run)
    {
        if (run.Has(RetentionSteps.UndoStarted)) throw Undone(run.RunId);
    }

    private static EngineException Undone(string runId) => EngineException.Invalid("run", $"{runId} was undone, and stays so. Make a new one: cairn retention dry-run");
}
