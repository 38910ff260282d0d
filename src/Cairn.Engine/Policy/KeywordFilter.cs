using System.Text;

namespace Cairn.Engine.Policy;

/// <summary>
/// Where a text holds the rules' keywords, found in one pass over it: at each place three characters tell whether any keyword
/// can start there. The pass costs the same for a dozen keywords and a thousand, and no text makes it slow.
/// </summary>
internal sealed class KeywordFilter
{
    /// <summary>Three characters of which five bits count: in those, both cases of a letter are one.</summary>
    private const int Heads = 1 << 15;

    private readonly ulong[] isHead = new ulong[Heads / 64];
    private readonly Dictionary<int, int[]> byHead = [];
    private readonly List<string> keywords = [];
    private readonly int[] beyondAscii;
    private readonly List<List<int>> rulesOf = [];
    private readonly Dictionary<string, int> indexOf = new(StringComparer.Ordinal);
    private readonly bool[] needNone;

    public KeywordFilter(IReadOnlyList<SecretRule> rules)
    {
        needNone = [.. rules.Select(static rule => rule.Keywords.Count == 0)];
        for (var rule = 0; rule < rules.Count; rule++)
            foreach (var keyword in rules[rule].Keywords) Add(keyword, rule);
        beyondAscii = [.. Enumerable.Range(0, keywords.Count).Where(index => !Ascii.IsValid(keywords[index]))];
        foreach (var group in Enumerable.Range(0, keywords.Count).Except(beyondAscii).Select(index => (Head: Head(keywords[index], 0), Index: index)).GroupBy(static pair => pair.Head))
        {
            isHead[group.Key >> 6] |= 1UL << (group.Key & 63);
            byHead[group.Key] = [.. group.Select(static pair => pair.Index)];
        }
    }

    /// <summary>The keywords in the text.</summary>
    public KeywordHits Find(string text)
    {
        var hits = new KeywordHits(indexOf, rulesOf, needNone);
        if (!Ascii.IsValid(text)) FindBeyondAscii(text, hits);
        if (text.Length < 3) return hits;
        var head = Head(text, 0) << 5;
        for (var end = 2; end < text.Length; end++)
        {
            head = (head >> 5) | ((text[end] & 31) << 10);
            if ((isHead[head >> 6] & (1UL << (head & 63))) != 0) Check(text, end - 2, head, hits);
        }
        return hits;
    }

    /// <summary>The few keywords in other scripts, each looked for by itself, in texts that can hold one.</summary>
    private void FindBeyondAscii(string text, KeywordHits hits)
    {
        foreach (var index in beyondAscii)
            for (var at = text.IndexOf(keywords[index], StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(keywords[index], at + keywords[index].Length, StringComparison.OrdinalIgnoreCase))
                hits.Add(index, at);
    }

    private void Add(string keyword, int rule)
    {
        if (!indexOf.TryGetValue(keyword, out var index))
        {
            indexOf[keyword] = index = keywords.Count;
            keywords.Add(keyword);
            rulesOf.Add([]);
        }
        rulesOf[index].Add(rule);
    }

    private void Check(string text, int at, int head, KeywordHits hits)
    {
        foreach (var index in byHead[head])
        {
            var keyword = keywords[index];
            if (keyword.Length <= text.Length - at && Ascii.EqualsIgnoreCase(text.AsSpan(at, keyword.Length), keyword)) hits.Add(index, at);
        }
    }

    private static int Head(string text, int at) => (text[at] & 31) | ((text[at + 1] & 31) << 5) | ((text[at + 2] & 31) << 10);
}
