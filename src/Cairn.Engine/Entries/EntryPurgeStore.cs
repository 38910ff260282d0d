using Cairn.Engine.Storage;

namespace Cairn.Engine.Entries;

/// <summary>An entry whose text was replaced where it stands, as it is now.</summary>
internal sealed record RewrittenEntry(
    string Id, string Title, string Body, string EntryType, string? SourceRef, string? Tags, string? Metadata, string? Branch, string? Commit,
    byte[] ContentHash, string SearchText, string Reasons);

/// <summary>
/// The SQL by which entries leave a database, this one or a copy. It keeps to the tables and columns of the first schema,
/// which copies of every schema have; the triggers keep the index. It decides nothing.
/// </summary>
internal static class EntryPurgeStore
{
    /// <summary>
    /// Removes an entry, and with it what is left of nothing else: its session, and a project that is known by its name
    /// alone. The bytes leave the file when it is written anew.
    /// </summary>
    public static void Remove(DatabaseConnection connection, long key, long project)
    {
        var session = connection.Number("SELECT session_key FROM entries WHERE key = ?1", key);
        connection.Execute("DELETE FROM entries WHERE key = ?1", key);
        connection.Execute("DELETE FROM sessions WHERE key = ?1 AND NOT EXISTS (SELECT 1 FROM entries WHERE session_key = ?1)", session);
        connection.Execute(
            """
            DELETE FROM projects WHERE key = ?1
              AND NOT EXISTS (SELECT 1 FROM entries WHERE project_key = ?1)
              AND NOT EXISTS (SELECT 1 FROM sessions WHERE project_key = ?1)
              AND NOT EXISTS (SELECT 1 FROM ingestion_events WHERE project_key = ?1)
              AND NOT EXISTS (SELECT 1 FROM project_aliases WHERE project_key = ?1 AND kind <> 'name')
            """, project);
    }

    /// <summary>Every entry that was ever purged.</summary>
    public static List<PurgedRecord> Purged(DatabaseConnection connection) => connection.Query(
        "SELECT id, reason, purged_at FROM purged_entries", static row => new PurgedRecord(row.GetString(0), row.TextOrNull(1), row.Time(2)));

    /// <summary>The entries that a rescan has redacted, as they are now. Of the present schema alone.</summary>
    public static List<RewrittenEntry> Rewritten(DatabaseConnection connection) => connection.Query(
        """
        SELECT e.id, e.title, e.body, e.entry_type, e.source_ref, e.tags, e.metadata, e.branch, e.commit_id, e.content_hash, e.search_text,
               (SELECT json_group_array(r.reason) FROM entry_revisions r WHERE r.entry_key = e.key AND r.reason IS NOT NULL)
        FROM entries e
        WHERE e.id IN (SELECT entry_id FROM policy_events WHERE event = 'redacted' AND reason = 'rescan')
        """,
        static row => new RewrittenEntry(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.TextOrNull(4), row.TextOrNull(5),
            row.TextOrNull(6), row.TextOrNull(7), row.TextOrNull(8), row.Bytes(9), row.GetString(10), row.GetString(11)));

    /// <summary>The keys and projects of those of these entries that are there.</summary>
    public static List<(long Key, long Project)> Find(DatabaseConnection connection, IEnumerable<string> ids) => connection.Query(
        "SELECT key, project_key FROM entries WHERE id IN (SELECT value FROM json_each(?1))", static row => (row.GetInt64(0), row.GetInt64(1)), JsonStrings.Write(ids));

    /// <summary>Whether an entry is there and holds something else than it holds now.</summary>
    public static bool Differs(DatabaseConnection connection, RewrittenEntry entry) => connection.Number(
        """
        SELECT EXISTS (
            SELECT 1 FROM entries
            WHERE id = ?1 AND (title <> ?2 OR body <> ?3 OR entry_type <> ?4 OR source_ref IS NOT ?5 OR tags IS NOT ?6 OR metadata IS NOT ?7
               OR branch IS NOT ?8 OR commit_id IS NOT ?9
               OR EXISTS (SELECT 1 FROM entry_revisions WHERE entry_key = entries.key AND reason IS NOT NULL AND reason NOT IN (SELECT value FROM json_each(?10)))))
        """, entry.Id, entry.Title, entry.Body, entry.EntryType, entry.SourceRef, entry.Tags, entry.Metadata, entry.Branch, entry.Commit, entry.Reasons) == 1;

    /// <summary>Gives an entry of a copy the text that it has now. Where another says the same already, this one is removed.</summary>
    public static void Rewrite(DatabaseConnection connection, RewrittenEntry entry)
    {
        var changed = connection.Execute(
            """
            UPDATE OR IGNORE entries SET title = ?2, body = ?3, entry_type = ?4, source_ref = ?5, tags = ?6, metadata = ?7, branch = ?8, commit_id = ?9,
                                         content_hash = ?10, search_text = ?11
            WHERE id = ?1
            """, entry.Id, entry.Title, entry.Body, entry.EntryType, entry.SourceRef, entry.Tags, entry.Metadata, entry.Branch, entry.Commit,
            entry.ContentHash, entry.SearchText);
        if (changed == 0) Find(connection, [entry.Id]).ForEach(row => Remove(connection, row.Key, row.Project));
        connection.Execute(
            """
            UPDATE entry_revisions SET reason = NULL
            WHERE entry_key = (SELECT key FROM entries WHERE id = ?1) AND reason IS NOT NULL AND reason NOT IN (SELECT value FROM json_each(?2))
            """, entry.Id, entry.Reasons);
    }
}
