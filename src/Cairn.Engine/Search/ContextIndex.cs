using Cairn.Engine.Storage;

namespace Cairn.Engine.Search;

/// <summary>
/// What an entry stands beside: the sections of its document, or else the entries of its session, in the order in which
/// they were saved. It decides nothing of the rank.
/// </summary>
internal static class ContextIndex
{
    /// <summary>A group of more entries is no context: an import under one session says nothing of what belongs together.</summary>
    public const int MaxGroup = 1_000;

    /// <summary>The number that stands for a document's group, of one of its sections; below 0, and those of sessions are above.</summary>
    public static Dictionary<long, long> Documents(DatabaseConnection connection, IEnumerable<long> keys)
    {
        var groups = new Dictionary<(long Project, string File), long>();
        var documents = new Dictionary<long, long>();
        foreach (var (key, project, source) in connection.Query(
            "SELECT e.key, e.project_key, e.source_ref FROM json_each(?1) wanted JOIN entries e ON e.key = wanted.value WHERE e.source_ref IS NOT NULL",
            static row => (row.GetInt64(0), row.GetInt64(1), row.GetString(2)), $"[{string.Join(',', keys)}]"))
        {
            var end = source.IndexOf('#', StringComparison.Ordinal);
            var file = (project, end < 0 ? source : source[..end]);
            if (!groups.TryGetValue(file, out var group)) groups.Add(file, group = -1 - groups.Count);
            documents.Add(key, group);
        }
        return documents;
    }

    /// <summary>The keys of a session's entries, or of the active sections of the document that an entry is a section of, in order; none when they are more than <see cref="MaxGroup"/>.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="group">The session's key, or a document's number.</param>
    /// <param name="member">The key of an entry that belongs to it.</param>
    public static List<long> Members(DatabaseConnection connection, long group, long member)
    {
        var members = group > 0
            ? connection.Query("SELECT key FROM entries WHERE session_key = ?1 ORDER BY key LIMIT ?2", static row => row.GetInt64(0), group, MaxGroup + 1)
            : connection.Query(
                """
                WITH file (project_key, name) AS (
                    SELECT project_key, substr(source_ref, 1, instr(source_ref || '#', '#') - 1) FROM entries WHERE key = ?1
                )
                SELECT e.key FROM file f CROSS JOIN entries e INDEXED BY entries_document
                WHERE e.project_key = f.project_key AND e.state = 'active' AND e.origin = 'document'
                  AND e.source_ref >= f.name AND e.source_ref < f.name || '$' AND (e.source_ref = f.name OR e.source_ref >= f.name || '#')
                ORDER BY e.key LIMIT ?2
                """, static row => row.GetInt64(0), member, MaxGroup + 1);
        return members.Count > MaxGroup ? [] : members;
    }

    /// <summary>Of these entries those that were replaced, each with what took its place, directly or through others.</summary>
    public static List<(long Older, long Newer)> Replaced(DatabaseConnection connection, IEnumerable<long> keys) => connection.Query(
        """
        WITH RECURSIVE replaced (older, newer) AS (
            SELECT l.to_key, l.from_key FROM json_each(?1) wanted JOIN entries e ON e.key = wanted.value AND e.state = 'superseded'
            JOIN entry_links l ON l.to_key = e.key AND l.relation_type = 'supersedes'
            UNION
            SELECT l.to_key, l.from_key FROM replaced r JOIN entry_links l ON l.to_key = r.newer AND l.relation_type = 'supersedes'
        )
        SELECT older, newer FROM replaced
        """, static row => (row.GetInt64(0), row.GetInt64(1)), $"[{string.Join(',', keys)}]");
}
