using System.Globalization;
using Cairn.Engine.Entries;
using Cairn.Engine.Search;
using Cairn.Engine.Storage;
using Microsoft.Data.Sqlite;

namespace Cairn.Engine.Maintenance;

/// <summary>
/// Puts a backup in the database's place while other processes have it open. Writers are held back from the first step
/// to the last; readers see the former database until they see the restored one. A journal beside the database says at
/// each moment what was done: a restore that is killed leaves one of the two, and the next command says which.
/// </summary>
public sealed class RestoreService
{
    private readonly Database _database;
    private readonly BackupService _backups;
    private readonly FreezeService _freezes;
    private readonly RestoreChecks _checks;
    private readonly TimeProvider _time;

    internal RestoreService(Database database, BackupService backups, FreezeService freezes, EntryService entries, SearchService search, TimeProvider time)
    {
        _database = database;
        _backups = backups;
        _freezes = freezes;
        _checks = new RestoreChecks(database, entries, search);
        _time = time;
    }

    /// <summary>What there is to say of a restore that is under way or was interrupted; null when there is none.</summary>
    public string? Pending => _database.Restoring.Exists ? Words(_database) : null;

    /// <summary>
    /// Verifies the backup, holds writers back, keeps the present database, replaces it in one transaction (a backup of an
    /// older schema is brought to the latest before), looks at the result, and lets writers go on.
    /// </summary>
    /// <param name="backup">A name from <see cref="BackupService.List"/>, or a path.</param>
    /// <param name="options">How.</param>
    /// <exception cref="EngineException">
    /// The backup does not verify or is of a newer schema, another restore is under way, or there is too little space: nothing
    /// was changed. Or the restored database does not pass a check: then writers stay held back, and the words say how to go on.
    /// </exception>
    public RestoreResult Restore(string backup, RestoreOptions options)
    {
        options.Progress?.Invoke("verifying", 0);
        var source = Verified(_backups.Verify(backup, options.Folder));
        using var journal = _database.Restoring.Take();
        return Do(journal, source, options, safety: null);
    }

    /// <summary>Goes on with a restore that was interrupted. What it has kept of the former database stays the safety copy.</summary>
    /// <param name="options">How; the folder is not used.</param>
    /// <exception cref="EngineException">None was interrupted, or as for <see cref="Restore"/>.</exception>
    public RestoreResult Resume(RestoreOptions options)
    {
        if (!_database.Restoring.Exists) throw EngineException.Invalid("--resume", "no restore was interrupted; begin one with: cairn restore BACKUP");
        using var journal = _database.Restoring.Take();
        if (journal.Former is not { } step)
            throw new EngineException(ErrorCode.StorageFailure, Words(_database, null));
        options.Progress?.Invoke("verifying", 0);
        return Do(journal, Verified(_backups.Verify(step.Backup)), options, step.Stage == RestoreStage.Preparing ? null : step);
    }

    /// <summary>The restore that is under way or was interrupted, in words.</summary>
    internal static string Words(Database database) => database.Look(database.Restoring.Describe);

    private static string Words(Database database, RestoreStep? left) => database.Look(connection => RestoreJournal.Describe(left, connection));

    /// <summary>Ends a restore that nobody does any more, with whichever database is there.</summary>
    /// <returns>In words, which that is.</returns>
    internal static string GiveUp(Database database)
    {
        using var journal = database.Restoring.Take();
        var words = Words(database, journal.Former);
        if (journal.Former is { } left && IsReplaced(database, left)) new DatabaseReplacement(database).Settle();
        DeleteStaged(database);
        journal.Remove();
        return words;
    }

    private static void DeleteStaged(Database database) => BackupFiles.DeleteCopy(Staged(database));

    private static bool IsReplaced(Database database, RestoreStep step) => database.Look(connection => RestoreJournal.IsReplaced(step, connection));

    private static string Staged(Database database) => database.Path + ".restoring.db";

    private static BackupVerification Verified(BackupVerification backup)
    {
        if (backup.Problem is { } problem) throw new EngineException(ErrorCode.StorageFailure, $"{backup.Path} is no backup to rely on: {problem}. Nothing was changed: choose another (cairn backup list).");
        if (backup.Manifest!.Schema > Migrator.Latest)
            throw new EngineException(ErrorCode.MigrationFailure, $"{backup.Name} has schema {backup.Manifest.Schema}; this cairn knows schemas up to {Migrator.Latest}. Nothing was changed: update cairn.");
        return backup;
    }

    private RestoreResult Do(OpenJournal journal, BackupVerification backup, RestoreOptions options, RestoreStep? safety)
    {
        var step = safety ?? journal.Append(new RestoreStep { Stage = RestoreStage.Preparing, Backup = backup.Path, Since = _time.GetUtcNow() });
        IReadOnlyList<string> migrated = [];
        try
        {
            if (safety is null) step = Keep(step, options);
            if (safety is null || !IsReplaced(step) || _checks.Mismatch(backup.Manifest!.Counts) is not null)
            {
                (var source, migrated) = Source(backup, options);
                step = journal.Append(step with { Stage = RestoreStage.Copying, Cookie = Cookie() });
                new DatabaseReplacement(_database).ReplaceBy(source);
            }
            else new DatabaseReplacement(_database).Settle();
        }
        catch (Exception) when (!IsReplaced(step))
        {
            DeleteStaged(_database);
            // The database is as it was. After an interrupted restore that may be the restored one: then its journal stays.
            if (journal.Former is null or { Stage: RestoreStage.Preparing }) journal.Remove();
            else journal.Append(journal.Former);
            throw;
        }
        journal.Append(step with { Stage = RestoreStage.Checking });
        DeleteStaged(_database);
        options.Progress?.Invoke("checking", backup.Manifest!.SizeBytes);
        var checks = _checks.Run(backup.Manifest!.Counts, options.Smoke);
        if (checks.FirstOrDefault(static check => check.Status == "fail") is { } failed) throw Failed(step, failed);
        journal.Remove();
        _backups.PruneAutomatic();
        return new RestoreResult
        {
            Database = _database.Path,
            Backup = BackupInspection.Look(backup.Path, backup.Manifest.CreatedAt),
            RestoredAt = _time.GetUtcNow(),
            Migrated = migrated,
            Safety = Safety(step),
            Checks = checks,
            StillFrozen = _freezes.Current,
        };
    }

    // Writers are held back by now; those that had begun are waited for, so that the copy holds all that was answered.
    private RestoreStep Keep(RestoreStep step, RestoreOptions options)
    {
        if (!_database.Exists) return step;
        try
        {
            if (_database.Maintain(Migrator.IsEmpty)) return step;
            _database.AwaitWriters();
            return step with { Safety = _backups.CreateAutomatic(BackupReason.BeforeRestore, options.Progress).Backup.Path, SafetyIsBackup = true };
        }
        catch (EngineException error) when (StorageErrors.IsDamage(error))
        {
            _database.CloseIdle();
            return step with { Safety = _backups.KeepDamaged() };
        }
    }

    // The backup itself, or a copy of it in the latest schema: so that the database is never one that servers cannot use.
    private (string Path, IReadOnlyList<string> Migrated) Source(BackupVerification backup, RestoreOptions options)
    {
        var size = backup.Manifest!.SizeBytes;
        var older = backup.Manifest.Schema < Migrator.Latest;
        BackupService.RequireSpace("restore", Path.GetDirectoryName(_database.Path)!, size * (older ? 3 : 2)); // the log, the file, a copy to upgrade
        IReadOnlyList<string> migrated = [];
        if (older)
        {
            options.Progress?.Invoke("upgrading", size);
            DeleteStaged(_database);
            DatabaseFile.CreateNew(Staged(_database), FileShare.Read).Dispose();
            migrated = Upgrade(backup.Path);
        }
        options.Progress?.Invoke("replacing", size);
        return (older ? Staged(_database) : backup.Path, migrated);
    }

    private IReadOnlyList<string> Upgrade(string backup)
    {
        try
        {
            return [.. Backup.Upgrade(backup, Staged(_database), _time).Select(static migration => migration.Name)];
        }
        catch (SqliteException error)
        {
            throw StorageErrors.Translate(error, Staged(_database));
        }
    }

    private bool IsReplaced(RestoreStep step) => IsReplaced(_database, step);

    private long? Cookie() => _database.Exists ? _database.Look(static connection => connection is null ? null : RestoreJournal.ReadCookie(connection)) : 0;

    private static SafetyCopy Safety(RestoreStep step)
    {
        if (step.Safety is not { } path) return new SafetyCopy { Kind = "none" };
        if (!step.SafetyIsBackup) return new SafetyCopy { Kind = "damaged", Path = path };
        try
        {
            var (missing, different, purged) = Backup.Compare(path, step.Backup);
            return new SafetyCopy { Kind = "backup", Path = path, EntriesOnlyHere = missing, EntriesThatDiffer = different, PurgedEntriesBack = purged };
        }
        catch (SqliteException)
        {
            return new SafetyCopy { Kind = "backup", Path = path }; // of a newer schema, or gone meanwhile: then nobody can say
        }
    }

    private static EngineException Failed(RestoreStep step, HealthCheck failed)
    {
        var back = step is { SafetyIsBackup: true, Safety: { } safety } ? $"go back with: cairn restore {Path.GetFileName(safety)}, or " : "choose another backup, or ";
        return new EngineException(ErrorCode.StorageFailure, string.Create(CultureInfo.InvariantCulture,
            $"The database was replaced, but does not pass ({failed.Name}: {failed.Detail}). Writes stay held back: {back}accept it with: cairn unfreeze."));
    }
}
