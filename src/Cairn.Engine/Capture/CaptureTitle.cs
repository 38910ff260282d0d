using System.Text.RegularExpressions;

namespace Cairn.Engine.Capture;

/// <summary>Titles of what is captured: one line that says it, without the talk around it. Pure.</summary>
internal static partial class CaptureTitle
{
    /// <summary>The longest title, in characters.</summary>
    public const int MaxLength = 110;

    /// <summary>The title of a sentence.</summary>
    public static string Of(string sentence)
    {
        var line = string.Join(' ', sentence.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Trim('*', '_', ' ');
        for (var cut = Opening().Match(line); cut.Success && cut.Length < line.Length - 8; cut = Opening().Match(line)) line = line[cut.Length..];
        line = line.TrimStart('*', '_', ' ').TrimEnd('.', '!', ';', ':', ',', ' ', '*', '_');
        if (line.Length == 0) return sentence.Trim();
        return Shorten(char.ToUpperInvariant(line[0]) + line[1..]);
    }

    /// <summary>A text of at most so many characters; what is cut ends in an ellipsis.</summary>
    public static string Cut(string text, int length) =>
        text.Length <= length ? text : $"{text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)].TrimEnd()}…";

    /// <summary>A line cut at a word's end.</summary>
    public static string Shorten(string line)
    {
        if (line.Length <= MaxLength) return line;
        var end = line.LastIndexOf(' ', MaxLength - 1);
        if (end < MaxLength / 2) end = MaxLength - 1;
        if (char.IsHighSurrogate(line[end - 1])) end--;
        return $"{line[..end].TrimEnd(',', ';', ':', ' ')}…";
    }

    [GeneratedRegex(
        @"^(?:(?:please|so|and|but|also|let's|let us|ok|okay|keep in mind that|note that|remember that|be aware that|it turned out that|you should know that)\s+"
        + @"|(?:ok|okay|yes|yep|no|fine|good|great|right|sure|alright|then|understood|note|important|remember|done)\s*[,:.!—–-]\s+"
        + @"|(?:key )?(?:decision|decided|settled|agreed|resolution|constraint|requirement|rule|preference|my preference|root cause|cause|open question|question|unresolved|fixed|fix|bugfix)\s*[:—–-]+\s+)", RegexOptions.IgnoreCase)]
    private static partial Regex Opening();
}
