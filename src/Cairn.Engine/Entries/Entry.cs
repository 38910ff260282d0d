using System.Text.Json;

namespace Cairn.Engine.Entries;

/// <summary>An entry, whole.</summary>
public sealed record Entry
{
    /// <summary>Its public id.</summary>
    public required string Id { get; init; }

    /// <summary>Its title.</summary>
    public required string Title { get; init; }

    /// <summary>Its text.</summary>
    public required string Body { get; init; }

    /// <summary>Its type; see <see cref="Entries.EntryType"/>.</summary>
    public required string EntryType { get; init; }

    /// <summary>The name of its project.</summary>
    public required string Project { get; init; }

    /// <summary>The session that it was saved in.</summary>
    public string? SessionId { get; init; }

    /// <summary>What it is about or comes from: a file, a URL, a ticket.</summary>
    public string? SourceRef { get; init; }

    /// <summary>Its tags.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>A JSON object of the caller's own.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>Who brought it in; see <see cref="EntryOrigin"/>.</summary>
    public required string Origin { get; init; }

    /// <summary>active, superseded or archived.</summary>
    public required string State { get; init; }

    /// <summary>Why it is archived: forgotten, retention or source_gone.</summary>
    public string? StateReason { get; init; }

    /// <summary>True when pinned; left out otherwise.</summary>
    public bool? Pinned { get; init; }

    /// <summary>The branch that was checked out.</summary>
    public string? GitBranch { get; init; }

    /// <summary>The commit that was checked out.</summary>
    public string? GitCommit { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was stored, where that is another moment.</summary>
    public DateTimeOffset? RecordedAt { get; init; }

    /// <summary>The entry that took its place.</summary>
    public string? SupersededBy { get; init; }

    /// <summary>The entries whose place it took.</summary>
    public IReadOnlyList<string>? Supersedes { get; init; }

    /// <summary>How many secrets were cut out of this answer: older rules let them in. Left out when there are none.</summary>
    public int? Redacted { get; init; }

    /// <summary>Set when a file that it names was changed or removed after it was written.</summary>
    public Stale? Stale { get; init; }

    /// <summary>True when the body was cut to a budget; left out otherwise.</summary>
    public bool? Truncated { get; init; }

    /// <summary>How many tokens of the body were left out, roughly; left out when none were.</summary>
    public int? OmittedTokens { get; init; }
}

/// <summary>A file that an entry names, and what became of it after the entry was written.</summary>
/// <param name="Path">The file, relative to the repository's root.</param>
/// <param name="ChangedCommits">How many commits have changed it since.</param>
/// <param name="Gone">True when it is no longer there; left out otherwise.</param>
public sealed record Stale(string Path, int ChangedCommits, bool? Gone = null);

/// <summary>An entry as one line of a list.</summary>
public sealed record IndexItem
{
    /// <summary>Its public id.</summary>
    public required string Id { get; init; }

    /// <summary>Its title.</summary>
    public required string Title { get; init; }

    /// <summary>Its type.</summary>
    public required string EntryType { get; init; }

    /// <summary>The name of its project.</summary>
    public required string Project { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How well it answers the query; only the order means something.</summary>
    public double? Score { get; init; }

    /// <summary>At most 160 characters of its text around what was searched.</summary>
    public string? Snippet { get; init; }

    /// <summary>How many more entries of this page say the same, and are not listed. Left out when there are none.</summary>
    public int? Similar { get; init; }

    /// <summary>What it is about or comes from.</summary>
    public string? SourceRef { get; init; }

    /// <summary>Its state, when it is not active.</summary>
    public string? State { get; init; }

    /// <summary>How many secrets the rules of today find in it, cut out of what is shown. Left out when there are none.</summary>
    public int? Redacted { get; init; }

    /// <summary>The entry that took its place.</summary>
    public string? SupersededBy { get; init; }

    /// <summary>Set when a file that it names was changed or removed after it was written.</summary>
    public Stale? Stale { get; init; }
}
