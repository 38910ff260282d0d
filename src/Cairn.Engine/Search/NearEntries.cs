using Cairn.Engine.Storage;

namespace Cairn.Engine.Search;

/// <summary>The entries that are nearest to a query in meaning and pass its filter, for <see cref="RankFusion"/> to weigh against the words.</summary>
internal sealed class NearEntries
{
    private const int Enough = 300;
    private const int FirstLook = 400; // almost all pass, unless much is asked

    // Whoever is further away than this has nothing to do with the query, however far the rest is; it stays in if it has a word of it.
    private const double Least = 0.1;

    private readonly MeaningScores _scores;
    private readonly List<Candidate> _nearest;

    private NearEntries(MeaningScores scores, List<Candidate> nearest, double covered) => (_scores, _nearest, Covered) = (scores, nearest, covered);

    /// <summary>The share of the entries searched that have vectors, 0 to 1.</summary>
    public double Covered { get; }

    /// <summary>Mean and standard deviation of the cosines of all entries of the project, or of all.</summary>
    public (double Mean, double Deviation) Distribution => (_scores.Mean, _scores.Deviation);

    /// <summary>Takes the nearest that pass; looks further where few do.</summary>
    public static NearEntries Of(DatabaseConnection connection, MeaningScores scores, SearchFilter filter, double covered)
    {
        var passing = new List<Candidate>();
        for (var (skip, look) = (0, FirstLook); passing.Count < Enough; (skip, look) = (skip + look, look * 4))
        {
            var page = scores.Nearest(skip, look).TakeWhile(static entry => entry.Cosine >= Least).Select(static entry => entry.Entry).ToList();
            if (page.Count == 0) break;
            var found = FullTextIndex.Passing(connection, page, filter).ToDictionary(static candidate => candidate.Key);
            passing.AddRange(page.Where(found.ContainsKey).Take(Enough - passing.Count).Select(key => found[key]));
            if (page.Count < look) break;
        }
        return new NearEntries(scores, passing, covered);
    }

    /// <summary>The best by words and what is near, each once, best first by both.</summary>
    /// <param name="best">The best by words.</param>
    /// <param name="found">All that the words found: what is near may be among it.</param>
    /// <param name="summedIdf">See <see cref="RankFusion.Rank"/>.</param>
    public List<Candidate> Join(List<Candidate> best, List<Candidate> found, double summedIdf)
    {
        var byKey = found.ToDictionary(static candidate => candidate.Key);
        var all = best.ToDictionary(static candidate => candidate.Key);
        foreach (var near in _nearest) all.TryAdd(near.Key, byKey.GetValueOrDefault(near.Key, near));
        return RankFusion.Rank([.. all.Values.Select(static candidate => candidate with { Group = 0 })], summedIdf, Cosines(all.Values), distribution: Distribution, covered: Covered).ConvertAll(hit => all[hit.Key]);
    }

    /// <summary>Where in an entry's text the passage begins by which it is near; null when it has no vector.</summary>
    public int? Passage(DatabaseConnection connection, long entry) => _scores.BestRow(entry) is { } row ? VectorIndex.Start(connection, row) : null;

    /// <summary>The cosines of those candidates that have vectors.</summary>
    public IReadOnlyDictionary<long, double> Cosines(IEnumerable<Candidate> candidates)
    {
        var cosines = new Dictionary<long, double>();
        foreach (var candidate in candidates)
            if (_scores.Of(candidate.Key) is { } cosine) cosines[candidate.Key] = cosine;
        return cosines;
    }
}
