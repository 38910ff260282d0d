namespace Cairn.Engine.Policy;

/// <summary>
/// Finds secrets in a text, and in what it reads like unescaped, decoded and put together (<see cref="TextVariants"/>).
/// Only rules whose keyword is there run, each in time linear in the text. Safe for use by several threads.
/// </summary>
public sealed class SecretScanner
{
    private readonly Lazy<IReadOnlyList<SecretRule>> rules;
    private readonly Lazy<KeywordFilter> filter;

    /// <summary>A scanner for all kinds of secrets. Costs next to nothing: rules and filter are made by the first scan.</summary>
    public SecretScanner()
        : this(static () => SecretRules.All)
    {
    }

    internal SecretScanner(Func<IReadOnlyList<SecretRule>> rules)
    {
        this.rules = new Lazy<IReadOnlyList<SecretRule>>(rules);
        filter = new Lazy<KeywordFilter>(() => new KeywordFilter(this.rules.Value));
    }

    /// <summary>What the scanner looks for, in order of precedence.</summary>
    public IReadOnlyList<SecretKind> Kinds => [.. rules.Value.Select(rule => new SecretKind(rule.Id, rule.Description, rule.Tier))];

    /// <summary>
    /// The secrets in <paramref name="text"/>, by position and disjoint. Where rules overlap, one finding covers what they
    /// found together, in the name of the most credible rule
    /// (its tier, then where it begins, then its place among the rules), so that whoever removes the findings leaves no part of a secret.
    /// What stands encoded in the text is found as the whole encoded span.
    /// </summary>
    public IReadOnlyList<SecretFinding> Scan(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var found = Find(text).ToList();
        foreach (var variant in TextVariants.Of(text)) Add(variant, found);
        return found.Count == 0 ? [] : Merge(found);
    }

    private IEnumerable<Found> Find(string text, bool structuredOnly = false)
    {
        var hits = filter.Value.Find(text);
        return
            from index in hits.Rules
            where !structuredOnly || rules.Value[index].Tier == SecretTier.Structured
            from finding in rules.Value[index].Find(text, hits)
            select new Found(finding, index);
    }

    /// <summary>What a variant adds, at its place in the original.</summary>
    private void Add(TextVariant variant, List<Found> found)
    {
        var known = variant.IsJoined ? Merge(found) : [];
        foreach (var (finding, rule) in Find(variant.Text, structuredOnly: variant.IsJoined))
        {
            var place = variant.IsJoined ? LineJoining.News(variant, finding, known) : variant.InOriginal(finding.Start, finding.End);
            if (place is var (start, end)) found.Add(new Found(new SecretFinding(finding.RuleId, start, end - start), rule));
        }
    }

    private List<SecretFinding> Merge(List<Found> found)
    {
        var merged = new List<SecretFinding>();
        var best = SecretTier.Structured;
        foreach (var (finding, rule) in found.OrderBy(static one => one.Finding.Start).ThenBy(static one => one.Rule))
        {
            var tier = rules.Value[rule].Tier;
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

    /// <summary>A finding and the index of its rule.</summary>
    private readonly record struct Found(SecretFinding Finding, int Rule);
}
