using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Cairn.Engine.Storage;

/// <summary>How much a database holds. The highest key that an entry was ever given only grows, also when entries are purged.</summary>
internal readonly record struct DatabaseCounts(long Active, long Superseded, long Archived, long Projects, long HighestEntryKey);

/// <summary>
/// Copies a database by SQLite's online backup API, and looks at copies. A copy is a single file: one that is not in
/// WAL mode and can be read where nothing may be written.
/// </summary>
internal static class Backup
{
    private const int CacheKibibytes = 8 * 1024;

    /// <summary>The bytes that a copy will have.</summary>
    public static long Size(DatabaseConnection source) => source.Number("PRAGMA page_count")!.Value * source.Number("PRAGMA page_size")!.Value;

    /// <summary>
    /// Copies everything that is committed into an empty file, in one step: one consistent snapshot, while other
    /// processes go on writing. (In several steps each write of another process would begin the copy anew.)
    /// Not fsynced.
    /// </summary>
    /// <exception cref="SqliteException">The source is busy or cannot be read; the target is not to be used then.</exception>
    /// <exception cref="EngineException">The target cannot be written.</exception>
    public static void Copy(DatabaseConnection source, string path)
    {
        using var target = DatabaseConnection.Open(path, CacheKibibytes);
        // A half copy is worth nothing: neither its order on disk nor a way back matters.
        target.ExecuteScript("PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = OFF");
        if (Step(source, target) is var code and not raw.SQLITE_OK) throw Failure(target, code, path);
        if (target.Text("PRAGMA journal_mode = DELETE") != "delete") throw new SqliteException("The copy stays in WAL mode.", raw.SQLITE_ERROR);
    }

    /// <summary>Changes a copy, and writes it anew, so that nothing is left in it of what was removed. Not fsynced.</summary>
    public static T Edit<T>(string path, Func<DatabaseConnection, T> work)
    {
        using var copy = DatabaseConnection.Open(path, CacheKibibytes);
        copy.ExecuteScript("PRAGMA synchronous = OFF; BEGIN");
        var result = work(copy);
        copy.ExecuteScript("COMMIT; VACUUM");
        return result;
    }

    /// <summary>
    /// Puts a copy's content in the place of all that a database holds: one transaction, forced to disk, after which other
    /// processes see the new content and none sees a mix. Readers go on with what they saw; the schema cookie grows by one.
    /// </summary>
    /// <exception cref="SqliteException">The database is busy, damaged or cannot be written: it is as it was.</exception>
    public static void Replace(DatabaseConnection live, string copy)
    {
        using var source = DatabaseConnection.OpenImmutable(copy, CacheKibibytes);
        if (Step(source, live) is var code and not raw.SQLITE_OK) throw new SqliteException(raw.sqlite3_errmsg(live.Handle).utf8_to_string(), code & 0xff, code);
    }

    /// <summary>Copies a backup and brings the copy to the latest schema. Not fsynced: if it is lost, it is made again.</summary>
    /// <returns>The migrations that were applied.</returns>
    public static IReadOnlyList<Migration> Upgrade(string backup, string path, TimeProvider time)
    {
        using (var source = DatabaseConnection.OpenImmutable(backup, CacheKibibytes))
            Copy(source, path);
        using var copy = DatabaseConnection.Open(path, CacheKibibytes);
        copy.ExecuteScript("PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = OFF");
        Migrator.RequireOurs(copy);
        var applied = Migrator.Up(copy, time);
        return Problem(copy) is { } problem ? throw StorageErrors.Damaged($"The backup does not pass SQLite's check in the latest schema ({problem}): nothing was changed.", problem) : applied;
    }

    /// <summary>How many entries a database holds that another does not, how many differ, and how many it had purged that the other holds.</summary>
    public static (long Missing, long Different, long Purged) Compare(string former, string other)
    {
        using var connection = DatabaseConnection.OpenImmutable(other, CacheKibibytes);
        connection.Execute("ATTACH DATABASE ?1 AS former", DatabaseConnection.ImmutableAddress(former));
        return (connection.Number("SELECT count(*) FROM former.entries AS old WHERE NOT EXISTS (SELECT 1 FROM main.entries AS new WHERE new.id = old.id)") ?? 0,
            connection.Number("SELECT count(*) FROM former.entries AS old JOIN main.entries AS new ON new.id = old.id WHERE new.changed_at <> old.changed_at") ?? 0,
            connection.Number("SELECT count(*) FROM former.purged_entries AS old JOIN main.entries AS new ON new.id = old.id") ?? 0);
    }

    /// <summary>
    /// Looks at a fresh copy. An index that came damaged is made anew in it, since it can be; for other damage there is
    /// no help.
    /// </summary>
    /// <exception cref="EngineException">The copy is damaged, and so its source is.</exception>
    public static (int Schema, DatabaseCounts Counts) Check(string path)
    {
        using var copy = DatabaseConnection.Open(path, CacheKibibytes);
        copy.ExecuteScript("PRAGMA synchronous = OFF");
        var problem = Problem(copy);
        if (problem is not null && Migrator.Version(copy) == Migrator.Latest)
        {
            copy.ExecuteScript("BEGIN");
            FullTextSchema.Rebuild(copy);
            copy.ExecuteScript("COMMIT");
            problem = Problem(copy);
        }
        if (problem is not null)
            throw StorageErrors.Damaged($"The database is damaged ({problem}): its copy is no backup and was removed. Keep the file, and restore the last good backup (cairn backup list).", problem);
        return (Migrator.Version(copy), Count(copy));
    }

    /// <summary>Looks at a finished copy without changing a byte or making a file beside it.</summary>
    /// <returns>What is wrong with it, if anything; else its schema and how much it holds.</returns>
    public static (string? Problem, int Schema, DatabaseCounts Counts) Inspect(string path)
    {
        using var copy = DatabaseConnection.OpenImmutable(path, CacheKibibytes);
        return Problem(copy) is { } problem ? (problem, 0, default) : (null, Migrator.Version(copy), Count(copy));
    }

    /// <summary>What SQLite's quick check finds, the full-text index included; null when nothing.</summary>
    public static string? Problem(DatabaseConnection copy) => copy.Text("PRAGMA quick_check(1)") is var result and not "ok" ? result ?? "no result" : null;

    /// <summary>How much a database of any schema holds: the tables are those of the first.</summary>
    public static DatabaseCounts Count(DatabaseConnection copy)
    {
        var states = copy.Query("SELECT state, count(*) FROM entries GROUP BY state", static row => (State: row.GetString(0), Count: row.GetInt64(1)));
        return new DatabaseCounts(In("active"), In("superseded"), In("archived"),
            copy.Number("SELECT count(*) FROM projects") ?? 0,
            copy.Number("SELECT seq FROM sqlite_sequence WHERE name = 'entries'") ?? 0);

        long In(string state) => states.Find(row => row.State == state).Count;
    }

    private static int Step(DatabaseConnection source, DatabaseConnection target)
    {
        var backup = raw.sqlite3_backup_init(target.Handle, "main", source.Handle, "main");
        if (backup is null or { IsInvalid: true }) return raw.sqlite3_extended_errcode(target.Handle);
        var step = raw.sqlite3_backup_step(backup, -1);
        var finish = raw.sqlite3_backup_finish(backup);
        return step == raw.SQLITE_DONE ? finish : step;
    }

    private static Exception Failure(DatabaseConnection target, int code, string path) => (code & 0xff) switch
    {
        raw.SQLITE_FULL => new EngineException(ErrorCode.StorageFailure,
            $"The disk of {Path.GetDirectoryName(path)} is full: no backup was made. Free some space, or name another folder."),
        raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM => new EngineException(ErrorCode.StorageFailure,
            $"{Path.GetDirectoryName(path)} cannot be written: no backup was made. Give this user write permission, or name another folder."),
        var primary => new SqliteException(raw.sqlite3_errmsg(target.Handle).utf8_to_string(), primary, code),
    };
}
