using System.Globalization;
using System.Text;

namespace Cairn.Engine;

/// <summary>
/// What text may be stored. SQLite keeps a NUL but its functions and FTS5 stop there, and a lone surrogate cannot be
/// written as UTF-8: both are refused with their position. A limit is refused with the size that came, never cut.
/// </summary>
internal static class TextRules
{
    /// <summary>Text of any number of lines, trimmed; at most <paramref name="maxBytes"/> bytes of UTF-8.</summary>
    public static string Body(string field, string text, int maxBytes)
    {
        RequireStorable(field, text);
        var body = text.Trim();
        if (body.Length == 0) throw EngineException.Invalid(field, "is empty");
        var size = Encoding.UTF8.GetByteCount(body);
        return size <= maxBytes ? body : throw TooLong(field, "bytes", maxBytes, size);
    }

    /// <summary>One line, its runs of white space made one space; at most <paramref name="maxLength"/> UTF-16 characters.</summary>
    public static string Line(string field, string text, int maxLength)
    {
        RequireStorable(field, text);
        for (var i = 0; i < text.Length; i++)
            if (char.IsControl(text[i]) && !char.IsWhiteSpace(text[i])) throw BadCharacter(field, "a control character", text[i], i);
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (line.Length == 0) throw EngineException.Invalid(field, "is empty");
        return line.Length <= maxLength ? line : throw TooLong(field, "characters", maxLength, line.Length);
    }

    /// <summary>Refuses NUL and lone surrogates.</summary>
    public static void RequireStorable(string field, string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\0') throw BadCharacter(field, "the NUL character", c, i);
            if (!char.IsSurrogate(c)) continue;
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) i++;
            else throw BadCharacter(field, "half a surrogate pair", c, i);
        }
    }

    /// <summary>A limit that was passed.</summary>
    public static EngineException TooLong(string field, string unit, int limit, int size) => EngineException.Invalid(field,
        string.Create(CultureInfo.InvariantCulture, $"has {size} {unit}; the limit is {limit}"), ("limit", limit), ("size", size));

    private static EngineException BadCharacter(string field, string what, char c, int position) => EngineException.Invalid(field,
        string.Create(CultureInfo.InvariantCulture, $"holds {what} (U+{(int)c:X4}) at position {position}"), ("position", position));
}
