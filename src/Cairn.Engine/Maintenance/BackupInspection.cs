using Cairn.Engine.Storage;
using Microsoft.Data.Sqlite;

namespace Cairn.Engine.Maintenance;

/// <summary>What a backup's files say of it: at a glance, or by every byte. Changes nothing.</summary>
internal static class BackupInspection
{
    /// <summary>A backup by its manifest and length.</summary>
    public static BackupInfo Look(string path, DateTimeOffset time)
    {
        var size = new FileInfo(path).Length;
        var written = File.Exists(BackupFolder.ManifestOf(path));
        var manifest = written ? BackupManifest.Read(BackupFolder.ManifestOf(path)) : null;
        return new BackupInfo
        {
            Name = Path.GetFileName(path),
            Path = path,
            CreatedAt = manifest?.CreatedAt ?? time,
            SizeBytes = size,
            Status = !written ? BackupStatus.Unverified : manifest is null ? BackupStatus.DamagedManifest : manifest.SizeBytes == size ? BackupStatus.Ok : BackupStatus.Damaged,
            Manifest = manifest,
        };
    }

    /// <summary>Looks at every byte of a backup.</summary>
    public static BackupVerification Verify(string path)
    {
        var manifest = File.Exists(BackupFolder.ManifestOf(path)) ? BackupManifest.Read(BackupFolder.ManifestOf(path)) : null;
        var problem = Problem(path, manifest);
        return new BackupVerification { Name = Path.GetFileName(path), Path = path, Passed = problem is null, Problem = problem, Manifest = manifest };
    }

    // The bytes come first: SQLite is not asked about a file that is not the one that was made.
    private static string? Problem(string path, BackupManifest? manifest)
    {
        if (manifest is null) return File.Exists(BackupFolder.ManifestOf(path)) ? "its manifest cannot be read" : "it has no manifest: it was not finished, or its manifest is lost";
        if (new FileInfo(path).Length != manifest.SizeBytes) return "it is not as long as its manifest says";
        if (!BackupManifest.Hash(path).Equals(manifest.Sha256, StringComparison.OrdinalIgnoreCase)) return "its content is not that of its manifest (SHA-256)";
        try
        {
            var (damage, schema, counts) = Backup.Inspect(path);
            if (damage is not null) return $"SQLite finds damage: {damage}";
            return schema == manifest.Schema && BackupCounts.From(counts) == manifest.Counts ? null : "it does not hold what its manifest says (schema or counts)";
        }
        catch (SqliteException error)
        {
            return $"SQLite cannot read it (error {error.SqliteExtendedErrorCode})";
        }
    }
}
