using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Cairn.Engine.Storage;

/// <summary>
/// One SQLite connection and its prepared statements. Parameters are positional (?1, ?2, …), statements are prepared
/// once a connection. It knows no table; stores take one and never open one. Not for two threads at once.
/// </summary>
internal sealed class DatabaseConnection : IDisposable
{
    private const int DefensiveOption = 1010; // SQLITE_DBCONFIG_DEFENSIVE
    private const int ResetOption = 1009; // SQLITE_DBCONFIG_RESET_DATABASE
    private const int HasMovedControl = 20; // SQLITE_FCNTL_HAS_MOVED
    private const int DirectOnly = 0x80000; // SQLITE_DIRECTONLY
    private const int NativeBusyMilliseconds = 250;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);

    private FullTextTokenizer? _tokenizer;

    private DatabaseConnection(SqliteConnection connection) => _connection = connection;

    /// <summary>The tokenizer of the full-text index.</summary>
    public FullTextTokenizer Tokenizer => _tokenizer ??= new FullTextTokenizer(Handle);

    /// <summary>Whether the file was opened as one that nobody writes: what is read is as good as that, and no connection to keep.</summary>
    public bool IsImmutable { get; private init; }

    /// <summary>The native handle, for what the provider does not offer.</summary>
    public sqlite3 Handle => _connection.Handle!;

    /// <summary>
    /// Opens the file with Cairn's settings. It does not create it, and it reads nothing of its content. In a folder that
    /// this user may not write, SQLite could not make the files beside it that it reads a database through, so the file is
    /// opened as it lies there, unless there is a log beside it.
    /// </summary>
    public static DatabaseConnection Open(string path, int cacheKibibytes) =>
        DatabaseFile.IsSealed(path) ? OpenImmutable(path, cacheKibibytes) : Open(path, SqliteOpenMode.ReadWrite, cacheKibibytes);

    /// <summary>
    /// Opens a file that nobody writes, such as a backup: read-only, without locks, and without a file beside it.
    /// </summary>
    public static DatabaseConnection OpenImmutable(string path, int cacheKibibytes) => Open(ImmutableAddress(path), SqliteOpenMode.ReadOnly, cacheKibibytes, immutable: true);

    /// <summary>A file that nobody writes, as SQLite is told of it.</summary>
    public static string ImmutableAddress(string path)
    {
        var full = Path.GetFullPath(path);
        if (OperatingSystem.IsWindows()) full = full.Replace('\\', '/');
        var address = string.Join('/', full.Split('/').Select(Uri.EscapeDataString));
        return $"file:{(address.StartsWith('/') ? "//" : "///")}{address}?immutable=1";
    }

    /// <summary>
    /// Opens a file whatever it holds, as if it were empty: for a copy to take its place. Nothing changes before that, and
    /// then all at once.
    /// </summary>
    public static DatabaseConnection OpenToReplace(string path, int cacheKibibytes) => Open(path, SqliteOpenMode.ReadWrite, cacheKibibytes, ResetOption);

    private static DatabaseConnection Open(string source, SqliteOpenMode mode, int cacheKibibytes, int? option = null, bool immutable = false)
    {
        SqliteLibrary.RequireSafe(SqliteLibrary.VersionNumber);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = source,
            Mode = mode,
            Pooling = false,
            // The provider's own busy loop sleeps 150 ms a turn; one second bounds it, Database does the waiting.
            DefaultTimeout = 1,
        }.ToString());
        try
        {
            connection.Open();
            raw.sqlite3_busy_timeout(connection.Handle, NativeBusyMilliseconds);
            var result = new DatabaseConnection(connection) { IsImmutable = immutable };
            if (option is { } switched) result.Switch(switched);
            result.Configure(cacheKibibytes);
            return result;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Whether the file that is open is no longer the one at its path: it was removed, moved away or replaced, and what is
    /// written would be lost with it. Always false where the system keeps an open file in its place (Windows).
    /// </summary>
    public bool HasMoved
    {
        get
        {
            var moved = 0;
            return sqlite3_file_control(Handle.DangerousGetHandle(), IntPtr.Zero, HasMovedControl, ref moved) == raw.SQLITE_OK && moved != 0;
        }
    }

    /// <summary>Begins a transaction that holds the write lock. False, at once, when somebody else has it.</summary>
    public bool TryBeginWrite()
    {
        raw.sqlite3_busy_timeout(Handle, 0);
        var result = raw.sqlite3_exec(Handle, "BEGIN IMMEDIATE");
        raw.sqlite3_busy_timeout(Handle, NativeBusyMilliseconds);
        if (result == raw.SQLITE_OK) return true;
        return (result & 0xff) is raw.SQLITE_BUSY ? false : throw Failure(result);
    }

    /// <summary>Puts the file in WAL mode, which it keeps. Unlike other statements this does not wait for others.</summary>
    public void UseWriteAheadLog()
    {
        if (Text("PRAGMA journal_mode") != "wal") ExecuteScript("PRAGMA journal_mode = WAL");
    }

    /// <summary>Folds the write-ahead log into the file and empties it. False when somebody reads or writes just now.</summary>
    public bool FoldIn() => Number("PRAGMA wal_checkpoint(TRUNCATE)") is 0L;

    /// <summary>Runs statements that take no parameters and give no rows.</summary>
    public void ExecuteScript(string sql)
    {
        var result = raw.sqlite3_exec(Handle, sql);
        if (result != raw.SQLITE_OK) throw Failure(result);
    }

    /// <summary>Makes a pure function of text known to this connection's own statements; triggers and views may not call it.</summary>
    public void Define(string name, int arguments, Func<IReadOnlyList<string?>, string> function)
    {
        const int flags = raw.SQLITE_UTF8 | raw.SQLITE_DETERMINISTIC | DirectOnly;
        var result = raw.sqlite3_create_function(Handle, name, arguments, flags, null, (context, _, values) =>
        {
            try
            {
                raw.sqlite3_result_text(context, function(Array.ConvertAll(values, static value =>
                    raw.sqlite3_value_type(value) == raw.SQLITE_NULL ? null : raw.sqlite3_value_text(value).utf8_to_string())));
            }
            catch (Exception error) when (error is System.Text.Json.JsonException or FormatException or ArgumentException)
            {
                raw.sqlite3_result_error(context, $"{name} cannot read its arguments: {error.GetType().Name}"); // no text of an entry
            }
        });
        if (result != raw.SQLITE_OK) throw new SqliteException($"The function {name} could not be made.", result);
    }

    /// <summary>Runs one statement and returns the number of rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> arguments) => Bind(sql, arguments).ExecuteNonQuery();

    /// <summary>Runs one INSERT and returns its row's key.</summary>
    public long Insert(string sql, params ReadOnlySpan<object?> arguments)
    {
        Bind(sql, arguments).ExecuteNonQuery();
        return raw.sqlite3_last_insert_rowid(Handle);
    }

    /// <summary>All rows of a query.</summary>
    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> map, params ReadOnlySpan<object?> arguments)
    {
        var rows = new List<T>();
        using var reader = Bind(sql, arguments).ExecuteReader();
        while (reader.Read()) rows.Add(Mapped(map, reader));
        return rows;
    }

    /// <summary>The first row of a query, or default when there is none. The statement is always run to its end.</summary>
    public T? First<T>(string sql, Func<SqliteDataReader, T> map, params ReadOnlySpan<object?> arguments)
    {
        T? first = default;
        using var reader = Bind(sql, arguments).ExecuteReader();
        if (reader.Read()) first = Mapped(map, reader);
        while (reader.Read()) { }
        return first;
    }

    // A map only reads columns. A value that it cannot take, such as a time beyond all years, is none that Cairn stored.
    private static T Mapped<T>(Func<SqliteDataReader, T> map, SqliteDataReader row)
    {
        try
        {
            return map(row);
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidCastException or InvalidOperationException or OverflowException or JsonException)
        {
            throw new SqliteException($"A stored value cannot be one that was saved ({error.GetType().Name}).", raw.SQLITE_CORRUPT);
        }
    }

    /// <summary>The first column of the first row as a whole number, or null.</summary>
    public long? Number(string sql, params ReadOnlySpan<object?> arguments) =>
        First(sql, static row => row.IsDBNull(0) ? (long?)null : row.GetInt64(0), arguments);

    /// <summary>The first column of the first row as text, or null.</summary>
    public string? Text(string sql, params ReadOnlySpan<object?> arguments) =>
        First(sql, static row => row.IsDBNull(0) ? null : row.GetString(0), arguments);

    public void Dispose()
    {
        foreach (var command in _prepared.Values) command.Dispose();
        _prepared.Clear();
        _tokenizer?.Dispose();
        _connection.Dispose();
    }

    private SqliteException Failure(int result) => new(raw.sqlite3_errmsg(Handle).utf8_to_string(), result & 0xff, raw.sqlite3_extended_errcode(Handle));

    private void Configure(int cacheKibibytes)
    {
        Switch(DefensiveOption);
        ExecuteScript($"""
            PRAGMA trusted_schema = OFF;
            PRAGMA cell_size_check = ON;
            PRAGMA foreign_keys = ON;
            PRAGMA recursive_triggers = OFF;
            PRAGMA synchronous = FULL;
            PRAGMA temp_store = MEMORY;
            PRAGMA cache_size = -{cacheKibibytes};
            """);
    }

    private void Switch(int option)
    {
        var result = raw.sqlite3_db_config(Handle, option, 1, out _);
        if (result != raw.SQLITE_OK) throw new SqliteException($"SQLite has no configuration {option}.", result);
    }

    // The provider does not offer it; the library is the one that it uses.
    [DllImport("e_sqlite3", CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern int sqlite3_file_control(IntPtr database, IntPtr schema, int operation, ref int argument);

    private SqliteCommand Bind(string sql, ReadOnlySpan<object?> arguments)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 1; i <= arguments.Length; i++) command.Parameters.Add(new SqliteParameter { ParameterName = $"?{i}" });
            _prepared.Add(sql, command);
        }
        for (var i = 0; i < arguments.Length; i++)
        {
            command.Parameters[i].Value = arguments[i] switch
            {
                null => DBNull.Value,
                DateTimeOffset time => time.ToUnixTimeMilliseconds(),
                var value => value,
            };
        }
        return command;
    }
}
