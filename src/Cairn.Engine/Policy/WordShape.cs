namespace Cairn.Engine.Policy;

/// <summary>
/// Tells names and words from random characters without a dictionary: words have vowels, keep to one case, and hold their
/// digits at the end.
/// </summary>
internal static class WordShape
{
    private const int LongestConsonantRun = 4;

    /// <summary>
    /// Which letter follows which in words of English prose and of source code: bit n of row m says that letter n behind letter m
    /// is common. The 325 pairs make up 96 % of the pairs in words and 48 % of those in random letters.
    /// </summary>
    private static readonly uint[] CommonPairs =
    [
        0x1FEBD7F, 0x1164B17, 0x11EDDBD, 0x01E493F, 0x1FFFDFF, 0x11E493D, 0x01E69D1, 0x01E4111, 0x2AEFC7F, 0x0104011, 0x0044111, 0x11CD93D, 0x014D91B,
        0x13CED7D, 0x07EFD7F, 0x11EC99D, 0x0100000, 0x13EFD7F, 0x15EFDBD, 0x15ED9BD, 0x00EB97F, 0x0004111, 0x0066191, 0x0088114, 0x00CB911, 0x0000111,
    ];

    /// <summary>Whether nothing in the value is random: "my-service-2", "userPassword", "prod/db/token", "v1.2.3".</summary>
    public static bool IsWords(ReadOnlySpan<char> value) => CountRandom(value) == 0;

    /// <summary>How many letters and digits stand in parts that are no words. Anything but letters and digits separates parts.</summary>
    public static int CountRandom(ReadOnlySpan<char> value)
    {
        var (random, words, scraps) = (0, 0, 0);
        for (var start = 0; start < value.Length;)
        {
            var end = start;
            while (end < value.Length && char.IsAsciiLetterOrDigit(value[end])) end++;
            var part = value[start..end];
            if (!IsWordPart(part)) random += part.Length;
            else if (part.Length > 3 || !part.ContainsAnyExceptInRange('a', 'z')) words += part.Length;
            else scraps += part.Length;
            start = end + 1;
        }
        // Two characters between the dashes of a random value are as random as the rest.
        return random > words ? random + scraps : random;
    }

    private static bool IsWordPart(ReadOnlySpan<char> part)
    {
        if (part.Length <= 3) return true;
        var switches = 0;
        var digits = char.IsAsciiDigit(part[0]) ? 1 : 0;
        for (var i = 1; i < part.Length; i++)
        {
            if (char.IsAsciiDigit(part[i])) digits++;
            if (char.IsAsciiDigit(part[i]) != char.IsAsciiDigit(part[i - 1])) switches++;
        }
        if (digits == part.Length) return true;
        if (switches > 3) return false;
        if (digits > 5 && switches > 0) return false;
        // 30min, 10GB, a1b2
        if (switches == 1 && part.Length - digits <= 3) return char.IsAsciiDigit(part[0]) ? part.Length <= 6 : digits <= 4;
        return IsMostlyWords(part);
    }

    /// <summary>Whether most letters stand in runs that can be spoken. Runs start at an upper-case letter and end at a digit.</summary>
    private static bool IsMostlyWords(ReadOnlySpan<char> part)
    {
        var (letters, spoken) = (0, 0);
        for (var start = 0; start < part.Length;)
        {
            var end = RunEnd(part, start);
            if (char.IsAsciiLetter(part[start]))
            {
                letters += end - start;
                if (CanBeSpoken(part[start..end])) spoken += end - start;
            }
            start = end;
        }
        return spoken * 10 >= letters * 7;
    }

    private static int RunEnd(ReadOnlySpan<char> part, int start)
    {
        var i = start + 1;
        if (char.IsAsciiDigit(part[start]))
        {
            while (i < part.Length && char.IsAsciiDigit(part[i])) i++;
            return i;
        }
        if (char.IsAsciiLetterUpper(part[start]) && i < part.Length && char.IsAsciiLetterUpper(part[i]))
        {
            while (i < part.Length && char.IsAsciiLetterUpper(part[i])) i++;
            // In "APIKey" the last capital belongs to the next word.
            return i < part.Length && char.IsAsciiLetterLower(part[i]) && i - start > 1 ? i - 1 : i;
        }
        while (i < part.Length && char.IsAsciiLetterLower(part[i])) i++;
        return i;
    }

    private static bool CanBeSpoken(ReadOnlySpan<char> run)
    {
        if (run.Length < 3) return false;
        var (vowels, consonants, longest, odd) = (0, 0, 0, 0);
        for (var i = 0; i < run.Length; i++)
        {
            var letter = (run[i] | 0x20) - 'a';
            if (i > 0 && (CommonPairs[(run[i - 1] | 0x20) - 'a'] >> letter & 1) == 0) odd++;
            if ("aeiouy".Contains((char)(letter + 'a'))) (vowels, consonants) = (vowels + 1, 0);
            else longest = Math.Max(longest, ++consonants);
        }
        return vowels * 6 >= run.Length && longest <= LongestConsonantRun && odd * 4 <= run.Length - 1;
    }
}
