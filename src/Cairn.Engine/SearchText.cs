using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Cairn.Engine;

/// <summary>
/// The stored column that is indexed beside title and body: type, tags, source, date, the metadata's values (who said it,
/// when, which files), names of code joined and by their parts, and the bigrams of scripts that are written without spaces:
/// FTS5's unicode61 makes one token of a whole run of such characters, which no query would meet. Pure.
/// </summary>
internal static class SearchText
{
    // Of metadata: longer values are texts of their own and say little of the entry's.
    private const int MaxValue = 100, MaxValues = 1_000;

    /// <summary>The column's text for an entry.</summary>
    /// <param name="type">The entry's type.</param>
    /// <param name="tags">Its tags.</param>
    /// <param name="source">What it is about or comes from.</param>
    /// <param name="occurredAt">When it happened.</param>
    /// <param name="metadata">Its metadata, a JSON object.</param>
    /// <param name="title">Its title.</param>
    /// <param name="body">Its text.</param>
    public static string Of(string type, IReadOnlyList<string> tags, string? source, DateTimeOffset occurredAt, string? metadata, string title, string body)
    {
        var text = new StringBuilder(type);
        foreach (var tag in tags) text.Append('\n').Append(tag);
        if (source is not null) text.Append('\n').Append(source);
        text.Append('\n').Append(occurredAt.UtcDateTime.ToString("yyyy-MM-dd MMMM 'v'yyyyMMdd 'v'yyyyMM", CultureInfo.InvariantCulture));
        var values = metadata is null ? "" : Values(metadata);
        if (values.Length > 0) text.Append('\n').Append(values);
        var names = CodeNames.Terms(title).Concat(CodeNames.Terms(body)).Concat(CodeNames.Terms(values)).Concat(tags.SelectMany(CodeNames.Terms));
        if (source is not null) names = names.Concat(CodeNames.Terms(source));
        var unspaced = Unspaced(title).Concat(Unspaced(body)).Concat(tags.SelectMany(Unspaced)).Concat(Unspaced(values));
        foreach (var term in names.Concat(unspaced).Distinct(StringComparer.Ordinal)) text.Append('\n').Append(term);
        return text.ToString();
    }

    /// <summary>The short texts and numbers of metadata, and the months of its dates; the first thousand characters.</summary>
    private static string Values(string metadata)
    {
        var text = new StringBuilder();
        using var document = JsonDocument.Parse(metadata, new JsonDocumentOptions { MaxDepth = 64 });
        Add(document.RootElement, text);
        return text.ToString();
    }

    private static void Add(JsonElement value, StringBuilder text)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject()) Add(member.Value, text);
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray()) Add(item, text);
                break;
            case JsonValueKind.String or JsonValueKind.Number:
                var word = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
                if (word.Length > MaxValue || text.Length + word.Length > MaxValues) break;
                if (text.Length > 0) text.Append('\n');
                text.Append(word);
                if (word.Length >= 10 && DateOnly.TryParseExact(word.AsSpan(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                    text.Append(day.ToString(" yyyy-MM-dd MMMM", CultureInfo.InvariantCulture));
                break;
        }
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
