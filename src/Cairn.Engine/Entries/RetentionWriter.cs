using Cairn.Engine.Storage;

namespace Cairn.Engine.Entries;

/// <summary>
/// Archives entries for retention, brings them back and removes them, within the caller's transactions. What was changed
/// by anybody since is left alone: each method gives null when it did its work, else why it did not.
/// </summary>
internal static class RetentionWriter
{
    /// <summary>The entry is not there any more.</summary>
    public const string Gone = "gone";

    /// <summary>The entry is archived already, for whatever reason.</summary>
    public const string AlreadyArchived = "already_archived";

    /// <summary>The entry was changed since.</summary>
    public const string Changed = "changed";

    /// <summary>An active entry says the same, or has its place in the document.</summary>
    public const string Duplicate = "duplicate";

    private const string Reason = "retention";

    /// <summary>Why retention lets an entry never go; null when it may.</summary>
    public static string? KeptFor(string entryType, bool pinned, bool superseding) =>
        pinned ? "pinned"
        : entryType.Equals(EntryType.Handoff, StringComparison.OrdinalIgnoreCase) ? "handoff"
        : superseding ? "superseding"
        : null;

    /// <summary>Archives an entry that was not changed after a time. It is changed at the transaction's.</summary>
    public static string? Archive(WriteScope scope, string id, DateTimeOffset unchangedSince)
    {
        if (EntryRetentionStore.Find(scope.Connection, id) is not { } entry) return Gone;
        if (entry.State == "archived") return AlreadyArchived;
        if (KeptFor(entry.EntryType, entry.Pinned, entry.Superseding) is { } kept) return kept;
        if (entry.ChangedAt > unchangedSince) return Changed;
        EntryStore.SetState(scope.Connection, entry.Key, "archived", Reason, scope.Now);
        return null;
    }

    /// <summary>Brings back an entry that was archived at a time and is as it was left then.</summary>
    public static string? Reinstate(WriteScope scope, string id, DateTimeOffset archivedAt)
    {
        if (EntryRetentionStore.Find(scope.Connection, id) is not { } entry) return Gone;
        if (!IsAsLeft(entry, archivedAt)) return Changed;
        var superseded = EntryStore.Successor(scope.Connection, entry.Key) is not null;
        if (!superseded && EntryRetentionStore.HasActiveTwin(scope.Connection, entry.Key)) return Duplicate;
        EntryStore.SetState(scope.Connection, entry.Key, superseded ? "superseded" : "active", null, scope.Now);
        return null;
    }

    /// <summary>Removes an entry that was archived at a time and is as it was left then. Its bytes leave the file with <see cref="Database.Compact"/>.</summary>
    public static string? Purge(WriteScope scope, string id, DateTimeOffset archivedAt, string reason)
    {
        if (EntryStore.Find(scope.Connection, id) is not { } entry) return Gone;
        if (!IsArchived(scope.Connection, id, archivedAt)) return Changed;
        EntryStore.Purge(scope.Connection, entry, reason, scope.Now);
        return null;
    }

    /// <summary>Whether an entry was archived at a time and is as it was left then.</summary>
    public static bool IsArchived(DatabaseConnection connection, string id, DateTimeOffset archivedAt) =>
        EntryRetentionStore.Find(connection, id) is { } entry && IsAsLeft(entry, archivedAt);

    // A change sets the time, and so does a pin; an entry that is archived anew is another run's.
    private static bool IsAsLeft(RetentionEntry entry, DateTimeOffset archivedAt) =>
        entry is { State: "archived", StateReason: Reason } && entry.ChangedAt == archivedAt;
}
