namespace Cairn.Engine.Projects;

/// <summary>A project as it is listed.</summary>
public sealed record Project
{
    /// <summary>Its name; unique, case aside.</summary>
    public required string Name { get; init; }

    /// <summary>How many entries it holds, in any state.</summary>
    public required long Entries { get; init; }

    /// <summary>When its newest entry happened.</summary>
    public DateTimeOffset? LastEntryAt { get; init; }

    /// <summary>When it was first seen.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Repository origins that lead to it, normalised.</summary>
    public IReadOnlyList<string>? Origins { get; init; }

    /// <summary>Root folders that lead to it.</summary>
    public IReadOnlyList<string>? Roots { get; init; }

    /// <summary>Names that it once had and that still lead to it.</summary>
    public IReadOnlyList<string>? FormerNames { get; init; }
}
