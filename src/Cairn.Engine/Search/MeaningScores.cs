namespace Cairn.Engine.Search;

/// <summary>
/// How near the entries of one scope are to a query: each by its best passage, as the cosine of the two vectors, -1 to 1. What
/// is near depends on the query and on the rest, so the mean and the deviation over the whole scope come with it.
/// </summary>
internal sealed class MeaningScores
{
    private readonly VectorSet _set;
    private readonly float[] _scores;
    private readonly int[] _best;

    /// <summary>Takes what a comparison found.</summary>
    /// <param name="set">The vectors.</param>
    /// <param name="scores">A cosine an entry.</param>
    /// <param name="best">The place of the vector that it is of; -1 where the entry is not in the scope.</param>
    public MeaningScores(VectorSet set, float[] scores, int[] best)
    {
        (_set, _scores, _best) = (set, scores, best);
        double sum = 0, squares = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            if (best[i] < 0) continue;
            Count++;
            sum += scores[i];
            squares += (double)scores[i] * scores[i];
        }
        if (Count == 0) return;
        Mean = sum / Count;
        Deviation = Math.Sqrt(Math.Max(0, squares / Count - Mean * Mean));
    }

    /// <summary>How many entries were compared.</summary>
    public int Count { get; }

    /// <summary>The mean of their cosines.</summary>
    public double Mean { get; }

    /// <summary>Their standard deviation.</summary>
    public double Deviation { get; }

    /// <summary>An entry's cosine; null when the entry has no vector in this scope.</summary>
    public double? Of(long entry) => _set.IndexOf(entry) is >= 0 and var index && index < _best.Length && _best[index] >= 0 ? _scores[index] : null;

    /// <summary>The row of the passage by which an entry ranks, or null.</summary>
    public long? BestRow(long entry) => _set.IndexOf(entry) is >= 0 and var index && index < _best.Length && _best[index] >= 0 ? _set.RowAt(_best[index]) : null;

    /// <summary>The nearest entries, best first, each with its cosine.</summary>
    /// <param name="skip">How many of the nearest to pass over.</param>
    /// <param name="count">How many after those.</param>
    public List<(long Entry, double Cosine)> Nearest(int skip, int count)
    {
        var most = Math.Min(skip + count, Count);
        var heap = new PriorityQueue<int, float>(most + 1);
        for (var i = 0; i < _scores.Length; i++)
        {
            if (_best[i] < 0) continue;
            if (heap.Count < most) heap.Enqueue(i, _scores[i]);
            else if (heap.TryPeek(out _, out var least) && _scores[i] > least) heap.EnqueueDequeue(i, _scores[i]);
        }
        var nearest = new List<(long, double)>(heap.Count);
        while (heap.TryDequeue(out var index, out var score)) nearest.Add((_set.EntryAt(index), score));
        nearest.Reverse();
        return skip == 0 ? nearest : nearest[Math.Min(skip, nearest.Count)..];
    }
}
