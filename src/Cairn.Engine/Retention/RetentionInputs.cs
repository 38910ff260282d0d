namespace Cairn.Engine.Retention;

/// <summary>What a retention run is asked with. At least one rule must be given.</summary>
public sealed record RetentionInputs
{
    /// <summary>The time from which ages are counted; left out, that of the run. It may lie in the past or in the future.</summary>
    public DateTimeOffset? Now { get; init; }

    /// <summary>Entries that happened longer ago are candidates, in days of 24 hours: 1 to 36,500.</summary>
    public int? MaxAgeDays { get; init; }

    /// <summary>Entries beyond this number of the newest of their project are candidates: 1 to 1,000,000.</summary>
    public int? MaxEntriesPerProject { get; init; }

    /// <summary>Only entries of this project; left out or "*", of all.</summary>
    public string? Project { get; init; }

    /// <summary>What holds for single types and projects instead of the two numbers above; a type's before a project's.</summary>
    public IReadOnlyList<RetentionRule>? Rules { get; init; }
}

/// <summary>A rule for one type of entries or for one project: exactly one of the two is named.</summary>
public sealed record RetentionRule
{
    /// <summary>The type, whatever its case. Such a rule has an age and no number.</summary>
    public string? Type { get; init; }

    /// <summary>The project. One that the database does not have is met by no entry.</summary>
    public string? Project { get; init; }

    /// <summary>As <see cref="RetentionInputs.MaxAgeDays"/>; left out, the next wider rule's.</summary>
    public int? MaxAgeDays { get; init; }

    /// <summary>As <see cref="RetentionInputs.MaxEntriesPerProject"/>; left out, the general one.</summary>
    public int? MaxEntriesPerProject { get; init; }
}
