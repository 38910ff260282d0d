using Cairn.Engine.Storage;

namespace Cairn.Engine.Entries;

/// <summary>What became of a document's section.</summary>
internal enum DocumentOutcome
{
    /// <summary>The same text is there, or was put away by hand.</summary>
    Duplicate,

    /// <summary>It is new, or back again.</summary>
    Imported,

    /// <summary>It took its former text's place.</summary>
    Superseded,
}

/// <summary>
/// Writes the sections of documents, within the caller's transactions. A section is known by its place (project and
/// source_ref): another text there supersedes the former one. What somebody has forgotten or replaced by hand stays so
/// while the document goes on saying the same.
/// </summary>
internal sealed class DocumentWriter(EntryProvenance provenance)
{
    private Dictionary<string, (string Id, byte[] ContentHash)>? _former;

    /// <summary>Puts a section in its place. Its metadata is the document's, and follows it without a new entry.</summary>
    public DocumentOutcome Put(WriteScope scope, EntryDraft draft, DateTimeOffset occurredAt)
    {
        var place = draft.SourceRef!;
        if (EntryStore.FindDocument(scope.Connection, provenance.ProjectKey, place) is not { } current) return PutBack(scope, draft, occurredAt);
        if (current.Title == draft.Title && current.Body == draft.Body && current.EntryType == draft.EntryType)
        {
            if (current.Metadata != draft.Metadata) EntryStore.SetMetadata(scope.Connection, current.Key, draft.Metadata, draft.SearchText(current.OccurredAt), scope.Now);
            return DocumentOutcome.Duplicate;
        }
        // The former one gives up its place first: there is one active entry a place.
        EntryStore.SetState(scope.Connection, current.Key, "superseded", null, scope.Now);
        var key = EntryService.Insert(scope, draft, provenance, current.Pinned, occurredAt).Key;
        EntryService.PutInPlaceOf(scope, key, current, EntryAction.Supersede, null, provenance.Origin);
        return DocumentOutcome.Superseded;
    }

    /// <summary>Archives the active sections of a file whose places are not among those given.</summary>
    /// <returns>How many there were.</returns>
    public int ArchiveOthers(WriteScope scope, string file, IReadOnlySet<string> places)
    {
        var gone = EntryStore.DocumentRefs(scope.Connection, provenance.ProjectKey, file).Where(row => !places.Contains(row.SourceRef)).ToList();
        foreach (var (_, key) in gone) EntryStore.SetState(scope.Connection, key, "archived", "source_gone", scope.Now);
        return gone.Count;
    }

    private DocumentOutcome PutBack(WriteScope scope, EntryDraft draft, DateTimeOffset occurredAt)
    {
        _former ??= EntryStore.FormerDocuments(scope.Connection, provenance.ProjectKey).ToDictionary(static row => row.SourceRef, static row => (row.Id, row.ContentHash), StringComparer.Ordinal);
        var former = _former.TryGetValue(draft.SourceRef!, out var known) ? EntryStore.Find(scope.Connection, known.Id) : null;
        var replaced = former is { State: "superseded" } && EntryStore.Successor(scope.Connection, former.Key) is not null;
        if (former is not null && known.ContentHash.AsSpan().SequenceEqual(draft.ContentHash))
        {
            if (replaced || (former.State == "archived" && EntryStore.StateReason(scope.Connection, former.Key) != "source_gone")) return DocumentOutcome.Duplicate;
            EntryStore.SetState(scope.Connection, former.Key, "active", null, scope.Now);
            EntryStore.AddRevision(scope.Connection, former.Key, EntryAction.Reinstate, null, provenance.Origin, scope.Now);
            return DocumentOutcome.Imported;
        }
        var key = EntryService.Insert(scope, draft, provenance, pinned: false, occurredAt).Key;
        if (former is not null && !replaced) EntryService.PutInPlaceOf(scope, key, former, EntryAction.Supersede, null, provenance.Origin);
        return DocumentOutcome.Imported;
    }
}
