namespace Cairn.Engine.Policy;

/// <summary>Where one text holds which keywords. Not for use by several threads.</summary>
internal sealed class KeywordHits(IReadOnlyDictionary<string, int> indexOf, IReadOnlyList<IReadOnlyList<int>> rulesOf, IReadOnlyList<bool> needNone)
{
    private List<int>?[]? places;

    /// <summary>The indexes of the rules with a keyword in the text, and of those that need none, in their order.</summary>
    public IEnumerable<int> Rules
    {
        get
        {
            bool[] present = [.. needNone];
            for (var keyword = 0; keyword < places?.Length; keyword++)
                if (places[keyword] is not null)
                    foreach (var rule in rulesOf[keyword]) present[rule] = true;
            return Enumerable.Range(0, present.Length).Where(rule => present[rule]);
        }
    }

    /// <summary>Where a keyword starts, in order.</summary>
    public IReadOnlyList<int> Of(string keyword) => places?[indexOf[keyword]] ?? [];

    /// <summary>Notes a place.</summary>
    public void Add(int keyword, int place)
    {
        places ??= new List<int>?[rulesOf.Count];
        (places[keyword] ??= []).Add(place);
    }
}
