using System.Text;

namespace Cairn.Engine.Search;

/// <summary>The part of a text that best shows why it was found. Pure.</summary>
internal static class Snippet
{
    /// <summary>The greatest length, in UTF-16 characters, with its ellipses.</summary>
    public const int MaxLength = 160;

    private const int Lead = 40;
    private const int MaxScanned = 64 * 1024;
    private const int MaxHits = 512, LeastHits = 8;

    // Each is looked for in the whole text: of many words the longest tell enough.
    private const int MaxWords = 24;

    // U+00C0 to U+017F without their marks, as the index takes them.
    private const string Unmarked =
        "AAAAAAÆCEEEEIIIIÐNOOOOO×ØUUUUYÞßaaaaaaæceeeeiiiiðnooooo÷øuuuuyþy"
        + "AaAaAaCcCcCcCcDdĐđEeEeEeEeEeGgGgGgGgHhĦħIiIiIiIiIıĲĳJjKkĸLlLlLlĿŀŁłNnNnNnŉŊŋOoOoOoŒœRrRrRrSsSsSsSsTtTtŦŧUuUuUuUuUuUuWwYyYZzZzZzſ";

    /// <summary>
    /// One line of at most <see cref="MaxLength"/> characters around the place where most of the words stand together. A
    /// word weighs the less the more often it stands in this text.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="words">The words that it was searched for.</param>
    /// <param name="nearest">Tells where the passage begins that is nearest in meaning: what is shown, and asked for, only where none of the words stands.</param>
    public static string Around(string text, IReadOnlyList<string> words, Func<int?>? nearest = null)
    {
        var line = OneLine(text);
        if (line.Length <= MaxLength) return line;
        var hits = Hits(Fold(line), [.. Telling(words).Select(Fold)]);
        if (hits.Count > 0) return Cut(line, Math.Max(0, BestStart(hits) - Lead));
        if (nearest?.Invoke() is not { } passage || passage <= 0 || passage >= text.Length) return Cut(line, 0);
        var before = OneLine(text[..passage]);
        return Cut($"{before} {OneLine(text[passage..])}", before.Length);
    }

    /// <summary>The words to look for in a text: all, or of many the longest.</summary>
    public static IReadOnlyList<string> Telling(IReadOnlyList<string> words) =>
        words.Count <= MaxWords ? words : [.. words.Distinct(StringComparer.OrdinalIgnoreCase).OrderByDescending(static word => word.Length).Take(MaxWords)];

    private static string OneLine(string text)
    {
        if (text.Length <= MaxScanned && IsOneLine(text)) return text;
        var line = new StringBuilder(Math.Min(text.Length, MaxScanned));
        var space = false;
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, MaxScanned)))
        {
            if (char.IsWhiteSpace(c) || char.IsControl(c)) { space = line.Length > 0; continue; }
            if (space) line.Append(' ');
            space = false;
            line.Append(c);
        }
        if (line.Length > 0 && char.IsHighSurrogate(line[^1])) line.Length--;
        return line.ToString();
    }

    private static bool IsOneLine(string text)
    {
        var space = true;
        foreach (var c in text)
        {
            if (c < ' ' || c is >= '\u007F' and <= '\u00A0' || (c > '\u00A0' && char.IsWhiteSpace(c)) || (c == ' ' && space)) return false;
            space = c == ' ';
        }
        return !space;
    }

    private static string Fold(string text) => Ascii.IsValid(text) ? text : string.Create(text.Length, text, static (folded, text) =>
    {
        for (var i = 0; i < folded.Length; i++) folded[i] = text[i] is >= '\u00C0' and < '\u0180' ? Unmarked[text[i] - '\u00C0'] : text[i];
    });

    // Stems are FTS5's; here a word counts where its beginning stands at the beginning of a word.
    private static List<Hit> Hits(string line, List<string> words)
    {
        var (hits, most) = (new List<Hit>(), Math.Max(LeastHits, MaxHits / Math.Max(1, words.Count)));
        for (var word = 0; word < words.Count && hits.Count < MaxHits; word++)
        {
            var stem = words[word].Length > 5 ? words[word][..Math.Max(4, words[word].Length - 3)] : words[word];
            var places = new List<int>();
            for (var at = Find(line, stem, 0); at >= 0 && places.Count < most; at = Find(line, stem, at + 1)) places.Add(at);
            foreach (var at in places) hits.Add(new Hit(at, word, 1 / (1 + Math.Log2(places.Count))));
        }
        hits.Sort(static (one, other) => (one.Position, one.Word).CompareTo((other.Position, other.Word)));
        return hits;
    }

    private static int Find(string line, string stem, int from)
    {
        while (from < line.Length)
        {
            var at = line.IndexOf(stem, from, StringComparison.OrdinalIgnoreCase);
            if (at <= 0 || !char.IsLetterOrDigit(line[at - 1]) || SearchText.IsUnspaced(line[at])) return at;
            from = at + 1;
        }
        return -1;
    }

    private static int BestStart(List<Hit> hits)
    {
        var (best, bestWeight, seen) = (hits[0].Position, 0.0, new HashSet<int>());
        for (var i = 0; i < hits.Count; i++)
        {
            var end = hits[i].Position + MaxLength - Lead - 20;
            var weight = 0.0;
            seen.Clear();
            for (var j = i; j < hits.Count && hits[j].Position < end; j++)
                if (seen.Add(hits[j].Word)) weight += hits[j].Weight;
            if (weight > bestWeight + 1e-9) (best, bestWeight) = (hits[i].Position, weight);
        }
        return best;
    }

    private static string Cut(string line, int start)
    {
        if (start > 0 && line.IndexOf(' ', start) is var space && space >= 0 && space < start + Lead) start = space + 1;
        if (start > 0 && char.IsLowSurrogate(line[start])) start++;
        var prefix = start > 0 ? "…" : "";
        var room = MaxLength - prefix.Length - 1;
        if (line.Length - start <= room + 1) return prefix + line[start..];
        var end = line.LastIndexOf(' ', start + room, room / 3);
        if (end < 0) end = start + room;
        if (char.IsHighSurrogate(line[end - 1])) end--;
        return $"{prefix}{line[start..end]}…";
    }

    private readonly record struct Hit(int Position, int Word, double Weight);
}
