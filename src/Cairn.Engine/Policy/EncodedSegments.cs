using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace Cairn.Engine.Policy;

/// <summary>
/// What a text holds in base64 (RFC 4648 sections 4 and 5, padded or not, in one line or wrapped) and in hexadecimal, decoded,
/// where it is text in UTF-8 or, as PowerShell makes it, in UTF-16. Only what was decoded is in the variant.
/// </summary>
internal static class EncodedSegments
{
    /// <summary>The shortest segment, in characters: 18 bytes of base64 or 12 of hexadecimal.</summary>
    private const int ShortestSegment = 24;

    private static readonly SearchValues<char> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_");
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");
    private static readonly SearchValues<byte> PrintableBytes = SearchValues.Create([(byte)'\t', (byte)'\n', (byte)'\r', .. Enumerable.Range(' ', 95).Select(static code => (byte)code)]);
    private static readonly SearchValues<char> Margin = SearchValues.Create(" \t>");

    /// <summary>The variant, or null when nothing in the text decodes to text.</summary>
    public static TextVariant? Of(TextVariant source)
    {
        ReadOnlySpan<char> text = source.Text;
        VariantBuilder? builder = null;
        var taken = 0;
        for (var at = 0; at + ShortestSegment <= text.Length;)
        {
            // A window with another character in it: the next segment starts behind that at the earliest.
            var other = text.Slice(at, ShortestSegment).LastIndexOfAnyExcept(Alphabet);
            if (other >= 0)
            {
                at += other + 1;
                continue;
            }
            var end = SegmentEnd(text, at);
            foreach (var (start, stop, decoded) in Decode(source.Text, at, end))
            {
                builder ??= new VariantBuilder(source);
                if (start > taken) builder.Replace(taken, start, VariantBuilder.Gap);
                builder.Replace(start, stop, decoded);
                taken = stop;
            }
            at = end;
        }
        if (taken > 0 && taken < text.Length) builder!.Replace(taken, text.Length, VariantBuilder.Gap);
        return builder?.Build(VariantKind.Decoded);
    }

    /// <summary>
    /// Where the segment ends that starts here: with its run of characters, or, where lines of one length follow, with the last of them.
    /// </summary>
    private static int SegmentEnd(ReadOnlySpan<char> text, int start)
    {
        var end = RunEnd(text, start);
        var length = end - start;
        for (var next = NextLine(text, end); next > 0; next = NextLine(text, end))
        {
            var lineEnd = RunEnd(text, next);
            if (lineEnd == next || lineEnd - next > length || !EndsLine(text, lineEnd)) break;
            end = lineEnd;
            if (end - next < length) break;
        }
        return end;
    }

    /// <summary>Whether nothing but padding, quotes and brackets is left of the line: a word at its beginning is no encoded text.</summary>
    private static bool EndsLine(ReadOnlySpan<char> text, int at) => at == text.Length || "\r\n=\"'`\\<)]},;".Contains(text[at]);

    private static int RunEnd(ReadOnlySpan<char> text, int start) =>
        text[start..].IndexOfAnyExcept(Alphabet) is >= 0 and var length ? start + length : text.Length;

    /// <summary>Where the next line's text starts, when a line ends here; the line break may be written \n. 0 when none does.</summary>
    private static int NextLine(ReadOnlySpan<char> text, int at)
    {
        var rest = text[at..];
        var length = rest switch
        {
            ['\n', ..] => 1,
            ['\r', '\n', ..] => 2,
            ['\\', 'n', ..] => 2,
            ['\\', 'r', '\\', 'n', ..] => 4,
            _ => 0,
        };
        if (length == 0) return 0;
        var margin = rest[length..].IndexOfAnyExcept(Margin);
        return margin < 0 ? 0 : at + length + margin;
    }

    /// <summary>The texts in a segment: one for the whole, or else one for each part of a path.</summary>
    private static IEnumerable<(int Start, int End, string Text)> Decode(string text, int start, int end)
    {
        if (Decode(text.AsSpan(start, end - start)) is { } whole)
        {
            yield return (start, end, whole);
            yield break;
        }
        for (var part = start; part < end;)
        {
            var slash = text.IndexOf('/', part, end - part);
            var stop = slash < 0 ? end : slash;
            if (stop - part >= ShortestSegment && stop - part < end - start && Decode(text.AsSpan(part, stop - part)) is { } decoded)
                yield return (part, stop, decoded);
            part = stop + 1;
        }
    }

    private static string? Decode(ReadOnlySpan<char> segment)
    {
        var characters = ArrayPool<char>.Shared.Rent(segment.Length);
        var bytes = ArrayPool<byte>.Shared.Rent(segment.Length);
        try
        {
            var digits = characters.AsSpan(0, Compact(segment, characters));
            var hex = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? digits[2..] : digits;
            if (hex.Length % 2 == 0 && !hex.ContainsAnyExcept(HexDigits)
                && Convert.FromHexString(hex, bytes, out _, out var count) == OperationStatus.Done && Text(bytes.AsSpan(0, count)) is { } text)
                return text;
            // A character too many is a cut or a slip; what stands before it is still readable.
            if (digits.Length % 4 == 1) digits = digits[..^1];
            digits.Replace('+', '-');
            digits.Replace('/', '_');
            return Base64Url.DecodeFromChars(digits, bytes, out _, out count) == OperationStatus.Done ? Text(bytes.AsSpan(0, count)) : null;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(characters, clearArray: true);
            ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
        }
    }

    /// <summary>The segment without its line breaks, and how long it then is.</summary>
    private static int Compact(ReadOnlySpan<char> segment, Span<char> characters)
    {
        var length = 0;
        for (var at = 0; ;)
        {
            var end = RunEnd(segment, at);
            segment[at..end].CopyTo(characters[length..]);
            length += end - at;
            if (NextLine(segment, end) is not (> 0 and var next)) return length;
            at = next;
        }
    }

    /// <summary>The bytes as text, if they are mostly that.</summary>
    private static string? Text(ReadOnlySpan<byte> bytes)
    {
        if (IsUtf16(bytes)) return Encoding.Unicode.GetString(bytes);
        var printable = 0;
        foreach (var one in bytes)
            if (PrintableBytes.Contains(one) || one >= 0x80) printable++;
        var needed = Utf8.IsValid(bytes) ? bytes.Length * 9 / 10 : int.MaxValue;
        if (printable >= needed) return Encoding.UTF8.GetString(bytes);
        printable = 0;
        foreach (var one in bytes)
            if (PrintableBytes.Contains(one)) printable++;
        return printable >= bytes.Length * 3 / 4 ? Encoding.Latin1.GetString(bytes) : null;
    }

    /// <summary>Little-endian, most of it ASCII.</summary>
    private static bool IsUtf16(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % 2 != 0) return false;
        var ascii = 0;
        for (var i = 0; i < bytes.Length; i += 2)
            if (bytes[i + 1] == 0 && PrintableBytes.Contains(bytes[i])) ascii++;
        return ascii * 2 >= bytes.Length * 3 / 4;
    }
}
