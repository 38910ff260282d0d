namespace Cairn.Engine.Policy;

/// <summary>
/// A kind of token that vendors make recognisable: a prefix of their own, then characters of one alphabet. It needs no
/// regular expression, so it costs nothing to build and a look at each place where the prefix stands.
/// </summary>
internal sealed class TokenRule : SecretRule
{
    /// <summary>No token of these kinds is longer; what is, is cut here, so that no run is read again and again.</summary>
    private const int LongestBody = 2048;

    /// <summary>So many random bodies in a row are no secrets only if the rule asks for more than its alphabet and length.</summary>
    private const int MostDraws = 1000;

    private readonly string[] prefixes = [];

    /// <summary>What the token starts with, in the case that the vendor writes it; three characters or more.</summary>
    public required IReadOnlyList<string> Prefixes
    {
        get => prefixes;
        init
        {
            prefixes = [.. value];
            Keywords = [.. value.Select(prefix => prefix.ToLowerInvariant()).Distinct()];
        }
    }

    /// <summary>What stands behind the prefix.</summary>
    public required TokenAlphabet Alphabet { get; init; }

    /// <summary>The shortest body that counts, without the prefix: the format's, or less where versions differ.</summary>
    public required int MinLength { get; init; }

    /// <summary>The longest body; a longer run is another thing. Absent where the format is open.</summary>
    public int MaxLength { get; init; } = LongestBody;

    /// <summary>Judges the body: true for a secret. By default it must be <see cref="SecretValue.IsOpaque"/>.</summary>
    public Func<SecretCandidate, bool> Validate { get; init; } = static candidate => SecretValue.IsOpaque(candidate.Value);

    /// <summary>Makes a body for the examples; by default one of random characters of the shortest length.</summary>
    public Func<KeyMaterial, string>? ExampleBody { get; init; }

    /// <summary>Further texts close to the rule that no rule may find.</summary>
    public Func<KeyMaterial, IReadOnlyList<string>>? CounterExamples { get; init; }

    /// <inheritdoc/>
    public override string Definition => $"{string.Join('|', prefixes)} {Alphabet.Characters} {MinLength}-{MaxLength}";

    /// <inheritdoc/>
    public override IReadOnlyList<SecretExample> Positives(KeyMaterial keys)
    {
        var examples = new List<SecretExample>();
        foreach (var prefix in prefixes)
        {
            examples.Add(new(prefix + Body(keys)));
            examples.Add(new("\"value\": \"", prefix + Body(keys), "\","));
        }
        return examples;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Negatives(KeyMaterial keys) =>
    [
        prefixes[0] + new string('x', MinLength),
        prefixes[0] + "...",
        $"starts with {prefixes[0]} and goes on",
        .. CounterExamples?.Invoke(keys) ?? [],
    ];

    /// <inheritdoc/>
    public override IEnumerable<SecretFinding> Find(string text, KeywordHits hits)
    {
        foreach (var prefix in prefixes)
        {
            var end = 0;
            foreach (var at in hits.Of(prefix.ToLowerInvariant()))
            {
                if (at < end || string.CompareOrdinal(text, at, prefix, 0, prefix.Length) != 0) continue;
                var start = at + prefix.Length;
                var length = BodyLength(text, start);
                end = start + length;
                if (length > 0 && IsTokenStart(text, at) && Validate(new SecretCandidate(text, start, length)))
                    yield return new SecretFinding(Id, at, prefix.Length + length);
            }
        }
    }

    /// <summary>
    /// Whether a token may begin here: "task-1" holds no "sk-1", but quoted code may say \nsk-1, an address %20sk-1, and a
    /// terminal's output [1msk-1, which is bold.
    /// </summary>
    public static bool IsTokenStart(ReadOnlySpan<char> text, int at) =>
        at == 0
        || !char.IsAsciiLetterOrDigit(text[at - 1])
        || (at >= 2 && text[at - 2] == '\\' && text[at - 1] is 'n' or 'r' or 't')
        || (at >= 3 && text[at - 3] == '%' && char.IsAsciiHexDigit(text[at - 2]) && char.IsAsciiHexDigit(text[at - 1]))
        || (text[at - 1] == 'm' && text[..(at - 1)].TrimEnd("0123456789;") is [.., '['] and var before && before.Length < at - 1);

    private int BodyLength(string text, int start)
    {
        var run = Alphabet.RunLength(text.AsSpan(start), LongestBody);
        run = text.AsSpan(start, run).TrimEnd('.').Length; // the end of a sentence
        return run >= MinLength && run <= MaxLength ? run : 0;
    }

    // One random body in a thousand looks like no secret (twenty letters and not a digit): such a one is no example.
    private string Body(KeyMaterial keys)
    {
        if (ExampleBody is not null) return ExampleBody(keys);
        for (var draw = 0; draw < MostDraws; draw++)
            if (keys.Of(Alphabet, MinLength) is var body && Validate(new SecretCandidate(body, 0, body.Length))) return body;
        throw new InvalidOperationException($"No random body of {Id} is one: the rule needs an {nameof(ExampleBody)}.");
    }
}
