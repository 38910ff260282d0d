using System.Collections.Concurrent;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Entries;

/// <summary>
/// The second net: nothing is handed out that today's rules would refuse. What the present rule set has judged when it
/// was written passes at once; an entry that older rules let in is judged when it is read, and what looks like a secret
/// is replaced by its rule's name. Names of projects and sessions belong to many entries and are judged each time.
/// </summary>
internal sealed class RecallPolicy(WritePolicy policy)
{
    private const int MaxRemembered = 20_000;

    // Entries of older rule sets that were found clean. The few that are not are cleaned anew at each read.
    private readonly ConcurrentDictionary<Verdict, bool> _clean = new();

    /// <summary>The present rule set's key in this database, or 0 when it has judged nothing here.</summary>
    public long Current(DatabaseConnection connection) => RuleSetStore.Find(connection, policy.RuleSet) ?? 0;

    /// <summary>A whole entry as it may be handed out.</summary>
    public Entry Clean(Recalled<Entry> row, long current)
    {
        var (entry, redaction) = (row.Item, Redaction(row.Item.Project));
        if (row.RuleSet != current && !IsKnownClean(row.Item.Id, row.ChangedAt, whole: true))
        {
            var fields = redaction.Clean(new NewEntry
            {
                Text = entry.Body,
                Title = entry.Title,
                Type = entry.EntryType,
                SourceRef = entry.SourceRef,
                Tags = entry.Tags ?? [],
                Metadata = entry.Metadata,
            });
            entry = entry with
            {
                Body = fields.Text,
                Title = fields.Title!,
                EntryType = fields.Type!,
                SourceRef = fields.SourceRef,
                Tags = entry.Tags is null ? null : fields.Tags,
                Metadata = fields.Metadata,
                GitBranch = redaction.Clean(entry.GitBranch, "git_branch"),
                GitCommit = redaction.Clean(entry.GitCommit, "git_commit"),
            };
            if (redaction.Count == 0) Remember(entry.Id, row.ChangedAt, whole: true);
        }
        var (project, session) = (redaction.Clean(entry.Project, "project"), redaction.Clean(entry.SessionId, "session_id"));
        return redaction.Count == 0 ? row.Item : entry with { Project = project, SessionId = session, Redacted = redaction.Count };
    }

    /// <summary>A line of a list, and the body behind it where it was read, as they may be handed out.</summary>
    public (IndexItem Item, string? Body) Clean(Recalled<IndexItem> row, long current)
    {
        var (item, body, redaction) = (row.Item, row.Body, Redaction(row.Item.Project));
        if (row.RuleSet != current && !IsKnownClean(item.Id, row.ChangedAt, whole: false))
        {
            var fields = redaction.Clean(new NewEntry { Text = body!, Title = item.Title, Type = item.EntryType, SourceRef = item.SourceRef });
            (item, body) = (item with { Title = fields.Title!, EntryType = fields.Type!, SourceRef = fields.SourceRef }, fields.Text);
            if (redaction.Count == 0) Remember(item.Id, row.ChangedAt, whole: false);
        }
        var project = redaction.Clean(item.Project, "project");
        return redaction.Count == 0 ? (row.Item, row.Body) : (item with { Project = project, Redacted = redaction.Count }, body);
    }

    /// <summary>A record as it may be exported. The reasons in its history came later than its text, and are always judged.</summary>
    public EntryRecord Clean(Recalled<EntryRecord> row, long current, out int redacted)
    {
        var entry = row.Item;
        var redaction = entry.Project is { } name ? Redaction(name) : Redaction();
        if (row.RuleSet != current)
        {
            var json = entry.Metadata is { } text ? System.Text.Json.JsonElement.Parse(text) : (System.Text.Json.JsonElement?)null;
            var fields = redaction.Clean(new NewEntry { Text = entry.Body, Title = entry.Title, Type = entry.EntryType, SourceRef = entry.SourceRef, Tags = entry.Tags, Metadata = json });
            entry = entry with
            {
                Body = fields.Text,
                Title = fields.Title,
                EntryType = fields.Type!,
                SourceRef = fields.SourceRef,
                Tags = fields.Tags,
                Metadata = fields.Metadata?.GetRawText(),
                GitBranch = redaction.Clean(entry.GitBranch, "git_branch"),
                GitCommit = redaction.Clean(entry.GitCommit, "git_commit"),
            };
        }
        entry = entry with
        {
            Project = redaction.Clean(entry.Project, "project"),
            SessionId = redaction.Clean(entry.SessionId, "session_id"),
            History = [.. entry.History.Select(revision => revision with { Reason = redaction.Clean(revision.Reason, "history.reason") })],
        };
        redacted = redaction.Count;
        return entry;
    }

    /// <summary>What cleans what belongs to no one project, and counts.</summary>
    public Redaction Redaction() => policy.RedactionOfStored(policy.NoPlace);

    private Redaction Redaction(string project) => policy.RedactionOfStored(policy.Place(project));

    private bool IsKnownClean(string id, long changedAt, bool whole) =>
        _clean.ContainsKey(new Verdict(id, changedAt, policy.RuleSet, whole));

    private void Remember(string id, long changedAt, bool whole)
    {
        if (_clean.Count >= MaxRemembered) _clean.Clear();
        _clean[new Verdict(id, changedAt, policy.RuleSet, whole)] = true;
    }

    // An id is never given twice, also in another file, and changed_at moves with every change of the text.
    private readonly record struct Verdict(string Id, long ChangedAt, string RuleSet, bool Whole);
}
