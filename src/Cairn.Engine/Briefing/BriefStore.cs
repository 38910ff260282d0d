using Cairn.Engine.Storage;

namespace Cairn.Engine.Briefing;

/// <summary>The SQL of a brief: the keys of entries of one project, newest first. It decides nothing.</summary>
internal static class BriefStore
{
    /// <summary>The types that an index keeps ready: the condition of entries_brief, word for word, or SQLite would not use it.</summary>
    private const string InForce = "state = 'active' AND lower(entry_type) IN ('handoff', 'constraint', 'question', 'decision', 'preference')";

    /// <summary>The active entries of one of the types of a brief.</summary>
    public static List<long> OfType(DatabaseConnection connection, long project, string type, int count) => connection.Query(
        $"""
        SELECT key FROM entries INDEXED BY entries_brief
        WHERE project_key = ?1 AND lower(entry_type) = ?2 AND {InForce}
        ORDER BY occurred_at DESC, key DESC LIMIT ?3
        """, static row => row.GetInt64(0), project, type, count);

    /// <summary>The active entries that are pinned.</summary>
    public static List<long> Pinned(DatabaseConnection connection, long project, int count) => connection.Query(
        """
        SELECT key FROM entries INDEXED BY entries_pinned
        WHERE project_key = ?1 AND pinned = 1 AND state = 'active'
        ORDER BY occurred_at DESC, key DESC LIMIT ?2
        """, static row => row.GetInt64(0), project, count);

    /// <summary>The active entries that happened after a place in time, documents aside: those have their own refresh.</summary>
    public static List<long> Newest(DatabaseConnection connection, long project, (long Time, long Key) after, int count) => connection.Query(
        """
        SELECT key FROM entries
        WHERE project_key = ?1 AND (occurred_at, key) > (?2, ?3) AND state = 'active' AND origin <> 'document'
        ORDER BY occurred_at DESC, key DESC LIMIT ?4
        """, static row => row.GetInt64(0), project, after.Time, after.Key, count);

    /// <summary>Where in time the session that was seen last, and saved something, saved its last; the one given does not count.</summary>
    public static (long Time, long Key)? LastSession(DatabaseConnection connection, long project, string? except)
    {
        var last = connection.First(
            """
            SELECT e.occurred_at, e.key FROM entries e
            WHERE e.session_key = (SELECT s.key FROM sessions s
                                   WHERE s.project_key = ?1 AND s.id IS NOT ?2 AND EXISTS (SELECT 1 FROM entries o WHERE o.session_key = s.key)
                                   ORDER BY s.last_seen_at DESC, s.key DESC LIMIT 1)
            ORDER BY e.occurred_at DESC, e.key DESC LIMIT 1
            """, static row => (Time: row.GetInt64(0), Key: row.GetInt64(1)), project, except);
        return last.Key == 0 ? null : last;
    }

    /// <summary>Keys and types, in small letters, of active entries by their ids, in the order of the ids.</summary>
    public static List<(long Key, string Type)> Known(DatabaseConnection connection, IEnumerable<string> ids) => connection.Query(
        """
        SELECT e.key, lower(e.entry_type) FROM json_each(?1) wanted JOIN entries e ON e.id = wanted.value
        WHERE e.state = 'active' ORDER BY wanted.key
        """, static row => (row.GetInt64(0), row.GetString(1)), JsonStrings.Write(ids));
}
