using System.Globalization;
using System.Text;
using Cairn.Host.Cli;
using Spectre.Console.Rendering;

namespace Cairn.Host.Browse;

/// <summary>
/// Text in the cells of a terminal: wide characters take two of them, marks that stand on others none. Where terminals
/// differ, as with joined emoji, it counts the most that one of them takes, so that nothing is ever wider. Pure.
/// </summary>
internal static class CellText
{
    private const int TabStop = 4;

    /// <summary>One line, free of what acts on a terminal.</summary>
    public static string Line(string text) => Whole(Output.Visible(text, multiline: false));

    /// <summary>Several lines, free of what acts on a terminal but for their line ends.</summary>
    public static string Lines(string text) => Whole(Output.Visible(text, multiline: true).Replace("\t", new string(' ', TabStop), StringComparison.Ordinal));

    /// <summary>How many cells a text takes.</summary>
    public static int Width(string text)
    {
        var width = 0;
        for (var at = 0; at < text.Length;)
        {
            var length = NextLength(text, at);
            width += WidthOf(text.AsSpan(at, length));
            at += length;
        }
        return width;
    }

    /// <summary>As much of the text as fits so many cells; where something is cut off, it ends in an ellipsis.</summary>
    public static string Cut(string text, int width)
    {
        if (width <= 0) return "";
        var (cells, fits) = (0, 0); // fits: how far it may go with an ellipsis behind
        for (var at = 0; at < text.Length;)
        {
            var length = NextLength(text, at);
            cells += WidthOf(text.AsSpan(at, length));
            if (cells > width) return $"{text[..fits]}…";
            at += length;
            if (cells < width) fits = at;
        }
        return text;
    }

    /// <summary>The text with blanks behind it, or cut, so that it takes just so many cells.</summary>
    public static string Fill(string text, int width)
    {
        var cut = Cut(text, width);
        return cut + new string(' ', Math.Max(0, width - Width(cut)));
    }

    /// <summary>The last of the text that fits so many cells: what a person sees who goes on typing.</summary>
    public static string End(string text, int width)
    {
        var at = 0;
        for (var left = Width(text); left > width && at < text.Length;)
        {
            var length = NextLength(text, at);
            left -= WidthOf(text.AsSpan(at, length));
            at += length;
        }
        return text[at..];
    }

    /// <summary>The text in lines of at most so many cells, broken between words where that can be.</summary>
    public static List<string> Wrap(string text, int width)
    {
        var lines = new List<string>();
        foreach (var paragraph in text.Split('\n')) Wrap(paragraph, Math.Max(1, width), lines);
        return lines;
    }

    private static void Wrap(string text, int width, List<string> lines)
    {
        // The line begins at start; after the last blank, at space, a new one may.
        var (start, cells, space) = (0, 0, -1);
        for (var at = 0; at < text.Length;)
        {
            var length = NextLength(text, at);
            var wide = WidthOf(text.AsSpan(at, length));
            var isBlank = text[at] == ' ' && length == 1;
            while (!isBlank && cells + wide > width && at > start)
            {
                var end = space > start ? space : at;
                lines.Add(text[start..end].TrimEnd(' '));
                (start, space) = (end == at ? at : end + 1, -1);
                cells = Width(text[start..at]);
            }
            if (wide > width)
            {
                lines.Add("?"); // no terminal of one column has room for it
                (start, cells) = (at + length, 0);
                at = start;
                continue;
            }
            if (isBlank) space = at;
            cells += wide;
            at += length;
        }
        lines.Add(Cut(text[start..].TrimEnd(' '), width));
    }

    // Halves of characters, and the separators that some terminals take for line ends.
    private static string Whole(string text)
    {
        var whole = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            whole.Append(Rune.GetUnicodeCategory(rune) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? " " : rune.ToString());
        return whole.ToString();
    }

    private static int NextLength(string text, int at) =>
        IsPlain(text[at]) && (at + 1 == text.Length || IsPlain(text[at + 1])) ? 1 : StringInfo.GetNextTextElementLength(text, at);

    private static bool IsPlain(char c) => c is >= ' ' and <= '~';

    private static int WidthOf(ReadOnlySpan<char> element)
    {
        if (element.Length == 1 && IsPlain(element[0])) return 1;
        var apart = 0;
        foreach (var rune in element.EnumerateRunes()) apart += IsSkinTone(rune) ? 2 : new Segment(rune.ToString()).CellCount();
        return Math.Max(apart, new Segment(element.ToString()).CellCount());
    }

    // Where a terminal does not know it, it is a patch of colour behind its emoji.
    private static bool IsSkinTone(Rune rune) => rune.Value is >= 0x1F3FB and <= 0x1F3FF;
}
