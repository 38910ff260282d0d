namespace Cairn.Engine.Policy;

/// <summary>
/// What stands between &lt;private&gt; and &lt;/private&gt;, in any case, is never stored, searched or scanned: it goes before
/// anything else looks at the text. Inner ones count; one that is not closed goes on to the end of the text.
/// </summary>
internal static class PrivateSpans
{
    private const string Opening = "<private>";
    private const string Closing = "</private>";

    /// <summary>The text without its private spans.</summary>
    public static string Remove(string text) => Without(text).Text;

    /// <summary>The same, with the way back to the places of the text as it was sent.</summary>
    public static TextVariant Without(string text)
    {
        var source = new TextVariant(text);
        var builder = new VariantBuilder(source);
        var (depth, start) = (0, 0);
        for (var at = text.IndexOf('<'); at >= 0; at = text.IndexOf('<', at + 1))
        {
            var rest = text.AsSpan(at);
            if (rest.StartsWith(Opening, StringComparison.OrdinalIgnoreCase))
            {
                if (depth++ == 0) start = at;
            }
            else if (depth > 0 && rest.StartsWith(Closing, StringComparison.OrdinalIgnoreCase) && --depth == 0)
            {
                builder.Replace(start, at + Closing.Length, Between(text, start));
            }
        }
        if (depth > 0) builder.Replace(start, text.Length, []);
        return builder.Build(VariantKind.Plain) ?? source;
    }

    /// <summary>
    /// What takes a span's place: nothing, or a space where the text in front is the beginning of a tag, which must not become
    /// one by what follows. So nothing is left to remove a second time.
    /// </summary>
    private static string Between(string text, int start)
    {
        var tag = text.LastIndexOf('<', Math.Max(start - 1, 0));
        return start > 0 && tag >= 0 && Opening.AsSpan().StartsWith(text.AsSpan(tag, start - tag), StringComparison.OrdinalIgnoreCase) ? " " : "";
    }
}
