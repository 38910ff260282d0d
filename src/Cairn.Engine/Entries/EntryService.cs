using System.Text.Json;
using Cairn.Engine.Projects;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Entries;

/// <summary>
/// Saves, reads and changes entries. It is the only gate through which an entry is written: rules, policy, duplicates
/// and states hold for every writer because nobody else writes.
/// </summary>
public sealed class EntryService
{
    /// <summary>How many ids one read may name.</summary>
    public const int MaxIds = 200;

    /// <summary>How many entries a timeline shows on one side of its anchor.</summary>
    public const int MaxDepth = 20;

    /// <summary>How many it shows unless told otherwise.</summary>
    public const int DefaultDepth = 3;

    private const int MaxName = 200;

    private readonly Database _database;
    private readonly ProjectResolver _projects;
    private readonly WritePolicy _policy;
    private readonly RecallPolicy _recall;

    internal EntryService(Database database, ProjectResolver projects, WritePolicy policy, RecallPolicy recall)
    {
        _database = database;
        _projects = projects;
        _policy = policy;
        _recall = recall;
    }

    /// <summary>Saves an entry. When it returns <see cref="SaveOutcome.Stored"/>, the entry is committed and on disk.</summary>
    /// <exception cref="EngineException">A field breaks a rule, an id in supersedes is unknown, or the storage failed.</exception>
    public SaveOutcome Save(NewEntry entry, CallContext context)
    {
        var kept = PrivateFields.Remove(entry);
        var draft = EntryDraft.From(kept);
        if (entry.Supersedes.Count > MaxIds) throw TextRules.TooLong("supersedes", "ids", MaxIds, entry.Supersedes.Count);
        var caller = Require(context);
        var ruleSet = _policy.RuleSet; // before the check, so that rules that change meanwhile judge the entry again
        var place = _policy.Place(caller);
        var found = _policy.Check(entry, place);
        if (Refusal(found, caller, place) is { } refused) return refused;
        if (found.Count > 0) draft = EntryDraft.From(_policy.Redaction(place).Clean(kept));

        var identity = _projects.Identify(caller);
        return new SaveOutcome.Stored(_database.Write(scope =>
        {
            var provenance = Provenance(scope, identity, caller, ruleSet);
            var superseded = entry.Supersedes.Distinct().Select(id => RequireInProject(scope, "supersedes", id, provenance.ProjectKey)).ToList();
            var duplicate = EntryStore.FindDuplicate(scope.Connection, provenance.ProjectKey, draft.ContentHash);
            var (key, id, occurredAt) = duplicate is { } row
                ? (row.Key, row.Id, row.OccurredAt)
                : Insert(scope, draft, provenance, pinned: false, entry.OccurredAt ?? EntryStore.NotBefore(scope, provenance.ProjectKey));
            foreach (var old in superseded.Where(old => old.Key != key)) PutInPlaceOf(scope, key, old, EntryAction.Supersede, null, caller.Origin);
            PolicyEventStore.Add(scope.Connection, _policy.Events(PolicyEvent.Redacted, found, place, id, scope.Now));
            return new Receipt { Status = duplicate is null ? "saved" : "duplicate", Id = id, CreatedAt = occurredAt, Redacted = Count(found) };
        }));
    }

    /// <summary>Whole entries in the order of the ids; ids that no entry has are listed as missing.</summary>
    public EntryList Get(IReadOnlyList<string> ids)
    {
        if (ids.Count == 0) throw EngineException.Invalid("ids", "is empty");
        if (ids.Count > MaxIds) throw TextRules.TooLong("ids", "ids", MaxIds, ids.Count);
        var wanted = ids.Select(text => (Text: text, Id: EntryId.Parse(text))).ToList();
        var (rows, ruleSet) = _database.Read(connection => (EntryStore.Get(connection, wanted.Select(id => id.Id).OfType<string>().Distinct()), _recall.Current(connection)));
        var found = rows.Select(row => _recall.Clean(row, ruleSet)).ToDictionary(static entry => entry.Id);
        return new EntryList
        {
            Items = [.. wanted.Select(id => id.Id).OfType<string>().Distinct().Where(found.ContainsKey).Select(id => found[id])],
            Missing = wanted.Select((id, i) => id.Id is { } known && found.ContainsKey(known) ? null : Shown(id.Text, i)).OfType<string>().Distinct().ToList() is { Count: > 0 } missing ? missing : null,
        };
    }

    /// <summary>What happened in the anchor's project before and after it, in time order.</summary>
    public Timeline Timeline(string anchorId, int depthBefore, int depthAfter)
    {
        RequireDepth("depth_before", depthBefore);
        RequireDepth("depth_after", depthAfter);
        return _database.Read(connection =>
        {
            var anchor = Find(connection, anchorId);
            var ruleSet = _recall.Current(connection);
            var rows = EntryStore.Around(connection, anchor, depthBefore, depthAfter, ruleSet);
            return new Timeline { AnchorId = anchor.Id, Items = [.. rows.Select(row => _recall.Clean(row, ruleSet).Item)] };
        });
    }

    /// <summary>Changes an entry's state, its pin, or puts a new version in its place.</summary>
    /// <exception cref="EngineException">The entry is unknown, the action does not fit its state, or a field breaks a rule.</exception>
    public SaveOutcome Update(EntryChange change, CallContext context)
    {
        RequireFieldsOf(change);
        var kept = PrivateFields.Remove(change);
        var caller = Require(context);
        if (kept.Reason is { } text) TextRules.Line("reason", text, MaxName);
        var ruleSet = _policy.RuleSet;
        var place = _policy.Place(caller, ProjectOf(change.Id)); // the entry's, wherever the call comes from
        var found = _policy.Check(change, place);
        if (Refusal(found, caller, place) is { } refused) return refused;
        if (found.Count > 0) kept = _policy.Redaction(place).Clean(kept);
        var reason = kept.Reason is { } clean ? TextRules.Line("reason", clean, MaxName) : null;

        var identity = _projects.Identify(caller);
        var outcome = _database.Write(scope =>
        {
            var entry = Find(scope.Connection, change.Id);
            var receipt = change.Action switch
            {
                EntryAction.Revise => Revise(scope, entry, kept, identity, reason, caller, place, ruleSet),
                EntryAction.Supersede => new SaveOutcome.Stored(Supersede(scope, entry, change.SupersededBy!, reason, caller.Origin)),
                EntryAction.Forget => new SaveOutcome.Stored(Forget(scope, entry, reason, caller.Origin)),
                EntryAction.Reinstate => new SaveOutcome.Stored(Reinstate(scope, entry, reason, caller.Origin)),
                _ => new SaveOutcome.Stored(Pin(scope, entry, change.Action, reason, caller.Origin)),
            };
            if (receipt is not SaveOutcome.Stored stored) return receipt;
            PolicyEventStore.Add(scope.Connection, _policy.Events(PolicyEvent.Redacted, found, place, stored.Receipt.Id, scope.Now));
            return new SaveOutcome.Stored(stored.Receipt with { Redacted = Count(found) });
        });
        // Nothing was written, and the audit has a transaction of its own.
        return outcome is SaveOutcome.Blocked blocked ? _policy.Refuse(blocked.Violations, place) : outcome;
    }

    /// <summary>Moves all of one project into another, which also answers to the former's names, origins and roots from then on.</summary>
    /// <returns>How many entries moved.</returns>
    public int MergeProjects(string from, string into) => _database.Write(scope =>
    {
        var source = ProjectName.RequireKnown(scope.Connection, "from", from);
        var target = ProjectName.RequireKnown(scope.Connection, "into", into);
        if (source == target) throw EngineException.Invalid("into", "is the same project");
        var moved = EntryStore.MoveProject(scope.Connection, source, target, scope.Now);
        ProjectStore.Absorb(scope.Connection, source, target, scope.Now);
        return moved;
    });

    // What is said of the call itself (its project, its session) is never redacted: a piece of a name names something else.
    private SaveOutcome.Blocked? Refusal(IReadOnlyList<PolicyViolation> found, CallContext caller, PolicyPlace place)
    {
        var ofCall = _policy.Check(caller, place);
        return ofCall.Count == 0 && (found.Count == 0 || IsRedacted(caller, place)) ? null : _policy.Refuse([.. found, .. ofCall], place);
    }

    // A session is what a program brings in, as a document is: where nothing is set, its secrets are cut out.
    private static bool IsRedacted(CallContext caller, PolicyPlace place) =>
        place.Mode == PolicyMode.Redact || (caller.Origin == EntryOrigin.Transcript && place.Mode is null);

    private string? ProjectOf(string id) => EntryId.Parse(id) is not { } stored ? null
        : _database.Read(connection => EntryStore.Find(connection, stored) is { } entry ? ProjectStore.Name(connection, entry.ProjectKey) : null);

    private static int? Count(IReadOnlyList<PolicyViolation> found) => found.Count == 0 ? null : found.Count;

    private SaveOutcome Revise(WriteScope scope, EntryRow old, EntryChange change, ProjectIdentity identity, string? reason, CallContext caller, PolicyPlace place, string ruleSet)
    {
        RequireActive(scope, old, "revise");
        using var metadata = old.Metadata is { } json ? JsonDocument.Parse(json) : null;
        var merged = new NewEntry
        {
            Text = change.Text ?? old.Body,
            Title = change.Title ?? (change.Text is null || !IsDerivedTitle(old) ? old.Title : null),
            Type = change.Type ?? old.EntryType,
            SourceRef = change.SourceRef ?? old.SourceRef,
            Tags = change.Tags ?? JsonStrings.Read(old.Tags) ?? [],
            Metadata = change.Metadata ?? metadata?.RootElement,
        };
        var draft = EntryDraft.From(merged);
        if (draft.Title == old.Title && draft.Body == old.Body && draft.EntryType == old.EntryType
            && draft.SourceRef == old.SourceRef && draft.TagsJson == old.Tags && draft.Metadata == old.Metadata)
            return new SaveOutcome.Stored(new Receipt { Status = "unchanged", Id = old.Id, CreatedAt = old.OccurredAt });

        // What the new version keeps of the old one may be from before these rules.
        if (old.RuleSet != RuleSetStore.Find(scope.Connection, ruleSet) && _policy.CheckStored(merged, place) is { Count: > 0 } violations) return new SaveOutcome.Blocked(violations, Audited: false);

        var twin = EntryStore.FindDuplicate(scope.Connection, old.ProjectKey, draft.ContentHash);
        EntryStore.SetState(scope.Connection, old.Key, "superseded", null, scope.Now);
        var provenance = Provenance(scope, old.ProjectKey, identity, caller, ruleSet);
        var (key, id, occurredAt) = twin is { } other && other.Key != old.Key
            ? (other.Key, other.Id, other.OccurredAt)
            : Insert(scope, draft, provenance, old.Pinned, scope.Now);
        if (old.Pinned && twin is { Pinned: false }) EntryStore.SetPinned(scope.Connection, key, true, scope.Now);
        PutInPlaceOf(scope, key, old, EntryAction.Revise, reason, caller.Origin);
        return new SaveOutcome.Stored(new Receipt { Status = "revised", Id = id, CreatedAt = occurredAt, Supersedes = [old.Id] });
    }

    private Receipt Supersede(WriteScope scope, EntryRow old, string successorId, string? reason, string origin)
    {
        var successor = RequireInProject(scope, "superseded_by", successorId, old.ProjectKey);
        if (old.State == "archived") throw NotInState(old, "supersede", "it is archived: reinstate it first");
        if (successor.State == "archived") throw EngineException.Invalid("superseded_by", $"{successor.Id} is archived: reinstate it first");
        if (successor.Key == old.Key) throw EngineException.Invalid("superseded_by", "is the entry itself");
        if (EntryStore.Supersedes(scope.Connection, old.Key, successor.Key))
            throw EngineException.Invalid("superseded_by", $"is itself superseded by {old.Id}: that would be a circle");
        PutInPlaceOf(scope, successor.Key, old, EntryAction.Supersede, reason, origin);
        return new Receipt { Status = "superseded", Id = old.Id, SupersededBy = successor.Id };
    }

    private static Receipt Forget(WriteScope scope, EntryRow entry, string? reason, string origin)
    {
        if (entry.State == "archived") return new Receipt { Status = "unchanged", Id = entry.Id };
        EntryStore.SetState(scope.Connection, entry.Key, "archived", "forgotten", scope.Now);
        EntryStore.AddRevision(scope.Connection, entry.Key, EntryAction.Forget, reason, origin, scope.Now);
        return new Receipt { Status = "forgotten", Id = entry.Id };
    }

    private static Receipt Reinstate(WriteScope scope, EntryRow entry, string? reason, string origin)
    {
        if (entry.State == "active") return new Receipt { Status = "unchanged", Id = entry.Id };
        var successor = EntryStore.Successor(scope.Connection, entry.Key);
        if (entry.State == "superseded" && successor is not null)
            throw NotInState(entry, "reinstate", $"it is superseded by {successor.Id}: to bring its text back, revise that one");
        if (successor is null && EntryStore.FindDuplicate(scope.Connection, entry.ProjectKey, Hash(entry)) is { } twin)
            return new Receipt { Status = "duplicate", Id = twin.Id, CreatedAt = twin.OccurredAt };
        EntryStore.SetState(scope.Connection, entry.Key, successor is null ? "active" : "superseded", null, scope.Now);
        EntryStore.AddRevision(scope.Connection, entry.Key, EntryAction.Reinstate, reason, origin, scope.Now);
        return new Receipt { Status = "reinstated", Id = entry.Id, SupersededBy = successor?.Id };
    }

    private static Receipt Pin(WriteScope scope, EntryRow entry, EntryAction action, string? reason, string origin)
    {
        var pinned = action == EntryAction.Pin;
        if (entry.Pinned == pinned) return new Receipt { Status = "unchanged", Id = entry.Id };
        EntryStore.SetPinned(scope.Connection, entry.Key, pinned, scope.Now);
        EntryStore.AddRevision(scope.Connection, entry.Key, action, reason, origin, scope.Now);
        return new Receipt { Status = pinned ? "pinned" : "unpinned", Id = entry.Id };
    }

    /// <summary>One entry takes another's place.</summary>
    internal static void PutInPlaceOf(WriteScope scope, long key, EntryRow old, EntryAction action, string? reason, string origin)
    {
        if (old.State != "archived") EntryStore.SetState(scope.Connection, old.Key, "superseded", null, scope.Now);
        EntryStore.LinkSupersedes(scope.Connection, key, old.Key, scope.Now);
        EntryStore.AddRevision(scope.Connection, old.Key, action, reason, origin, scope.Now);
    }

    /// <summary>Adds an entry under a new id.</summary>
    internal static (long Key, string Id, DateTimeOffset OccurredAt) Insert(WriteScope scope, EntryDraft draft, EntryProvenance provenance, bool pinned, DateTimeOffset occurredAt)
    {
        var id = EntryId.New(scope.Now);
        while (EntryStore.IsTaken(scope.Connection, id)) id = EntryId.New(scope.Now);
        return (EntryStore.Insert(scope.Connection, id, draft, provenance, pinned, occurredAt, scope.Now), id, occurredAt);
    }

    /// <summary>Where a call's entries come from; its project and session are made as needed.</summary>
    internal static EntryProvenance Provenance(WriteScope scope, ProjectIdentity identity, CallContext caller, string ruleSet)
    {
        var project = ProjectStore.FindOrCreate(scope.Connection, identity, scope.Now);
        return Provenance(scope, project, identity, caller, ruleSet);
    }

    // Branch and commit are those of the folder: of an entry of another project they would tell what is not so.
    private static EntryProvenance Provenance(WriteScope scope, long project, ProjectIdentity identity, CallContext caller, string ruleSet)
    {
        var folder = ProjectStore.Find(scope.Connection, identity with { Name = null });
        var (branch, commit) = folder is null || folder == project ? (identity.Branch, identity.Commit) : (null, null);
        return new EntryProvenance(project, Session(scope, project, caller), caller.Origin, branch, commit, RuleSetStore.FindOrAdd(scope, ruleSet));
    }

    private static long? Session(WriteScope scope, long project, CallContext caller) =>
        caller.SessionId is { } id ? EntryStore.TouchSession(scope.Connection, project, id, caller.Client, scope.Now) : null;

    /// <summary>The call's context without private spans, after the rules.</summary>
    internal static CallContext Require(CallContext sent)
    {
        var context = PrivateFields.Remove(sent);
        return context with
        {
            Project = context.Project is { } project ? ProjectName.Require("project", project) : null,
            SessionId = context.SessionId is { } session ? TextRules.Line("session_id", session, MaxName) : null,
            // The client's name decorates the session's row: an odd one is no reason to refuse what it saves.
            Client = context.Client is { Length: > 0 and <= MaxName } client && !client.Any(static c => char.IsControl(c) || char.IsSurrogate(c)) ? client : null,
        };
    }

    /// <summary>The entry of an id, which must be there.</summary>
    internal static EntryRow Find(DatabaseConnection connection, string id) =>
        (EntryId.Parse(id) is { } stored ? EntryStore.Find(connection, stored) : null) ?? throw EngineException.NotFound(Shown(id));

    private EntryRow RequireInProject(WriteScope scope, string field, string id, long project)
    {
        var entry = Find(scope.Connection, id);
        return entry.ProjectKey == project ? entry
            : throw EngineException.Invalid(field, $"{entry.Id} belongs to another project ({_recall.Redaction().Clean(ProjectStore.Name(scope.Connection, entry.ProjectKey), "project")})");
    }

    private static void RequireActive(WriteScope scope, EntryRow entry, string action)
    {
        if (entry.State == "archived") throw NotInState(entry, action, "it is archived: reinstate it first");
        if (entry.State == "superseded")
            throw NotInState(entry, action, EntryStore.Successor(scope.Connection, entry.Key) is { } successor
                ? $"it is superseded by {successor.Id}: {action} that one"
                : "what superseded it was purged: reinstate it first");
    }

    private static EngineException NotInState(EntryRow entry, string action, string why) =>
        EngineException.Invalid("action", $"{action} does not fit {entry.Id}: {why}", ("state", entry.State));

    private static void RequireFieldsOf(EntryChange change)
    {
        var revises = change.Action == EntryAction.Revise;
        var given = new (string Field, bool Given, bool Fits)[]
        {
            ("text", change.Text is not null, revises), ("title", change.Title is not null, revises), ("type", change.Type is not null, revises),
            ("source_ref", change.SourceRef is not null, revises), ("tags", change.Tags is not null, revises), ("metadata", change.Metadata is not null, revises),
            ("superseded_by", change.SupersededBy is not null, change.Action == EntryAction.Supersede),
        };
        foreach (var field in given)
            if (field.Given && !field.Fits) throw EngineException.Invalid(field.Field, $"does not go with the action {change.Action.ToString().ToLowerInvariant()}");
        if (revises && !given.Any(field => field.Given)) throw EngineException.Invalid("text", "revise needs at least one of text, title, type, source_ref, tags, metadata");
        if (change.Action == EntryAction.Supersede && change.SupersededBy is null) throw EngineException.Invalid("superseded_by", "supersede needs the id of the entry that takes the place");
    }

    private static void RequireDepth(string field, int depth)
    {
        if (depth is < 0 or > MaxDepth) throw EngineException.Invalid(field, $"must be 0 to {MaxDepth}", ("limit", MaxDepth), ("size", depth));
    }

    private static bool IsDerivedTitle(EntryRow entry) => EntryDraft.FirstLine(entry.Body) == entry.Title;

    private static byte[] Hash(EntryRow entry) => new EntryDraft(entry.Title, entry.Body, entry.EntryType, null, [], null).ContentHash;

    // A text that is no id may be anything: only a plain word that is no secret is shown back, all else is named by its place.
    private string Shown(string text, int index) =>
        text.Length <= 64 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') && !_policy.HoldsSecret(text) ? text : $"ids[{index}]";

    // What was sent for an id is shown back only when it cannot be anything else.
    private static string Shown(string id) => EntryId.Parse(id) ?? "that was given";
}
