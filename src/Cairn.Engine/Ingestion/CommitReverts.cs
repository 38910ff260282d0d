using System.Text.Json;
using Cairn.Engine.Entries;
using Cairn.Engine.Git;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Ingestion;

/// <summary>
/// What reverts do to the entries of a project's commits, whichever of them comes into memory first: what is reverted is
/// superseded, and is in force again once its revert is reverted itself. One for each run.
/// </summary>
/// <param name="projectKey">The project.</param>
/// <param name="origin">Who does it, for the record.</param>
internal sealed class CommitReverts(long projectKey, string origin)
{
    // A message may claim anything: a chain longer than this is nobody's work.
    private const int MaxChain = 50;

    private readonly List<(long Key, string Id, string Reverted)> _known = [];

    /// <summary>Looks at the reverts that came into memory since the last look, by any process. Within the transaction that adds commits.</summary>
    public void Look(DatabaseConnection connection) => _known.AddRange(GitHistoryStore.Reverts(connection, projectKey, _known.Count > 0 ? _known[^1].Key : 0));

    /// <summary>Settles what a commit reverts and what reverts it, once its entry is there.</summary>
    /// <param name="scope">The transaction that added it.</param>
    /// <param name="commit">The commit.</param>
    /// <param name="key">Its entry's key.</param>
    /// <param name="id">Its entry's id.</param>
    /// <returns>How many entries were superseded.</returns>
    public int Settle(WriteScope scope, GitCommit commit, long key, string id)
    {
        var count = 0;
        if (CommitEntry.Reverts(commit) is { } reverts && Entry(scope, reverts) is { State: "active" } old && old.Key != key)
        {
            Supersede(scope, key, old, MaxChain);
            count++;
        }
        foreach (var (revert, revertId, _) in _known.Where(known => known.Key != key && commit.Id.StartsWith(known.Reverted, StringComparison.Ordinal)))
        {
            if (EntryStore.Find(scope.Connection, revertId) is not { State: "active" } || EntryStore.Find(scope.Connection, id) is not { State: "active" } own) continue;
            Supersede(scope, revert, own, MaxChain);
            count++;
        }
        return count;
    }

    private void Supersede(WriteScope scope, long by, EntryRow entry, int most)
    {
        EntryService.PutInPlaceOf(scope, by, entry, EntryAction.Supersede, "reverted", origin);
        if (most > 0 && Reverted(scope, entry) is { State: "superseded" } old && EntryStore.Successor(scope.Connection, old.Key)?.Key == entry.Key) Reinstate(scope, entry.Key, old, most - 1);
    }

    private void Reinstate(WriteScope scope, long from, EntryRow entry, int most)
    {
        EntryStore.UnlinkSupersedes(scope.Connection, from, entry.Key);
        EntryStore.SetState(scope.Connection, entry.Key, "active", null, scope.Now);
        EntryStore.AddRevision(scope.Connection, entry.Key, EntryAction.Reinstate, "revert reverted", origin, scope.Now);
        if (most > 0 && Reverted(scope, entry) is { State: "active" } old && old.Key != entry.Key) Supersede(scope, entry.Key, old, most - 1);
    }

    private EntryRow? Reverted(WriteScope scope, EntryRow entry)
    {
        if (entry.Metadata is not { } text) return null;
        using var metadata = JsonDocument.Parse(text);
        return metadata.RootElement.TryGetProperty("reverts", out var reverts) && reverts.ValueKind == JsonValueKind.String ? Entry(scope, reverts.GetString()!) : null;
    }

    private EntryRow? Entry(WriteScope scope, string commitId) =>
        GitHistoryStore.Entry(scope.Connection, projectKey, CommitEntry.SourceRef(commitId)) is { } id ? EntryStore.Find(scope.Connection, id) : null;
}
