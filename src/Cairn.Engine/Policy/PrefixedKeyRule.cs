namespace Cairn.Engine.Policy;

/// <summary>
/// Keys of vendors without a rule of their own, by the habit that most have taken up: lower-case words, one of which says
/// what it is ("acme_sk_", "acme-pat-", "acme_live_"), and then a random body in which all three classes of characters mix.
/// </summary>
internal sealed class PrefixedKeyRule : SecretRule
{
    private const int ShortestBody = 22;
    private const int LongestBody = 2048;
    private const int LongestPrefix = 40;

    /// <summary>A body has a part without separators that long; a name made of words has not.</summary>
    private const int ShortestPart = 16;

    /// <summary>Words that say so alone.</summary>
    private static readonly string[] Telling = ["sk", "rk", "pat", "apikey", "secret"];

    /// <summary>Words that say so behind the vendor's name.</summary>
    private static readonly string[] TellingBehindName = ["key", "token", "api", "live", "prod", "oat", "uat", "sat", "priv", "private"];

    /// <summary>Words of what is published, or names a thing.</summary>
    private static readonly HashSet<string> Harmless = new(StringComparer.Ordinal) { "pk", "pub", "public", "publishable", "anon", "cache", "id", "idempotency", "hash", "url" };

    private static readonly string[] Words = [.. from word in Telling.Concat(TellingBehindName) from separator in "_-" select word + separator];

    public PrefixedKeyRule() => Keywords = Words;

    /// <inheritdoc/>
    public override string Definition => $"{string.Join('|', Words)} {string.Join('|', Harmless.Order(StringComparer.Ordinal))} {ShortestBody} {ShortestPart}";

    /// <inheritdoc/>
    public override IReadOnlyList<SecretExample> Positives(KeyMaterial keys) =>
    [
        new("acme_" + "sk_" + Body(keys)),
        new("acme-" + "pat-" + Body(keys)),
        new("acme_" + "live_" + Body(keys)),
        new("ACME_TOKEN=", "acme_api_" + Body(keys), "\n"),
        new("apikey_" + "v1_" + Body(keys)),
        new("{\"secret\": \"", "acme_secret_" + Body(keys) + "-" + Body(keys), "\"}"),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Negatives(KeyMaterial keys) =>
    [
        "acme_pk_live_" + Body(keys),
        "acme_public_key_" + Body(keys),
        $"acme_cache_key_{keys.Hex(64)}",
        $"api-gateway-key-{keys.Uuid()}",
        "acme_sk_" + new string('x', 32),
        "acme_live_YOUR_API_KEY_GOES_HERE",
        "my_secret_ThisIsAVeryLongNameInCamelCase",
        "api-7d9f8b6c5-x2x4z and token-based-authentication-for-HTTP2-and-more",
        $"key_{Body(keys)}",
    ];

    /// <inheritdoc/>
    public override IEnumerable<SecretFinding> Find(string text, KeywordHits hits)
    {
        foreach (var word in Words)
        {
            var alone = Telling.Contains(word[..^1]);
            var end = 0;
            foreach (var at in hits.Of(word))
            {
                if (at < end || string.CompareOrdinal(text, at, word, 0, word.Length) != 0) continue;
                var start = StartOfPrefix(text, at);
                var body = at + word.Length;
                var length = TokenAlphabet.Base64Url.RunLength(text.AsSpan(body), LongestBody);
                var candidate = new SecretCandidate(text, body, text.AsSpan(body, length).TrimEnd("-_").Length);
                if (IsPrefix(text, start, at, alone) && IsBody(candidate)) yield return new SecretFinding(Id, start, body - start + candidate.Value.Length);
                end = body + length;
            }
        }
    }

    private static int StartOfPrefix(string text, int at)
    {
        var earliest = Math.Max(0, at - LongestPrefix);
        while (at > earliest && (char.IsAsciiLetterLower(text[at - 1]) || char.IsAsciiDigit(text[at - 1]) || text[at - 1] is '_' or '-')) at--;
        // A line end that is escaped: its letter is no part of the prefix.
        if (at > 0 && text[at - 1] == '\\' && text[at] is 'n' or 'r' or 't') at++;
        return at;
    }

    private static bool IsPrefix(string text, int start, int word, bool alone)
    {
        if (start > word || !TokenRule.IsTokenStart(text, start)) return false;
        var name = text.AsSpan(start, word - start);
        if (name.Length == 0) return alone;
        if (!char.IsAsciiLetterLower(name[0]) || name[^1] is not ('_' or '-')) return false;
        var harmless = Harmless.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var part in name.SplitAny('_', '-'))
            if (harmless.Contains(name[part])) return false;
        return true;
    }

    private static bool IsBody(SecretCandidate candidate)
    {
        var body = candidate.Value;
        if (body.Length < ShortestBody || SecretValue.CountClasses(body) < 3 || !TokenBody.IsRandom(candidate)) return false;
        foreach (var range in body.SplitAny('_', '-'))
            if (body[range].Length >= ShortestPart && SecretValue.CountClasses(body[range]) == 3) return true;
        return false;
    }

    private static string Body(KeyMaterial keys) => TokenBody.Random(TokenAlphabet.Alphanumeric, 28)(keys) + "aZ7";
}
