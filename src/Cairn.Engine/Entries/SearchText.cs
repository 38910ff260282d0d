using System.Globalization;
using System.Text;

namespace Cairn.Engine.Entries;

/// <summary>
/// The stored column that is indexed beside title and body: type, tags, source, date, and the bigrams of scripts that are
/// written without spaces. FTS5's unicode61 makes one token of a whole run of such characters, which no query would meet.
/// </summary>
internal static class SearchText
{
    /// <summary>The column's text for an entry.</summary>
    public static string Of(EntryDraft entry, DateTimeOffset occurredAt)
    {
        var text = new StringBuilder();
        text.Append(entry.EntryType);
        foreach (var tag in entry.Tags) text.Append('\n').Append(tag);
        if (entry.SourceRef is { } source) text.Append('\n').Append(source);
        text.Append('\n').Append(occurredAt.UtcDateTime.ToString("yyyy-MM-dd MMMM", CultureInfo.InvariantCulture));
        var terms = Unspaced(entry.Title).Concat(Unspaced(entry.Body)).Concat(entry.Tags.SelectMany(Unspaced)).Distinct(StringComparer.Ordinal);
        foreach (var term in terms) text.Append('\n').Append(term);
        return text.ToString();
    }

    /// <summary>
    /// The terms of every run of letters and digits that holds unspaced script: overlapping bigrams of that script, its
    /// last character alone (so that a prefix finds each single character), and the words of other scripts beside it.
    /// </summary>
    public static IEnumerable<string> Unspaced(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!IsUnspaced(text[i])) continue;
            var start = i;
            while (start > 0 && char.IsLetterOrDigit(text[start - 1])) start--;
            var end = i;
            while (end < text.Length && char.IsLetterOrDigit(text[end])) end++;
            foreach (var term in RunTerms(text[start..end])) yield return term;
            i = end;
        }
    }

    /// <summary>Whether the character belongs to a script that is written without spaces: Han, Kana, Hangul, Thai, Lao, Khmer, Myanmar.</summary>
    public static bool IsUnspaced(char c) => c >= '\u0E00' && c is
        (>= '\u0E00' and <= '\u0EFF') or (>= '\u1000' and <= '\u109F') or (>= '\u1100' and <= '\u11FF') or (>= '\u1780' and <= '\u17FF')
        or (>= '\u3005' and <= '\u3007') or (>= '\u3040' and <= '\u30FF') or (>= '\u31F0' and <= '\u31FF') or (>= '\u3400' and <= '\u4DBF')
        or (>= '\u4E00' and <= '\u9FFF') or (>= '\uAC00' and <= '\uD7AF') or (>= '\uF900' and <= '\uFAFF') or (>= '\uFF66' and <= '\uFF9D');

    /// <summary>The bigrams of one run of unspaced script; a single character is itself.</summary>
    public static IEnumerable<string> Bigrams(string run)
    {
        if (run.Length == 1) yield return run;
        for (var i = 0; i + 1 < run.Length; i++) yield return run.Substring(i, 2);
    }

    private static IEnumerable<string> RunTerms(string run)
    {
        for (var i = 0; i < run.Length;)
        {
            var unspaced = IsUnspaced(run[i]);
            var end = i;
            while (end < run.Length && IsUnspaced(run[end]) == unspaced) end++;
            var part = run[i..end];
            i = end;
            if (!unspaced)
            {
                yield return part;
                continue;
            }
            foreach (var bigram in Bigrams(part)) yield return bigram;
            if (part.Length > 1) yield return part[^1..];
        }
    }
}
