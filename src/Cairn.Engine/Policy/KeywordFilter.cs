using System.Buffers;

namespace Cairn.Engine.Policy;

/// <summary>Which rules can match a text at all: those with a keyword in it.</summary>
internal sealed class KeywordFilter
{
    /// <summary>So many hits in a row that bring no further rule mean a text made of a few keywords, perhaps to waste time.</summary>
    private const int FruitlessHits = 256;

    private readonly IReadOnlyList<SecretRule> rules;
    private readonly SearchValues<string> any;
    private readonly (string Keyword, int Rule)[][] byFirstCharacter = new (string, int)[128][];

    public KeywordFilter(IReadOnlyList<SecretRule> rules)
    {
        this.rules = rules;
        var keywords = rules.SelectMany((rule, index) => rule.Keywords.Select(keyword => (Keyword: keyword, Rule: index))).ToList();
        any = SearchValues.Create([.. keywords.Select(pair => pair.Keyword).Distinct()], StringComparison.OrdinalIgnoreCase);
        foreach (var group in keywords.GroupBy(pair => pair.Keyword[0])) byFirstCharacter[group.Key] = [.. group];
    }

    /// <summary>The rules with a keyword in the text, in their order.</summary>
    public IReadOnlyList<SecretRule> RulesFor(ReadOnlySpan<char> text)
    {
        var hit = text.IndexOfAny(any);
        if (hit < 0) return [];

        var present = new bool[rules.Count];
        for (var fruitless = 0; hit >= 0 && fruitless < FruitlessHits; fruitless++, hit = text.IndexOfAny(any))
        {
            text = text[hit..];
            foreach (var (keyword, rule) in byFirstCharacter[char.ToLowerInvariant(text[0])])
            {
                if (present[rule] || !text.StartsWith(keyword, StringComparison.OrdinalIgnoreCase)) continue;
                present[rule] = true;
                fruitless = 0;
            }
            text = text[1..];
        }
        if (hit >= 0) LookForTheRest(text, present);
        return [.. rules.Where((_, index) => present[index])];
    }

    /// <summary>Looks for each remaining rule by itself: slower on common texts, but no text makes it much slower.</summary>
    private void LookForTheRest(ReadOnlySpan<char> text, bool[] present)
    {
        for (var rule = 0; rule < rules.Count; rule++)
            for (var i = 0; i < rules[rule].Keywords.Count && !present[rule]; i++)
                present[rule] = text.Contains(rules[rule].Keywords[i], StringComparison.OrdinalIgnoreCase);
    }
}
