using System.Globalization;
using Cairn.Engine.Maintenance;
using Cairn.Engine.Storage;
using Microsoft.Data.Sqlite;

namespace Cairn.Engine.Recovery;

/// <summary>
/// Reads what a damaged database still holds, page by page and row by row, into a new one. The damaged file, its log and
/// the files beside it are never changed.
/// </summary>
public sealed class RecoverService
{
    private const int Attempts = 3;

    private readonly Database _database;
    private readonly BackupService _backups;
    private readonly TimeProvider _time;

    internal RecoverService(Database database, BackupService backups, TimeProvider time) => (_database, _backups, _time) = (database, backups, time);

    /// <summary>Recovers into a new file, which gets a manifest as a backup has: what puts a backup in place puts it in place.</summary>
    /// <param name="into">The file to make; null for NAME-recovered-TIME.db beside the database.</param>
    /// <param name="progress">Is told what begins.</param>
    /// <exception cref="EngineException">
    /// There is no file, or something of that name is there, or the file is another program's, or it is written to meanwhile,
    /// or it holds nothing that can be read. Nothing is left behind.
    /// </exception>
    public RecoveryResult Recover(string? into = null, Action<string>? progress = null)
    {
        if (!_database.Exists) throw Failure($"There is no database at {_database.Path}: nothing to recover.");
        _database.CloseIdle();
        try
        {
            var folder = new BackupFolder(Path.GetDirectoryName(into is null ? _database.Path : Path.GetFullPath(into))!, $"{BackupFolder.StemOf(_database.Path)}-recovered");
            var (files, removed) = into is null ? folder.Take(_time.GetUtcNow()) : folder.Take(Path.GetFullPath(into), _time.GetUtcNow());
            using (files)
            {
                var run = Run(files, progress);
                return Result(run, _backups.Seal(files, BackupReason.Recovered), removed);
            }
        }
        catch (SqliteException error)
        {
            throw Failure($"The new database could not be made (SQLite error {error.SqliteExtendedErrorCode}), and was removed; the damaged one is as it was. Free some space, or name another disk with --into.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Failure($"A file could not be read or written; the damaged database is as it was. Check the disk, its space and the permissions, or name another place with --into.", error);
        }
    }

    private RecoveryRun Run(BackupFiles files, Action<string>? progress)
    {
        for (var attempt = 1; ; attempt++)
        {
            files.CreateCopy();
            using var source = DamagedDatabase.At(_database.Path);
            var run = new RecoveryRun(source, files.Copy, _time, progress);
            run.Do();
            if (!source.HasChanged) return run;
            if (attempt == Attempts) throw Failure($"{_database.Path} is written to while it is read. End the servers that use it, then try again.");
            BackupFiles.DeleteCopy(files.Copy);
        }
    }

    private RecoveryResult Result(RecoveryRun run, BackupInfo made, int removed) => new()
    {
        Source = _database.Path,
        Database = made,
        Findings = run.Findings.Count > 0 ? run.Findings : ["every page could be read"],
        Tables = run.Tables,
        LostIds = [.. run.Lost.Select(static entry => entry.Id)],
        LostKeys = Ranges(run.Lost.Select(static entry => entry.Key).Order()),
        DamagedIds = run.Damaged,
        ReinstatedIds = run.Reinstated,
        Checks = run.Checks,
        RemovedUnfinished = removed,
    };

    private static List<string> Ranges(IEnumerable<long> keys)
    {
        var ranges = new List<(long First, long Last)>();
        foreach (var key in keys)
        {
            if (ranges.Count > 0 && ranges[^1].Last + 1 == key) ranges[^1] = (ranges[^1].First, key);
            else ranges.Add((key, key));
        }
        return ranges.ConvertAll(static range => range.First == range.Last
            ? range.First.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{range.First}-{range.Last}"));
    }

    private static EngineException Failure(string message, Exception? inner = null) => new(ErrorCode.StorageFailure, message, inner: inner);
}
