namespace Cairn.Engine.Entries;

/// <summary>Whole entries, and the ids that none has.</summary>
public sealed record EntryList
{
    /// <summary>The entries, in the order asked for.</summary>
    public required IReadOnlyList<Entry> Items { get; init; }

    /// <summary>The ids that no entry has.</summary>
    public IReadOnlyList<string>? Missing { get; init; }

    /// <summary>How many of the last ids a budget had no room for; left out when there was room for all.</summary>
    public int? LeftOut { get; init; }
}
