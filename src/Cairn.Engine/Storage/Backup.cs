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
        var backup = raw.sqlite3_backup_init(target.Handle, "main", source.Handle, "main");
        if (backup is null or { IsInvalid: true }) throw Failure(target, raw.sqlite3_extended_errcode(target.Handle), path);
        var step = raw.sqlite3_backup_step(backup, -1);
        var finish = raw.sqlite3_backup_finish(backup);
        if (step != raw.SQLITE_DONE) throw Failure(target, step, path);
        if (finish != raw.SQLITE_OK) throw Failure(target, finish, path);
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
    /// Looks at a fresh copy. An index that came damaged is made anew in it, since it can be; for other damage there is
    /// no help.
    /// </summary>
    /// <exception cref="EngineException">The copy is damaged, and so its source is.</exception>
    public static (int Schema, DatabaseCounts Counts) Check(string path)
    {
        using var copy = DatabaseConnection.Open(path, CacheKibibytes);
        copy.ExecuteScript("PRAGMA synchronous = OFF");
        var problem = Problem(copy);
        if (problem is not null && Migrator.IsCurrent(copy))
        {
            copy.ExecuteScript("BEGIN");
            FullTextSchema.Rebuild(copy);
            copy.ExecuteScript("COMMIT");
            problem = Problem(copy);
        }
        if (problem is not null)
            throw new EngineException(ErrorCode.StorageFailure, $"The database is damaged ({problem}): its copy is no backup and was removed. Keep the file, and restore the last good backup (cairn backup list).");
        return (Migrator.Version(copy), Count(copy));
    }

    /// <summary>Looks at a finished copy without changing a byte or making a file beside it.</summary>
    /// <returns>What is wrong with it, if anything; else its schema and how much it holds.</returns>
    public static (string? Problem, int Schema, DatabaseCounts Counts) Inspect(string path)
    {
        using var copy = DatabaseConnection.OpenImmutable(path, CacheKibibytes);
        return Problem(copy) is { } problem ? (problem, 0, default) : (null, Migrator.Version(copy), Count(copy));
    }

    // It looks into the full-text index as well.
    private static string? Problem(DatabaseConnection copy) => copy.Text("PRAGMA quick_check(1)") is var result and not "ok" ? result ?? "no result" : null;

    // Tables of the first schema: copies of every schema have them.
    private static DatabaseCounts Count(DatabaseConnection copy)
    {
        var states = copy.Query("SELECT state, count(*) FROM entries GROUP BY state", static row => (State: row.GetString(0), Count: row.GetInt64(1)));
        return new DatabaseCounts(In("active"), In("superseded"), In("archived"),
            copy.Number("SELECT count(*) FROM projects") ?? 0,
            copy.Number("SELECT seq FROM sqlite_sequence WHERE name = 'entries'") ?? 0);

        long In(string state) => states.Find(row => row.State == state).Count;
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
