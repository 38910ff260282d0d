using System.Globalization;
using Cairn.Engine.Storage;
using Microsoft.Data.Sqlite;

namespace Cairn.Engine.Maintenance;

/// <summary>
/// Makes copies of the database while any number of processes write to it, and looks after them. A backup counts when
/// its manifest is there; whatever happens before leaves no file under a final name for longer than until the next one.
/// </summary>
public sealed class BackupService
{
    /// <summary>How many backups a prune keeps when nobody says.</summary>
    public const int DefaultKeep = 10;

    /// <summary>How many backups a prune may be told to keep.</summary>
    public const int MaxKeep = 10_000;

    private readonly Database _database;
    private readonly TimeProvider _time;

    internal BackupService(Database database, TimeProvider time)
    {
        _database = database;
        _time = time;
    }

    /// <summary>The folder that is used when none is named: "backups" beside the database.</summary>
    public string StandardFolder => Path.Combine(Path.GetDirectoryName(_database.Path)!, "backups");

    /// <summary>
    /// Copies the database, checks the copy, and forces it to disk. One snapshot: every save that was answered before
    /// is in it. Writers do not wait for it. First it removes what backups that were killed left behind.
    /// </summary>
    /// <param name="folder">Where to; made if missing. <see cref="StandardFolder"/> when null.</param>
    /// <param name="progress">Is told what begins: "copying" or "checking", and the bytes it concerns.</param>
    /// <exception cref="EngineException">There is no database, too little space, a damaged database, or a folder that cannot be written. Nothing is left behind.</exception>
    public BackupCreated Create(string? folder = null, Action<string, long>? progress = null) => Create(BackupReason.Manual, folder, progress);

    /// <summary>
    /// Removes the backups in a folder beyond the newest <paramref name="keep"/>, of whatever reason, and what backups that
    /// were killed left behind. The newest one that verifies always stays, and so does what has no readable manifest (it may
    /// be somebody's) and what a restore that was interrupted needs.
    /// </summary>
    /// <param name="keep">How many to keep: 1 to <see cref="MaxKeep"/>.</param>
    /// <param name="folder">Where; <see cref="StandardFolder"/> when null.</param>
    /// <param name="dryRun">Only say what would be removed.</param>
    public BackupPruning Prune(int keep = DefaultKeep, string? folder = null, bool dryRun = false)
    {
        if (keep is < 1 or > MaxKeep) throw EngineException.Invalid("keep", $"must be 1 to {MaxKeep}", ("limit", MaxKeep), ("size", keep));
        return Among(folder, files =>
        {
            var backups = Backups(files).Where(static backup => backup.Manifest is not null).ToList();
            var excess = Excess(backups, keep);
            var good = excess.Count == 0 ? null : backups.Find(static backup => File.Exists(backup.Path) && BackupInspection.Verify(backup.Path).Passed);
            var needed = Needed();
            var removed = good is null ? [] : excess.Where(backup => backup.Path != good.Path && !needed.Contains(backup.Path)).ToList();
            var note = excess.Count > removed.Count ? good is null ? "none of the backups verifies, so none was removed" : "one that is needed was kept as well" : null;
            var swept = dryRun || !Directory.Exists(files.Path) ? 0 : files.Remove(removed.Select(static backup => backup.Path));
            if (!dryRun) removed.RemoveAll(static backup => File.Exists(backup.Path));
            return new BackupPruning { Folder = files.Path, DryRun = dryRun, Removed = removed, Kept = backups.Count - removed.Count, RemovedUnfinished = swept, Note = note };
        });
    }

    /// <summary>The backups of this database in a folder, newest first. Reads their manifests only.</summary>
    /// <exception cref="EngineException">A folder is named and is not there, or cannot be read.</exception>
    public IReadOnlyList<BackupInfo> List(string? folder = null) => Among(folder, Backups);

    /// <summary>Looks at every byte of a backup: manifest, length, SHA-256, SQLite's own check (full-text index included), counts. Changes nothing.</summary>
    /// <param name="backup">A name from <see cref="List"/>, or a path; null means the newest.</param>
    /// <param name="folder">Where names are looked up; <see cref="StandardFolder"/> when null.</param>
    /// <exception cref="EngineException">There is no such backup.</exception>
    public BackupVerification Verify(string? backup = null, string? folder = null) => backup is not null
        ? BackupInspection.Verify(Find(backup, folder))
        : Among(folder, static files => BackupInspection.Verify(files.Backups() is [var newest, ..] ? newest.Path : throw NoBackups(files.Path)));

    /// <summary>The path of a backup.</summary>
    internal string Find(string backup, string? folder) => Among(folder, files =>
    {
        var path = Path.GetFileName(backup) == backup && File.Exists(Path.Combine(files.Path, backup)) ? Path.Combine(files.Path, backup) : Path.GetFullPath(backup);
        if (path == _database.Path) throw EngineException.Invalid("backup", "is the database itself; look at it with: cairn health");
        return File.Exists(path) ? path : throw EngineException.Invalid("backup", $"there is none of this name in {files.Path}, and no such file; see: cairn backup list");
    });

    /// <summary>Looks at every byte of every backup of this database in a folder, newest first.</summary>
    /// <exception cref="EngineException">There is none.</exception>
    public IReadOnlyList<BackupVerification> VerifyAll(string? folder = null) => Among(folder, files =>
        files.Backups() is { Count: > 0 } backups ? backups.Select(backup => BackupInspection.Verify(backup.Path)).ToList() : throw NoBackups(files.Path));

    /// <summary>
    /// The backup before the schema changes: without it, it does not change. A migration that fails is tried again by each
    /// call, which may not push other backups out: what is as it was at the last try is not kept twice.
    /// </summary>
    /// <returns>Its name.</returns>
    internal string BeforeUpgrade()
    {
        try
        {
            var made = Create(BackupReason.BeforeMigrate, null, null).Backup;
            var twin = List().FirstOrDefault(other => other.Name != made.Name && other is { Status: BackupStatus.Ok, Manifest.Reason: BackupReason.BeforeMigrate }
                && other.Manifest.Sha256 == made.Manifest!.Sha256);
            if (twin is not null) Among(null, files => files.Remove([made.Path]));
            else PruneAutomatic();
            return (twin ?? made).Name;
        }
        catch (EngineException error)
        {
            throw new EngineException(ErrorCode.MigrationFailure, $"The schema was not changed, since the backup that comes first failed. {error.Message}", error.Details, error);
        }
    }

    /// <summary>The backup before a retention rule is applied: without it, it is not.</summary>
    /// <returns>Its name.</returns>
    internal string BeforeRetention()
    {
        try
        {
            return CreateAutomatic(BackupReason.BeforeRetention).Backup.Name;
        }
        catch (EngineException error)
        {
            throw new EngineException(error.Code, $"Nothing was archived, since the backup that comes first failed. {error.Message}", error.Details, error);
        }
    }

    /// <summary>
    /// The backup before something that changes much: into <see cref="StandardFolder"/>. Of such backups the newest
    /// <see cref="DefaultKeep"/> stay; those that somebody asked for are not removed by this.
    /// </summary>
    /// <param name="reason">One of <see cref="BackupReason"/>.</param>
    /// <param name="progress">As for <see cref="Create(string?, Action{string, long}?)"/>.</param>
    internal BackupCreated CreateAutomatic(string reason, Action<string, long>? progress = null)
    {
        var created = Create(reason, null, progress);
        if (reason != BackupReason.BeforeRestore) PruneAutomatic(); // a restore does so at its end
        return created;
    }

    /// <summary>Removes the automatic backups beyond the newest <see cref="DefaultKeep"/>.</summary>
    internal void PruneAutomatic()
    {
        var files = new BackupFolder(StandardFolder, BackupFolder.StemOf(_database.Path));
        try
        {
            var needed = Needed();
            var automatic = Backups(files).Where(static backup => backup.Manifest is { Reason: not BackupReason.Manual }).ToList();
            var excess = Excess(automatic, DefaultKeep).Where(backup => !needed.Contains(backup.Path)).Select(static backup => backup.Path).ToList();
            if (excess.Count > 0) files.Remove(excess);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or EngineException)
        {
            // One is being read or restored, or may not be removed: the next automatic backup tries again. What this one is for goes on.
        }
    }

    /// <summary>Keeps the bytes of a database that SQLite cannot read. See <see cref="BackupFolder.KeepDamaged"/>.</summary>
    internal string KeepDamaged() => In(null, files =>
    {
        var size = DatabaseFile.WithContent.Select(suffix => new FileInfo(_database.Path + suffix)).Sum(static file => file.Exists ? file.Length : 0);
        RequireSpace("copy of the damaged database", Path.GetDirectoryName(_database.Path)!, size);
        return files.KeepDamaged(_database.Path, _time.GetUtcNow());
    });

    /// <summary>The backup before the full-text index is made anew: without it, it is not.</summary>
    internal BackupInfo BeforeIndexRebuild()
    {
        try
        {
            return CreateAutomatic(BackupReason.BeforeIndexRebuild).Backup;
        }
        catch (EngineException error)
        {
            throw new EngineException(error.Code, $"The index is as it was, since the backup that comes first failed. {error.Message}", error.Details, error);
        }
    }

    /// <summary>The newest backup in <see cref="StandardFolder"/> whose manifest and length are right; null when there is none, or the folder cannot be read.</summary>
    internal string? LastGood()
    {
        try
        {
            return List().FirstOrDefault(static backup => backup.Status == BackupStatus.Ok)?.Name;
        }
        catch (EngineException)
        {
            return null; // this is asked about a worse failure, which is the one to tell
        }
    }

    /// <summary>Checks a copy, forces it to disk and gives it its name and its manifest.</summary>
    internal BackupInfo Seal(BackupFiles backup, string reason)
    {
        var (schema, counts) = Backup.Check(backup.Copy);
        DurableFile.Flush(backup.Copy);
        backup.Finish(new BackupManifest
        {
            FormatVersion = BackupManifest.CurrentFormat,
            CreatedAt = backup.Time,
            Reason = reason,
            CairnVersion = BackupManifest.ProgramVersion,
            SqliteVersion = SqliteLibrary.Version,
            Schema = schema,
            Source = Path.GetFileName(_database.Path),
            SizeBytes = new FileInfo(backup.Copy).Length,
            Sha256 = BackupManifest.Hash(backup.Copy),
            Counts = BackupCounts.From(counts),
        }.ToJson());
        return BackupInspection.Look(backup.Database, backup.Time);
    }

    /// <summary>Runs a look at a copy of the database that is removed again; killed, it is removed by the next backup.</summary>
    internal T OnCopy<T>(Func<string, T> look) => In(null, files =>
    {
        var size = RequireDatabase(orNewer: false);
        var (reserved, _) = files.Take(_time.GetUtcNow());
        using var copy = reserved;
        RequireSpace("check", files.Path, size);
        copy.CreateCopy();
        _database.CopyTo(copy.Copy);
        return look(copy.Copy);
    });

    private BackupCreated Create(string reason, string? folder, Action<string, long>? progress) => In(folder, files =>
    {
        var size = RequireDatabase(orNewer: reason == BackupReason.BeforeRestore);
        var (reserved, removed) = files.Take(_time.GetUtcNow());
        using var backup = reserved;
        RequireSpace("backup", files.Path, size);

        progress?.Invoke("copying", size);
        backup.CreateCopy();
        _database.CopyTo(backup.Copy);
        progress?.Invoke("checking", size);
        return new BackupCreated { Backup = Seal(backup, reason), RemovedUnfinished = removed };
    });

    // A restore with the program from before an upgrade replaces, and first keeps, a database that this one cannot use.
    private long RequireDatabase(bool orNewer)
    {
        if (!_database.Exists) throw Nothing();
        return _database.Maintain(connection =>
        {
            if (!orNewer) Migrator.RequireOurs(connection);
            return Migrator.IsEmpty(connection) ? throw Nothing() : Backup.Size(connection);
        });

        EngineException Nothing() => Failure($"There is no database at {_database.Path} yet: nothing to back up.");
    }

    /// <summary>Refuses early what would fill a disk.</summary>
    internal static void RequireSpace(string what, string folder, long needed)
    {
        // A drive's letter is all that Windows is asked about; a share has none, and shows when it is full.
        if (OperatingSystem.IsWindows() && Path.GetPathRoot(folder) is not [_, ':', ..]) return;
        var free = new DriveInfo(folder).AvailableFreeSpace;
        if (free >= needed) return;
        throw new EngineException(ErrorCode.StorageFailure,
            string.Create(CultureInfo.InvariantCulture, $"The {what} needs {Megabytes(needed)} MB, and {folder} has {Megabytes(free)} MB free: nothing was changed. Free some space, or name another folder."),
            new Dictionary<string, object> { ["needed_bytes"] = needed, ["free_bytes"] = free });

        static string Megabytes(long bytes) => (bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture);
    }

    private static List<BackupInfo> Backups(BackupFolder files) => [.. files.Backups().Select(static backup => LookIfThere(backup.Path, backup.Time)).OfType<BackupInfo>()];

    private static BackupInfo? LookIfThere(string path, DateTimeOffset time)
    {
        try
        {
            return BackupInspection.Look(path, time);
        }
        catch (FileNotFoundException)
        {
            return null; // another process removed it just now
        }
    }

    // What comes after the last of those to keep. A damaged one takes no place of theirs.
    private static List<BackupInfo> Excess(List<BackupInfo> newestFirst, int keep)
    {
        var places = newestFirst.FindIndex(backup => backup.Status == BackupStatus.Ok && --keep == 0);
        return places < 0 ? [] : newestFirst[(places + 1)..];
    }

    // What an interrupted restore goes on with.
    private string?[] Needed() => _database.Restoring.Look() switch
    {
        (Held: true, _) => throw Failure("A restore of this database is under way: no backup was removed. Try again when it has ended."),
        (_, { } left) => [left.Backup, left.Safety],
        _ => [],
    };

    // The standard folder need not be there yet; one that is named must be, lest a slip of the pen looks like no backups.
    private T Among<T>(string? folder, Func<BackupFolder, T> work) => folder is null || Directory.Exists(folder)
        ? In(folder, work)
        : throw EngineException.Invalid("folder", $"there is none at {Path.GetFullPath(folder)} that this user may read");

    private T In<T>(string? folder, Func<BackupFolder, T> work) => In(folder is null ? StandardFolder : Path.GetFullPath(folder), _database.Path, work);

    /// <summary>Works in a folder, and gives failures their words.</summary>
    internal static T In<T>(string path, string database, Func<BackupFolder, T> work)
    {
        try
        {
            return work(new BackupFolder(path, BackupFolder.StemOf(database)));
        }
        catch (SqliteException error)
        {
            throw Failure($"The copy in {path} cannot be checked (SQLite error {error.SqliteExtendedErrorCode}), and was removed: check the disk and the database with cairn health.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            var reason = error is UnauthorizedAccessException ? "no permission" : error is DirectoryNotFoundException ? "no such folder" : "the file system refused it, or it is full";
            throw Failure($"The backups in {path} cannot be read or written: {reason}. Mend the folder, free some space, or name another folder.", error);
        }
    }

    private static EngineException NoBackups(string folder) => Failure($"There is no backup of this database in {folder}. Make one: cairn backup create");

    private static EngineException Failure(string message, Exception? inner = null) => new(ErrorCode.StorageFailure, message, inner: inner);
}
