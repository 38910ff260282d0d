using System.Text;

namespace Cairn.Engine.Search;

/// <summary>The part of a text that best shows why it was found. Pure.</summary>
internal static class Snippet
{
    /// <summary>The greatest length, in UTF-16 characters, with its ellipses.</summary>
    public const int MaxLength = 160;

    private const int Lead = 40;
    private const int MaxScanned = 64 * 1024;
    private const int MaxHits = 512;

    /// <summary>One line of at most <see cref="MaxLength"/> characters around the place where most of the words stand together.</summary>
    public static string Around(string text, IReadOnlyList<string> words)
    {
        var line = OneLine(text);
        if (line.Length <= MaxLength) return line;
        var hits = Hits(line, words);
        var start = hits.Count == 0 ? 0 : Math.Max(0, BestStart(hits) - Lead);
        return Cut(line, start);
    }

    private static string OneLine(string text)
    {
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

    // Stems are FTS5's; here a word counts where its beginning stands at the beginning of a word.
    private static List<(int Position, int Word)> Hits(string line, IReadOnlyList<string> words)
    {
        var hits = new List<(int, int)>();
        for (var word = 0; word < words.Count && hits.Count < MaxHits; word++)
        {
            var stem = words[word].Length > 5 ? words[word][..Math.Max(4, words[word].Length - 3)] : words[word];
            for (var at = Find(line, stem, 0); at >= 0 && hits.Count < MaxHits; at = Find(line, stem, at + 1)) hits.Add((at, word));
        }
        hits.Sort();
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

    private static int BestStart(List<(int Position, int Word)> hits)
    {
        var (best, bestCount) = (hits[0].Position, 0);
        for (var i = 0; i < hits.Count; i++)
        {
            var end = hits[i].Position + MaxLength - Lead - 20;
            var count = hits.Skip(i).TakeWhile(hit => hit.Position < end).Select(hit => hit.Word).Distinct().Count();
            if (count > bestCount) (best, bestCount) = (hits[i].Position, count);
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
}
