using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Cairn.Engine.Storage;

/// <summary>One step of the schema: its number, its name and its text, from a file in Migrations/.</summary>
internal sealed record Migration(int Version, string Name, string Sql)
{
    /// <summary>SHA-256 of the text, in hex; the same whatever the line ends of the checkout.</summary>
    public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));
}

/// <summary>
/// The schema's version. A migration is one transaction that also records it and sets user_version: after a crash it is
/// whole or absent. A file of another program or of a newer Cairn is refused and left as it is.
/// </summary>
internal static class Migrator
{
    /// <summary>"CARN", in the SQLite header's application_id.</summary>
    public const int ApplicationId = 0x4341524E;

    private static readonly Lazy<IReadOnlyList<Migration>> Embedded = new(Load);

    /// <summary>All migrations of this program, in order.</summary>
    public static IReadOnlyList<Migration> All => Embedded.Value;

    /// <summary>The version that this program works with.</summary>
    public const int Latest = 9;

    /// <summary>The schema's version in this file; 0 when it is empty.</summary>
    public static int Version(DatabaseConnection connection) => (int)connection.Number("PRAGMA user_version")!.Value;

    /// <summary>Whether the file holds the latest schema. Throws when it is not Cairn's or is newer.</summary>
    public static bool IsCurrent(DatabaseConnection connection)
    {
        RequireOurs(connection);
        return Version(connection) == Latest;
    }

    /// <summary>Looks again inside a write transaction: another process may have upgraded the file meanwhile.</summary>
    public static void RequireCurrent(DatabaseConnection connection)
    {
        var version = Version(connection);
        if (version != Latest) throw WrongVersion(version);
    }

    /// <summary>Refuses a file of another program and one of a newer Cairn.</summary>
    public static void RequireOurs(DatabaseConnection connection)
    {
        var (version, application, tables) = Header(connection);
        if (version == 0 && application == 0 && tables == 0) return; // new
        if (application != ApplicationId) throw Foreign();
        if (version > Latest) throw WrongVersion(version);
    }

    /// <summary>Whether the file holds anything, of whichever Cairn. Throws when it is another program's.</summary>
    public static bool IsEmpty(DatabaseConnection connection)
    {
        var (version, application, tables) = Header(connection);
        if (version == 0 && application == 0 && tables == 0) return true;
        return application == ApplicationId ? false : throw Foreign();
    }

    /// <summary>Applies what is missing, each migration in its own transaction; of several processes at once, one does and the others see it done.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="time">Stamps what is applied.</param>
    /// <param name="allow">Runs inside each transaction, before anything is changed; when it throws, nothing is.</param>
    /// <param name="beforeFirst">Runs inside the first transaction, if the database holds something, and gives the name of the backup that it made; when it throws, nothing is applied.</param>
    /// <param name="until">The version to stop at.</param>
    public static IReadOnlyList<Migration> Up(DatabaseConnection connection, TimeProvider time, Action? allow = null, Func<string>? beforeFirst = null, int until = int.MaxValue)
    {
        var applied = new List<Migration>();
        string? backup = null;
        var from = Version(connection);
        foreach (var migration in All)
        {
            if (Version(connection) >= migration.Version || migration.Version > until) continue;
            if (Apply(connection, migration, time.GetUtcNow(), allow, backup is null && applied.Count == 0 ? beforeFirst : null, from, ref backup)) applied.Add(migration);
        }
        return applied;
    }

    /// <summary>The migrations that the file records, with the time of each.</summary>
    public static List<(int Version, string Name, string Checksum, DateTimeOffset AppliedAt)> Applied(DatabaseConnection connection) =>
        Version(connection) == 0 ? [] : connection.Query(
            "SELECT version, name, checksum, applied_at FROM schema_migrations ORDER BY version",
            static row => (row.GetInt32(0), row.GetString(1), row.GetString(2), row.Time(3)));

    /// <summary>Runs a migration's text, with the functions that it may call. For use inside a transaction, or on a model in memory.</summary>
    public static void Run(DatabaseConnection connection, Migration migration)
    {
        connection.Define("cairn_search_text", 7, static values => SearchText.Of(
            values[0]!, JsonStrings.Read(values[1]) ?? [], values[2],
            long.Parse(values[3]!, CultureInfo.InvariantCulture).ToTime(), values[4], values[5]!, values[6]!));
        connection.ExecuteScript(migration.Sql);
    }

    private static bool Apply(DatabaseConnection connection, Migration migration, DateTimeOffset now, Action? allow, Func<string>? before, int from, ref string? backup)
    {
        connection.ExecuteScript("BEGIN IMMEDIATE");
        try
        {
            if (Version(connection) >= migration.Version)
            {
                connection.ExecuteScript("COMMIT");
                return false;
            }
            allow?.Invoke();
            // Another process may have come further meanwhile: it has kept what was there before.
            if (before is not null && Version(connection) == from && HoldsSomething(connection)) backup = before();
            Run(connection, migration);
            connection.Execute("INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES (?1, ?2, ?3, ?4)",
                migration.Version, migration.Name, migration.Checksum, now);
            connection.ExecuteScript(string.Create(CultureInfo.InvariantCulture,
                $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {migration.Version}; COMMIT"));
            return true;
        }
        catch (Exception error)
        {
            if (SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) == 0) connection.ExecuteScript("ROLLBACK");
            if (error is not Microsoft.Data.Sqlite.SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_ERROR or SQLitePCL.raw.SQLITE_CONSTRAINT }) throw;
            throw Failed(migration, Version(connection), backup, error);
        }
    }

    private static bool HoldsSomething(DatabaseConnection connection) =>
        Version(connection) > 0 && connection.Number("SELECT EXISTS (SELECT 1 FROM entries) OR EXISTS (SELECT 1 FROM projects)") == 1;

    // One view of the three: another process may be making the tables between two looks.
    private static (int Version, long Application, long Tables) Header(DatabaseConnection connection)
    {
        var alone = SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) != 0;
        if (alone) connection.ExecuteScript("BEGIN");
        try
        {
            return (Version(connection), connection.Number("PRAGMA application_id")!.Value, connection.Number("SELECT count(*) FROM sqlite_schema")!.Value);
        }
        finally
        {
            if (alone) connection.ExecuteScript("ROLLBACK");
        }
    }

    private static EngineException Failed(Migration migration, int version, string? backup, Exception error)
    {
        var details = new Dictionary<string, object> { ["migration"] = migration.Version, ["schema"] = version };
        if (backup is not null) details["backup"] = backup;
        var back = backup is null ? "" : $" To go back to before it, with the cairn of that time: cairn restore {backup}";
        return new EngineException(ErrorCode.MigrationFailure,
            $"Migration {migration.Version} ({migration.Name}) failed and was rolled back: the database is whole, at schema {version}, and a cairn of that schema goes on with it. SQLite says: {error.Message}{back}", details, error);
    }

    private static EngineException Foreign() => new(ErrorCode.MigrationFailure,
        "This database was made by another program. Nothing was changed: name another file with --db or MEMORY_DB_PATH, or move this one away.");

    private static EngineException WrongVersion(int version) => new(ErrorCode.MigrationFailure,
        version > Latest
            ? $"This database has schema {version}; this cairn knows schemas up to {Latest}. Nothing was changed: update cairn, or name another file with --db."
            : $"This database has schema {version}; this cairn needs {Latest}. Run: cairn migrate up",
        new Dictionary<string, object> { ["schema"] = version, ["latest"] = Latest });

    private static List<Migration> Load()
    {
        var assembly = typeof(Migrator).Assembly;
        return [.. assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(name =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            var stem = Path.GetFileNameWithoutExtension(name);
            return new Migration(int.Parse(stem[..4], CultureInfo.InvariantCulture), stem[5..], reader.ReadToEnd().ReplaceLineEndings("\n"));
        })];
    }
}
