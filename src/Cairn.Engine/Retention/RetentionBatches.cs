using Cairn.Engine.Storage;

namespace Cairn.Engine.Retention;

/// <summary>
/// Works through entries in short write transactions, between which others write. Each transaction records the entries
/// that it changed in the audit, at its own time: so the record says exactly which entries a step has changed and when,
/// also when its process was killed.
/// </summary>
/// <param name="database">The database.</param>
/// <param name="time">The clock by which a transaction ends in time.</param>
/// <param name="runId">The run.</param>
/// <param name="step">The word for a batch's row.</param>
/// <param name="done">The word for what becomes of an entry.</param>
internal sealed class RetentionBatches(Database database, TimeProvider time, string runId, string step, string done)
{
    private const int MaxEntries = 250;
    private static readonly TimeSpan MaxTime = TimeSpan.FromMilliseconds(25);

    /// <summary>Changes each entry, or finds why not.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="change">Changes one; gives null, or why it did not.</param>
    /// <param name="guard">Looks, at the start of each transaction, whether the work may go on; throws when not.</param>
    /// <returns>Those that were not changed, and why.</returns>
    public List<(string Id, string Reason)> Run(IReadOnlyList<(string Id, DateTimeOffset At)> entries, Func<WriteScope, string, DateTimeOffset, string?> change, Action<DatabaseConnection>? guard = null)
    {
        var skipped = new List<(string Id, string Reason)>();
        for (var next = 0; next < entries.Count;)
        {
            if (next > 0) database.Turns.GiveWay();
            var first = next;
            // Counted anew by every attempt, and taken over when one has been committed.
            var (after, left) = database.Write(scope =>
            {
                guard?.Invoke(scope.Connection);
                return Batch(scope, entries, first, change);
            });
            skipped.AddRange(left);
            next = after;
        }
        return skipped;
    }

    private (int Next, List<(string Id, string Reason)> Skipped) Batch(WriteScope scope, IReadOnlyList<(string Id, DateTimeOffset At)> entries, int first, Func<WriteScope, string, DateTimeOffset, string?> change)
    {
        var (started, changed, skipped, next) = (time.GetTimestamp(), new List<string>(), new List<(string Id, string Reason)>(), first);
        do
        {
            var (id, at) = entries[next++];
            if (change(scope, id, at) is { } reason) skipped.Add((id, reason));
            else changed.Add(id);
        }
        while (next < entries.Count && next - first < MaxEntries && time.GetElapsedTime(started) < MaxTime);
        if (changed.Count > 0)
            RetentionStore.Append(scope.Connection, new RetentionAuditRow(runId, step, scope.Now, "{}", RetentionJson.Write([new(done, changed.Count)]), JsonStrings.Write(changed)));
        return (next, skipped);
    }
}
