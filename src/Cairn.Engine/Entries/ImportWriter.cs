using Cairn.Engine.Storage;

namespace Cairn.Engine.Entries;

/// <summary>What becomes, or would become, of an entry from outside.</summary>
internal enum ImportOutcome
{
    /// <summary>It is new.</summary>
    Imported,

    /// <summary>It is there already.</summary>
    Duplicate,

    /// <summary>It must not come in.</summary>
    Skipped,
}

/// <summary>The outcome, the entry that is there already, and why it is skipped.</summary>
internal readonly record struct ImportDecision(ImportOutcome Outcome, long? Key = null, string? Reason = null);

/// <summary>
/// Brings whole entries in, inside a caller's transaction. What is there is never overwritten, and a purged entry never
/// comes back; importing twice changes nothing.
/// </summary>
internal static class ImportWriter
{
    /// <summary>What becomes of an entry. Reads only.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="import">The entry.</param>
    /// <param name="project">The project that it goes to; null when it is not there yet.</param>
    public static ImportDecision Decide(DatabaseConnection connection, ImportDraft import, long? project)
    {
        if (EntryStore.Find(connection, import.Entry.Id) is { } known)
            return Same(known, import.Draft)
                ? new ImportDecision(ImportOutcome.Duplicate, known.Key)
                : new ImportDecision(ImportOutcome.Skipped, Reason: $"{known.Id} is here with another content, which was kept");
        if (EntryTransferStore.PurgedAt(connection, import.Entry.Id) is { } at)
            return new ImportDecision(ImportOutcome.Skipped, Reason: $"{import.Entry.Id} was purged here on {at.UtcDateTime:yyyy-MM-dd}");
        if (project is not { } key || import.Entry.State != "active") return new ImportDecision(ImportOutcome.Imported);
        return import.Entry.Origin == EntryOrigin.Document ? DecideSection(connection, import, key)
            : EntryStore.FindDuplicate(connection, key, import.ContentHash) is { } twin ? new ImportDecision(ImportOutcome.Duplicate, twin.Key)
            : new ImportDecision(ImportOutcome.Imported);
    }

    /// <summary>Adds an entry that <see cref="Decide"/> found to be new, with its session and history, and returns its key.</summary>
    public static long Insert(WriteScope scope, ImportDraft import, long project)
    {
        long? session = null;
        if (import.Entry.SessionId is { } id)
        {
            var here = EntryTransferStore.FindSession(scope.Connection, project, id);
            // Another system's sessions have no times of their own: they last from their first entry to their last.
            if (here is null || import.Entry.Origin == EntryOrigin.Import)
                EntryTransferStore.PutSession(scope.Connection, project, new SessionRecord("", id, null, import.Entry.CreatedAt, import.Entry.CreatedAt));
            session = here ?? EntryTransferStore.FindSession(scope.Connection, project, id);
        }
        return EntryTransferStore.Insert(scope, import, project, session);
    }

    /// <summary>
    /// Records that an entry took another's place. One that is active here then is so no more, as after any save that
    /// supersedes it.
    /// </summary>
    /// <returns>Why it was not recorded, or null.</returns>
    public static string? Link(WriteScope scope, long from, EntryRow older, DateTimeOffset at)
    {
        if (older.Key == from) return $"{older.Id} does not supersede itself";
        var (project, state) = EntryTransferStore.Place(scope.Connection, from);
        if (project != older.ProjectKey) return $"{older.Id}, which it supersedes, is in another project here";
        if (EntryTransferStore.IsLinked(scope.Connection, from, older.Key)) return null;
        if (older.State == "active" && state == "archived") return $"{older.Id}, which it superseded before it was archived, is active here";
        if (EntryStore.Supersedes(scope.Connection, older.Key, from)) return $"{older.Id}, which it supersedes, supersedes it here";
        EntryStore.LinkSupersedes(scope.Connection, from, older.Key, at);
        if (older.State != "active") return null;
        EntryStore.SetState(scope.Connection, older.Key, "superseded", null, scope.Now);
        EntryStore.AddRevision(scope.Connection, older.Key, EntryAction.Supersede, null, EntryOrigin.Import, scope.Now);
        return null;
    }

    private static ImportDecision DecideSection(DatabaseConnection connection, ImportDraft import, long project)
    {
        if (import.Draft.SourceRef is not { } source || EntryTransferStore.FindSection(connection, project, source) is not { } section)
            return new ImportDecision(ImportOutcome.Imported);
        return EntryTransferStore.HasContent(connection, section, import.ContentHash)
            ? new ImportDecision(ImportOutcome.Duplicate, section)
            : new ImportDecision(ImportOutcome.Skipped, Reason: "another version of this section of its document is active here");
    }

    private static bool Same(EntryRow known, EntryDraft draft) =>
        known.Title == draft.Title && known.Body == draft.Body && known.EntryType == draft.EntryType
        && known.SourceRef == draft.SourceRef && known.Tags == draft.TagsJson && known.Metadata == draft.Metadata;
}
