namespace Cairn.Engine.Maintenance;

/// <summary>A backup as a list shows it; its bytes were not looked at.</summary>
public sealed record BackupInfo
{
    /// <summary>The file's name.</summary>
    public required string Name { get; init; }

    /// <summary>The file's absolute path.</summary>
    public required string Path { get; init; }

    /// <summary>When it was begun.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The file's length.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>
    /// What manifest and length show: "ok" (only verify knows whether each byte is right), "unverified" (no manifest:
    /// nobody can say whether the file is whole), "damaged-manifest", or "damaged" (another length than it should have).
    /// </summary>
    public required string Status { get; init; }

    /// <summary>What it says of itself; null without a readable manifest.</summary>
    public BackupManifest? Manifest { get; init; }
}

/// <summary>What a look at a backup's manifest and length shows.</summary>
internal static class BackupStatus
{
    /// <summary>The manifest is there, and the file is as long as it says. Whether each byte is right, only verify knows.</summary>
    public const string Ok = "ok";

    /// <summary>There is no manifest: nobody can say whether the file is whole.</summary>
    public const string Unverified = "unverified";

    /// <summary>The manifest cannot be read.</summary>
    public const string DamagedManifest = "damaged-manifest";

    /// <summary>The file is not as long as the manifest says.</summary>
    public const string Damaged = "damaged";
}

/// <summary>A new backup.</summary>
public sealed record BackupCreated
{
    /// <summary>The backup; it has a manifest.</summary>
    public required BackupInfo Backup { get; init; }

    /// <summary>How many unfinished backups of processes that died were removed.</summary>
    public required int RemovedUnfinished { get; init; }
}

/// <summary>What a prune did, or with a dry run would do.</summary>
public sealed record BackupPruning
{
    /// <summary>The folder.</summary>
    public required string Folder { get; init; }

    /// <summary>True when nothing was removed.</summary>
    public required bool DryRun { get; init; }

    /// <summary>The backups that were removed, newest first.</summary>
    public required IReadOnlyList<BackupInfo> Removed { get; init; }

    /// <summary>How many backups stay.</summary>
    public required int Kept { get; init; }

    /// <summary>How many unfinished backups of processes that died were removed.</summary>
    public required int RemovedUnfinished { get; init; }

    /// <summary>A word on why more stayed than were to be kept, if they did.</summary>
    public string? Note { get; init; }
}

/// <summary>What a look at every byte of a backup shows.</summary>
public sealed record BackupVerification
{
    /// <summary>The file's name.</summary>
    public required string Name { get; init; }

    /// <summary>The file's absolute path.</summary>
    public required string Path { get; init; }

    /// <summary>Whether it can be relied on.</summary>
    public required bool Passed { get; init; }

    /// <summary>What is wrong with it, when something is.</summary>
    public string? Problem { get; init; }

    /// <summary>What it says of itself; null without a readable manifest.</summary>
    public BackupManifest? Manifest { get; init; }
}
