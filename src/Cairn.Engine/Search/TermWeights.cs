using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Cairn.Engine.Search.RankedIndex;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Search;

/// <summary>
/// How much the words of a query can tell, as bm25 has it: the rarer, the more. How many entries hold a word is counted once
/// and remembered until the database has grown by a quarter.
/// </summary>
/// <param name="ranked">Counts in the full-text index's place when it can.</param>
internal sealed partial class TermWeights(RankedReader? ranked = null)
{
    private const int Most = 20_000;
    private const double Stale = 1.25;
    private const double Least = 1e-6; // bm25's own, for a word that more than half of all entries hold

    private readonly ConcurrentDictionary<string, (long Holding, long Of)> _counts = new(StringComparer.Ordinal);

    /// <summary>The sum of the idf of an expression's terms.</summary>
    public double Sum(DatabaseConnection connection, string expression)
    {
        var entries = FullTextIndex.Size(connection);
        return Term().Matches(expression).Sum(term => Idf(Holding(connection, term.Value, entries), entries));
    }

    private long Holding(DatabaseConnection connection, string term, long entries)
    {
        if (_counts.TryGetValue(term, out var known) && known.Of <= entries && entries <= known.Of * Stale) return known.Holding * entries / Math.Max(1, known.Of);
        if (_counts.Count >= Most) _counts.Clear();
        var holding = FullTextIndex.Holding(connection, term, ranked);
        _counts[term] = (holding, entries);
        return holding;
    }

    private static double Idf(long holding, long entries) => Math.Max(Least, Math.Log((entries - holding + 0.5) / (holding + 0.5)));

    // What FullTextQuery writes: words and phrases in quotes, some of them prefixes.
    [GeneratedRegex("\"[^\"]*\"\\*?")]
    private static partial Regex Term();
}
