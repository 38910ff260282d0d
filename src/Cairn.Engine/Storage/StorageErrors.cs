using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Cairn.Engine.Storage;

/// <summary>What SQLite and the file system report, in words that say what to do. Never holds a statement's values.</summary>
internal static class StorageErrors
{
    private const string DamageDetail = "damage";

    /// <summary>Gives a SQLite failure its code and words.</summary>
    /// <param name="error">The failure.</param>
    /// <param name="path">The database.</param>
    /// <param name="lastBackup">Gives the last good backup's name, if there is one; asked only when the database is damaged.</param>
    public static EngineException Translate(SqliteException error, string path, Func<string?>? lastBackup = null) => error.SqliteErrorCode switch
    {
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => Failure("Other processes kept the database busy; nothing was saved. Try again.", error),
        raw.SQLITE_FULL => Failure($"The disk is full ({path}{Free(path)}); nothing was saved. Free some space and try again.", error),
        raw.SQLITE_READONLY => Failure($"The database is read-only ({path}): nothing can be saved. Give this user write permission on the file and its directory.", error),
        raw.SQLITE_IOERR => Failure($"Disk I/O error ({path}, SQLite {error.SqliteExtendedErrorCode}); nothing was saved. Check the disk, then run cairn health.", error),
        raw.SQLITE_CANTOPEN => Failure($"The database cannot be opened ({path}). Check that its directory exists and that this user may read and write it.", error),
        _ when error.SqliteErrorCode is raw.SQLITE_CORRUPT || IsUnknownFormat(error) => Failure($"The database is damaged ({path}, SQLite {error.SqliteExtendedErrorCode}). Nothing was changed, and what is undamaged can still be read. Keep the file, and run cairn integrity check, then cairn recover; {Last(lastBackup)}.", error),
        raw.SQLITE_NOTADB => new EngineException(ErrorCode.MigrationFailure,
            $"{path} is not a SQLite database. Nothing was changed: name another file with --db or MEMORY_DB_PATH, or move this one away. If it was Cairn's, its beginning is ruined: cairn recover reads the rest; {Last(lastBackup)}.", inner: error),
        raw.SQLITE_PERM or raw.SQLITE_AUTH => Failure($"No permission to use the database ({path}). Give this user access to the file and its directory.", error),
        _ => Failure($"SQLite error {error.SqliteExtendedErrorCode} ({path}); nothing was saved. Run cairn health.", error),
    };

    /// <summary>Gives a file-system failure its code and words.</summary>
    public static EngineException Translate(Exception error, string path) =>
        Failure($"The database cannot be created or opened ({path}): {Reason(error)}. Name another file with --db or MEMORY_DB_PATH, or mend the directory.", error);

    /// <summary>Whether a failure says that another process holds the database.</summary>
    public static bool IsBusy(Exception? error) => error is SqliteException { SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED };

    /// <summary>Whether a failure says that the database can be read but not written: it is frozen or read-only, or its disk is full.</summary>
    public static bool IsUnwritable(EngineException error) =>
        error.InnerException is SqliteException { SqliteErrorCode: raw.SQLITE_READONLY or raw.SQLITE_FULL } || error.Details.ContainsKey(FreezeFile.Detail);

    /// <summary>A database or a copy whose content is damaged.</summary>
    /// <param name="message">The words for the user.</param>
    /// <param name="problem">What SQLite's check says.</param>
    public static EngineException Damaged(string message, string problem) => new(ErrorCode.StorageFailure, message, new Dictionary<string, object> { [DamageDetail] = problem });

    /// <summary>Whether a failure is the database's own: it is damaged, cut short, or no database at all.</summary>
    public static bool IsDamage(EngineException error) => error.InnerException is SqliteException cause ? IsDamage(cause) : error.Details.ContainsKey(DamageDetail);

    /// <summary>Whether a failure is the database's own.</summary>
    public static bool IsDamage(SqliteException error) =>
        error.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_ERROR || error.SqliteExtendedErrorCode == raw.SQLITE_IOERR_SHORT_READ;

    // A header with a format that no SQLite writes; any other SQLITE_ERROR is a statement's.
    private static bool IsUnknownFormat(SqliteException error) =>
        error.SqliteErrorCode is raw.SQLITE_ERROR && error.Message.Contains("unsupported file format", StringComparison.Ordinal);

    private static string Last(Func<string?>? lastBackup) => lastBackup?.Invoke() is { } name ? $"the last good backup is {name}" : "there is no backup beside it (cairn backup list --in DIR for others)";

    // Where the system does not tell, the rest of the message says enough.
    private static string Free(string path)
    {
        try
        {
            return string.Create(CultureInfo.InvariantCulture, $", {new DriveInfo(Path.GetFullPath(path)).AvailableFreeSpace} bytes free");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return "";
        }
    }

    private static string Reason(Exception error) => error switch
    {
        UnauthorizedAccessException => "no permission",
        DirectoryNotFoundException => "its directory is missing",
        PathTooLongException => "the path is too long",
        _ => "the file system refused it",
    };

    private static EngineException Failure(string message, Exception inner) => new(ErrorCode.StorageFailure, message, inner: inner);
}
