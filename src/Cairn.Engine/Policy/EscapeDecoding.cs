using System.Buffers;
using System.Globalization;
using System.Text;

namespace Cairn.Engine.Policy;

/// <summary>
/// A text with the escapes of addresses (%40), of string literals (\u0040, \x40, \/, \"), of Markdown (\_, \-) and of HTML (&amp;#64;, &amp;commat;)
/// undone. Line breaks stay escaped: "\n" is also a part of many a Windows path.
/// </summary>
internal static class EscapeDecoding
{
    private const int LongestReference = 10;

    private static readonly SearchValues<char> Cause = SearchValues.Create("%\\&");

    /// <summary>The character references of HTML whose character is ASCII, or is none to be seen.</summary>
    private static readonly Dictionary<string, char> Names = new(StringComparer.Ordinal)
    {
        ["amp"] = '&', ["lt"] = '<', ["gt"] = '>', ["quot"] = '"', ["apos"] = '\'', ["nbsp"] = ' ', ["Tab"] = '\t', ["NewLine"] = '\n',
        ["excl"] = '!', ["num"] = '#', ["dollar"] = '$', ["percnt"] = '%', ["lpar"] = '(', ["rpar"] = ')', ["ast"] = '*', ["midast"] = '*',
        ["plus"] = '+', ["comma"] = ',', ["period"] = '.', ["sol"] = '/', ["colon"] = ':', ["semi"] = ';', ["equals"] = '=', ["quest"] = '?',
        ["commat"] = '@', ["lsqb"] = '[', ["lbrack"] = '[', ["bsol"] = '\\', ["rsqb"] = ']', ["rbrack"] = ']', ["Hat"] = '^', ["lowbar"] = '_',
        ["UnderBar"] = '_', ["grave"] = '`', ["lcub"] = '{', ["lbrace"] = '{', ["verbar"] = '|', ["vert"] = '|', ["rcub"] = '}', ["rbrace"] = '}',
        ["hyphen"] = '-', ["dash"] = '-', ["shy"] = '\u00AD',
    };

    /// <summary>The variant, or null when it would be the text itself.</summary>
    public static TextVariant? Of(TextVariant source)
    {
        ReadOnlySpan<char> text = source.Text;
        var builder = new VariantBuilder(source);
        Span<char> units = stackalloc char[2];
        for (var at = text.IndexOfAny(Cause); at >= 0;)
        {
            var (length, code) = Escape(text[at..]);
            var isCharacter = Rune.TryCreate(code, out var rune);
            if (isCharacter) builder.ReplaceInPlace(at, at + length, units[..rune.EncodeToUtf16(units)]);
            else if (code >= 0) builder.ReplaceInPlace(at, at + length, [(char)code]); // half a pair, the other half of which follows
            var next = text[(at + length)..].IndexOfAny(Cause);
            at = next < 0 ? next : at + length + next;
        }
        return builder.BuildInPlace(VariantKind.Decoded);
    }

    /// <summary>How long the escape at the start is, and which code point it stands for; -1 when it is none.</summary>
    private static (int Length, int Code) Escape(ReadOnlySpan<char> text) => text[0] switch
    {
        // Above ASCII a byte is a part of something that no secret is made of.
        '%' => Hex(text, 1, 2) is >= 0 and < 0x80 and var code ? (3, code) : (1, -1),
        '\\' => Literal(text),
        _ => Reference(text),
    };

    // A literal inside of a literal has several backslashes.
    private static (int Length, int Code) Literal(ReadOnlySpan<char> text)
    {
        var run = text.IndexOfAnyExcept('\\') is >= 0 and var end ? end : text.Length;
        if (run == text.Length) return (run, -1);
        switch (text[run])
        {
            case '/' or '"' or '\'' or '_' or '-':
                return (run + 1, text[run]);
            case 'x' when Hex(text, run + 1, 2) is >= 0 and var code:
                return (run + 3, code);
            case 'u' when Hex(text, run + 1, 4) is >= 0 and var code:
                return (run + 5, code);
            case 'u' when run + 1 < text.Length && text[run + 1] == '{':
                var digits = text[(run + 2)..Math.Min(run + 2 + LongestReference, text.Length)].IndexOf('}');
                return digits is > 0 and <= 6 && Hex(text, run + 2, digits) is >= 0 and <= 0x10FFFF and var point ? (run + 3 + digits, point) : (run, -1);
            default:
                return (run, -1);
        }
    }

    private static (int Length, int Code) Reference(ReadOnlySpan<char> text)
    {
        var end = text[..Math.Min(text.Length, LongestReference)].IndexOf(';');
        if (end < 2) return (1, -1);
        var name = text[1..end];
        int code;
        if (name is ['#', 'x' or 'X', .. var hex]) code = Number(hex, NumberStyles.AllowHexSpecifier);
        else if (name is ['#', .. var digits]) code = Number(digits, NumberStyles.None);
        else code = Names.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var named) ? named : -1;
        return Rune.IsValid(code) ? (end + 1, code) : (1, -1);
    }

    private static int Hex(ReadOnlySpan<char> text, int at, int digits) =>
        at + digits <= text.Length ? Number(text.Slice(at, digits), NumberStyles.AllowHexSpecifier) : -1;

    private static int Number(ReadOnlySpan<char> digits, NumberStyles style) =>
        int.TryParse(digits, style, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
