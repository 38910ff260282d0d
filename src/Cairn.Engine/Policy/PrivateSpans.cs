namespace Cairn.Engine.Policy;

/// <summary>
/// What stands between &lt;private&gt; and &lt;/private&gt;, in any case, is never stored, searched or scanned: it goes before
/// anything else looks at the text. Inner ones count; one that is not closed goes on to the end of the text.
/// </summary>
internal static class PrivateSpans
{
    private const string Name = "private";

    /// <summary>The text without its private spans.</summary>
    public static string Remove(string text) => Without(text).Text;

    /// <summary>The same, with the way back to the places of the text as it was sent.</summary>
    public static TextVariant Without(string text)
    {
        var source = new TextVariant(text);
        var builder = new VariantBuilder(source);
        var (depth, start) = (0, 0);
        for (var at = text.IndexOf('<'); at >= 0;)
        {
            var (length, isEnd) = Tag(text.AsSpan(at));
            var end = at + Math.Max(length, 1);
            if (length > 0 && !isEnd && depth++ == 0) start = at;
            if (length > 0 && isEnd && depth > 0 && --depth == 0) builder.Replace(start, end, Between(text, start));
            at = text.IndexOf('<', end);
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
        var tail = text.AsSpan(0, start);
        var begin = tail.LastIndexOf('<');
        if (begin < 0) return "";
        var beginning = tail[(begin + 1)..].TrimStart('/').TrimEnd(" \t\r\n");
        return Name.AsSpan().StartsWith(beginning, StringComparison.OrdinalIgnoreCase) ? " " : "";
    }

    /// <summary>How long the tag at the start is, and whether it is one that closes; 0 when it is another or none.</summary>
    private static (int Length, bool IsEnd) Tag(ReadOnlySpan<char> text)
    {
        var isEnd = text is ['<', '/', ..];
        var name = text[(isEnd ? 2 : 1)..];
        if (!name.StartsWith(Name, StringComparison.OrdinalIgnoreCase)) return default;
        var close = name[Name.Length..].IndexOfAnyExcept(" \t\r\n");
        return close >= 0 && name[Name.Length + close] == '>' ? (text.Length - name.Length + Name.Length + close + 1, isEnd) : default;
    }
}
