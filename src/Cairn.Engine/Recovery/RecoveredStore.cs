using Cairn.Engine.Storage;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Cairn.Engine.Recovery;

/// <summary>The SQL of the new database that takes in what was salvaged. Half a one is worth nothing: its order on disk does not matter.</summary>
internal sealed class RecoveredStore : IDisposable
{
    private const int CacheKibibytes = 16 * 1024;

    private readonly DatabaseConnection _connection;

    /// <summary>Makes the tables, in the schema of the rows that are to come, in an empty file.</summary>
    public RecoveredStore(string path, int schema, TimeProvider time)
    {
        _connection = DatabaseConnection.Open(path, CacheKibibytes);
        _connection.ExecuteScript("PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF");
        Migrator.Up(_connection, time, until: schema);
        FullTextSchema.Detach(_connection);
        _connection.ExecuteScript("BEGIN");
    }

    /// <summary>The connection, for checks.</summary>
    public DatabaseConnection Connection => _connection;

    /// <summary>Adds a row; false when a rule of the table refuses it. A column without a value is null.</summary>
    public bool Insert(TableShape table, IReadOnlyDictionary<string, object?> values)
    {
        var columns = string.Join(", ", table.Columns.Select(static column => $"\"{column.Name}\""));
        var parameters = string.Join(", ", Enumerable.Range(1, table.Columns.Count).Select(static number => $"?{number}"));
        try
        {
            _connection.Execute($"INSERT INTO \"{table.Name}\" ({columns}) VALUES ({parameters})", [.. table.Columns.Select(column => values.GetValueOrDefault(column.Name))]);
            return true;
        }
        catch (SqliteException error) when (error.SqliteErrorCode == raw.SQLITE_CONSTRAINT)
        {
            return false;
        }
    }

    /// <summary>Whether an entry has this key.</summary>
    public bool HasKey(long key) => _connection.Number("SELECT 1 FROM entries WHERE key = ?1", key) == 1;

    /// <summary>The project of this name; made when there is none.</summary>
    public long Project(string name, long createdAt) =>
        _connection.Number("SELECT key FROM projects WHERE name = ?1", name) ?? _connection.Insert("INSERT INTO projects (name, created_at) VALUES (?1, ?2)", name, createdAt);

    /// <summary>Gives each row whose project is lost one to stand in, named after its key.</summary>
    /// <returns>How many were made.</returns>
    public int ReplaceProjects(IEnumerable<TableShape> tables)
    {
        var made = 0;
        foreach (var (table, column) in References(tables, "projects"))
            made += _connection.Execute($"""
                INSERT OR IGNORE INTO projects (key, name, created_at)
                SELECT DISTINCT "{column}", 'recovered-' || "{column}", 0 FROM "{table}" WHERE "{column}" IS NOT NULL AND "{column}" NOT IN (SELECT key FROM projects)
                """);
        return made;
    }

    /// <summary>Takes back what points to a row that is lost: the pointer where it may be empty, else the row.</summary>
    /// <returns>How many pointers and rows.</returns>
    public int CutReferences(IEnumerable<TableShape> tables)
    {
        var cut = 0;
        foreach (var table in tables)
            foreach (var column in table.Columns.Where(static column => column.Parent is not null))
            {
                var lost = $"\"{column.Name}\" IS NOT NULL AND \"{column.Name}\" NOT IN (SELECT \"{column.ParentColumn}\" FROM \"{column.Parent}\")";
                cut += _connection.Execute(column.Required ? $"DELETE FROM \"{table.Name}\" WHERE {lost}" : $"UPDATE \"{table.Name}\" SET \"{column.Name}\" = NULL WHERE {lost}");
            }
        return cut;
    }

    /// <summary>Makes entries active again that were superseded by one that is lost, unless another says the same.</summary>
    /// <returns>Their ids.</returns>
    public List<string> Reinstate(Func<DatabaseConnection, List<string>> withoutSuccessor)
    {
        var reinstated = new List<string>();
        foreach (var id in withoutSuccessor(_connection))
        {
            try
            {
                _connection.Execute("UPDATE entries SET state = 'active' WHERE id = ?1", id);
                reinstated.Add(id);
            }
            catch (SqliteException error) when (error.SqliteErrorCode == raw.SQLITE_CONSTRAINT)
            {
                // The one that says the same took its place.
                _connection.Execute(
                    """
                    INSERT INTO entry_links (from_key, to_key, relation_type, created_at)
                    SELECT a.key, e.key, 'supersedes', e.changed_at FROM entries e JOIN entries a ON a.project_key = e.project_key AND a.state = 'active' AND a.key <> e.key
                      AND (a.content_hash = e.content_hash OR (e.origin = 'document' AND a.source_ref = e.source_ref)) WHERE e.id = ?1 LIMIT 1
                    """, id);
            }
        }
        return reinstated;
    }

    /// <summary>Lets no key that was ever given be given again, brings the schema to the latest, makes the index, and commits.</summary>
    public void Finish(long highestKey, TimeProvider time)
    {
        _connection.Execute("UPDATE sqlite_sequence SET seq = max(seq, ?1) WHERE name = 'entries'", highestKey);
        _connection.Execute("INSERT INTO sqlite_sequence (name, seq) SELECT 'entries', ?1 WHERE ?1 > 0 AND NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'entries')", highestKey);
        _connection.ExecuteScript("COMMIT");
        Migrator.Up(_connection, time);
        _connection.ExecuteScript("BEGIN");
        FullTextSchema.Rebuild(_connection);
        _connection.ExecuteScript("COMMIT; PRAGMA foreign_keys = ON");
    }

    public void Dispose() => _connection.Dispose();

    private static IEnumerable<(string Table, string Column)> References(IEnumerable<TableShape> tables, string parent) =>
        from table in tables
        from column in table.Columns
        where column.Parent == parent && table.Name != "project_aliases"
        select (table.Name, column.Name);
}
