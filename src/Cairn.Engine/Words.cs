using System.Globalization;

namespace Cairn.Engine;

/// <summary>Words as the full-text index takes them (FTS5's unicode61). Pure.</summary>
internal static class Words
{
    /// <summary>The runs of letters, digits and the marks on them.</summary>
    public static List<string> Of(string text)
    {
        var words = new List<string>();
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            var inside = i < text.Length && IsCharacter(text, i, start >= 0);
            if (inside && start < 0) start = i;
            if (inside || start < 0) continue;
            words.Add(text[start..i]);
            start = -1;
        }
        return words;
    }

    /// <summary>Whether the character belongs to a word.</summary>
    /// <param name="text">The text.</param>
    /// <param name="i">Where in it.</param>
    /// <param name="afterWord">Whether the character before belongs to one.</param>
    public static bool IsCharacter(string text, int i, bool afterWord)
    {
        if (char.IsAscii(text[i])) return char.IsAsciiLetterOrDigit(text[i]);
        if (char.IsLowSurrogate(text[i])) return afterWord && i > 0 && IsCharacter(text, i - 1, true);
        return CharUnicodeInfo.GetUnicodeCategory(text, i) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber
                or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber or UnicodeCategory.PrivateUse => true,
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark => afterWord,
            _ => false,
        };
    }
}
