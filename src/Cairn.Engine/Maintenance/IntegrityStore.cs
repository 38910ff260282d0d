using System.Security.Cryptography;
using System.Text.Unicode;
using Cairn.Engine.Entries;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Maintenance;

/// <summary>The SQL by which a database is checked. It reads, and decides nothing.</summary>
internal static class IntegrityStore
{
    private const int MaxProblems = 20;

    /// <summary>What SQLite's own check finds; empty when nothing.</summary>
    public static List<string> Problems(DatabaseConnection connection, bool quick)
    {
        var found = connection.Query($"PRAGMA {(quick ? "quick_check" : "integrity_check")}({MaxProblems})", static row => row.GetString(0));
        return found is ["ok"] ? [] : found;
    }

    /// <summary>Rows that refer to one that is not there, as "table: number".</summary>
    public static List<string> MissingParents(DatabaseConnection connection) =>
    [
        .. connection.Query("PRAGMA foreign_key_check", static row => row.GetString(0)).CountBy(static table => table).Select(static table => $"{table.Key}: {table.Value}"),
    ];

    /// <summary>How many entries the full-text index lacks, and how many that are gone it still has. By its list of documents, not by their words.</summary>
    public static (long Missing, long Extra) OutOfStep(DatabaseConnection connection) => (
        connection.Number("SELECT count(*) FROM entries e WHERE NOT EXISTS (SELECT 1 FROM entries_fts_docsize d WHERE d.id = e.key)") ?? 0,
        connection.Number("SELECT count(*) FROM entries_fts_docsize d WHERE NOT EXISTS (SELECT 1 FROM entries e WHERE e.key = d.id)") ?? 0);

    /// <summary>What the full-text index's own check of its structure finds; null when nothing.</summary>
    public static string? IndexDamage(DatabaseConnection connection) => connection.Text("PRAGMA quick_check('entries_fts')") is var result and not "ok" ? result ?? "no result" : null;

    /// <summary>Compares the full-text index with the entries, word by word. It writes nothing, and yet SQLite takes the write lock for it: for copies.</summary>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">They differ.</exception>
    public static void CompareIndex(DatabaseConnection copy) => copy.ExecuteScript("INSERT INTO entries_fts (entries_fts, rank) VALUES ('integrity-check', 1)");

    /// <summary>Entries that are superseded, yet nothing took their place, nor was anything purged since they were saved that could have.</summary>
    public static List<string> SupersededWithoutSuccessor(DatabaseConnection connection) => connection.Query(
        """
        SELECT e.id FROM entries e
        WHERE e.state = 'superseded' AND NOT EXISTS (SELECT 1 FROM entry_links l WHERE l.to_key = e.key AND l.relation_type = 'supersedes')
          AND NOT EXISTS (SELECT 1 FROM purged_entries p WHERE p.purged_at >= e.recorded_at)
        ORDER BY e.key
        """, static row => row.GetString(0));

    /// <summary>Archived entries without a reason, and others with one.</summary>
    public static List<string> ReasonsAmiss(DatabaseConnection connection) => connection.Query(
        "SELECT id FROM entries WHERE (state = 'archived') <> (state_reason IS NOT NULL) OR state NOT IN ('active', 'superseded', 'archived')", static row => row.GetString(0));

    /// <summary>Which entry took whose place, by key.</summary>
    public static List<(long From, long To)> Supersedes(DatabaseConnection connection) => connection.Query(
        "SELECT from_key, to_key FROM entry_links WHERE relation_type = 'supersedes'", static row => (row.GetInt64(0), row.GetInt64(1)));

    /// <summary>Active entries that are the same as another one: the same content, or a document's section of the same place. Read from the table, not from the index that forbids it.</summary>
    public static List<string> ActiveTwins(DatabaseConnection connection) => connection.Query(
        """
        SELECT min(id) FROM entries NOT INDEXED WHERE state = 'active' AND origin <> 'document' GROUP BY project_key, content_hash HAVING count(*) > 1
        UNION ALL
        SELECT min(id) FROM entries NOT INDEXED WHERE state = 'active' AND origin = 'document' GROUP BY project_key, source_ref HAVING count(*) > 1
        """, static row => row.GetString(0));

    /// <summary>Entries whose tags or metadata are not the JSON they must be.</summary>
    public static List<string> JsonAmiss(DatabaseConnection connection) => connection.Query(
        """
        SELECT id FROM entries
        WHERE (tags IS NOT NULL AND CASE WHEN json_valid(tags) THEN json_type(tags) <> 'array' ELSE 1 END)
           OR (metadata IS NOT NULL AND CASE WHEN json_valid(metadata) THEN json_type(metadata) <> 'object' ELSE 1 END)
        """, static row => row.GetString(0));

    /// <summary>Entries with a time that lies outside all years: nobody saved it so.</summary>
    public static List<string> TimesAmiss(DatabaseConnection connection) => connection.Query(
        "SELECT id FROM entries NOT INDEXED WHERE min(occurred_at, recorded_at, changed_at) < ?1 OR max(occurred_at, recorded_at, changed_at) > ?2",
        static row => row.GetString(0), SqliteExtensions.Times.Least, SqliteExtensions.Times.Greatest);

    /// <summary>The keys of entries whose id is none.</summary>
    public static List<long> IdsAmiss(DatabaseConnection connection) => connection.Query(
        "SELECT key, id FROM entries NOT INDEXED", static row => EntryId.Parse(row.GetString(1)) == row.GetString(1) ? 0 : row.GetInt64(0)).FindAll(static key => key != 0);

    /// <summary>The keys of entries whose type, title and body are not those that were saved, by their hash.</summary>
    public static List<long> TextsAmiss(DatabaseConnection connection) => connection.Query(
        "SELECT key, content_hash, CAST(entry_type AS BLOB), CAST(title AS BLOB), CAST(body AS BLOB) FROM entries NOT INDEXED ORDER BY key",
        static row =>
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (var column = 2; column <= 4; column++)
            {
                if (column > 2) hash.AppendData([0]);
                hash.AppendData(row.Bytes(column));
            }
            return hash.GetHashAndReset().AsSpan().SequenceEqual(row.Bytes(1)) ? 0 : row.GetInt64(0);
        }).FindAll(static key => key != 0);

    /// <summary>How many texts in each table are not UTF-8, as "table: number".</summary>
    public static List<string> NotText(DatabaseConnection connection)
    {
        var amiss = new List<string>();
        foreach (var (table, columns) in SchemaObjects.TextColumns(connection))
        {
            if (columns.Count == 0) continue;
            var values = string.Join(", ", columns.Select(static column => $"CAST(\"{column}\" AS BLOB)"));
            var count = connection.Query($"SELECT {values} FROM \"{table}\" NOT INDEXED", row => Enumerable.Range(0, columns.Count).Count(column => !row.IsDBNull(column) && !Utf8.IsValid(row.Bytes(column)))).Sum();
            if (count > 0) amiss.Add($"{table}: {count}");
        }
        return amiss;
    }
}
