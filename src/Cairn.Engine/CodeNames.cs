namespace Cairn.Engine;

/// <summary>
/// Names of code: paths, dotted and snake_case names, versions, flags. FTS5 sees their parts alone; here each gets one word
/// more, its parts joined (src/a/b.cs is srcabcs, MAX_WAIT is maxwait), under which it is found whole at the price of one
/// rare word. Parts of camelCase are words as well. The index and the query make them by the same rules. Pure.
/// </summary>
internal static class CodeNames
{
    private const int MaxLength = 64;
    private const int MaxChunk = 3 * MaxLength; // with all that joins its words
    private const int MaxTails = 3;

    /// <summary>What a text is searched by beside its words: its names joined, their tails, and the parts of camelCase. None twice.</summary>
    public static IEnumerable<string> Terms(string text)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var chunk in Chunks(text))
        {
            foreach (var word in Words.Of(chunk))
                foreach (var hump in Humps(word))
                    if (seen.Add(hump)) yield return hump;
            foreach (var name in Whole(chunk).Concat(Tails(chunk)))
                if (seen.Add(name)) yield return name;
        }
    }

    /// <summary>The runs of a text that can be one name: words, and what joins them (_ . / \ : -) inside.</summary>
    public static IEnumerable<string> Chunks(string text)
    {
        var (start, end, word) = (-1, -1, false);
        for (var i = 0; i <= text.Length; i++)
        {
            word = i < text.Length && Words.IsCharacter(text, i, word);
            if (word)
            {
                if (start < 0) start = i;
                end = i + 1;
            }
            else if (start >= 0 && (i == text.Length || !IsJoint(text[i])))
            {
                yield return text[start..end];
                start = -1;
            }
        }
    }

    /// <summary>A name of several words as one word; with a line number, the name without it, too. None when it is one word.</summary>
    public static IEnumerable<string> Whole(string chunk)
    {
        if (Join(chunk) is { } name) yield return name;
        var line = chunk.LastIndexOf(':');
        if (line > 0 && line < chunk.Length - 1 && chunk.AsSpan(line + 1).IndexOfAnyExceptInRange('0', '9') < 0 && Join(chunk[..line]) is { } file) yield return file;
    }

    /// <summary>The name by its end, as it is mostly typed: the file of a path, the member with its type.</summary>
    public static IEnumerable<string> Tails(string chunk)
    {
        var (found, isPath) = (0, chunk.AsSpan().ContainsAny('/', '\\'));
        for (var i = chunk.Length - 1; i > Math.Max(0, chunk.Length - MaxChunk) && found < MaxTails; i--)
        {
            if (isPath ? chunk[i] is not ('/' or '\\') : chunk[i] is not (':' or '.')) continue;
            if (i == chunk.Length - 1 || !char.IsLetter(chunk[i + 1]) || Join(chunk[(i + 1)..]) is null) continue;
            found++;
            foreach (var name in Whole(chunk[(i + 1)..])) yield return name;
        }
    }

    /// <summary>The parts of a camelCase word, in lower case: HTTPServer is http and server. None when it is one part.</summary>
    public static IEnumerable<string> Humps(string word)
    {
        if (!HasHumps(word)) yield break;
        var start = 0;
        for (var i = 1; i <= word.Length; i++)
        {
            var ends = i == word.Length || (char.IsUpper(word[i]) && (!char.IsUpper(word[i - 1]) || (i + 1 < word.Length && char.IsLower(word[i + 1]))));
            if (!ends) continue;
            if (i - start > 1 && !char.IsAsciiDigit(word[start])) yield return word[start..i].ToLowerInvariant();
            start = i;
        }
    }

    private static string? Join(string chunk)
    {
        if (chunk.Length > MaxChunk || Words.Of(chunk) is not { Count: > 1 } words) return null;
        var name = string.Concat(words).ToLowerInvariant();
        if (name.Any(SearchText.IsUnspaced)) return null;
        if (!name.Any(char.IsLetter)) name = "v" + name; // a version or a date must not be a number
        return name.Length <= MaxLength ? name : null;
    }

    private static bool HasHumps(string word)
    {
        for (var i = 1; i < word.Length; i++)
            if (char.IsUpper(word[i]) ? char.IsLower(word[i - 1]) : char.IsLower(word[i]) && i > 1 && char.IsUpper(word[i - 1]) && char.IsUpper(word[i - 2])) return true;
        return false;
    }

    private static bool IsJoint(char c) => c is '_' or '.' or '/' or '\\' or ':' or '-';
}
