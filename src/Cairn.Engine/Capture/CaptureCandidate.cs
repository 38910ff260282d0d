namespace Cairn.Engine.Capture;

/// <summary>What a rule would remember of a window.</summary>
internal sealed record CaptureCandidate
{
    /// <summary>The rule that found it.</summary>
    public required CaptureRule Rule { get; init; }

    /// <summary>Its title: one line.</summary>
    public required string Title { get; init; }

    /// <summary>Its text.</summary>
    public required string Body { get; init; }

    /// <summary>How sure it is, 0 to 1.</summary>
    public required double Confidence { get; init; }

    /// <summary>What speaks against it, as a word of <see cref="CaptureReason"/>; null when nothing does.</summary>
    public string? Doubt { get; init; }

    /// <summary>The events that it rests on, in order.</summary>
    public required IReadOnlyList<SessionEvent> Evidence { get; init; }
}
