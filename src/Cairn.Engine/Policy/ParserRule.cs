namespace Cairn.Engine.Policy;

/// <summary>A kind of secret that a parser of its own finds: by its surroundings, which no one pattern describes.</summary>
internal sealed class ParserRule : SecretRule
{
    /// <summary>What the parser accepts, in words: the rule's definition for the rule set's hash.</summary>
    public required string Grammar { get; init; }

    /// <summary>Every secret in the text, in order, in time linear in the text.</summary>
    public required Func<string, IEnumerable<TextValue>> Parse { get; init; }

    /// <summary>See <see cref="SecretRule.Positives"/>.</summary>
    public required Func<KeyMaterial, IReadOnlyList<SecretExample>> Examples { get; init; }

    /// <summary>See <see cref="SecretRule.Negatives"/>.</summary>
    public required Func<KeyMaterial, IReadOnlyList<string>> CounterExamples { get; init; }

    /// <inheritdoc/>
    public override string Definition => Grammar;

    /// <inheritdoc/>
    public override IReadOnlyList<SecretExample> Positives(KeyMaterial keys) => Examples(keys);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Negatives(KeyMaterial keys) => CounterExamples(keys);

    /// <inheritdoc/>
    public override IEnumerable<SecretFinding> Find(string text, KeywordHits hits) => Parse(text).Select(value => new SecretFinding(Id, value.Start, value.Length));
}
