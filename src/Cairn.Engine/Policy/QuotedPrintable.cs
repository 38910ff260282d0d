using System.Globalization;

namespace Cairn.Engine.Policy;

/// <summary>A mail's text with quoted-printable (RFC 2045 section 6.7) undone: =40 is @, and a line that ends in = goes on.</summary>
internal static class QuotedPrintable
{
    /// <summary>The variant, or null when the text does not look like quoted-printable.</summary>
    public static TextVariant? Of(TextVariant source)
    {
        ReadOnlySpan<char> text = source.Text;
        // Such a text says so, or writes every = as =3D; elsewhere, a line that ends in = is an assignment of nothing, or base64.
        if (!text.Contains("=3D", StringComparison.Ordinal) && !text.Contains("quoted-printable", StringComparison.OrdinalIgnoreCase)) return null;

        var builder = new VariantBuilder(source);
        for (var at = text.IndexOf('='); at >= 0;)
        {
            var length = Escape(text[at..], out var character);
            if (length > 1) builder.ReplaceInPlace(at, at + length, character is { } one ? [one] : []);
            var next = text[(at + length)..].IndexOf('=');
            at = next < 0 ? next : at + length + next;
        }
        return builder.BuildInPlace(VariantKind.Decoded);
    }

    /// <summary>How long the escape at the start is, and its character, which a soft line break has not; 1 when it is none.</summary>
    private static int Escape(ReadOnlySpan<char> text, out char? character)
    {
        character = null;
        if (text is ['=', '\n', ..]) return 2;
        if (text is ['=', '\r', '\n', ..]) return 3;
        if (text.Length < 3 || !int.TryParse(text.Slice(1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) || code >= 0x80) return 1;
        character = (char)code;
        return 3;
    }
}
