using Cairn.Engine.Maintenance;

namespace Cairn.Engine.Recovery;

/// <summary>What a recovery found in a damaged file, what it could not read, and the new database.</summary>
public sealed record RecoveryResult
{
    /// <summary>The damaged file. It is as it was.</summary>
    public required string Source { get; init; }

    /// <summary>The new database; it has a manifest, as a backup has.</summary>
    public required BackupInfo Database { get; init; }

    /// <summary>How the file itself is: "whole", or what was found of its pages, in words.</summary>
    public required IReadOnlyList<string> Findings { get; init; }

    /// <summary>Table by table: how many rows are in the new database, how many of them are not as they were, how many are known to be lost.</summary>
    public required IReadOnlyList<RecoveredTable> Tables { get; init; }

    /// <summary>The ids of entries that the index names and that cannot be read.</summary>
    public required IReadOnlyList<string> LostIds { get; init; }

    /// <summary>The keys of these entries, in ranges: "17-23".</summary>
    public required IReadOnlyList<string> LostKeys { get; init; }

    /// <summary>The ids of entries that are there in part, or with a text that is not the one that was saved; they have the tag "damaged".</summary>
    public required IReadOnlyList<string> DamagedIds { get; init; }

    /// <summary>The ids of entries that were superseded by one that is lost, and are active again.</summary>
    public required IReadOnlyList<string> ReinstatedIds { get; init; }

    /// <summary>The checks of the new database.</summary>
    public required IReadOnlyList<HealthCheck> Checks { get; init; }

    /// <summary>How many unfinished recoveries of processes that died were removed.</summary>
    public required int RemovedUnfinished { get; init; }

    /// <summary>Whether nothing is known to be lost or changed.</summary>
    public bool IsComplete => LostIds.Count == 0 && DamagedIds.Count == 0 && Tables.All(static table => table is { Damaged: 0, Lost: 0 });
}

/// <summary>What came of a table.</summary>
/// <param name="Table">Its name.</param>
/// <param name="Recovered">The rows in the new database.</param>
/// <param name="Damaged">Those of them that are not as they were.</param>
/// <param name="Lost">Rows that are known to have been there and are not in the new database; there may be others.</param>
public sealed record RecoveredTable(string Table, int Recovered, int Damaged, int Lost);
