namespace Cairn.Engine.Policy;

/// <summary>
/// A text, or what another one reads like once some of its spans are replaced (unescaped, decoded, taken out), with the way
/// back: a place in the variant is a span of the original.
/// </summary>
internal sealed class TextVariant
{
    private readonly TextVariant? parent;
    private readonly IReadOnlyList<TextEdit> edits;

    /// <summary>An original.</summary>
    public TextVariant(string text)
    {
        Text = text;
        edits = [];
    }

    /// <summary>A variant of another.</summary>
    /// <param name="text">How it reads.</param>
    /// <param name="parent">What it was made from.</param>
    /// <param name="edits">What was replaced, by position.</param>
    /// <param name="kind">How it was made.</param>
    public TextVariant(string text, TextVariant parent, IReadOnlyList<TextEdit> edits, VariantKind kind)
    {
        Text = text;
        this.parent = parent;
        this.edits = edits;
        IsJoined = kind == VariantKind.Joined;
        Decodings = parent.Decodings + (kind == VariantKind.Decoded ? 1 : 0);
    }

    /// <summary>How it reads.</summary>
    public string Text { get; }

    /// <summary>How many decodings, one of the other's result, lie between the original and this.</summary>
    public int Decodings { get; }

    /// <summary>Whether it is lines put together: only what runs over a joint is news in it.</summary>
    public bool IsJoined { get; }

    /// <summary>
    /// Where the original has what stands here from <paramref name="start"/> to <paramref name="end"/> (at least one character).
    /// A replaced span counts whole, however little of what replaced it is meant.
    /// </summary>
    public (int Start, int End) InOriginal(int start, int end)
    {
        for (var variant = this; variant.parent is not null; variant = variant.parent)
            (start, end) = (variant.InParent(start).Start, variant.InParent(end - 1).End);
        return (start, end);
    }

    /// <summary>Where, between two places, something was taken out and nothing put in its stead.</summary>
    public IEnumerable<int> Joints(int start, int end)
    {
        for (var i = LastEdit(start) + 1; i < edits.Count && edits[i].At < end; i++)
            if (edits[i].Length == 0) yield return edits[i].At;
    }

    private (int Start, int End) InParent(int at)
    {
        var index = LastEdit(at);
        if (index < 0) return (at, at + 1);
        var edit = edits[index];
        if (at < edit.At + edit.Length) return (edit.Source, edit.Source + edit.SourceLength);
        var source = edit.Source + edit.SourceLength + at - edit.At - edit.Length;
        return (source, source + 1);
    }

    /// <summary>The index of the last edit at or in front of a place; -1 when there is none.</summary>
    private int LastEdit(int at)
    {
        var (low, high) = (0, edits.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (edits[middle].At <= at) low = middle + 1;
            else high = middle - 1;
        }
        return high;
    }
}

/// <summary>How a variant was made.</summary>
internal enum VariantKind
{
    /// <summary>Other characters for the same text.</summary>
    Plain,

    /// <summary>Escapes or encodings were undone.</summary>
    Decoded,

    /// <summary>Line breaks within tokens were taken out.</summary>
    Joined,
}

/// <summary>A span that was replaced.</summary>
/// <param name="At">Where the replacement starts in the variant.</param>
/// <param name="Length">How long the replacement is.</param>
/// <param name="Source">Where the replaced span starts in what the variant was made from.</param>
/// <param name="SourceLength">How long it was there.</param>
internal readonly record struct TextEdit(int At, int Length, int Source, int SourceLength);
