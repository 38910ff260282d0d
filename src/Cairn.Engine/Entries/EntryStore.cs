using System.Text.Json;
using Cairn.Engine.Storage;
using Microsoft.Data.Sqlite;

namespace Cairn.Engine.Entries;

/// <summary>An entry's row as changes need it.</summary>
internal sealed record EntryRow(
    long Key, string Id, long ProjectKey, string State, DateTimeOffset OccurredAt, bool Pinned,
    string Title, string Body, string EntryType, string? SourceRef, string? Tags, string? Metadata, long? RuleSet);

/// <summary>An entry as a new text is compared with it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Type">Its type.</param>
/// <param name="State">Its state.</param>
/// <param name="Title">Its title.</param>
/// <param name="Start">How its text begins.</param>
/// <param name="IsOurs">Whether it came out of a session, and nobody has pinned it.</param>
internal sealed record AlikeEntry(string Id, string Type, string State, string Title, string Start, bool IsOurs);

/// <summary>The SQL of entries, their links and their revisions. It decides nothing.</summary>
internal static class EntryStore
{
    private const string SupersededBy = """
        (SELECT s.id FROM entry_links l JOIN entries s ON s.key = l.from_key
         WHERE l.to_key = e.key AND l.relation_type = 'supersedes'
         ORDER BY l.created_at DESC, l.from_key DESC LIMIT 1)
        """;

    /// <summary>The columns of an <see cref="IndexItem"/>, of entries e joined with projects p.</summary>
    public const string IndexColumns = $"""
        e.id, e.title, e.entry_type, p.name, e.occurred_at, e.source_ref, e.state,
        CASE WHEN e.state = 'active' THEN NULL ELSE {SupersededBy} END, e.changed_at, e.rule_set_key
        """;

    /// <summary>A row of <see cref="IndexColumns"/>, behind which the body stands where it was asked for.</summary>
    public static Recalled<IndexItem> ReadIndexItem(SqliteDataReader row) => new(
        new IndexItem
        {
            Id = row.GetString(0),
            Title = row.GetString(1),
            EntryType = row.GetString(2),
            Project = row.GetString(3),
            CreatedAt = row.Time(4),
            SourceRef = row.TextOrNull(5),
            State = row.GetString(6) is "active" ? null : row.GetString(6),
            SupersededBy = row.TextOrNull(7),
        },
        row.GetInt64(8), row.NumberOrNull(9), row.TextOrNull(10));

    /// <summary>Adds an entry and returns its key.</summary>
    public static long Insert(DatabaseConnection connection, string id, EntryDraft draft, EntryProvenance provenance, bool pinned, DateTimeOffset occurredAt, DateTimeOffset now) =>
        connection.Insert(
            """
            INSERT INTO entries (id, project_key, occurred_at, recorded_at, changed_at, session_key, pinned, origin, entry_type,
                                 source_ref, branch, commit_id, content_hash, tags, metadata, title, search_text, body, rule_set_key)
            VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
            """,
            id, provenance.ProjectKey, occurredAt, now, provenance.SessionKey, pinned, provenance.Origin, draft.EntryType,
            draft.SourceRef, provenance.Branch, provenance.Commit, draft.ContentHash, draft.TagsJson, draft.Metadata,
            draft.Title, draft.SearchText(occurredAt), draft.Body, provenance.RuleSet);

    /// <summary>
    /// When what is saved now happened: now, or as late as what was saved before it, should the clock have been set back by
    /// up to a day since. So a timeline keeps the order of saving; what stands further ahead was saved under a wrong clock.
    /// </summary>
    public static DateTimeOffset NotBefore(WriteScope scope, long projectKey)
    {
        var latest = scope.Connection.Number("SELECT max(occurred_at) FROM entries WHERE project_key = ?1 AND occurred_at <= ?2", projectKey, scope.Now.AddDays(1));
        return latest is { } time && time > scope.Now.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(time) : scope.Now;
    }

    /// <summary>Whether an id was given before, also to an entry that was purged since.</summary>
    public static bool IsTaken(DatabaseConnection connection, string id) => connection.Number(
        "SELECT EXISTS (SELECT 1 FROM entries WHERE id = ?1) OR EXISTS (SELECT 1 FROM purged_entries WHERE id = ?1)", id) == 1;

    /// <summary>The active entry of a project that says the same, if any.</summary>
    public static EntryRow? FindDuplicate(DatabaseConnection connection, long projectKey, byte[] contentHash) => connection.First(
        $"{SelectRow} WHERE project_key = ?1 AND content_hash = ?2 AND state = 'active' AND origin <> 'document'", ReadRow, projectKey, contentHash);

    /// <summary>An entry by its stored id.</summary>
    public static EntryRow? Find(DatabaseConnection connection, string id) => connection.First($"{SelectRow} WHERE id = ?1", ReadRow, id);

    /// <summary>The active entry of a document's section.</summary>
    public static EntryRow? FindDocument(DatabaseConnection connection, long projectKey, string sourceRef) => connection.First(
        $"{SelectRow} WHERE project_key = ?1 AND source_ref = ?2 AND state = 'active' AND origin = 'document'", ReadRow, projectKey, sourceRef);

    /// <summary>The newest entry of every section of a project that has no active one: its id and the hash of its content.</summary>
    public static List<(string SourceRef, string Id, byte[] ContentHash)> FormerDocuments(DatabaseConnection connection, long projectKey) => connection.Query(
        """
        SELECT source_ref, max(key), id, content_hash FROM entries
        WHERE project_key = ?1 AND origin = 'document' AND state <> 'active' AND source_ref IS NOT NULL GROUP BY source_ref
        """, static row => (row.GetString(0), row.GetString(2), row.GetFieldValue<byte[]>(3)), projectKey);

    /// <summary>The places of all active sections of a project.</summary>
    public static List<string> DocumentRefs(DatabaseConnection connection, long projectKey) => connection.Query(
        "SELECT source_ref FROM entries WHERE project_key = ?1 AND state = 'active' AND origin = 'document' AND source_ref IS NOT NULL",
        static row => row.GetString(0), projectKey);

    /// <summary>The places of the active sections of one file, and their keys.</summary>
    public static List<(string SourceRef, long Key)> DocumentRefs(DatabaseConnection connection, long projectKey, string file) => connection.Query(
        """
        SELECT source_ref, key FROM entries
        WHERE project_key = ?1 AND state = 'active' AND origin = 'document'
          AND source_ref >= ?2 AND source_ref < ?2 || '$' AND (source_ref = ?2 OR source_ref >= ?2 || '#')
        """, static row => (row.GetString(0), row.GetInt64(1)), projectKey, file);

    /// <summary>Whole entries by their ids, in no order.</summary>
    public static List<Recalled<Entry>> Get(DatabaseConnection connection, IEnumerable<string> ids) => connection.Query(
        $"""
        SELECT e.id, e.title, e.body, e.entry_type, p.name, s.id, e.source_ref, e.tags, e.metadata, e.origin, e.state, e.state_reason,
               e.pinned, e.branch, e.commit_id, e.occurred_at, e.recorded_at, {SupersededBy},
               (SELECT json_group_array(o.id) FROM entry_links l JOIN entries o ON o.key = l.to_key
                WHERE l.from_key = e.key AND l.relation_type = 'supersedes'), e.changed_at, e.rule_set_key
        FROM json_each(?1) wanted
        JOIN entries e ON e.id = wanted.value
        JOIN projects p ON p.key = e.project_key
        LEFT JOIN sessions s ON s.key = e.session_key
        """,
        static row => new Recalled<Entry>(new Entry
        {
            Id = row.GetString(0),
            Title = row.GetString(1),
            Body = row.GetString(2),
            EntryType = row.GetString(3),
            Project = row.GetString(4),
            SessionId = row.TextOrNull(5),
            SourceRef = row.TextOrNull(6),
            Tags = JsonStrings.Read(row.TextOrNull(7)),
            Metadata = row.TextOrNull(8) is { } json ? JsonElement.Parse(json) : null,
            Origin = row.GetString(9),
            State = row.GetString(10),
            StateReason = row.TextOrNull(11),
            Pinned = row.GetBoolean(12) ? true : null,
            GitBranch = row.TextOrNull(13),
            GitCommit = row.TextOrNull(14),
            CreatedAt = row.Time(15),
            RecordedAt = row.GetInt64(16) == row.GetInt64(15) ? null : row.Time(16),
            SupersededBy = row.GetString(10) is "active" ? null : row.TextOrNull(17),
            Supersedes = JsonStrings.Read(row.GetString(18)),
        }, row.GetInt64(19), row.NumberOrNull(20)),
        JsonStrings.Write(ids));

    /// <summary>
    /// The entries of the anchor's project next to it in time, in time order, the anchor among them; with the body of those
    /// that the present rule set has not judged.
    /// </summary>
    public static List<Recalled<IndexItem>> Around(DatabaseConnection connection, EntryRow anchor, int before, int after, long ruleSet)
    {
        const string from = $"""
            SELECT {IndexColumns}, CASE WHEN e.rule_set_key IS ?1 THEN NULL ELSE e.body END
            FROM entries e JOIN projects p ON p.key = e.project_key
            """;
        var earlier = connection.Query(
            $"""
            {from} WHERE e.project_key = ?2 AND (e.occurred_at, e.key) < (?3, ?4) AND e.state <> 'archived'
            ORDER BY e.occurred_at DESC, e.key DESC LIMIT ?5
            """, ReadIndexItem, ruleSet, anchor.ProjectKey, anchor.OccurredAt, anchor.Key, before);
        earlier.Reverse();
        var self = connection.Query($"{from} WHERE e.key = ?2", ReadIndexItem, ruleSet, anchor.Key);
        var later = connection.Query(
            $"""
            {from} WHERE e.project_key = ?2 AND (e.occurred_at, e.key) > (?3, ?4) AND e.state <> 'archived'
            ORDER BY e.occurred_at, e.key LIMIT ?5
            """, ReadIndexItem, ruleSet, anchor.ProjectKey, anchor.OccurredAt, anchor.Key, after);
        return [.. earlier, .. self, .. later];
    }

    /// <summary>The id of the active entry that happened last; null when there is none.</summary>
    public static string? NewestActive(DatabaseConnection connection) => connection.Text(
        "SELECT id FROM entries WHERE state = 'active' ORDER BY occurred_at DESC, key DESC LIMIT 1");

    /// <summary>Moves an entry to another state.</summary>
    public static void SetState(DatabaseConnection connection, long key, string state, string? reason, DateTimeOffset now) => connection.Execute(
        "UPDATE entries SET state = ?2, state_reason = ?3, changed_at = ?4 WHERE key = ?1", key, state, reason, now);

    /// <summary>The newest entries of a project since a time, in every state, but for documents: id, title and the start of the body.</summary>
    public static List<AlikeEntry> Recent(DatabaseConnection connection, long projectKey, DateTimeOffset since, int limit) => connection.Query(
        $"""
        SELECT {AlikeColumns} FROM entries
        WHERE project_key = ?1 AND occurred_at >= ?2 AND origin <> 'document'
        ORDER BY occurred_at DESC, key DESC LIMIT ?3
        """, ReadAlike, projectKey, since, limit);

    /// <summary>What <see cref="ReadAlike"/> reads.</summary>
    public const string AlikeColumns = "id, entry_type, state, title, substr(body, 1, 4000), origin = 'transcript' AND pinned = 0";

    /// <summary>Reads an entry that is to be compared with a text.</summary>
    public static AlikeEntry ReadAlike(SqliteDataReader row) => new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetBoolean(5));

    /// <summary>The entries that came out of a session by capture: id, state, pin, project, and the reason that each was last archived for.</summary>
    public static List<(string Id, string State, bool Pinned, string Project, string? Reason)> OfTranscript(DatabaseConnection connection, string sessionId) => connection.Query(
        """
        SELECT e.id, e.state, e.pinned, (SELECT p.name FROM projects p WHERE p.key = e.project_key),
               (SELECT r.reason FROM entry_revisions r WHERE r.entry_key = e.key AND r.action = 'forget' ORDER BY r.key DESC LIMIT 1)
        FROM sessions s JOIN entries e ON e.session_key = s.key
        WHERE s.id = ?1 AND e.origin = 'transcript' ORDER BY e.key
        """, static row => (row.GetString(0), row.GetString(1), row.GetBoolean(2), row.GetString(3), row.TextOrNull(4)), sessionId);

    /// <summary>The active handoffs that capture saved of a session and nobody has pinned: id, rule and text. A client's own summaries are none.</summary>
    public static List<(string Id, string Rule, string Body)> Handoffs(DatabaseConnection connection, long projectKey, string sessionId) => connection.Query(
        """
        SELECT e.id, e.metadata ->> '$.capture.rule', e.body
        FROM sessions s JOIN entries e ON e.session_key = s.key
        WHERE s.id = ?2 AND e.project_key = ?1 AND e.origin = 'transcript' AND e.entry_type = 'handoff' AND e.state = 'active' AND e.pinned = 0
          AND e.metadata ->> '$.capture.rule' <> 'compaction-summary'
        """, static row => (row.GetString(0), row.GetString(1), row.GetString(2)), projectKey, sessionId);

    /// <summary>The titles of the active questions of a session.</summary>
    public static List<string> Questions(DatabaseConnection connection, long projectKey, string sessionId) => connection.Query(
        """
        SELECT e.title FROM sessions s JOIN entries e ON e.session_key = s.key
        WHERE s.id = ?2 AND e.project_key = ?1 AND e.entry_type = 'question' AND e.state = 'active' ORDER BY e.key
        """, static row => row.GetString(0), projectKey, sessionId);

    /// <summary>Why an entry is archived, or null.</summary>
    public static string? StateReason(DatabaseConnection connection, long key) => connection.Text("SELECT state_reason FROM entries WHERE key = ?1", key);

    /// <summary>Pins or unpins an entry.</summary>
    public static void SetPinned(DatabaseConnection connection, long key, bool pinned, DateTimeOffset now) => connection.Execute(
        "UPDATE entries SET pinned = ?2, changed_at = ?3 WHERE key = ?1", key, pinned, now);

    /// <summary>Gives an entry other metadata, and what is searched by it.</summary>
    public static void SetMetadata(DatabaseConnection connection, long key, string? metadata, string searchText, DateTimeOffset now) => connection.Execute(
        "UPDATE entries SET metadata = ?2, search_text = ?3, changed_at = ?4 WHERE key = ?1", key, metadata, searchText, now);

    /// <summary>Records that one entry takes another's place.</summary>
    public static void LinkSupersedes(DatabaseConnection connection, long from, long to, DateTimeOffset now) => connection.Execute(
        "INSERT INTO entry_links (from_key, to_key, relation_type, created_at) VALUES (?1, ?2, 'supersedes', ?3) ON CONFLICT DO UPDATE SET created_at = excluded.created_at", from, to, now);

    /// <summary>Takes back that one entry takes another's place.</summary>
    public static void UnlinkSupersedes(DatabaseConnection connection, long from, long to) => connection.Execute(
        "DELETE FROM entry_links WHERE from_key = ?1 AND to_key = ?2 AND relation_type = 'supersedes'", from, to);

    /// <summary>The newest entry that took an entry's place.</summary>
    public static EntryRow? Successor(DatabaseConnection connection, long key) => connection.First(
        $"""
        {SelectRow} WHERE key = (SELECT from_key FROM entry_links WHERE to_key = ?1 AND relation_type = 'supersedes'
                                 ORDER BY created_at DESC, from_key DESC LIMIT 1)
        """, ReadRow, key);

    /// <summary>Whether an entry takes another's place, directly or through others.</summary>
    public static bool Supersedes(DatabaseConnection connection, long key, long other) => connection.Number(
        """
        WITH RECURSIVE older (key) AS (
            SELECT ?1
            UNION
            SELECT l.to_key FROM entry_links l JOIN older o ON l.from_key = o.key WHERE l.relation_type = 'supersedes'
        )
        SELECT EXISTS (SELECT 1 FROM older WHERE key = ?2)
        """, key, other) == 1;

    /// <summary>Records what was done to an entry.</summary>
    public static void AddRevision(DatabaseConnection connection, long key, EntryAction action, string? reason, string origin, DateTimeOffset now) => connection.Execute(
        "INSERT INTO entry_revisions (entry_key, action, reason, origin, revised_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        key, action.ToString().ToLowerInvariant(), reason, origin, now);

    /// <summary>Moves the entries and sessions of one project to another.</summary>
    public static int MoveProject(DatabaseConnection connection, long from, long into, DateTimeOffset now)
    {
        // An active entry that the other project holds as well gives way to that one: the two are one now.
        var twins = connection.Query(
            """
            SELECT a.key, b.key FROM entries a JOIN entries b ON b.project_key = ?2 AND b.state = 'active' AND (
                   a.origin <> 'document' AND b.origin <> 'document' AND a.content_hash = b.content_hash
                OR a.origin = 'document' AND b.origin = 'document' AND a.source_ref = b.source_ref)
            WHERE a.project_key = ?1 AND a.state = 'active'
            """, static row => (Moved: row.GetInt64(0), Kept: row.GetInt64(1)), from, into);
        foreach (var (moved, kept) in twins)
        {
            SetState(connection, moved, "superseded", null, now);
            LinkSupersedes(connection, kept, moved, now);
        }
        connection.Execute(
            """
            UPDATE entries SET session_key = (SELECT t.key FROM sessions s JOIN sessions t ON t.id = s.id AND t.project_key = ?2 WHERE s.key = entries.session_key)
            WHERE session_key IN (SELECT s.key FROM sessions s WHERE s.project_key = ?1 AND EXISTS (SELECT 1 FROM sessions t WHERE t.project_key = ?2 AND t.id = s.id))
            """, from, into);
        connection.Execute("DELETE FROM sessions WHERE project_key = ?1 AND id IN (SELECT id FROM sessions WHERE project_key = ?2)", from, into);
        connection.Execute("UPDATE sessions SET project_key = ?2 WHERE project_key = ?1", from, into);
        return connection.Execute("UPDATE entries SET project_key = ?2, changed_at = ?3 WHERE project_key = ?1", from, into, now);
    }

    /// <summary>Removes an entry and keeps that it was purged. Its bytes leave the file with <see cref="Database.Compact"/>.</summary>
    public static void Purge(DatabaseConnection connection, EntryRow entry, string? reason, DateTimeOffset now)
    {
        EntryPurgeStore.Remove(connection, entry.Key, entry.ProjectKey);
        connection.Execute("INSERT INTO purged_entries (id, reason, purged_at) VALUES (?1, ?2, ?3)", entry.Id, reason, now);
    }

    /// <summary>The key of a session, which is made or marked as seen.</summary>
    public static long TouchSession(DatabaseConnection connection, long projectKey, string id, string? client, DateTimeOffset now)
    {
        var known = connection.First("SELECT key, last_seen_at FROM sessions WHERE project_key = ?1 AND id = ?2",
            static row => (Key: row.GetInt64(0), LastSeen: row.GetInt64(1)), projectKey, id);
        if (known.Key == 0)
            return connection.Insert("INSERT INTO sessions (project_key, id, client, started_at, last_seen_at) VALUES (?1, ?2, ?3, ?4, ?4)", projectKey, id, client, now);
        if (now.ToUnixTimeMilliseconds() - known.LastSeen > 60_000)
            connection.Execute("UPDATE sessions SET last_seen_at = ?2 WHERE key = ?1", known.Key, now);
        return known.Key;
    }

    private const string SelectRow =
        "SELECT key, id, project_key, state, occurred_at, pinned, title, body, entry_type, source_ref, tags, metadata, rule_set_key FROM entries";

    private static EntryRow ReadRow(SqliteDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetString(3), row.Time(4), row.GetBoolean(5), row.GetString(6), row.GetString(7),
        row.GetString(8), row.TextOrNull(9), row.TextOrNull(10), row.TextOrNull(11), row.NumberOrNull(12));
}

/// <summary>Where an entry comes from, and which rule set has judged it, as its row keeps it.</summary>
internal sealed record EntryProvenance(long ProjectKey, long? SessionKey, string Origin, string? Branch, string? Commit, long RuleSet);
