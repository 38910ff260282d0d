using System.Globalization;

namespace Cairn.Engine.Policy;

/// <summary>A mail's text with quoted-printable (RFC 2045 section 6.7) undone: =40 is @, and a line that ends in = goes on.</summary>
internal static class QuotedPrintable
{
    /// <summary>Software breaks lines at 76 characters; a shorter one that ends in = is an assignment of nothing.</summary>
    private const int ShortestBrokenLine = 60;

    /// <summary>The variant, or null when the text does not look like quoted-printable.</summary>
    public static TextVariant? Of(TextVariant source)
    {
        ReadOnlySpan<char> text = source.Text;
        // Every = of such a text is written =3D; one without has soft line breaks, if it is longer than a line.
        var isEncoded = text.Contains("=3D", StringComparison.Ordinal);
        if (!isEncoded && !text.Contains("=\n", StringComparison.Ordinal) && !text.Contains("=\r\n", StringComparison.Ordinal)) return null;

        var builder = new VariantBuilder(source);
        var lineStart = 0;
        for (var at = 0; at < text.Length; at++)
        {
            at += text[at..].IndexOfAny('=', '\n') is >= 0 and var next ? next : text.Length - at;
            if (at == text.Length) break;
            if (text[at] == '\n') lineStart = at + 1;
            else if (SoftBreak(text[at..]) is > 0 and var length)
            {
                if (at - lineStart >= ShortestBrokenLine) builder.Replace(at, at + length, []);
                at += length - 1;
                lineStart = at + 1;
            }
            else if (isEncoded && at + 3 <= text.Length
                && int.TryParse(text.Slice(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) && code < 0x80)
            {
                builder.Replace(at, at + 3, [(char)code]);
                at += 2;
            }
        }
        return builder.Build(VariantKind.Decoded);
    }

    private static int SoftBreak(ReadOnlySpan<char> text) => text switch
    {
        ['=', '\n', ..] => 2,
        ['=', '\r', '\n', ..] => 3,
        _ => 0,
    };
}
