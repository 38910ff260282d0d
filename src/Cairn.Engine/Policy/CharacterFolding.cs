using System.Buffers;
using System.Text;

namespace Cairn.Engine.Policy;

/// <summary>A text without invisible characters, and with plain letters for full-width, mathematical, enclosed and such ones.</summary>
internal static class CharacterFolding
{
    private static readonly Lazy<(IReadOnlyDictionary<int, string> Forms, SearchValues<char> Cause)> Table = new(Build);

    // Of ASCII only these fold: most texts need no table.
    private static readonly SearchValues<char> Controls = SearchValues.Create(
        [.. Enumerable.Range(1, 0x7F).Select(static code => (char)code).Where(static c => char.IsControl(c) && !char.IsWhiteSpace(c))]);

    /// <summary>The whole text, folded, for others to be made from, and what is to be scanned of it; null when nothing folds.</summary>
    public static (TextVariant Whole, TextVariant Changed)? Of(TextVariant source)
    {
        ReadOnlySpan<char> text = source.Text;
        if (Ascii.IsValid(text) && !text.ContainsAny(Controls)) return null;
        var (forms, cause) = Table.Value;
        var (whole, changed) = (new VariantBuilder(source), new VariantBuilder(source));
        for (var at = text.IndexOfAny(cause); at >= 0;)
        {
            var status = Rune.DecodeFromUtf16(text[at..], out var rune, out var length);
            if (status == OperationStatus.Done && forms.TryGetValue(rune.Value, out var form))
            {
                whole.Replace(at, at + length, form);
                changed.ReplaceInPlace(at, at + length, form);
            }
            var next = text[(at + length)..].IndexOfAny(cause);
            at = next < 0 ? next : at + length + next;
        }
        return whole.Build(VariantKind.Plain) is { } folded ? (folded, changed.BuildInPlace(VariantKind.Plain)!) : null;
    }

    // Of what takes two UTF-16 units the first gives cause to look.
    private static (IReadOnlyDictionary<int, string>, SearchValues<char>) Build()
    {
        var forms = FoldingTable.Build();
        Span<char> units = stackalloc char[2];
        var first = new HashSet<char>();
        foreach (var code in forms.Keys)
        {
            new Rune(code).EncodeToUtf16(units);
            first.Add(units[0]);
        }
        return (forms, SearchValues.Create([.. first]));
    }
}
