using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Cairn.Benchmarks;

/// <summary>
/// What SQLite alone takes, in this process: a table of the same rows with the product's own full-text table and
/// triggers, WAL, synchronous FULL and the product's page cache. No ids, hashes, policy, projects or sessions.
/// </summary>
internal sealed class SqliteFloor : IDisposable
{
    private const string Bm25 = "bm25(entries_fts, 3.0, 1.0, 1.0)";

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _search;
    private readonly SqliteCommand _searchProject;
    private readonly SqliteCommand _row;

    /// <summary>Makes the floor's file beside the product's database, which must be there with its schema.</summary>
    public SqliteFloor(string path, string productPath)
    {
        Batteries_V2.Init();
        _connection = new SqliteConnection($"Data Source={path};Pooling=False");
        _connection.Open();
        var cache = new Cairn.Engine.EngineOptions { DatabasePath = productPath }.CacheKibibytes;
        Execute($"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -{cache};");
        var attach = Prepare("ATTACH ?1 AS product", productPath);
        attach.ExecuteNonQuery();
        Execute("""
            CREATE TABLE entries (
                key INTEGER PRIMARY KEY, project TEXT NOT NULL, occurred_at INTEGER NOT NULL,
                title TEXT NOT NULL, search_text TEXT NOT NULL, body TEXT NOT NULL) STRICT;
            CREATE INDEX entries_by_time ON entries (project, occurred_at);
            """);
        foreach (var sql in FullTextSchema()) Execute(sql);
        _insert = Prepare("INSERT INTO main.entries (key, project, occurred_at, title, search_text, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)", 0L, "", 0L, "", "", "");
        _search = Prepare($"SELECT rowid, {Bm25} AS score FROM main.entries_fts WHERE entries_fts MATCH ?1 ORDER BY score LIMIT 20", "");
        _searchProject = Prepare($"""
            SELECT f.rowid, {Bm25} AS score FROM main.entries_fts f CROSS JOIN main.entries e ON e.key = f.rowid
            WHERE entries_fts MATCH ?1 AND +e.project = ?2 ORDER BY score LIMIT 20
            """, "", "");
        _row = Prepare("""
            SELECT e.key, p.name, e.occurred_at, e.title, e.search_text, e.body
            FROM product.entries e JOIN product.projects p ON p.key = e.project_key WHERE e.id = ?1
            """, "");
    }

    /// <summary>SQLite's version.</summary>
    public static string Version => raw.sqlite3_libversion().utf8_to_string();

    /// <summary>
    /// Copies the rows that the product has and the floor has not, one transaction each like the product's saves, so that
    /// both full-text indexes have grown alike; without fsync, for it is not measured. Adds the rows' keys to a list.
    /// </summary>
    public void Fill(IEnumerable<string> ids, List<long> keys)
    {
        Execute("PRAGMA synchronous = OFF");
        foreach (var id in ids) keys.Add(Insert(id).Key);
        Execute("PRAGMA synchronous = FULL");
    }

    /// <summary>Inserts the row that the product saved under this id; milliseconds of the insert alone.</summary>
    public (long Key, double Milliseconds) Insert(string id)
    {
        _row.Parameters[0].Value = id;
        using (var row = _row.ExecuteReader())
        {
            if (!row.Read()) throw new InvalidOperationException($"The product's database has no entry {id}, which it said it had saved.");
            for (var i = 0; i < 6; i++) _insert.Parameters[i].Value = row.GetValue(i);
        }
        var started = Stopwatch.GetTimestamp();
        _insert.ExecuteNonQuery();
        return ((long)_insert.Parameters[0].Value!, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    /// <summary>The bare query: the keys of the best 20 rows, best first, and the milliseconds to the last of them.</summary>
    public (List<long> Keys, double Milliseconds) Search(string match, string? project)
    {
        var command = project is null ? _search : _searchProject;
        command.Parameters[0].Value = match;
        if (project is not null) command.Parameters[1].Value = project;
        var keys = new List<long>(20);
        var started = Stopwatch.GetTimestamp();
        using (var rows = command.ExecuteReader())
        {
            while (rows.Read()) keys.Add(rows.GetInt64(0));
        }
        return (keys, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    /// <summary>Folds the WAL of both databases into their files, so that the files' sizes are the databases'.</summary>
    public void Checkpoint() => Execute("PRAGMA wal_checkpoint(TRUNCATE)");

    public void Dispose()
    {
        foreach (var command in new[] { _insert, _search, _searchProject, _row }) command.Dispose();
        _connection.Dispose();
    }

    private List<string> FullTextSchema()
    {
        using var command = Prepare("""
            SELECT sql FROM product.sqlite_schema
            WHERE name = 'entries_fts' OR (type = 'trigger' AND name LIKE 'entries\_fts\_%' ESCAPE '\') ORDER BY type
            """);
        var statements = new List<string>();
        using var rows = command.ExecuteReader();
        while (rows.Read()) statements.Add(rows.GetString(0));
        return statements;
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private SqliteCommand Prepare(string sql, params ReadOnlySpan<object> arguments)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < arguments.Length; i++) command.Parameters.Add(new SqliteParameter($"?{i + 1}", arguments[i]));
        return command;
    }
}
