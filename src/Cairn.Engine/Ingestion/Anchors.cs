using System.Globalization;
using System.Text;

namespace Cairn.Engine.Ingestion;

/// <summary>The anchors of one document, as GitHub makes them: the heading in lower case, its punctuation gone, with -1, -2 where it stands twice.</summary>
/// <param name="maxLength">The longest anchor, in UTF-16 characters.</param>
internal sealed class Anchors(int maxLength)
{
    private readonly Dictionary<string, int> _taken = new(StringComparer.Ordinal);

    /// <summary>The anchor of the next heading.</summary>
    public string Next(string heading)
    {
        var anchor = new StringBuilder(heading.Length);
        foreach (var rune in heading.ToLowerInvariant().EnumerateRunes())
        {
            if (rune.Value is ' ') anchor.Append('-');
            else if (rune.Value is '-' || IsWord(rune)) anchor.Append(rune.ToString());
        }
        return Unique(anchor.Length == 0 ? "section" : anchor.ToString());
    }

    /// <summary>The anchor itself, or with the first number that makes it the only one.</summary>
    public string Unique(string anchor)
    {
        var free = Cut(anchor, "");
        for (var count = _taken.GetValueOrDefault(anchor); _taken.ContainsKey(free);)
        {
            _taken[anchor] = ++count;
            free = Cut(anchor, string.Create(CultureInfo.InvariantCulture, $"-{count}"));
        }
        _taken[free] = 0;
        return free;
    }

    private string Cut(string anchor, string suffix)
    {
        var length = Math.Min(anchor.Length, maxLength - suffix.Length);
        if (length < anchor.Length && char.IsHighSurrogate(anchor[length - 1])) length--;
        return anchor[..length] + suffix;
    }

    private static bool IsWord(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
        or UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
        or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.ConnectorPunctuation;
}
