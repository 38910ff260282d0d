using Cairn.Engine.Operations;

namespace Cairn.Engine.Maintenance;

/// <summary>A database at a glance, and who serves it.</summary>
public sealed record StatusReport
{
    /// <summary>The file.</summary>
    public required string Database { get; init; }

    /// <summary>Whether it is there.</summary>
    public required bool Exists { get; init; }

    /// <summary>The file's length.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>The length of its write-ahead log: what was committed and is not folded in yet.</summary>
    public required long WalBytes { get; init; }

    /// <summary>Its schema's version; 0 when it is new, null when it cannot be read.</summary>
    public int? Schema { get; init; }

    /// <summary>The schema that this program works with.</summary>
    public required int LatestSchema { get; init; }

    /// <summary>Whether it is frozen: every process refuses to write.</summary>
    public required bool Frozen { get; init; }

    /// <summary>Why it is frozen.</summary>
    public string? FrozenReason { get; init; }

    /// <summary>How much it holds; null when that cannot be read.</summary>
    public BackupCounts? Counts { get; init; }

    /// <summary>Why it cannot be read, if it cannot.</summary>
    public string? Problem { get; init; }

    /// <summary>The live servers, oldest first.</summary>
    public required IReadOnlyList<ServerInfo> Servers { get; init; }
}

/// <summary>One thing that a repair looked at.</summary>
/// <param name="Name">What: schema, index, permissions, servers, wal.</param>
/// <param name="Status">done, not-needed, or failed.</param>
/// <param name="Detail">What was done, or why it could not be.</param>
public sealed record RepairStep(string Name, string Status, string Detail);
