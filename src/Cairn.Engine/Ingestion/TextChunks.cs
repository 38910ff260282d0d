using System.Text;

namespace Cairn.Engine.Ingestion;

/// <summary>Cuts a long text into parts, at blank lines where there are any. Pure.</summary>
internal static class TextChunks
{
    /// <summary>The parts of a text, none longer than so many bytes of UTF-8; together they are the text.</summary>
    public static IEnumerable<string> Cut(string text, int maxBytes)
    {
        if (Encoding.UTF8.GetMaxByteCount(text.Length) <= maxBytes || Encoding.UTF8.GetByteCount(text) <= maxBytes)
        {
            yield return text;
            yield break;
        }
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var start = 0; start < bytes.Length;)
        {
            var length = bytes.Length - start <= maxBytes ? bytes.Length - start : PartLength(bytes.AsSpan(start, maxBytes + 1));
            yield return Encoding.UTF8.GetString(bytes, start, length);
            start += length;
        }
    }

    // Up to the last blank line of the second half, else the last line's end there, else the last whole character.
    private static int PartLength(ReadOnlySpan<byte> text)
    {
        var max = text.Length - 1;
        var half = max / 2;
        if (text[half..max].LastIndexOf("\n\n"u8) is >= 0 and var blank) return half + blank + 2;
        if (text[half..max].LastIndexOf((byte)'\n') is >= 0 and var line) return half + line + 1;
        while (max > 1 && (text[max] & 0xC0) == 0x80) max--;
        return max;
    }
}
