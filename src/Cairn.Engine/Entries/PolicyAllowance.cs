namespace Cairn.Engine.Entries;

/// <summary>An exception: a value that looks like a secret, is none, and is let pass.</summary>
public sealed record PolicyAllowance
{
    /// <summary>The value's fingerprint.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The rule that had found it; null when that was not known.</summary>
    public string? Rule { get; init; }

    /// <summary>Why it is no secret.</summary>
    public required string Reason { get; init; }

    /// <summary>The one project that it holds for; null means all.</summary>
    public string? Project { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset AddedAt { get; init; }
}
