using Cairn.Engine.Entries;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Transfer;

/// <summary>The policy over one import: cuts out of each entry what looks like a secret, or refuses the entry, and records both.</summary>
/// <param name="policy">The write policy.</param>
/// <param name="caller">Where the import comes from.</param>
/// <param name="forced">The one project that everything goes to, or null.</param>
internal sealed class ImportPolicy(WritePolicy policy, CallContext caller, string? forced)
{
    private readonly Dictionary<string, PolicyPlace> _places = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<(IReadOnlyList<PolicyViolation> Found, PolicyPlace Place)> _refused = [];

    /// <summary>For what is no entry: names of projects, sessions, reasons.</summary>
    public Redaction Redaction => policy.Redaction(Place(null));

    /// <summary>The entry after policy and rules.</summary>
    /// <exception cref="EngineException">A field breaks a rule, or holds what looks like a secret while the mode is block.</exception>
    public ImportDraft Clean(ImportItem.OfEntry item)
    {
        var place = Place(item.Entry.Project);
        var draft = ImportDraft.From(item.Entry, policy.Redaction(place), item.IsForeign);
        if (draft.Redactions.Count == 0 || place.Mode != PolicyMode.Block) return draft;
        _refused.Add((draft.Redactions, place));
        throw WritePolicy.Refusal(draft.Redactions, "The policy's mode is block: it was not imported.");
    }

    /// <summary>Records what was cut out of an entry, in the transaction that brings it in.</summary>
    public void Record(WriteScope scope, ImportDraft draft) =>
        PolicyEventStore.Add(scope.Connection, policy.Events(PolicyEvent.Redacted, draft.Redactions, Place(draft.Entry.Project), draft.Entry.Id, scope.Now));

    /// <summary>Records which entries were refused since the last time.</summary>
    public void RecordRefused()
    {
        if (_refused.Count > 0) policy.TryRecord(at => _refused.SelectMany(refused => policy.Events(PolicyEvent.Blocked, refused.Found, refused.Place, null, at)));
        _refused.Clear();
    }

    private PolicyPlace Place(string? source)
    {
        var name = forced ?? source;
        if (_places.TryGetValue(name ?? "", out var known)) return known;
        return _places[name ?? ""] = policy.Place(caller, name);
    }
}
