using Cairn.Engine.Entries;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Retention;

/// <summary>Removes for good what applied runs have archived, once the grace is over.</summary>
internal sealed class RetentionPurge(Database database, TimeProvider time)
{
    /// <summary>What would be removed now.</summary>
    public RetentionPurgePlan Plan(string? runId, int graceDays)
    {
        var found = Find(runId, graceDays).Runs;
        return new RetentionPurgePlan
        {
            Runs = [.. found.Where(static run => run.Due.Count > 0).Select(static run => run.RunId)],
            Entries = found.Sum(static run => run.Due.Count),
            Waiting = found.Sum(static run => run.Waiting.Count),
            WaitingUntil = found.SelectMany(static run => run.Waiting).Select(static entry => (DateTimeOffset?)entry.At).Min()?.AddDays(graceDays),
        };
    }

    /// <summary>Removes it. What is removed and not yet out of the file's bytes, after an interruption, is brought to its end.</summary>
    public RetentionPurged Purge(string? runId, int graceDays, bool clockIsRight)
    {
        var (found, doubt) = Find(runId, graceDays);
        var open = found.Where(static run => run.Due.Count > 0 || run.IsOpen).ToList();
        if (open.Count == 0) return new RetentionPurged { Runs = [], Purged = 0 };
        if (doubt is not null && !clockIsRight) throw RetentionArchive.Doubtful(doubt, "Nothing was removed.");

        var oldest = database.Read(connection => open.SelectMany(static run => run.Due).Min(entry => EntryRetentionStore.Find(connection, entry.Id)?.RecordedAt));
        var skipped = open.ToDictionary(static run => run, Remove);
        Compact();
        foreach (var (run, left) in skipped) Append(run.RunId, RetentionSteps.PurgeFinished, Purged(run, left), left.Count);
        var changed = skipped.Values.Sum(static left => left.Count);
        return new RetentionPurged
        {
            Runs = [.. open.Select(static run => run.RunId)],
            Purged = skipped.Sum(static pair => Purged(pair.Key, pair.Value)),
            Skipped = changed > 0 ? new Dictionary<string, int> { [RetentionWriter.Changed] = changed } : null,
            OldestRecordedAt = oldest,
        };

        static int Purged(Candidates run, List<string> left) => run.Due.Count - left.Count;
    }

    private (List<Candidates> Runs, string? Doubt) Find(string? runId, int graceDays)
    {
        if (graceDays is < 0 or > RetentionService.MaxAgeDays)
            throw EngineException.Invalid("grace_days", $"must be 0 to {RetentionService.MaxAgeDays}", ("limit", RetentionService.MaxAgeDays), ("size", graceDays));
        var now = time.GetUtcNow();
        return database.Read(connection =>
        {
            var runs = runId is null
                ? [.. RetentionStore.RunsWith(connection, RetentionSteps.ApplyFinished).Select(id => RetentionState.Find(connection, id)).Where(static run => !run.Has(RetentionSteps.UndoStarted))]
                : new List<RetentionState> { RequireApplied(RetentionState.Find(connection, runId)) };
            var found = runs.ConvertAll(run =>
            {
                var archived = RetentionStore.Ids(connection, run.RunId, RetentionSteps.ApplyBatch).FindAll(entry => RetentionWriter.IsArchived(connection, entry.Id, entry.At)).ToLookup(entry => entry.At.AddDays(graceDays) <= now);
                return new Candidates(run.RunId, run.DryRun.Key, run.PurgeIsOpen, [.. archived[true]], [.. archived[false]]);
            });
            // From the first of them on: what is before it is another run's.
            if (found.Where(static run => run.Due.Count > 0).MinBy(static run => run.Key) is { } first) RetentionState.Require(connection, first.RunId);
            return (found, RetentionClock.Doubt(connection, now));
        });
    }

    private List<string> Remove(Candidates run)
    {
        Append(run.RunId, RetentionSteps.PurgeStarted);
        return [.. new RetentionBatches(database, time, run.RunId, RetentionSteps.PurgeBatch, "purged")
            .Run(run.Due, (scope, id, archivedAt) => RetentionWriter.Purge(scope, id, archivedAt, $"retention {run.RunId}"),
                connection => { if (RetentionStore.Has(connection, run.RunId, RetentionSteps.UndoStarted)) throw IsUndone(run.RunId); })
            .Where(static skip => skip.Reason != RetentionWriter.Gone).Select(static skip => skip.Id)];
    }

    private void Compact()
    {
        try
        {
            database.Compact();
        }
        catch (EngineException error) when (error.Code == ErrorCode.StorageFailure)
        {
            throw new EngineException(ErrorCode.StorageFailure,
                "The entries are removed, but some of their bytes may stay in the file until the next purge: other processes use the file, or the disk is full. Call cairn retention purge again.", inner: error);
        }
    }

    private void Append(string runId, string step, int purged = 0, int changed = 0)
    {
        IEnumerable<KeyValuePair<string, int>> counts = step == RetentionSteps.PurgeStarted ? [] : changed > 0 ? [new("purged", purged), new(RetentionWriter.Changed, changed)] : [new("purged", purged)];
        database.Write(scope =>
        {
            RetentionStore.Append(scope.Connection, new RetentionAuditRow(runId, step, scope.Now, "{}", RetentionJson.Write(counts), "[]"));
            return true;
        });
    }

    private static RetentionState RequireApplied(RetentionState run) =>
        run.Has(RetentionSteps.UndoStarted) ? throw IsUndone(run.RunId)
        : run.Has(RetentionSteps.ApplyFinished) ? run
        : throw EngineException.Invalid("run", $"{run.RunId} was not applied: it has nothing to purge");

    private static EngineException IsUndone(string runId) => EngineException.Invalid("run", $"{runId} was undone: it has nothing to purge");

    // A run, and those of its entries that are archived still: over their grace, and within it.
    private sealed record Candidates(string RunId, long Key, bool IsOpen, List<(string Id, DateTimeOffset At)> Due, List<(string Id, DateTimeOffset At)> Waiting);
}
