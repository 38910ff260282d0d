namespace Cairn.Engine.Retention;

/// <summary>What approving a run came to.</summary>
public sealed record RetentionApproval
{
    /// <summary>approved, or unchanged when it was approved before.</summary>
    public required string Status { get; init; }

    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>When it was approved.</summary>
    public required DateTimeOffset ApprovedAt { get; init; }

    /// <summary>The rule and the time that the run was made with.</summary>
    public required RetentionInputs Inputs { get; init; }

    /// <summary>How many entries applying it may archive.</summary>
    public required int TotalCandidates { get; init; }
}

/// <summary>What applying a run came to.</summary>
public sealed record RetentionApplied
{
    /// <summary>applied, or unchanged when it was applied before; then the numbers are those of that time.</summary>
    public required string Status { get; init; }

    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>When the last of its entries was archived.</summary>
    public required DateTimeOffset AppliedAt { get; init; }

    /// <summary>The name of the backup that was made first.</summary>
    public string? Backup { get; init; }

    /// <summary>How many entries the run archived, those before an interruption among them.</summary>
    public required int Archived { get; init; }

    /// <summary>How many it left alone, by reason: changed, pinned, handoff, superseding, already_archived, gone. Left out when there is none.</summary>
    public IReadOnlyDictionary<string, int>? Skipped { get; init; }
}

/// <summary>What undoing a run came to.</summary>
public sealed record RetentionUndone
{
    /// <summary>undone, or unchanged when it was undone before; then the numbers are those of that time.</summary>
    public required string Status { get; init; }

    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>When the last of its entries came back.</summary>
    public required DateTimeOffset UndoneAt { get; init; }

    /// <summary>How many entries came back.</summary>
    public required int Reinstated { get; init; }

    /// <summary>How many did not, by reason: changed (since they were archived), duplicate (an active entry says the same), gone. Left out when there is none.</summary>
    public IReadOnlyDictionary<string, int>? Skipped { get; init; }
}

/// <summary>What a purge would remove.</summary>
public sealed record RetentionPurgePlan
{
    /// <summary>The runs whose entries would go.</summary>
    public required IReadOnlyList<string> Runs { get; init; }

    /// <summary>How many entries would go.</summary>
    public required int Entries { get; init; }

    /// <summary>How many archived entries are still within their grace.</summary>
    public required int Waiting { get; init; }

    /// <summary>When the first of those may go; left out when there is none.</summary>
    public DateTimeOffset? WaitingUntil { get; init; }
}

/// <summary>What a purge removed.</summary>
public sealed record RetentionPurged
{
    /// <summary>The runs whose entries went.</summary>
    public required IReadOnlyList<string> Runs { get; init; }

    /// <summary>How many entries went.</summary>
    public required int Purged { get; init; }

    /// <summary>How many did not, since somebody changed them meanwhile. Left out when there is none.</summary>
    public IReadOnlyDictionary<string, int>? Skipped { get; init; }

    /// <summary>When the oldest of them was recorded: backups made since then may hold some. Left out when none went.</summary>
    public DateTimeOffset? OldestRecordedAt { get; init; }
}

/// <summary>A run made again with the same inputs, and the difference.</summary>
public sealed record RetentionRerun
{
    /// <summary>The run that was made again.</summary>
    public required string RerunOf { get; init; }

    /// <summary>The new run.</summary>
    public required RetentionRun Run { get; init; }

    /// <summary>Candidates that the former run did not have, oldest first.</summary>
    public required IReadOnlyList<string> NewCandidates { get; init; }

    /// <summary>Candidates of the former run that are none any more, oldest first.</summary>
    public required IReadOnlyList<string> GoneCandidates { get; init; }
}

/// <summary>What is different between a dry run and the one before.</summary>
public sealed record RetentionExplanation
{
    /// <summary>The run.</summary>
    public required RetentionAuditEvent Run { get; init; }

    /// <summary>The dry run before it; left out when it is the first.</summary>
    public RetentionAuditEvent? Previous { get; init; }

    /// <summary>The parameters that are different: now, max_age_days, max_entries_per_project, project, rules.</summary>
    public IReadOnlyList<RetentionDifference>? Parameters { get; init; }

    /// <summary>The numbers of both runs: total_candidates, age, project_count.</summary>
    public IReadOnlyList<RetentionDifference>? Candidates { get; init; }

    /// <summary>How many candidates the run before did not have.</summary>
    public int? NewCandidates { get; init; }

    /// <summary>How many of its candidates are none any more.</summary>
    public int? GoneCandidates { get; init; }

    /// <summary>What came to each project between the two; projects to which nothing came are left out.</summary>
    public IReadOnlyList<RetentionGrowth>? Projects { get; init; }
}

/// <summary>One thing in two runs, as text; null where a run has none.</summary>
public sealed record RetentionDifference(string Name, string? Before, string? After);

/// <summary>What came to a project in a while.</summary>
public sealed record RetentionGrowth
{
    /// <summary>The project.</summary>
    public required string Project { get; init; }

    /// <summary>Entries that were saved or imported.</summary>
    public required int Saved { get; init; }

    /// <summary>Entries that documents became.</summary>
    public required int Ingested { get; init; }

    /// <summary>Documents that were new or had changed.</summary>
    public required int Sources { get; init; }
}
