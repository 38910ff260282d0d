namespace Cairn.Engine.Policy;

/// <summary>
/// One kind of secret: how it is found, what it must and must not match.
/// The examples belong to the rule, so that nobody changes the one without the other.
/// </summary>
internal abstract class SecretRule
{
    /// <summary>The stable name in kebab-case: what errors, redactions and allow-lists call the rule.</summary>
    public required string Id { get; init; }

    /// <summary>What the rule finds, in a few words for a person.</summary>
    public required string Description { get; init; }

    /// <summary>What makes a finding of this rule credible.</summary>
    public SecretTier Tier { get; init; }

    /// <summary>
    /// Lower-case words of three characters or more (two in scripts without an alphabet); every text in which the rule finds something holds one of them,
    /// in any case. A text without them never meets the rule. None at all for a rule that every text meets: it must be as quick as a search.
    /// </summary>
    public IReadOnlyList<string> Keywords { get; init; } = [];

    /// <summary>Texts that the rule must find. Values are invented at run time: the source holds nothing that looks like a secret.</summary>
    public abstract IReadOnlyList<SecretExample> Positives(KeyMaterial keys);

    /// <summary>Texts close to the rule that no rule may find.</summary>
    public abstract IReadOnlyList<string> Negatives(KeyMaterial keys);

    /// <summary>
    /// What the rule looks for, as text without examples: with the id it makes up the rule set's hash, so that a changed
    /// rule shows.
    /// </summary>
    public abstract string Definition { get; }

    /// <summary>Every secret of this kind in the text, in time linear in the text whatever it holds.</summary>
    /// <param name="text">The text.</param>
    /// <param name="hits">Where it holds the rules' keywords, this one's among them.</param>
    public abstract IEnumerable<SecretFinding> Find(string text, KeywordHits hits);
}
