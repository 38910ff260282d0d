namespace Cairn.Engine.Embeddings;

/// <summary>
/// A text as the model's vocabulary has it, character by character, so that places stay: line ends and other white space are
/// spaces, as are halves of characters, and letters of the Latin script stand without their accents. The tokenizer would drop
/// line ends, and so make one word of two; it fails on half a character; and it leaves accents to the system's tables, which a
/// program without them does not have. Pure.
/// </summary>
internal static class PlainText
{
    private const char FirstLatin = '\u00C0', FirstAdditional = '\u1E00';

    // From U+00C0 and from U+1E00 on: each letter's own, or itself where it has none.
    private const string Latin =
        "AAAAAAÆCEEEEIIIIÐNOOOOO×ØUUUUYÞßaaaaaaæceeeeiiiiðnooooo÷øuuuuyþy"
        + "AaAaAaCcCcCcCcDdĐđEeEeEeEeEeGgGgGgGgHhĦħIiIiIiIiIıĲĳJjKkĸLlLlLlĿ"
        + "ŀŁłNnNnNnŉŊŋOoOoOoŒœRrRrRrSsSsSsSsTtTtŦŧUuUuUuUuUuUuWwYyYZzZzZzſ";

    private const string Additional =
        "AaBbBbBbCcDdDdDdDdDdEeEeEeEeEeFfGgHhHhHhHhHhIiIiKkKkKkLlLlLlLlMm"
        + "MmMmNnNnNnNnOoOoOoOoPpPpRrRrRrRrSsSsSsSsSsTtTtTtTtUuUuUuUuUuVvVv"
        + "WwWwWwWwWwXxXxYyZzZzZzhtwyẚſẜẝẞẟAaAaAaAaAaAaAaAaAaAaAaAaEeEeEeEe"
        + "EeEeEeEeIiIiOoOoOoOoOoOoOoOoOoOoOoOoUuUuUuUuUuUuUuYyYyYyYyỺỻỼỽỾỿ";

    /// <summary>The text, with as many characters as before.</summary>
    public static string Of(ReadOnlySpan<char> text) => string.Create(text.Length, text, static (plain, text) =>
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1])) (plain[i], plain[i + 1]) = (text[i], text[++i]);
            else plain[i] = Of(text[i]);
        }
    });

    private static char Of(char c) => c switch
    {
        < '\u007F' => c < ' ' ? ' ' : c,
        >= FirstLatin when c - FirstLatin < Latin.Length => Latin[c - FirstLatin],
        >= FirstAdditional when c - FirstAdditional < Additional.Length => Additional[c - FirstAdditional],
        _ => char.IsControl(c) || char.IsWhiteSpace(c) || char.IsSurrogate(c) || c == '\uFFFE' ? ' ' : c,
    };
}
