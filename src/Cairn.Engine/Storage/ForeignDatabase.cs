using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Cairn.Engine.Storage;

/// <summary>
/// Another program's SQLite file, which may be open in that program. It is read only and nothing is changed in it. A file
/// in WAL mode that nobody has open is read as immutable, since SQLite would make files beside it otherwise; should its
/// program open it meanwhile, the read ends with an error. Only where a program left a log behind when it died does
/// SQLite make one file, the log's index (-shm), beside it.
/// </summary>
internal sealed class ForeignDatabase : IDisposable
{
    private const int DefensiveOption = 1010; // SQLITE_DBCONFIG_DEFENSIVE
    private const int MaxRowBytes = 2 * 1024 * 1024;
    private const int MaxKeyCharacters = 1000;
    private const int PageRows = 100;

    private readonly SqliteConnection _connection;
    private readonly string _path;
    private readonly bool _immutable;

    private ForeignDatabase(string path, bool immutable)
    {
        _path = path;
        _immutable = immutable;
        var address = immutable ? $"{Address(path)}?immutable=1" : path;
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = address, Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 5 }.ToString());
    }

    /// <summary>The file's name, for messages.</summary>
    public string Path => _path;

    /// <summary>Opens a file by its absolute path. It must exist.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isInWalMode">Whether its header says that it has a write-ahead log.</param>
    /// <exception cref="EngineException">SQLite cannot read it, or it is Cairn's own.</exception>
    public static ForeignDatabase Open(string path, bool isInWalMode)
    {
        SqliteLibrary.RequireSafe(SqliteLibrary.VersionNumber);
        var database = new ForeignDatabase(path, immutable: isInWalMode && !File.Exists($"{path}-wal"));
        try
        {
            database.Run(database.Configure);
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>The columns of a table; empty when there is no table of this name. A view or a virtual table is none.</summary>
    public IReadOnlySet<string> Columns(string table) => Run(() =>
    {
        const string real = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = $table AND sql NOT LIKE 'CREATE VIRTUAL%'";
        if (Query(real, static row => 1, ("$table", table)).Count == 0) return [];
        return Query("SELECT name FROM pragma_table_info($table)", static row => row.GetString(0), ("$table", table)).ToHashSet(StringComparer.OrdinalIgnoreCase);
    });

    /// <summary>
    /// All rows of a table in the order in which they were added, a page of them at a time, so that the other program is
    /// never held up. Columns that this version of the table lacks are null; so are all columns but the first, its key, of
    /// a row beyond 2 MiB.
    /// </summary>
    public IEnumerable<ForeignRow> Rows(string table, params IReadOnlyList<string> columns)
    {
        var present = Columns(table);
        var names = columns.Where(present.Contains).ToList();
        var size = string.Join(" + ", names.Select(static name => $"coalesce(octet_length(\"{name}\"), 0)").Prepend("0"));
        var values = string.Concat(names.Select((name, i) => i == 0
            ? $", substr(\"{name}\", 1, {MaxKeyCharacters})"
            : $", CASE WHEN {size} <= {MaxRowBytes} THEN \"{name}\" END"));
        var sql = $"SELECT rowid, {size}{values} FROM \"{table}\" WHERE rowid > $after ORDER BY rowid LIMIT {PageRows}";
        var after = long.MinValue;
        while (true)
        {
            var page = Run(() => Query(sql, row => new ForeignRow(row.GetInt64(0), row.GetInt64(1) > MaxRowBytes ? row.GetInt64(1) : null, Values(row, names)), ("$after", after)));
            foreach (var row in page) yield return row;
            if (page.Count < PageRows) yield break;
            after = page[^1].Key;
        }
    }

    public void Dispose() => _connection.Dispose();

    // SQLite reads a file name that begins with "file:" as a URI: what means something in one is escaped.
    private static string Address(string path)
    {
        var parts = path.Split(System.IO.Path.DirectorySeparatorChar).Select(Uri.EscapeDataString);
        return $"file://{(path.StartsWith('/') ? "" : "/")}{string.Join('/', parts)}";
    }

    private bool Configure()
    {
        _connection.Open();
        raw.sqlite3_busy_timeout(_connection.Handle, 5000);
        raw.sqlite3_db_config(_connection.Handle, DefensiveOption, 1, out _);
        Query("PRAGMA trusted_schema = OFF", static _ => 0);
        Query("PRAGMA cell_size_check = ON", static _ => 0);
        if (Query("PRAGMA application_id", static row => row.GetInt64(0))[0] == Migrator.ApplicationId)
            throw EngineException.Invalid(_path, "is a database of Cairn's: export it (cairn export --db FILE --output FILE.jsonl) and import what that writes");
        return Query("SELECT count(*) FROM sqlite_schema", static row => row.GetInt64(0)).Count == 1;
    }

    private List<T> Query<T>(string sql, Func<SqliteDataReader, T> map, params ReadOnlySpan<(string Name, object Value)> arguments)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in arguments) command.Parameters.AddWithValue(name, value);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(map(reader));
        return rows;
    }

    private static Dictionary<string, object> Values(SqliteDataReader row, List<string> names)
    {
        var values = new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < names.Count; i++)
            if (!row.IsDBNull(i + 2)) values[names[i]] = row.GetValue(i + 2);
        return values;
    }

    private T Run<T>(Func<T> work)
    {
        try
        {
            var result = work();
            if (_immutable && File.Exists($"{_path}-wal"))
                throw new EngineException(ErrorCode.StorageFailure, $"{_path}: its program opened it while it was read. Run the import again.");
            return result;
        }
        catch (SqliteException error)
        {
            throw new EngineException(ErrorCode.StorageFailure, $"{_path}: {Reason(error)}", inner: error);
        }
    }

    private static string Reason(SqliteException error) => error.SqliteErrorCode switch
    {
        raw.SQLITE_NOTADB => "is not a SQLite database, or is encrypted.",
        raw.SQLITE_CORRUPT => "is damaged here; what comes after cannot be read. Let its own program mend it, or import a copy from before.",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "its program kept it busy. Try again, or end that program first.",
        raw.SQLITE_CANTOPEN or raw.SQLITE_PERM => "cannot be opened. Check that this user may read it and its -wal file.",
        raw.SQLITE_READONLY => "was not closed properly and can only be mended by its own program: start and end that one first.",
        _ => $"SQLite cannot read it (error {error.SqliteExtendedErrorCode}).",
    };
}

/// <summary>A row of another program's table, whatever kinds of values it put into it.</summary>
internal sealed class ForeignRow(long key, long? oversize, Dictionary<string, object> values)
{
    /// <summary>Its rowid.</summary>
    public long Key => key;

    /// <summary>Its size in bytes, when it is too large to be read.</summary>
    public long? Oversize => oversize;

    /// <summary>A column as text; null when it has none.</summary>
    public string? Text(string column) => values.GetValueOrDefault(column) switch
    {
        string text => text,
        byte[] bytes => System.Text.Encoding.UTF8.GetString(bytes),
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>A column as text that is not just white space.</summary>
    public string? Filled(string column) => Text(column) is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;

    /// <summary>A column as a whole number.</summary>
    public long? Number(string column) => values.GetValueOrDefault(column) switch
    {
        long number => number,
        double number when number is > -1e15 and < 1e15 => (long)number,
        _ => null,
    };
}
