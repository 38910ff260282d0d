namespace Cairn.Engine.Entries;

/// <summary>
/// An entry with all that hangs on it, as it goes from one database to another. From a database it holds what is stored,
/// character for character; from elsewhere it is only claimed, until <see cref="ImportDraft"/> has looked at it.
/// </summary>
internal sealed record EntryRecord
{
    public required string Id { get; init; }

    /// <summary>The project's name; null when the source knows none, so that the caller's is meant.</summary>
    public string? Project { get; init; }

    /// <summary>The title; null when the source has none, so that the body's first line is it.</summary>
    public string? Title { get; init; }

    public required string Body { get; init; }

    public required string EntryType { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public string? SourceRef { get; init; }

    /// <summary>A JSON object as its text.</summary>
    public string? Metadata { get; init; }

    public required string Origin { get; init; }

    public string State { get; init; } = "active";

    public string? StateReason { get; init; }

    public bool Pinned { get; init; }

    public string? SessionId { get; init; }

    public string? GitBranch { get; init; }

    public string? GitCommit { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was stored; null when that is now.</summary>
    public DateTimeOffset? RecordedAt { get; init; }

    /// <summary>When its state or pin last changed; null when that is now.</summary>
    public DateTimeOffset? ChangedAt { get; init; }

    /// <summary>The entries whose place it took, oldest first.</summary>
    public IReadOnlyList<SupersededLink> Supersedes { get; init; } = [];

    /// <summary>What was done to it after it was saved, in order.</summary>
    public IReadOnlyList<EntryRevision> History { get; init; } = [];
}

/// <summary>An entry whose place was taken, and when.</summary>
internal sealed record SupersededLink(string Id, DateTimeOffset At);

/// <summary>One thing that was done to an entry.</summary>
internal sealed record EntryRevision(string Action, string? Reason, string Origin, DateTimeOffset At);

/// <summary>A session of a project.</summary>
internal sealed record SessionRecord(string Project, string Id, string? Client, DateTimeOffset StartedAt, DateTimeOffset LastSeenAt);

/// <summary>All that is left of a purged entry.</summary>
internal sealed record PurgedRecord(string Id, string? Reason, DateTimeOffset PurgedAt);
