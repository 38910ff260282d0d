using Cairn.Engine.Storage;

namespace Cairn.Engine.Entries;

/// <summary>The SQL by which whole entries, sessions and purged ids are read out and brought in. It decides nothing.</summary>
internal static class EntryTransferStore
{
    /// <summary>The greatest keys of entries and sessions: what was there before a moment has none above.</summary>
    public static (long Entry, long Session) LastKeys(DatabaseConnection connection) => (
        connection.Number("SELECT coalesce(max(key), 0) FROM entries")!.Value,
        connection.Number("SELECT coalesce(max(key), 0) FROM sessions")!.Value);

    /// <summary>The next entries after a key, whole, in the order of their keys.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="after">The key that the page before ended with.</param>
    /// <param name="last">The greatest key that counts.</param>
    /// <param name="project">The key of the one project that counts, or null.</param>
    /// <param name="names">The names that projects go by, by key.</param>
    /// <param name="limit">How many at most.</param>
    public static List<(long Key, Recalled<EntryRecord> Entry)> Page(
        DatabaseConnection connection, long after, long last, long? project, IReadOnlyDictionary<long, string> names, int limit)
    {
        var page = connection.Query(
            """
            SELECT e.key, e.id, e.project_key, p.name, e.title, e.body, e.entry_type, e.tags, e.source_ref, e.metadata, e.origin, e.state,
                   e.state_reason, e.pinned, s.id, e.branch, e.commit_id, e.occurred_at, e.recorded_at, e.changed_at, e.rule_set_key
            FROM entries e JOIN projects p ON p.key = e.project_key LEFT JOIN sessions s ON s.key = e.session_key
            WHERE e.key > ?1 AND e.key <= ?2 AND (?3 IS NULL OR e.project_key = ?3)
            ORDER BY e.key LIMIT ?4
            """,
            row => (Key: row.GetInt64(0), Entry: new EntryRecord
            {
                Id = row.GetString(1),
                Project = names.TryGetValue(row.GetInt64(2), out var name) ? name : row.GetString(3),
                Title = row.GetString(4),
                Body = row.GetString(5),
                EntryType = row.GetString(6),
                Tags = JsonStrings.Read(row.TextOrNull(7)) ?? [],
                SourceRef = row.TextOrNull(8),
                Metadata = row.TextOrNull(9),
                Origin = row.GetString(10),
                State = row.GetString(11),
                StateReason = row.TextOrNull(12),
                Pinned = row.GetBoolean(13),
                SessionId = row.TextOrNull(14),
                GitBranch = row.TextOrNull(15),
                GitCommit = row.TextOrNull(16),
                CreatedAt = row.Time(17),
                RecordedAt = row.Time(18),
                ChangedAt = row.Time(19),
            }, RuleSet: row.NumberOrNull(20)), after, last, project, limit);
        var keys = $"[{string.Join(',', page.Select(static row => row.Key))}]";
        var links = Links(connection, keys);
        var history = History(connection, keys);
        return [.. page.Select(row => (row.Key, new Recalled<EntryRecord>(
            row.Entry with { Supersedes = [.. links[row.Key]], History = [.. history[row.Key]] }, row.Entry.ChangedAt!.Value.ToUnixTimeMilliseconds(), row.RuleSet)))];
    }

    /// <summary>The next sessions after a key.</summary>
    public static List<(long Key, SessionRecord Session)> Sessions(
        DatabaseConnection connection, long after, long last, long? project, IReadOnlyDictionary<long, string> names, int limit) => connection.Query(
        """
        SELECT s.key, s.project_key, p.name, s.id, s.client, s.started_at, s.last_seen_at
        FROM sessions s JOIN projects p ON p.key = s.project_key
        WHERE s.key > ?1 AND s.key <= ?2 AND (?3 IS NULL OR s.project_key = ?3)
        ORDER BY s.key LIMIT ?4
        """,
        row => (row.GetInt64(0), new SessionRecord(names.TryGetValue(row.GetInt64(1), out var name) ? name : row.GetString(2),
            row.GetString(3), row.TextOrNull(4), row.Time(5), row.Time(6))), after, last, project, limit);

    /// <summary>The next purged ids after an id.</summary>
    public static List<PurgedRecord> Purged(DatabaseConnection connection, string after, int limit) => connection.Query(
        "SELECT id, reason, purged_at FROM purged_entries WHERE id > ?1 ORDER BY id LIMIT ?2",
        static row => new PurgedRecord(row.GetString(0), row.TextOrNull(1), row.Time(2)), after, limit);

    /// <summary>When an entry was purged, or null.</summary>
    public static DateTimeOffset? PurgedAt(DatabaseConnection connection, string id) =>
        connection.Number("SELECT purged_at FROM purged_entries WHERE id = ?1", id)?.ToTime();

    /// <summary>The active entry of a section of a document, if any.</summary>
    public static long? FindSection(DatabaseConnection connection, long project, string sourceRef) => connection.Number(
        "SELECT key FROM entries WHERE project_key = ?1 AND source_ref = ?2 AND state = 'active' AND origin = 'document'", project, sourceRef);

    /// <summary>Whether an entry's type, title and body have this hash.</summary>
    public static bool HasContent(DatabaseConnection connection, long key, byte[] contentHash) =>
        connection.Number("SELECT content_hash = ?2 FROM entries WHERE key = ?1", key, contentHash) == 1;

    /// <summary>The project and the state of an entry.</summary>
    public static (long Project, string State) Place(DatabaseConnection connection, long key) =>
        connection.First("SELECT project_key, state FROM entries WHERE key = ?1", static row => (row.GetInt64(0), row.GetString(1)), key);

    /// <summary>Whether an entry is recorded to have taken another's place.</summary>
    public static bool IsLinked(DatabaseConnection connection, long from, long to) => connection.Number(
        "SELECT EXISTS (SELECT 1 FROM entry_links WHERE from_key = ?1 AND to_key = ?2 AND relation_type = 'supersedes')", from, to) == 1;

    /// <summary>Adds an entry with its history, as it was, and returns its key. Its links are <see cref="EntryStore.LinkSupersedes"/>'s.</summary>
    public static long Insert(WriteScope scope, ImportDraft import, long project, long? session)
    {
        var (connection, now) = (scope.Connection, scope.Now);
        var (entry, draft) = (import.Entry, import.Draft);
        var key = connection.Insert(
            """
            INSERT INTO entries (id, project_key, state, occurred_at, recorded_at, changed_at, session_key, pinned, state_reason, origin,
                                 entry_type, source_ref, branch, commit_id, content_hash, tags, metadata, title, search_text, body, rule_set_key)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)
            """,
            entry.Id, project, entry.State, entry.CreatedAt, entry.RecordedAt ?? now, entry.ChangedAt ?? now, session, entry.Pinned, entry.StateReason, entry.Origin,
            draft.EntryType, draft.SourceRef, entry.GitBranch, entry.GitCommit, import.ContentHash, draft.TagsJson, draft.Metadata, draft.Title,
            import.SearchText, draft.Body, RuleSetStore.FindOrAdd(scope, import.RuleSet));
        foreach (var revision in entry.History)
            connection.Execute("INSERT INTO entry_revisions (entry_key, action, reason, origin, revised_at) VALUES (?1, ?2, ?3, ?4, ?5)",
                key, revision.Action, revision.Reason, revision.Origin, revision.At);
        return key;
    }

    /// <summary>Brings a session in; one that is there is stretched to hold both.</summary>
    public static void PutSession(DatabaseConnection connection, long project, SessionRecord session) => connection.Execute(
        """
        INSERT INTO sessions (project_key, id, client, started_at, last_seen_at) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (project_key, id) DO UPDATE SET client = coalesce(client, excluded.client),
            started_at = min(started_at, excluded.started_at), last_seen_at = max(last_seen_at, excluded.last_seen_at)
        WHERE started_at > excluded.started_at OR last_seen_at < excluded.last_seen_at OR client IS NULL AND excluded.client IS NOT NULL
        """, project, session.Id, session.Client, session.StartedAt, session.LastSeenAt);

    /// <summary>The key of a session that is there.</summary>
    public static long? FindSession(DatabaseConnection connection, long project, string id) =>
        connection.Number("SELECT key FROM sessions WHERE project_key = ?1 AND id = ?2", project, id);

    /// <summary>Remembers that an id was purged.</summary>
    public static void PutPurged(DatabaseConnection connection, PurgedRecord purged) => connection.Execute(
        "INSERT INTO purged_entries (id, reason, purged_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING", purged.Id, purged.Reason, purged.PurgedAt);

    private static ILookup<long, SupersededLink> Links(DatabaseConnection connection, string keys) => connection
        .Query(
            """
            SELECT l.from_key, o.id, l.created_at FROM entry_links l JOIN entries o ON o.key = l.to_key
            WHERE l.from_key IN (SELECT value FROM json_each(?1)) AND l.relation_type = 'supersedes'
            ORDER BY l.from_key, l.to_key
            """, static row => (From: row.GetInt64(0), Link: new SupersededLink(row.GetString(1), row.Time(2))), keys)
        .ToLookup(static row => row.From, static row => row.Link);

    private static ILookup<long, EntryRevision> History(DatabaseConnection connection, string keys) => connection
        .Query(
            """
            SELECT entry_key, action, reason, origin, revised_at FROM entry_revisions
            WHERE entry_key IN (SELECT value FROM json_each(?1)) ORDER BY key
            """, static row => (Entry: row.GetInt64(0), Revision: new EntryRevision(row.GetString(1), row.TextOrNull(2), row.GetString(3), row.Time(4))), keys)
        .ToLookup(static row => row.Entry, static row => row.Revision);
}
