namespace Cairn.Engine.Search;

/// <summary>How it stands with the search by meaning.</summary>
public sealed record EmbeddingStatus
{
    /// <summary>on, off (the user's choice), or unavailable.</summary>
    public required string State { get; init; }

    /// <summary>Why it is unavailable, or why nothing is embedded now; null when nothing is in the way.</summary>
    public string? Problem { get; init; }

    /// <summary>The model that makes the vectors.</summary>
    public required string Model { get; init; }

    /// <summary>How many entries have their vectors.</summary>
    public required long Covered { get; init; }

    /// <summary>How many entries there are that may have some.</summary>
    public required long Of { get; init; }

    /// <summary>How many entries were passed over because the model failed on them; null when none were. <c>rebuild</c> tries them again.</summary>
    public long? PassedOver { get; init; }

    /// <summary>How many vectors there are: one a passage.</summary>
    public required long Vectors { get; init; }

    /// <summary>Whether a process is making vectors now.</summary>
    public required bool Working { get; init; }
}

/// <summary>What making all vectors anew has done.</summary>
/// <param name="Entries">How many entries were embedded.</param>
/// <param name="Vectors">How many vectors they got.</param>
/// <param name="Milliseconds">How long it took.</param>
public sealed record EmbeddingRebuild(long Entries, long Vectors, double Milliseconds);

/// <summary>How much of what was searched could be found by its meaning; the rest was found by words alone.</summary>
/// <param name="Covered">How many entries were compared by meaning; 0 while the model is being loaded.</param>
/// <param name="Of">How many entries there are to search.</param>
public sealed record SemanticCoverage(long Covered, long Of);
