namespace Cairn.Engine.Entries;

/// <summary>Which entries a list shows, and from where on. The project is the <see cref="CallContext"/>'s; "*" means all.</summary>
public sealed record ListQuery
{
    /// <summary>Only entries of this type, case aside.</summary>
    public string? Type { get; init; }

    /// <summary>Only entries in this state: active, superseded or archived.</summary>
    public string? State { get; init; }

    /// <summary>The id of the entry behind which the page begins: the last one of the page before.</summary>
    public string? After { get; init; }

    /// <summary>How many at most, 1 to <see cref="ListingService.MaxLimit"/>.</summary>
    public int Limit { get; init; } = ListingService.DefaultLimit;
}

/// <summary>A page of entries, the newest first.</summary>
public sealed record EntryPage
{
    /// <summary>The entries.</summary>
    public required IReadOnlyList<IndexItem> Items { get; init; }

    /// <summary>Whether older ones follow.</summary>
    public required bool HasMore { get; init; }
}

/// <summary>How many entries there are of a type in a state.</summary>
/// <param name="EntryType">The type.</param>
/// <param name="State">The state.</param>
/// <param name="Entries">How many.</param>
public sealed record EntryCount(string EntryType, string State, long Entries);
