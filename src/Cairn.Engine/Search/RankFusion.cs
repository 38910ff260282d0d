namespace Cairn.Engine.Search;

/// <summary>An entry that may be an answer, with what its rank is made of.</summary>
/// <param name="Key">The entry's key.</param>
/// <param name="FullText">Its full-text score, bm25; greater is better, 0 when no word of the query is in it.</param>
/// <param name="OccurredAt">When it happened, in Unix milliseconds.</param>
/// <param name="Group">What it belongs to: a session or a document; 0 for none.</param>
/// <param name="Position">Its place in that group, from 0; -1 when unknown, and then it has no neighbours.</param>
/// <param name="IsTimely">Whether it happened when the query asks for.</param>
internal readonly record struct Candidate(long Key, double FullText, long OccurredAt, long Group = 0, int Position = -1, bool IsTimely = false)
{
    /// <summary>The group of a document's section whose document is not known yet.</summary>
    public const long SomeDocument = long.MinValue;
}

/// <summary>
/// The one place where candidates get their order; docs/retrieval.md explains the formula and how its weights were found.
/// The words' score and, where there are vectors, that of meaning are brought to one scale and summed; then comes the
/// context: a share of the neighbours' scores, and of the best three of the session or document. Pure.
/// </summary>
internal static class RankFusion
{
    private const double DenseWeight = 0.7, DenseWeightInContext = 0.45, Spread = 5;
    private const double Neighbours = 0.3, NeighboursWithDense = 0.2, SecondNeighbour = 0.5, GroupShare = 0.5;
    private const int GroupBest = 3;
    private const double Timely = 1.25;

    /// <summary>
    /// The candidates, best first, each with its score; of equal ones the newer first. One with neither a word nor a vector
    /// rises by its neighbours alone, and is left out unless it stands above one that has.
    /// </summary>
    /// <param name="candidates">The candidates, each key once.</param>
    /// <param name="summedIdf">The sum of the idf of the query's words, which makes scores of different queries comparable; 0 when unknown and no cosines are given.</param>
    /// <param name="cosines">The cosine of query and entry, by key, for all or most entries that were looked at; null without vectors. An entry without one counts as average.</param>
    /// <param name="replaced">Pairs of an entry and the one that took its place: the former never stands above the latter.</param>
    /// <param name="distribution">Mean and standard deviation of the cosines of all that was searched; those of <paramref name="cosines"/> when not given.</param>
    /// <param name="covered">The share of the entries searched that have vectors, 0 to 1. Meaning weighs as much less: while few have one, what has none would else stand below all that do.</param>
    public static List<(long Key, double Score)> Rank(
        IReadOnlyList<Candidate> candidates, double summedIdf = 0, IReadOnlyDictionary<long, double>? cosines = null, IReadOnlyList<(long Older, long Newer)>? replaced = null,
        (double Mean, double Deviation)? distribution = null, double covered = 1)
    {
        var own = Own(candidates, summedIdf, cosines, distribution, covered);
        var scores = WithContext(candidates, own, cosines is null ? Neighbours : NeighboursWithDense);
        var order = Enumerable.Range(0, candidates.Count)
            .OrderByDescending(i => scores[i])
            .ThenByDescending(i => candidates[i].OccurredAt)
            .ThenByDescending(i => candidates[i].Key)
            .ToList();
        if (replaced is not null) PutBelow(order, i => candidates[i].Key, replaced);
        while (order.Count > 0 && candidates[order[^1]].FullText <= 0 && cosines?.ContainsKey(candidates[order[^1]].Key) is not true
               && replaced?.Any(pair => pair.Newer == candidates[order[^1]].Key) is not true) order.RemoveAt(order.Count - 1);
        return order.ConvertAll(i => (candidates[i].Key, FourDigits(scores[i])));
    }

    private static double[] Own(IReadOnlyList<Candidate> candidates, double summedIdf, IReadOnlyDictionary<long, double>? cosines, (double, double)? distribution, double covered)
    {
        var own = new double[candidates.Count];
        var (mean, deviation) = cosines is null ? (0, 0) : distribution ?? Distribution(cosines.Values);
        var dense = Dense(candidates) * covered;
        for (var i = 0; i < own.Length; i++)
        {
            own[i] = summedIdf > 0 ? candidates[i].FullText / summedIdf : candidates[i].FullText;
            if (cosines is not null)
            {
                var z = cosines.TryGetValue(candidates[i].Key, out var cosine) && deviation > 0 ? (cosine - mean) / deviation : 0;
                own[i] = dense * z / Spread + (1 - dense) * own[i];
            }
            if (candidates[i].IsTimely && own[i] > 0) own[i] *= Timely;
        }
        return own;
    }

    // What is said in a conversation is short, and its words are telling; what stands alone is found better by its meaning.
    private static double Dense(IReadOnlyList<Candidate> candidates) => candidates.Count == 0
        ? DenseWeight
        : DenseWeight + (DenseWeightInContext - DenseWeight) * candidates.Count(static candidate => candidate.Position >= 0) / candidates.Count;

    private static double[] WithContext(IReadOnlyList<Candidate> candidates, double[] own, double neighbours)
    {
        var places = new Dictionary<(long Group, int Position), double>(own.Length);
        var best = new Dictionary<long, double[]>();
        for (var i = 0; i < own.Length; i++)
        {
            if (candidates[i].Group == 0) continue;
            if (candidates[i].Position >= 0) places[(candidates[i].Group, candidates[i].Position)] = own[i];
            if (!best.TryGetValue(candidates[i].Group, out var three)) best.Add(candidates[i].Group, three = new double[GroupBest]);
            Insert(three, own[i]);
        }
        var scores = new double[own.Length];
        for (var i = 0; i < scores.Length; i++)
        {
            var (group, position) = (candidates[i].Group, candidates[i].Position);
            // An entry that belongs to nothing is a group of one: else all that belong somewhere would stand above it.
            var three = group == 0 ? Math.Max(0, own[i]) : best[group].Sum();
            scores[i] = own[i] + GroupShare * three / GroupBest;
            if (group == 0 || position < 0) continue;
            scores[i] += neighbours * (At(group, position - 1) + At(group, position + 1) + SecondNeighbour * (At(group, position - 2) + At(group, position + 2)));
        }
        return scores;

        double At(long group, int position) => places.GetValueOrDefault((group, position));
    }

    // Keeps the three greatest, the greatest first; what is missing counts as nothing.
    private static void Insert(double[] best, double score)
    {
        for (var i = 0; i < best.Length; i++)
            if (score > best[i]) (best[i], score) = (score, best[i]);
    }

    /// <summary>Moves each entry that took another's place up to where that one stands, if it stood below.</summary>
    public static void PutBelow<T>(List<T> order, Func<T, long> key, IReadOnlyList<(long Older, long Newer)> replaced)
    {
        // Each pass can move one of a chain further up, so there are no more passes than pairs.
        for (var (pass, moved) = (0, true); moved && pass < replaced.Count; pass++)
        {
            moved = false;
            foreach (var (older, newer) in replaced)
            {
                var at = order.FindIndex(one => key(one) == older);
                var from = order.FindIndex(one => key(one) == newer);
                if (at < 0 || from < at) continue;
                var moving = order[from];
                order.RemoveAt(from);
                order.Insert(at, moving);
                moved = true;
            }
        }
    }

    private static (double Mean, double Deviation) Distribution(IEnumerable<double> values)
    {
        var (count, sum, squares) = (0, 0.0, 0.0);
        foreach (var value in values)
        {
            count++;
            sum += value;
            squares += value * value;
        }
        if (count == 0) return (0, 0);
        var mean = sum / count;
        return (mean, Math.Sqrt(Math.Max(0, squares / count - mean * mean)));
    }

    /// <summary>A score as it is shown. In a small database every score is small: its first digits tell, not its first decimals.</summary>
    public static double FourDigits(double score) =>
        score <= 0 ? 0 : Math.Round(score, Math.Clamp(3 - (int)Math.Floor(Math.Log10(score)), 0, 15));
}
