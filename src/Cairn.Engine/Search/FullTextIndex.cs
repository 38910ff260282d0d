using System.Text;
using Cairn.Engine.Entries;
using Cairn.Engine.Search.RankedIndex;
using Cairn.Engine.Storage;
using Microsoft.Data.Sqlite;

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

    /// <summary>Whether nothing is asked but that the entry is there.</summary>
    public bool IsStateAlone => this with { IncludeSuperseded = false } == new SearchFilter();
}

/// <summary>The one door to the full-text index: the best candidates for a query, with their scores. It decides nothing.</summary>
internal static class FullTextIndex
{
    // Title, body, what is searched beside them: measured on conversations and code, see docs/retrieval.md.
    private const string Score = "bm25(entries_fts, 1.5, 1.0, 1.0)";
    private const int Spare = 20;

    // A document's section is of some document (Candidate.SomeDocument), all else of its session, or of none.
    private const string Group = "iif(e.origin = 'document', -9223372036854775807 - 1, ifnull(e.session_key, 0))";

    /// <summary>
    /// The best <paramref name="count"/> candidates by bm25, and of equal ones the newer. The join is pinned: the full-text
    /// index drives it and entries_filter is looked up a match, never the other way round, which would run the match again
    /// for every row.
    /// </summary>
    /// <param name="connection">The database.</param>
    /// <param name="match">The FTS5 expression.</param>
    /// <param name="filter">What every candidate must be.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="ranked">Answers in its place, with the same scores, when it can.</param>
    public static List<Candidate> Best(DatabaseConnection connection, string match, SearchFilter filter, int count, RankedReader? ranked = null)
    {
        if (ranked is not null)
        {
            // Almost all are there: their states are looked up of the best alone, as below.
            if (filter.IsStateAlone && ranked.Best(connection, match, null, count + Spare) is { } first)
            {
                var there = Candidates(connection, first, filter);
                if (there.Count > count) there.RemoveRange(count, there.Count - count);
                if (there.Count == count || first.Count < count + Spare) return there;
            }
            if (ranked.Best(connection, match, filter, count) is { } best) return Candidates(connection, best, filter);
        }
        if (filter.IsStateAlone && BestOfAll(connection, match, filter.IncludeSuperseded, count) is { } all) return all;
        var (sql, arguments) = Compose(match, filter, count);
        return connection.Query(sql, ReadCandidate, arguments);
    }

    /// <summary>Of these entries the ones that pass the filter, as candidates that match no word.</summary>
    public static List<Candidate> Passing(DatabaseConnection connection, IEnumerable<long> keys, SearchFilter filter)
    {
        var (where, arguments) = Where(filter, [$"[{string.Join(',', keys)}]"]);
        return connection.Query(
            $"""
            SELECT e.key, 0.0, e.occurred_at, {Group}
            FROM json_each(?1) wanted CROSS JOIN entries e INDEXED BY entries_filter ON e.key = wanted.value WHERE true{where}
            """, ReadCandidate, arguments);
    }

    /// <summary>The keys of a range whose entries pass a filter.</summary>
    public static List<long> PassingKeys(DatabaseConnection connection, long first, long last, SearchFilter filter)
    {
        var (where, arguments) = Where(filter, [first, last]);
        return connection.Query($"SELECT e.key FROM entries e INDEXED BY entries_filter WHERE e.key BETWEEN ?1 AND ?2{where}", static row => row.GetInt64(0), arguments);
    }

    private static List<Candidate> Candidates(DatabaseConnection connection, List<(long Key, double Score)> best, SearchFilter filter)
    {
        var scores = best.ToDictionary(static found => found.Key, static found => found.Score);
        var (where, arguments) = Where(filter, [$"[{string.Join(',', scores.Keys)}]"]);
        var candidates = connection.Query(
            $"""
            SELECT e.key, 0.0, e.occurred_at, {Group}
            FROM json_each(?1) wanted CROSS JOIN entries e INDEXED BY entries_filter ON e.key = wanted.value WHERE true{where}
            """, ReadCandidate, arguments).ConvertAll(candidate => candidate with { FullText = scores[candidate.Key] });
        candidates.Sort(InOrder);
        return candidates;
    }

    private static int InOrder(Candidate one, Candidate other) => (-one.FullText, -one.OccurredAt, -one.Key).CompareTo((-other.FullText, -other.OccurredAt, -other.Key));

    // Where nothing is asked of an entry but its state, which almost all have, the match is ranked alone and only the best
    // are looked up. Null when too many of them are archived for that.
    private static List<Candidate>? BestOfAll(DatabaseConnection connection, string match, bool includeSuperseded, int count)
    {
        var rows = connection.Query(
            $"""
            WITH best (key, score) AS MATERIALIZED (
                SELECT rowid, {Score} AS score FROM entries_fts WHERE entries_fts MATCH ?1 ORDER BY score, rowid DESC LIMIT ?2)
            SELECT e.key, best.score, e.occurred_at, {Group}, e.state = 'active' OR ?3 AND e.state = 'superseded'
            FROM best CROSS JOIN entries e INDEXED BY entries_filter ON e.key = best.key
            """, static row => (Candidate: ReadCandidate(row), IsThere: row.GetBoolean(4)), match, count + Spare, includeSuperseded);
        var kept = new List<Candidate>(rows.Count);
        foreach (var (candidate, isThere) in rows)
            if (isThere) kept.Add(candidate);
        if (kept.Count < count && rows.Count == count + Spare) return null;
        kept.Sort(InOrder);
        if (kept.Count > count) kept.RemoveRange(count, kept.Count - count);
        return kept;
    }

    private static Candidate ReadCandidate(SqliteDataReader row) => new(row.GetInt64(0), -row.GetDouble(1), row.GetInt64(2), row.GetInt64(3));

    /// <summary>The statement and its parameters; apart, so that a test can look at the plan.</summary>
    internal static (string Sql, object?[] Arguments) Compose(string match, SearchFilter filter, int count)
    {
        var (where, arguments) = Where(filter, [match, count]);
        return ($"""
            SELECT e.key, {Score} AS score, e.occurred_at, {Group}
            FROM entries_fts CROSS JOIN entries e INDEXED BY entries_filter ON e.key = entries_fts.rowid
            WHERE entries_fts MATCH ?1{where}
            ORDER BY score, e.occurred_at DESC, e.key DESC LIMIT ?2
            """, arguments);
    }

    private static (string Where, object?[] Arguments) Where(SearchFilter filter, List<object?> arguments)
    {
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

        return (where.ToString(), [.. arguments]);
    }

    /// <summary>How many entries the index lists.</summary>
    public static long Count(DatabaseConnection connection) => connection.Number("SELECT count(*) FROM entries_fts_docsize") ?? 0;

    /// <summary>How many entries there are or were: the greatest key, which needs no count.</summary>
    public static long Size(DatabaseConnection connection) => connection.Number("SELECT max(key) FROM entries") ?? 0;

    /// <summary>How many entries an expression matches.</summary>
    public static long Holding(DatabaseConnection connection, string match, RankedReader? ranked = null) => ranked?.Holding(connection, match) is [var only] ? only : connection.Number("SELECT count(*) FROM entries_fts WHERE entries_fts MATCH ?1", match) ?? 0;

    /// <summary>
    /// The words of a list by which least is to be looked at, each with the number of entries that hold it (at most one more
    /// than <paramref name="most"/>): the rarest first, as many as together stand in no more entries than that, and at least two.
    /// </summary>
    public static List<(string Word, long Count)> Rarest(DatabaseConnection connection, IEnumerable<string> words, int most)
    {
        var kept = new List<(string Word, long Count)>();
        // Counted up to the bound alone: how much more frequent a word is decides nothing.
        foreach (var (word, count) in words.Select(word => (word, Count: HoldingAtMost(connection, word, most))).OrderBy(static word => word.Count).ToList())
        {
            if (kept.Count >= 2 && kept.Sum(static word => word.Count) + count > most) break;
            kept.Add((word, count));
        }
        return kept;
    }

    /// <summary>
    /// Entries of a project that have the rare words of a text, in any state. No documents, and nothing from before a time.
    /// </summary>
    public static List<AlikeEntry> Alike(DatabaseConnection connection, IReadOnlyList<string> words, long project, DateTimeOffset since, int most, int count)
    {
        if (words.Count == 0) return [];
        return connection.Query(
            $"""
            SELECT {EntryStore.AlikeColumns} FROM entries WHERE key IN (
                SELECT e.key FROM entries_fts CROSS JOIN entries e INDEXED BY entries_filter ON e.key = entries_fts.rowid
                WHERE entries_fts MATCH ?1 AND e.project_key = ?2 AND e.occurred_at >= ?3 AND e.origin <> 'document'
                ORDER BY {Score} LIMIT ?4)
            """,
            EntryStore.ReadAlike,
            string.Join(" OR ", Rarest(connection, words, most).Select(static word => $"\"{word.Word}\"")), project, since, count);
    }

    private static long HoldingAtMost(DatabaseConnection connection, string word, int most) => connection.Number(
        "SELECT count(*) FROM (SELECT 1 FROM entries_fts WHERE entries_fts MATCH ?1 LIMIT ?2)", $"\"{word}\"", most + 1) ?? 0;

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
