using System.Buffers;

namespace Cairn.Engine.Search;

/// <summary>
/// Any text as a safe FTS5 query: its words quoted and joined with OR, so that no character is an operator. Stop words
/// and single letters are dropped unless nothing is left; quoted phrases are asked for whole as well as by their words;
/// one word alone, and what looks like a commit's id, is asked for as a prefix too; unspaced scripts by their bigrams.
/// Names of code are asked for by the one word that the index has for the whole, and by what they end in; by their other
/// parts only in the wide form, as are the parts of a camelCase word: those stand in so many entries that asking for them
/// costs more than all the rest, so the wide form is for when the other finds little. Of them the ones that stand in every
/// second path (src, cs), and mere numbers, are asked for only when there is nothing else. Pure.
/// </summary>
/// <param name="Match">The FTS5 expression, or null when the text holds nothing that can be searched.</param>
/// <param name="Wide">The expression with all parts of names; the same as <paramref name="Match"/> when there are no more.</param>
/// <param name="Words">The words and phrases, for a snippet to look for.</param>
internal sealed record FullTextQuery(string? Match, string? Wide, IReadOnlyList<string> Words)
{
    /// <summary>The greatest length of a query, in UTF-16 characters.</summary>
    public const int MaxLength = 4_000;

    private const int ShortestCommit = 7, LongestCommit = 40;

    private static readonly SearchValues<char> Joints = SearchValues.Create("_./\\:");

    /// <summary>Whether only names of code are asked for (src/a/b.cs, NU1603, EntryService.Save): to find those, words are the better way.</summary>
    public bool IsNames { get; private init; }

    /// <summary>Reads a query as it was typed.</summary>
    public static FullTextQuery Parse(string text)
    {
        var read = new Terms();
        var segments = text.Split('"');
        for (var i = 0; i < segments.Length; i++)
        {
            // Every second segment stands between quotes; a last quote that is never closed opens none.
            if (i % 2 == 1 && i < segments.Length - 1 && Engine.Words.Of(segments[i]).Count > 1) read.Phrases.Add(segments[i].Trim());
            foreach (var chunk in CodeNames.Chunks(segments[i])) Read(chunk, read);
        }

        var words = Keep(read.Words);
        var parts = Keep(read.Parts);
        var (phrases, names, chunks) = (Distinct(read.Phrases), Distinct(read.Names), Distinct(read.Chunks));
        if (words.Count + parts.Count + read.Unspaced.Count + phrases.Count + names.Count == 0) words = Distinct([.. read.Words, .. read.Parts]);
        var rare = parts.Where(static part => !CommonParts.Contains(part) && part.Any(char.IsLetter)).ToList();
        List<string> asked = rare.Count > 0 ? rare : [.. parts, .. chunks];
        var narrow = Expression(Distinct([.. words, .. names, .. phrases]), read.Unspaced);
        var wide = Expression(Distinct([.. words, .. asked, .. names, .. phrases, .. words.SelectMany(CodeNames.Humps)]), read.Unspaced);
        return new FullTextQuery(narrow ?? wide, wide, [.. phrases, .. chunks, .. read.Unspaced, .. words, .. parts])
        {
            IsNames = names.Count + words.Count > 0 && words.TrueForAll(IsName) && read.Unspaced.Count == 0,
        };
    }

    private static void Read(string chunk, Terms read)
    {
        var words = Engine.Words.Of(chunk);
        // What hyphens alone join may be prose: its words are words.
        var isName = words.Count > 1 && chunk.AsSpan().ContainsAny(Joints);
        if (words.Count > 1) read.Names.AddRange(isName ? CodeNames.Whole(chunk).Concat(CodeNames.Tails(chunk)) : CodeNames.Whole(chunk));
        if (isName) read.Chunks.Add(chunk);
        foreach (var word in words)
        {
            if (word.Any(SearchText.IsUnspaced)) read.Unspaced.Add(word);
            else if (isName) read.Parts.Add(word);
            else read.Words.Add(word);
        }
    }

    private static string? Expression(List<string> terms, List<string> unspaced)
    {
        var quoted = terms.Select(Quote).Concat(Bigrams(unspaced)).Concat(terms.SelectMany(Commit));
        // Every date begins with some digit.
        if (terms is [var only] && unspaced.Count == 0 && Engine.Words.Of(only).Count == 1 && !(only.Length == 1 && char.IsAsciiDigit(only[0]))) quoted = quoted.Append($"{Quote(only)}*");
        var expression = string.Join(" OR ", quoted.Distinct(StringComparer.Ordinal));
        return expression.Length > 0 ? expression : null;
    }

    // A commit's id is written in full, or by its first seven or eight digits, or a few more.
    private static IEnumerable<string> Commit(string word)
    {
        if (word.Length is < ShortestCommit or > LongestCommit || !word.All(char.IsAsciiHexDigit) || !word.Any(char.IsAsciiDigit) || word.All(char.IsAsciiDigit)) yield break;
        yield return $"{Quote(word)}*";
        for (var length = ShortestCommit; length < Math.Min(word.Length, 11); length++) yield return Quote(word[..length]);
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

    // With a digit among letters, or a capital behind its beginning: NU1603, getUser.
    private static bool IsName(string word) =>
        (word.Any(char.IsAsciiDigit) && word.Any(char.IsAsciiLetter)) || (word.AsSpan(1).ContainsAnyInRange('A', 'Z') && word.AsSpan().ContainsAnyInRange('a', 'z'));

    private static bool IsSingleLetter(string word) => word.Length == 1 && !char.IsAsciiDigit(word[0]);

    private static string Quote(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private sealed class Terms
    {
        public List<string> Phrases { get; } = [];
        public List<string> Names { get; } = [];
        public List<string> Chunks { get; } = [];
        public List<string> Words { get; } = [];
        public List<string> Parts { get; } = [];
        public List<string> Unspaced { get; } = [];
    }
}
