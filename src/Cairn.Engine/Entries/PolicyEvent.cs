namespace Cairn.Engine.Entries;

/// <summary>A line of the policy's audit. It holds no text of an entry.</summary>
public sealed record PolicyEvent
{
    /// <summary>A save that was refused.</summary>
    public const string Blocked = "blocked";

    /// <summary>A span that was replaced.</summary>
    public const string Redacted = "redacted";

    /// <summary>An exception that was made.</summary>
    public const string Allowed = "allowed";

    /// <summary>An exception that was taken back.</summary>
    public const string AllowRemoved = "allow_removed";

    /// <summary>What happened: blocked, redacted, allowed, allow_removed, found or purged.</summary>
    public required string Event { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>The rule, or - when it is not known.</summary>
    public required string Rule { get; init; }

    /// <summary>The field; of an ingested document, its path.</summary>
    public string? Field { get; init; }

    /// <summary>The line in it, from 1.</summary>
    public int? Line { get; init; }

    /// <summary>The column in the line, from 1, in UTF-16 characters.</summary>
    public int? Column { get; init; }

    /// <summary>How long it is, in UTF-16 characters.</summary>
    public int? Length { get; init; }

    /// <summary>Its fingerprint.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Who was writing: one of <see cref="EntryOrigin"/>.</summary>
    public string? Origin { get; init; }

    /// <summary>The project; null as well when its name looks like a secret itself.</summary>
    public string? Project { get; init; }

    /// <summary>The entry that was stored without it.</summary>
    public string? EntryId { get; init; }

    /// <summary>Why, of an exception.</summary>
    public string? Reason { get; init; }
}
