using System.Text;
using Cairn.Engine.Entries;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Search;

/// <summary>What a candidate must be, beside matching the words.</summary>
internal sealed record SearchFilter
{
    public long? ProjectKey { get; init; }
    public string? Type { get; init; }
    public DateTimeOffset? After { get; init; }
    public DateTimeOffset? Before { get; init; }
    public string? SessionId { get; init; }
    public string? Path { get; init; }
    public bool IncludeSuperseded { get; init; }
}

/// <summary>The one door to the full-text index: the best candidates for a query, with their scores. It decides nothing.</summary>
internal static class FullTextIndex
{
    /// <summary>
    /// The best <paramref name="count"/> candidates by bm25, title weighted 3. The join is pinned: the full-text index drives
    /// it and entries_filter is looked up a match, never the other way round, which would run the match again for every row.
    /// </summary>
    public static List<Candidate> Best(DatabaseConnection connection, string match, SearchFilter filter, int count)
    {
        var (sql, arguments) = Compose(match, filter, count);
        return connection.Query(sql, static row => new Candidate(row.GetInt64(0), -row.GetDouble(1), row.GetInt64(2)), arguments);
    }

    /// <summary>The statement and its parameters; apart, so that a test can look at the plan.</summary>
    internal static (string Sql, object?[] Arguments) Compose(string match, SearchFilter filter, int count)
    {
        var arguments = new List<object?> { match, count };
        var where = new StringBuilder(filter.IncludeSuperseded ? " AND e.state IN ('active', 'superseded')" : " AND e.state = 'active'");
        void Require(string condition, object value)
        {
            arguments.Add(value);
            where.Append(" AND ").Append(condition.Replace("?", $"?{arguments.Count}", StringComparison.Ordinal));
        }

        if (filter.ProjectKey is { } project) Require("e.project_key = ?", project);
        if (filter.Type is { } type) Require("e.entry_type = ? COLLATE NOCASE", type);
        if (filter.After is { } after) Require("e.occurred_at >= ?", after);
        if (filter.Before is { } before) Require("e.occurred_at < ?", before);
        if (filter.SessionId is { } session) Require("e.session_key IN (SELECT key FROM sessions WHERE id = ?)", session);
        if (filter.Path is { } path)
        {
            Require("""
                (replace(e.source_ref, '\', '/') = ? OR substr(replace(e.source_ref, '\', '/'), 1, length(?) + 1) IN (? || '/', ? || '#', ? || ':')
                 OR EXISTS (SELECT 1 FROM json_each(e.metadata, '$.paths') m
                            WHERE replace(m.value, '\', '/') = ? OR substr(replace(m.value, '\', '/'), 1, length(?) + 1) = ? || '/'))
                """, path);
        }

        return ($"""
            SELECT e.key, bm25(entries_fts, 3.0, 1.0, 1.0) AS score, e.occurred_at
            FROM entries_fts CROSS JOIN entries e INDEXED BY entries_filter ON e.key = entries_fts.rowid
            WHERE entries_fts MATCH ?1{where}
            ORDER BY score, e.occurred_at DESC LIMIT ?2
            """, [.. arguments]);
    }

    /// <summary>How many entries the index lists.</summary>
    public static long Count(DatabaseConnection connection) => connection.Number("SELECT count(*) FROM entries_fts_docsize") ?? 0;

    /// <summary>The titles of the entries that were saved last.</summary>
    public static List<string> NewestTitles(DatabaseConnection connection, int count) => connection.Query(
        "SELECT title FROM entries WHERE state = 'active' ORDER BY key DESC LIMIT ?1", static row => row.GetString(0), count);

    /// <summary>What is shown of some entries, with their text for a snippet, by key.</summary>
    public static Dictionary<long, Recalled<IndexItem>> Show(DatabaseConnection connection, IEnumerable<long> keys) => connection.Query(
        $"""
        SELECT {EntryStore.IndexColumns}, e.body, e.key
        FROM json_each(?1) wanted JOIN entries e ON e.key = wanted.value JOIN projects p ON p.key = e.project_key
        """,
        static row => (Key: row.GetInt64(11), Item: EntryStore.ReadIndexItem(row)),
        $"[{string.Join(',', keys)}]").ToDictionary(static row => row.Key, static row => row.Item);
}
