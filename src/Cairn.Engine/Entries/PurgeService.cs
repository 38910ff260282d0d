using Cairn.Engine.Storage;

namespace Cairn.Engine.Entries;

/// <summary>What was purged.</summary>
public sealed record PurgeResult
{
    /// <summary>The entries that are gone: their ids, the times and the reason are kept.</summary>
    public required IReadOnlyList<string> Ids { get; init; }

    /// <summary>Why some of their bytes may still be in the database's files, and what to do; null when none is.</summary>
    public string? BytesLeft { get; init; }
}

/// <summary>
/// Removes entries for good: from the table, the index and the log, from every byte of the database's files. Copies that
/// were made before (backups, exports) still hold them.
/// </summary>
public sealed class PurgeService
{
    private readonly Database _database;
    private readonly WritePolicy _policy;

    internal PurgeService(Database database, WritePolicy policy)
    {
        _database = database;
        _policy = policy;
    }

    /// <summary>
    /// Removes entries in one transaction, all or none, with their links and history, and their sessions when no other
    /// entry is of them. Then the file is written anew.
    /// </summary>
    /// <param name="ids">1 to <see cref="EntryService.MaxIds"/> entries.</param>
    /// <param name="reason">Why; kept with the ids.</param>
    /// <exception cref="EngineException">An entry is unknown, or the reason breaks a rule or holds a secret: nothing was removed.</exception>
    public PurgeResult Purge(IReadOnlyList<string> ids, string? reason)
    {
        if (ids.Count == 0) throw EngineException.Invalid("ids", "is empty");
        if (ids.Count > EntryService.MaxIds) throw TextRules.TooLong("ids", "ids", EntryService.MaxIds, ids.Count);
        var line = Reason(reason);
        var purged = _database.Write(scope =>
        {
            var entries = ids.Select(id => EntryService.Find(scope.Connection, id)).DistinctBy(static entry => entry.Key).ToList();
            foreach (var entry in entries) EntryStore.Purge(scope.Connection, entry, line, scope.Now);
            return entries.ConvertAll(static entry => entry.Id);
        });
        return new PurgeResult { Ids = purged, BytesLeft = Compact() };
    }

    /// <summary>
    /// Writes the database's file anew, without a byte of what was removed from it: the end of every purge, and for one
    /// that could not come to its end.
    /// </summary>
    /// <returns>Why bytes may be left, and what to do; null when none is.</returns>
    public string? Compact()
    {
        try
        {
            _database.Compact();
            return null;
        }
        catch (EngineException error) when (error.Code == ErrorCode.StorageFailure)
        {
            var cause = StorageErrors.IsBusy(error.InnerException) ? "another process uses the database just now" : "the file cannot be written anew (is the disk full?)";
            return $"Some of the removed bytes are still in the database's files: {cause}. When it is done, run: cairn purge --compact";
        }
    }

    /// <summary>The reason after the rules and the policy.</summary>
    private string? Reason(string? reason)
    {
        if (PrivateFields.Remove(reason) is not { } kept) return null;
        var line = TextRules.Line("reason", kept, EntryDraft.MaxName);
        var place = _policy.NoPlace;
        if (_policy.Check("reason", line, place) is not { Count: > 0 } found) return line;
        _policy.Refuse(found, place);
        throw WritePolicy.Refusal(found, "Nothing was purged.");
    }
}
