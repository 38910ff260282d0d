namespace Cairn.Engine.Policy;

/// <summary>
/// Finds secrets in a text. Most texts hold no keyword of any rule and are done after one vectorised pass;
/// otherwise only the rules whose keyword is there run, each in time linear in the text.
/// Safe for use by several threads.
/// </summary>
public sealed class SecretScanner
{
    private readonly IReadOnlyList<SecretRule> rules;
    private readonly Lazy<KeywordFilter> filter;

    /// <summary>A scanner for all kinds of secrets. Costs next to nothing: the filter is built by the first scan.</summary>
    public SecretScanner()
        : this(SecretRules.All)
    {
    }

    internal SecretScanner(IReadOnlyList<SecretRule> rules)
    {
        this.rules = rules;
        filter = new Lazy<KeywordFilter>(() => new KeywordFilter(rules));
    }

    /// <summary>What the scanner looks for, in order of precedence.</summary>
    public IReadOnlyList<SecretKind> Kinds => [.. rules.Select(rule => new SecretKind(rule.Id, rule.Description, rule.Tier))];

    /// <summary>
    /// The secrets in <paramref name="text"/>, by position and disjoint. Where rules overlap, one finding covers what they
    /// found together, in the name of the most credible rule
    /// (its tier, then where it begins, then its place among the rules), so that whoever removes the findings leaves no part of a secret.
    /// </summary>
    public IReadOnlyList<SecretFinding> Scan(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var candidates = filter.Value.RulesFor(text);
        return candidates.Count == 0 ? [] : Merge(candidates.SelectMany(rule => rule.Find(text).Select(finding => (finding, rule.Tier))));
    }

    private static List<SecretFinding> Merge(IEnumerable<(SecretFinding Finding, SecretTier Tier)> found)
    {
        var merged = new List<SecretFinding>();
        var best = SecretTier.Structured;
        foreach (var (finding, tier) in found.OrderBy(static pair => pair.Finding.Start))
        {
            if (merged.Count == 0 || merged[^1] is var last && finding.Start >= last.End)
            {
                merged.Add(finding);
                best = tier;
                continue;
            }
            merged[^1] = new SecretFinding(tier < best ? finding.RuleId : last.RuleId, last.Start, Math.Max(last.End, finding.End) - last.Start);
            if (tier < best) best = tier;
        }
        return merged;
    }
}
