namespace Cairn.Engine.Maintenance;

/// <summary>What a restore is told, besides which backup.</summary>
public sealed record RestoreOptions
{
    /// <summary>Where the backup's name is looked up; null means the standard folder.</summary>
    public string? Folder { get; init; }

    /// <summary>Is told what begins and the bytes it concerns: "verifying", "copying", "checking", "upgrading", "replacing".</summary>
    public Action<string, long>? Progress { get; init; }

    /// <summary>A test of the restored database from outside, while nobody else writes to it: gives its line of the checks.</summary>
    public Func<HealthCheck>? Smoke { get; init; }
}

/// <summary>Where the database that a restore replaced is kept.</summary>
public sealed record SafetyCopy
{
    /// <summary>"backup" (can be restored), "damaged" (the bytes of a database that could not be read), or "none" (there was none, or an empty one).</summary>
    public required string Kind { get; init; }

    /// <summary>Its absolute path; null when there is none.</summary>
    public string? Path { get; init; }

    /// <summary>Entries that are in it alone: they were saved after the backup was made. Null when it cannot be read.</summary>
    public long? EntriesOnlyHere { get; init; }

    /// <summary>Entries that were changed since (their state, pin or metadata); the restored database has them as they were before.</summary>
    public long? EntriesThatDiffer { get; init; }

    /// <summary>Entries that had been purged from it, and that the backup brought back.</summary>
    public long? PurgedEntriesBack { get; init; }
}

/// <summary>What a restore did.</summary>
public sealed record RestoreResult
{
    /// <summary>The database.</summary>
    public required string Database { get; init; }

    /// <summary>The backup that it now holds.</summary>
    public required BackupInfo Backup { get; init; }

    /// <summary>When the restore was done.</summary>
    public required DateTimeOffset RestoredAt { get; init; }

    /// <summary>The migrations that the backup's schema lacked.</summary>
    public required IReadOnlyList<string> Migrated { get; init; }

    /// <summary>Where the former database is.</summary>
    public required SafetyCopy Safety { get; init; }

    /// <summary>What was looked at afterwards; each passed.</summary>
    public required IReadOnlyList<HealthCheck> Checks { get; init; }

    /// <summary>The freeze from before the restore, which still holds; null when there was none.</summary>
    public FreezeState? StillFrozen { get; init; }
}
