namespace Cairn.Engine.Entries;

/// <summary>Entries around an anchor, in time order.</summary>
public sealed record Timeline
{
    /// <summary>The anchor's id.</summary>
    public required string AnchorId { get; init; }

    /// <summary>The entries; the anchor is one of them.</summary>
    public required IReadOnlyList<IndexItem> Items { get; init; }
}
