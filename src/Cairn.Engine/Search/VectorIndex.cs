using System.Runtime.InteropServices;
using Cairn.Engine.Embeddings;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Search;

/// <summary>An entry's text as it is embedded.</summary>
internal sealed record EmbeddableText(long Key, string Title, string Body, DateTimeOffset OccurredAt, DateTimeOffset RecordedAt)
{
    /// <summary>When it happened, where somebody said so; null when it was simply saved at the time.</summary>
    public DateTimeOffset? Date => OccurredAt == RecordedAt ? null : OccurredAt;
}

/// <summary>An entry's passages with their vectors.</summary>
internal sealed record EmbeddedText(EmbeddableText Source, IReadOnlyList<(Passage Passage, ByteVector Vector)> Passages);

/// <summary>How far a model has come with a database.</summary>
/// <param name="Model">The model's key in this database; 0 when it has made nothing yet.</param>
/// <param name="CoveredTo">Up to this key every entry has its vectors, as long as nothing changed since.</param>
/// <param name="CoveredChange">How many changes there had been then.</param>
/// <param name="Changes">How many changes there are: see the table embedding_changes.</param>
/// <param name="LastEntry">The greatest key of an entry.</param>
/// <param name="Cookie">SQLite's schema cookie: another one means another database in the file's place.</param>
internal sealed record EmbeddingProgress(long Model, long CoveredTo, long CoveredChange, long Changes, long LastEntry, long Cookie)
{
    /// <summary>Whether every entry has its vectors.</summary>
    public bool IsComplete => IsCurrent ? CoveredTo >= LastEntry : LastEntry == 0;

    /// <summary>After this key entries may lack their vectors.</summary>
    public long Begin => IsCurrent ? CoveredTo : 0;

    private bool IsCurrent => Model != 0 && CoveredChange == Changes;
}

/// <summary>The SQL of the vectors. It decides nothing.</summary>
internal static class VectorIndex
{
    private const string Pending = """
        e.state <> 'archived' AND NOT EXISTS (SELECT 1 FROM embeddings m WHERE m.entry_key = e.key AND m.model_key = ?1)
        """;

    /// <summary>How far a model has come.</summary>
    public static EmbeddingProgress Progress(DatabaseConnection connection, string model)
    {
        var (key, to, change) = connection.First("SELECT key, covered_to, covered_change FROM embedding_models WHERE name = ?1",
            static row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), model);
        return new EmbeddingProgress(key, to, change, connection.Number("SELECT count FROM embedding_changes") ?? 0,
            connection.Number("SELECT max(key) FROM entries") ?? 0, connection.Number("PRAGMA schema_version") ?? 0);
    }

    /// <summary>The key of a model, which is added when it is new.</summary>
    public static long Model(DatabaseConnection connection, string name) =>
        connection.Number("SELECT key FROM embedding_models WHERE name = ?1", name) ?? connection.Insert("INSERT INTO embedding_models (name) VALUES (?1)", name);

    /// <summary>Keys of entries without vectors, between two keys (both not included), newest first.</summary>
    public static List<long> Missing(DatabaseConnection connection, long model, long after, long before, int limit) => connection.Query(
        $"SELECT e.key FROM entries e INDEXED BY entries_filter WHERE e.key > ?2 AND e.key < ?3 AND {Pending} ORDER BY e.key DESC LIMIT ?4",
        static row => row.GetInt64(0), model, after, before, limit);

    /// <summary>How many entries of a project, or of all, may have vectors, and how many of them have none.</summary>
    public static (long Of, long Missing) Count(DatabaseConnection connection, long model, long? project) => connection.First(
        $"""
        SELECT count(*), coalesce(sum(CASE WHEN {Pending} THEN 1 ELSE 0 END), 0)
        FROM entries e INDEXED BY entries_filter WHERE e.state <> 'archived' AND (?2 IS NULL OR e.project_key = ?2)
        """, static row => (row.GetInt64(0), row.GetInt64(1)), model, project);

    /// <summary>How many vectors a model has made.</summary>
    public static long Vectors(DatabaseConnection connection, long model) =>
        connection.Number("SELECT count(*) FROM embeddings INDEXED BY embeddings_by_entry WHERE model_key = ?1", model) ?? 0;

    /// <summary>The text of an entry; null when it is gone or archived.</summary>
    public static EmbeddableText? Text(DatabaseConnection connection, long key) => connection.First(
        "SELECT title, body, occurred_at, recorded_at FROM entries WHERE key = ?1 AND state <> 'archived'",
        row => new EmbeddableText(key, row.GetString(0), row.GetString(1), row.Time(2), row.Time(3)), key);

    /// <summary>Stores an entry's vectors, if it still says what they were made of and has none.</summary>
    /// <returns>Whether they were stored.</returns>
    public static bool Add(DatabaseConnection connection, long model, EmbeddedText entry)
    {
        var fits = connection.Number($"SELECT 1 FROM entries e WHERE e.key = ?2 AND e.title = ?3 AND e.body = ?4 AND {Pending}", model, entry.Source.Key, entry.Source.Title, entry.Source.Body);
        if (fits is null) return false;
        for (var i = 0; i < entry.Passages.Count; i++)
        {
            var (passage, vector) = entry.Passages[i];
            connection.Execute("INSERT INTO embeddings (entry_key, model_key, passage, start, length, scale, vector) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                entry.Source.Key, model, i, passage.Start, passage.Length, vector.Scale, MemoryMarshal.AsBytes(vector.Values.AsSpan()).ToArray());
        }
        return true;
    }

    /// <summary>Notes that every entry up to a key has its vectors, unless something changed meanwhile.</summary>
    public static void Complete(DatabaseConnection connection, long model, long to, long changes) => connection.Execute(
        "UPDATE embedding_models SET covered_to = ?2, covered_change = ?3 WHERE key = ?1 AND ?3 = (SELECT count FROM embedding_changes)", model, to, changes);

    /// <summary>Removes the vectors of some entries, up to a number; of every model.</summary>
    /// <returns>How many were removed.</returns>
    public static int Clear(DatabaseConnection connection, int limit) =>
        connection.Execute("DELETE FROM embeddings WHERE key IN (SELECT key FROM embeddings LIMIT ?1)", limit);

    /// <summary>Removes the models that have no vectors.</summary>
    public static void ClearModels(DatabaseConnection connection) =>
        connection.Execute("DELETE FROM embedding_models WHERE NOT EXISTS (SELECT 1 FROM embeddings WHERE model_key = embedding_models.key)");

    /// <summary>Hands over the rows of a model after a key, in their order: row, entry, project, scale, vector.</summary>
    public static void Read(DatabaseConnection connection, long model, long after, Action<long, long, long, float, ReadOnlySpan<sbyte>> take) => connection.Query(
        """
        SELECT m.key, m.entry_key, e.project_key, m.scale, m.vector
        FROM embeddings m CROSS JOIN entries e INDEXED BY entries_filter ON e.key = m.entry_key
        WHERE m.model_key = ?1 AND m.key > ?2 ORDER BY m.key
        """,
        row =>
        {
            take(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetFloat(3), MemoryMarshal.Cast<byte, sbyte>(row.Bytes(4)));
            return 0;
        }, model, after);

    /// <summary>The greatest key of a row; 0 when there is none.</summary>
    public static long LastRow(DatabaseConnection connection) => connection.Number("SELECT max(key) FROM embeddings") ?? 0;

    /// <summary>The rows of a model up to a key, and the project of each one's entry.</summary>
    public static List<(long Row, long Project)> Rows(DatabaseConnection connection, long model, long upTo) => connection.Query(
        """
        SELECT m.key, e.project_key FROM embeddings m INDEXED BY embeddings_by_entry CROSS JOIN entries e INDEXED BY entries_filter ON e.key = m.entry_key
        WHERE m.model_key = ?1 AND m.key <= ?2
        """, static row => (row.GetInt64(0), row.GetInt64(1)), model, upTo);

    /// <summary>Where a row's passage begins in its entry's text, in UTF-16 characters; null when the row is gone.</summary>
    public static int? Start(DatabaseConnection connection, long row) => (int?)connection.Number("SELECT start FROM embeddings WHERE key = ?1", row);
}
