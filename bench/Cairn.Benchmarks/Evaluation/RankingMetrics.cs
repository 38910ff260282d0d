namespace Cairn.Benchmarks.Evaluation;

/// <summary>
/// How good one answer's order is, each figure from 0 to 1. Recall at k: the share of what answers the question that
/// stands among the first k. Hit at k: whether any of it does. Mrr: one through the place of the first. Ndcg10: as
/// Järvelin and Kekäläinen have it, with relevance 0 or 1, over the first ten places. Pure.
/// </summary>
internal readonly record struct RankingMetrics(double Recall5, double Recall10, double Recall20, double Hit10, double Mrr, double Ndcg10)
{
    /// <summary>Of a list, best first, and what should be in it (one at least). An item that is named again only takes up its place.</summary>
    public static RankingMetrics Of(IReadOnlyList<string> ranked, IReadOnlySet<string> relevant)
    {
        if (relevant.Count == 0) throw new ArgumentException("A question without an answer cannot be measured.", nameof(relevant));
        var places = Places(ranked, relevant);
        double Recall(int k) => (double)places.Count(place => place <= k) / relevant.Count;
        return new RankingMetrics(
            Recall(5), Recall(10), Recall(20),
            places.Any(static place => place <= 10) ? 1 : 0,
            places.Count == 0 ? 0 : 1.0 / places[0],
            places.Where(static place => place <= 10).Sum(Gain) / Enumerable.Range(1, Math.Min(10, relevant.Count)).Sum(Gain));
    }

    /// <summary>The mean of each figure; all 0 of none.</summary>
    public static RankingMetrics Mean(IReadOnlyCollection<RankingMetrics> of) => of.Count == 0 ? default : new(
        of.Average(static one => one.Recall5), of.Average(static one => one.Recall10), of.Average(static one => one.Recall20),
        of.Average(static one => one.Hit10), of.Average(static one => one.Mrr), of.Average(static one => one.Ndcg10));

    /// <summary>Where the first of these stands, from 1; null when none does.</summary>
    public static int? Place(IReadOnlyList<string> ranked, IReadOnlySet<string> of) =>
        Places(ranked, of) is [var first, ..] ? first : null;

    /// <summary>Whether one of the outdated stands before the first of the current, or stands there while no current one does.</summary>
    public static bool OutdatedFirst(IReadOnlyList<string> ranked, IReadOnlySet<string> outdated, IReadOnlySet<string> current) =>
        Place(ranked, outdated) is { } old && old < (Place(ranked, current) ?? int.MaxValue);

    private static List<int> Places(IReadOnlyList<string> ranked, IReadOnlySet<string> wanted)
    {
        var seen = new HashSet<string>();
        var places = new List<int>();
        for (var i = 0; i < ranked.Count; i++)
            if (wanted.Contains(ranked[i]) && seen.Add(ranked[i])) places.Add(i + 1);
        return places;
    }

    private static double Gain(int place) => 1 / Math.Log2(place + 1);
}
