using Cairn.Engine.Entries;
using Cairn.Engine.Storage;
using Microsoft.Data.Sqlite;

namespace Cairn.Engine.Maintenance;

/// <summary>
/// Takes out of backups what was purged, or redacted by a rescan, since they were made. A backup is rewritten beside its
/// place and moved there when it is whole: killed at any moment, the former one or the new one is there, and the next run
/// finishes what was begun.
/// </summary>
public sealed class BackupScrubService
{
    private const int CacheKibibytes = 8 * 1024;

    private readonly Database _database;
    private readonly BackupService _backups;
    private readonly TimeProvider _time;

    internal BackupScrubService(Database database, BackupService backups, TimeProvider time)
    {
        _database = database;
        _backups = backups;
        _time = time;
    }

    /// <summary>The backups in a folder that hold what was purged or redacted, newest first. Looks up ids; reads no more of them.</summary>
    /// <param name="folder">Where; <see cref="BackupService.StandardFolder"/> when null.</param>
    public IReadOnlyList<BackupRemains> Holding(string? folder = null)
    {
        var gone = Gone();
        return gone.IsEmpty ? [] : [.. _backups.List(folder).Select(backup => Look(backup, gone)).Where(static remains => remains.Entries > 0 || remains.Problem is not null)];
    }

    /// <summary>Rewrites the backups in a folder that hold what was purged or redacted. The others stay as they are.</summary>
    /// <param name="folder">Where; <see cref="BackupService.StandardFolder"/> when null.</param>
    /// <param name="progress">Is told the name of each that is being rewritten.</param>
    public IReadOnlyList<BackupScrubbed> ScrubAll(string? folder = null, Action<string>? progress = null)
    {
        BackupService.In(folder ?? _backups.StandardFolder, _database.Path, static files => files.FinishInterrupted());
        var gone = Gone();
        return [.. _backups.List(folder).Select(backup => Look(backup, gone) is { Entries: 0, Problem: null } ? Unchanged(backup.Path) : Scrub(backup.Path, gone, progress))];
    }

    /// <summary>Rewrites one backup, also when it holds nothing of what was purged: bytes may be left in it of a purge that had not come to its end.</summary>
    /// <param name="backup">A name from the list, or a path.</param>
    /// <param name="folder">Where names are looked up; <see cref="BackupService.StandardFolder"/> when null.</param>
    /// <param name="progress">Is told the name when the rewriting begins.</param>
    /// <exception cref="EngineException">There is no such backup.</exception>
    public BackupScrubbed Scrub(string backup, string? folder = null, Action<string>? progress = null)
    {
        var path = _backups.Find(backup, folder);
        BackupService.In(Path.GetDirectoryName(path)!, _database.Path, static files => files.FinishInterrupted());
        return Scrub(path, Gone(), progress);
    }

    private BackupScrubbed Scrub(string path, GoneEntries gone, Action<string>? progress)
    {
        // What is damaged would get a manifest that says it is whole.
        if (BackupInspection.Verify(path) is { Passed: false } damaged) return Failed(path, damaged.Problem!);
        progress?.Invoke(Path.GetFileName(path));
        return BackupService.In(Path.GetDirectoryName(path)!, _database.Path, files =>
        {
            if (files.Rewrite(path) is not { } rewriting) return Failed(path, "another process rewrites it just now");
            using (rewriting)
            {
                rewriting.CreateCopy();
                using (var source = DatabaseConnection.OpenImmutable(path, CacheKibibytes)) Backup.Copy(source, rewriting.Copy);
                var (removed, redacted) = Backup.Edit(rewriting.Copy, copy => TakeOut(copy, gone));
                var (schema, counts) = Backup.Check(rewriting.Copy);
                DurableFile.Flush(rewriting.Copy);
                var manifest = BackupManifest.Read(rewriting.Manifest)! with
                {
                    ScrubbedAt = DateTimeOffset.FromUnixTimeMilliseconds(_time.GetUtcNow().ToUnixTimeMilliseconds()),
                    Schema = schema,
                    SizeBytes = new FileInfo(rewriting.Copy).Length,
                    Sha256 = BackupManifest.Hash(rewriting.Copy),
                    Counts = BackupCounts.From(counts),
                };
                rewriting.Finish(manifest.ToJson());
                return BackupInspection.Verify(path) is { Passed: false } bad ? Failed(path, bad.Problem!)
                    : new BackupScrubbed { Name = Path.GetFileName(path), Path = path, Outcome = "rewritten", Removed = removed, Redacted = redacted };
            }
        });
    }

    private static (int Removed, int Redacted) TakeOut(DatabaseConnection copy, GoneEntries gone)
    {
        var removed = EntryPurgeStore.Find(copy, gone.Purged.Select(static purged => purged.Id));
        foreach (var (key, project) in removed) EntryPurgeStore.Remove(copy, key, project);
        foreach (var purged in gone.Purged) EntryTransferStore.PutPurged(copy, purged);
        var redacted = gone.Rewritten.FindAll(entry => EntryPurgeStore.Differs(copy, entry));
        foreach (var entry in redacted) EntryPurgeStore.Rewrite(copy, entry);
        return (removed.Count, redacted.Count);
    }

    private static BackupRemains Look(BackupInfo backup, GoneEntries gone)
    {
        try
        {
            using var copy = DatabaseConnection.OpenImmutable(backup.Path, CacheKibibytes);
            var entries = EntryPurgeStore.Find(copy, gone.Purged.Select(static purged => purged.Id)).Count + gone.Rewritten.Count(entry => EntryPurgeStore.Differs(copy, entry));
            return new BackupRemains { Name = backup.Name, Path = backup.Path, Entries = entries };
        }
        catch (SqliteException error)
        {
            return new BackupRemains { Name = backup.Name, Path = backup.Path, Entries = 0, Problem = $"SQLite cannot read it (error {error.SqliteExtendedErrorCode}): it may hold anything" };
        }
    }

    private GoneEntries Gone() => !_database.Exists ? new GoneEntries([], [])
        : _database.Read(static connection => new GoneEntries(EntryPurgeStore.Purged(connection), EntryPurgeStore.Rewritten(connection)));

    private static BackupScrubbed Unchanged(string path) => new() { Name = Path.GetFileName(path), Path = path, Outcome = "unchanged" };

    private static BackupScrubbed Failed(string path, string problem) => new() { Name = Path.GetFileName(path), Path = path, Outcome = "failed", Problem = problem };

    private sealed record GoneEntries(List<PurgedRecord> Purged, List<RewrittenEntry> Rewritten)
    {
        public bool IsEmpty => Purged.Count == 0 && Rewritten.Count == 0;
    }
}

/// <summary>A backup that holds what was purged or redacted since.</summary>
public sealed record BackupRemains
{
    /// <summary>The file's name.</summary>
    public required string Name { get; init; }

    /// <summary>The file's absolute path.</summary>
    public required string Path { get; init; }

    /// <summary>How many such entries it holds.</summary>
    public required int Entries { get; init; }

    /// <summary>Why nobody can say, where it cannot be read.</summary>
    public string? Problem { get; init; }
}

/// <summary>What became of a backup.</summary>
public sealed record BackupScrubbed
{
    /// <summary>The file's name.</summary>
    public required string Name { get; init; }

    /// <summary>The file's absolute path.</summary>
    public required string Path { get; init; }

    /// <summary>rewritten, unchanged (it holds nothing of it) or failed.</summary>
    public required string Outcome { get; init; }

    /// <summary>How many purged entries were removed from it.</summary>
    public int? Removed { get; init; }

    /// <summary>How many entries got the text that they have now.</summary>
    public int? Redacted { get; init; }

    /// <summary>Why it failed; the backup is as it was.</summary>
    public string? Problem { get; init; }
}
