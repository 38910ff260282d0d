using System.Globalization;
using Cairn.Engine.Entries;

namespace Cairn.Engine.Search;

/// <summary>
/// Any text as a safe FTS5 query: its words quoted and joined with OR, so that no character is an operator. Stop words
/// and single letters are dropped unless nothing is left; quoted phrases are asked for whole as well as by their words;
/// one word alone is asked for as a prefix too; unspaced scripts by their bigrams. Paths and dotted names are asked for
/// whole, and in the wide form by their parts as well: such parts (src, cs) stand in so many entries that asking for them
/// costs more than all the rest, so the wide form is for when the other finds little. Pure.
/// </summary>
/// <param name="Match">The FTS5 expression, or null when the text holds nothing that can be searched.</param>
/// <param name="Wide">The expression with the parts of paths and names; the same as <paramref name="Match"/> when there are none.</param>
/// <param name="Words">The words and phrases, for a snippet to look for.</param>
internal sealed record FullTextQuery(string? Match, string? Wide, IReadOnlyList<string> Words)
{
    /// <summary>The greatest length of a query, in UTF-16 characters.</summary>
    public const int MaxLength = 4_000;

    /// <summary>Reads a query as it was typed.</summary>
    public static FullTextQuery Parse(string text)
    {
        var read = new Terms();
        var segments = text.Split('"');
        for (var i = 0; i < segments.Length; i++)
        {
            // Every second segment stands between quotes; a last quote that is never closed opens none.
            if (i % 2 == 1 && i < segments.Length - 1 && WordsOf(segments[i]).Count > 1) read.Wholes.Add(segments[i].Trim());
            foreach (var chunk in segments[i].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) Read(chunk, read);
        }

        var words = Keep(read.Words);
        var parts = Keep(read.Parts);
        if (words.Count + parts.Count + read.Unspaced.Count + read.Wholes.Count == 0) words = Distinct([.. read.Words, .. read.Parts]);
        var wholes = Distinct(read.Wholes);
        var narrow = Expression([.. words, .. wholes], read.Unspaced);
        var wide = Expression(Distinct([.. words, .. parts, .. wholes]), read.Unspaced);
        return new FullTextQuery(narrow ?? wide, wide, [.. wholes, .. read.Unspaced, .. words, .. parts]);
    }

    private static void Read(string chunk, Terms read)
    {
        var words = WordsOf(chunk);
        if (words.Count > 1) read.Wholes.Add(chunk.Trim('.', ',', ';', ':', '!', '?', '(', ')', '\''));
        foreach (var word in words)
        {
            if (word.Any(SearchText.IsUnspaced)) read.Unspaced.Add(word);
            else if (words.Count > 1) read.Parts.Add(word);
            else read.Words.Add(word);
        }
    }

    private static string? Expression(List<string> terms, List<string> unspaced)
    {
        var quoted = terms.Select(Quote).Concat(Bigrams(unspaced));
        if (terms is [var only] && unspaced.Count == 0 && WordsOf(only).Count == 1) quoted = quoted.Append($"{Quote(only)}*");
        var expression = string.Join(" OR ", quoted);
        return expression.Length > 0 ? expression : null;
    }

    private static List<string> Keep(List<string> words) => Distinct(words.Where(static word => !StopWords.Contains(word) && !IsSingleLetter(word)));

    private static List<string> Distinct(IEnumerable<string> terms) => [.. terms.Distinct(StringComparer.OrdinalIgnoreCase)];

    private static IEnumerable<string> Bigrams(IEnumerable<string> runs)
    {
        var terms = new List<string>();
        foreach (var run in runs)
        {
            // One character is met as the beginning of a bigram; the index holds a run's last character alone as well.
            // Characters that marks keep apart, as in Thai, have no bigram either: they are a phrase of single ones.
            var pairs = SearchText.Unspaced(run).Where(term => term.Length > 1).Select(Quote).ToList();
            if (pairs.Count > 0) terms.AddRange(pairs);
            else terms.Add($"{Quote(run)}*");
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

    private sealed class Terms
    {
        public List<string> Wholes { get; } = [];
        public List<string> Words { get; } = [];
        public List<string> Parts { get; } = [];
        public List<string> Unspaced { get; } = [];
    }
}
