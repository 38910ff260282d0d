namespace Cairn.Engine.Policy;

/// <summary>
/// Judgements on what stands behind a prefix that ordinary text has, too ("sk-", "fc-", "app-"): only a body that no
/// person would write makes it a token.
/// </summary>
internal static class TokenBody
{
    /// <summary>So many places that no word has make a token. Of random bodies of 20 characters, one in a thousand has fewer; of longer ones, none.</summary>
    private const int OddPlaces = 3;

    /// <summary>The same where no digit is among them: a long name in camel case has some, too ("ThisIsAName").</summary>
    private const int OddPlacesOfLetters = 5;

    /// <summary>Consonants in a row that words hardly have, and random letters nearly always.</summary>
    private const int OddConsonants = 5;

    /// <summary>The same where all letters are capitals, which then say nothing.</summary>
    private const int OddPlacesOfCapitals = 2;

    /// <summary>Whether the body is random and the token ends behind it: no word, slug, name, file name or part of a longer thing.</summary>
    public static bool IsRandom(SecretCandidate candidate) =>
        EndsToken(candidate) && SecretValue.IsOpaque(candidate.Value) && HasOddPlaces(candidate.Value);

    /// <summary>Whether nothing of the same token follows: neither at once nor behind a dash, underscore or dot.</summary>
    public static bool EndsToken(SecretCandidate candidate)
    {
        var rest = candidate.After.TrimStart("-_.");
        return rest.Length == 0 || !char.IsAsciiLetterOrDigit(rest[0]) || (candidate.After[0] == '.' && char.IsAsciiLetterUpper(rest[0]));
    }

    /// <summary>Whether the body is random and a UUID: 8-4-4-4-12 hex digits.</summary>
    public static bool IsUuid(SecretCandidate candidate) =>
        EndsToken(candidate) && SecretValue.IsVaried(candidate.Value) && Guid.TryParseExact(candidate.Value, "D", out _);

    /// <summary>Whether the body is made of lower-case hex digits and the characters of <paramref name="others"/>.</summary>
    public static bool IsHex(ReadOnlySpan<char> body, string others = "")
    {
        foreach (var c in body)
            if (!char.IsAsciiHexDigitLower(c) && !others.Contains(c)) return false;
        return true;
    }

    /// <summary>The lengths of the body's parts between the separators are these, 0 for any.</summary>
    public static bool HasParts(ReadOnlySpan<char> body, char separator, params ReadOnlySpan<int> lengths)
    {
        var part = 0;
        foreach (var range in body.Split(separator))
        {
            if (part == lengths.Length) return false;
            var length = body[range].Length;
            if (lengths[part] == 0 ? length == 0 : length != lengths[part]) return false;
            part++;
        }
        return part == lengths.Length;
    }

    /// <summary>Draws bodies for the examples of a rule that asks for <see cref="IsRandom"/>, without the few that chance makes look like words.</summary>
    public static Func<KeyMaterial, string> Random(TokenAlphabet alphabet, int length) => keys =>
    {
        string body;
        do body = keys.Of(alphabet, length);
        while (!IsRandom(new SecretCandidate(body, 0, body.Length)));
        return body;
    };

    private static bool HasOddPlaces(ReadOnlySpan<char> body)
    {
        var hasLower = body.ContainsAnyInRange('a', 'z');
        var hasDigit = body.ContainsAnyInRange('0', '9');
        var needed = !hasLower ? OddPlacesOfCapitals : hasDigit ? OddPlaces : OddPlacesOfLetters;
        return CountOddPlaces(body, countCapitals: hasLower) >= needed;
    }

    /// <summary>
    /// Letters beside digits, capitals side by side, a small letter between capitals, and (counted twice) consonants in a row.
    /// </summary>
    private static int CountOddPlaces(ReadOnlySpan<char> body, bool countCapitals)
    {
        var odd = 0;
        var consonants = 0;
        for (var i = 0; i < body.Length; i++)
        {
            consonants = char.IsAsciiLetter(body[i]) && !"aeiouyAEIOUY".Contains(body[i]) ? consonants + 1 : 0;
            if (consonants == OddConsonants)
            {
                odd += 2;
                consonants = 0;
            }
            if (i == 0 || !char.IsAsciiLetterOrDigit(body[i]) || !char.IsAsciiLetterOrDigit(body[i - 1])) continue;
            if (char.IsAsciiDigit(body[i]) != char.IsAsciiDigit(body[i - 1])) odd++;
            else if (countCapitals && IsOddCapital(body, i)) odd++;
        }
        return odd;
    }

    /// <summary>A capital behind a capital, or behind a single small letter that stands behind a capital.</summary>
    private static bool IsOddCapital(ReadOnlySpan<char> body, int at) =>
        char.IsAsciiLetterUpper(body[at])
        && (char.IsAsciiLetterUpper(body[at - 1]) || (at > 1 && char.IsAsciiLetterLower(body[at - 1]) && char.IsAsciiLetterUpper(body[at - 2])));
}
