using System.Globalization;
using Cairn.Engine.Entries;

namespace Cairn.Engine.Search;

/// <summary>
/// Any text as a safe FTS5 query: its words quoted and joined with OR, so that no character is an operator. Stop words
/// and single letters are dropped unless nothing is left; quoted phrases, paths and dotted names are asked for whole as
/// well as by their parts; one word alone is asked for as a prefix too; unspaced scripts by their bigrams. Pure.
/// </summary>
/// <param name="Match">The FTS5 expression, or null when the text holds nothing that can be searched.</param>
/// <param name="Words">The words and phrases, for a snippet to look for.</param>
internal sealed record FullTextQuery(string? Match, IReadOnlyList<string> Words)
{
    /// <summary>The greatest length of a query, in UTF-16 characters.</summary>
    public const int MaxLength = 4_000;

    /// <summary>Reads a query as it was typed.</summary>
    public static FullTextQuery Parse(string text)
    {
        var wholes = new List<string>();
        var words = new List<string>();
        var unspaced = new List<string>();
        var segments = text.Split('"');
        for (var i = 0; i < segments.Length; i++)
        {
            // Every second segment stands between quotes; a last quote that is never closed opens none.
            if (i % 2 == 1 && i < segments.Length - 1 && WordsOf(segments[i]).Count > 1) wholes.Add(segments[i].Trim());
            foreach (var chunk in segments[i].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) Read(chunk, wholes, words, unspaced);
        }

        var kept = words.Where(word => !StopWords.Contains(word) && !IsSingleLetter(word)).ToList();
        if (kept.Count + unspaced.Count + wholes.Count == 0) kept = words;
        var terms = kept.Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        var phrases = wholes.Distinct(StringComparer.OrdinalIgnoreCase).ToList();

        var parts = terms.Concat(phrases).Select(Quote).Concat(Bigrams(unspaced));
        if (terms is [var only] && phrases.Count + unspaced.Count == 0) parts = parts.Append($"{Quote(only)}*");
        var match = string.Join(" OR ", parts);
        return new FullTextQuery(match.Length > 0 ? match : null, [.. phrases, .. unspaced, .. terms]);
    }

    private static void Read(string chunk, List<string> wholes, List<string> words, List<string> unspaced)
    {
        var parts = WordsOf(chunk);
        foreach (var part in parts)
        {
            if (part.Any(SearchText.IsUnspaced)) unspaced.Add(part);
            else words.Add(part);
        }
        if (parts.Count > 1) wholes.Add(chunk.Trim('.', ',', ';', ':', '!', '?', '(', ')', '\''));
    }

    private static IEnumerable<string> Bigrams(IEnumerable<string> runs)
    {
        var terms = new List<string>();
        foreach (var run in runs)
        {
            // One character is met as the beginning of a bigram; the index holds a run's last character alone as well.
            if (run.Length == 1) terms.Add($"{Quote(run)}*");
            else terms.AddRange(SearchText.Unspaced(run).Where(term => term.Length > 1).Select(Quote));
        }
        return terms.Distinct(StringComparer.Ordinal);
    }

    /// <summary>The runs of letters, digits and the marks on them: what FTS5's unicode61 takes for tokens.</summary>
    internal static List<string> WordsOf(string text)
    {
        var words = new List<string>();
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            var inside = i < text.Length && IsWordCharacter(text, i, start >= 0);
            if (inside && start < 0) start = i;
            if (inside || start < 0) continue;
            words.Add(text[start..i]);
            start = -1;
        }
        return words;
    }

    private static bool IsWordCharacter(string text, int i, bool afterWord)
    {
        if (char.IsLowSurrogate(text[i])) return afterWord && i > 0 && IsWordCharacter(text, i - 1, true);
        return CharUnicodeInfo.GetUnicodeCategory(text, i) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber
                or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber or UnicodeCategory.PrivateUse => true,
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark => afterWord,
            _ => false,
        };
    }

    private static bool IsSingleLetter(string word) => word.Length == 1 && !char.IsAsciiDigit(word[0]);

    private static string Quote(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
