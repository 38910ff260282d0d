using System.Text.Json;

namespace Cairn.Engine.Entries;

/// <summary>What is to be saved. Project and session are the <see cref="CallContext"/>'s.</summary>
public sealed record NewEntry
{
    /// <summary>The text; at most 256 KiB of UTF-8.</summary>
    public required string Text { get; init; }

    /// <summary>The title, at most 300 characters; when absent, the text's first line.</summary>
    public string? Title { get; init; }

    /// <summary>The type, at most 200 characters; note when absent.</summary>
    public string? Type { get; init; }

    /// <summary>What it is about or comes from, at most 200 characters.</summary>
    public string? SourceRef { get; init; }

    /// <summary>At most 50 tags of 64 characters.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>A JSON object, at most 16 KiB and 32 levels deep.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>Ids of the entries whose place it takes; of the same project.</summary>
    public IReadOnlyList<string> Supersedes { get; init; } = [];

    /// <summary>When it happened; now, when absent.</summary>
    public DateTimeOffset? OccurredAt { get; init; }
}

/// <summary>What can be done to an entry.</summary>
public enum EntryAction
{
    /// <summary>A new version takes its place; what is not given is kept.</summary>
    Revise,

    /// <summary>An entry that is there takes its place.</summary>
    Supersede,

    /// <summary>It is archived: out of search, restorable.</summary>
    Forget,

    /// <summary>It comes back from the archive.</summary>
    Reinstate,

    /// <summary>It is never a retention candidate, and stands first in a brief.</summary>
    Pin,

    /// <summary>It is pinned no more.</summary>
    Unpin,
}

/// <summary>A change to an entry.</summary>
public sealed record EntryChange
{
    /// <summary>The entry.</summary>
    public required string Id { get; init; }

    /// <summary>What is done to it.</summary>
    public required EntryAction Action { get; init; }

    /// <summary>Revise: the new text.</summary>
    public string? Text { get; init; }

    /// <summary>Revise: the new title.</summary>
    public string? Title { get; init; }

    /// <summary>Revise: the new type.</summary>
    public string? Type { get; init; }

    /// <summary>Revise: the new source.</summary>
    public string? SourceRef { get; init; }

    /// <summary>Revise: the new tags.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Revise: the new metadata.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>Supersede: the entry that takes its place.</summary>
    public string? SupersededBy { get; init; }

    /// <summary>Why, for the record; at most 200 characters.</summary>
    public string? Reason { get; init; }
}
