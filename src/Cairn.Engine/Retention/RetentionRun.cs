using System.Text.Json;

namespace Cairn.Engine.Retention;

/// <summary>How many candidates there are by each reason. An entry with both counts under age alone.</summary>
public sealed record RetentionReasons
{
    /// <summary>Those that are too old.</summary>
    public required int Age { get; init; }

    /// <summary>Those that are beyond the number for their project.</summary>
    public required int ProjectCount { get; init; }
}

/// <summary>What a retention run found.</summary>
public sealed record RetentionRun
{
    /// <summary>Always dry-run: nothing was changed.</summary>
    public string Mode { get; init; } = "dry-run";

    /// <summary>The run's id, 16 characters like an entry's.</summary>
    public required string RunId { get; init; }

    /// <summary>When it ran, whatever time it counted ages from.</summary>
    public required DateTimeOffset ExecutedAt { get; init; }

    /// <summary>The rule and the time that it was run with: given again, they give the same answer on the same entries.</summary>
    public required RetentionInputs Inputs { get; init; }

    /// <summary>How many entries the rule would let go.</summary>
    public required int TotalCandidates { get; init; }

    /// <summary>The same by reason; the two add up to the total.</summary>
    public required RetentionReasons ByReason { get; init; }

    /// <summary>Their ids, oldest first.</summary>
    public required IReadOnlyList<string> CandidateIds { get; init; }

    /// <summary>True when CandidateIds holds only the oldest of them.</summary>
    public bool? CandidateIdsTruncated { get; init; }

    /// <summary>False when the database cannot be written, so that the run is not in its audit; else left out.</summary>
    public bool? Audited { get; init; }

    /// <summary>What to look at before the run is approved: a clock that may have jumped, a rule for a project that is not there. Left out when there is nothing.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }
}

/// <summary>One row of the audit, without the ids.</summary>
public sealed record RetentionAuditEvent
{
    /// <summary>The row's place.</summary>
    internal long Key { get; init; }

    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>What was done: dry-run, approve; apply, undo or purge with _started or _finished.</summary>
    public required string Event { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset ExecutedAt { get; init; }

    /// <summary>What it was run with: a dry run's rule and time, the backup of an apply; null when an altered row holds no JSON.</summary>
    public JsonElement? Inputs { get; init; }

    /// <summary>What it found or did: a dry run's total_candidates, age, project_count; else how many entries by what became of them. Null when an altered row holds no JSON.</summary>
    public JsonElement? Counts { get; init; }

    /// <summary>The row's hash in hex. Written down elsewhere, the newest one proves that nothing up to it was changed since.</summary>
    public required string RowHash { get; init; }
}

/// <summary>Whether the rows of the audit are the ones that were written, in their order.</summary>
public sealed record RetentionChain
{
    /// <summary>Whether every row leads to the one before it and hashes to what it says.</summary>
    public required bool Verified { get; init; }

    /// <summary>How many rows there are.</summary>
    public required int Events { get; init; }

    /// <summary>The run of the first row that does not fit.</summary>
    public string? BrokenAt { get; init; }

    /// <summary>What does not fit there.</summary>
    public string? Reason { get; init; }
}

/// <summary>The steps of all runs, newest first, and whether their record is whole.</summary>
public sealed record RetentionHistory
{
    /// <summary>Whether the record is whole: of all rows, also those that are not listed.</summary>
    public required RetentionChain Chain { get; init; }

    /// <summary>The newest steps.</summary>
    public required IReadOnlyList<RetentionAuditEvent> Runs { get; init; }
}
