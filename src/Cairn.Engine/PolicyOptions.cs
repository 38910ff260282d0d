namespace Cairn.Engine;

/// <summary>What happens to a text that holds what looks like a secret.</summary>
public enum PolicyMode
{
    /// <summary>It is not taken: a save is refused, an imported entry or an ingested file is skipped with its reason.</summary>
    Block,

    /// <summary>It is taken, with each span replaced by [REDACTED:rule].</summary>
    Redact,
}

/// <summary>
/// What the user has set for the policy. Where nothing is set, a save is refused, and what is ingested or imported is redacted.
/// </summary>
public sealed record PolicyOptions
{
    /// <summary>The mode of all writers; null leaves each its own.</summary>
    public PolicyMode? Mode { get; init; }

    /// <summary>The modes of single projects, by a name that they have or had. They go before <see cref="Mode"/>.</summary>
    public IReadOnlyDictionary<string, PolicyMode> Projects { get; init; } = new Dictionary<string, PolicyMode>();
}
