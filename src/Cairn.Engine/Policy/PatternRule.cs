using System.Text.RegularExpressions;

namespace Cairn.Engine.Policy;

/// <summary>A kind of secret that a regular expression describes. Where a prefix and an alphabet do, use <see cref="TokenRule"/>.</summary>
internal sealed class PatternRule : SecretRule
{
    /// <summary>
    /// Opens a pattern whose token must not be the tail of a word ("task-1" holds no "sk-1"). It accepts the start of the
    /// text, any character but a letter or digit, and the escapes that end in one: \n in quoted code, %20 in an address, [1m in a terminal's output.
    /// The token itself is then the group "secret".
    /// </summary>
    public const string TokenStart = @"(?:^|[^A-Za-z0-9]|\\[nrt]|%[0-9A-Fa-f]{2}|\[[0-9;]+m)";

    /// <summary>The group that holds the secret where a pattern matches more than the secret.</summary>
    public const string SecretGroup = "secret";

    /// <summary>
    /// Matches the empty text everywhere, so it changes no match. It stands behind every pattern because the engine makes a new
    /// state for each further character of an open run at a pattern's end ([a-z]{20,}) unless something stands behind the run:
    /// a run of 1 MB then costs 15 seconds instead of 20 milliseconds.
    /// </summary>
    private const string AnyEnd = @"(?:\z|)";

    private Regex? regex;

    /// <summary>
    /// A regular expression for the non-backtracking engine (no look-around, no back-references), so that no text makes it slow.
    /// Prefer an open quantifier and a length check in <see cref="Validate"/> to a large counted one: it builds faster.
    /// </summary>
    public required string Pattern { get; init; }

    /// <summary>Judges what the pattern matched: true for a secret. Absent where the pattern alone is proof enough.</summary>
    public Func<SecretCandidate, bool>? Validate { get; init; }

    /// <summary>See <see cref="SecretRule.Positives"/>.</summary>
    public required Func<KeyMaterial, IReadOnlyList<SecretExample>> Examples { get; init; }

    /// <summary>See <see cref="SecretRule.Negatives"/>.</summary>
    public required Func<KeyMaterial, IReadOnlyList<string>> CounterExamples { get; init; }

    /// <inheritdoc/>
    public override string Definition => Pattern;

    /// <inheritdoc/>
    public override IReadOnlyList<SecretExample> Positives(KeyMaterial keys) => Examples(keys);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Negatives(KeyMaterial keys) => CounterExamples(keys);

    /// <summary>Every match that is a secret. The expression is built by the first call.</summary>
    public override IEnumerable<SecretFinding> Find(string text, KeywordHits hits)
    {
        for (var match = Regex.Match(text); match.Success; match = match.NextMatch())
        {
            var secret = match.Groups[SecretGroup] is { Success: true } group ? group : match;
            if (Validate is null || Validate(new SecretCandidate(text, secret.Index, secret.Length)))
                yield return new SecretFinding(Id, secret.Index, secret.Length);
        }
    }

    private Regex Regex =>
        LazyInitializer.EnsureInitialized(ref regex, () => new Regex(Pattern + AnyEnd, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
}
