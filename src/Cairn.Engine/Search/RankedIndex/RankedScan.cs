using System.Numerics;

namespace Cairn.Engine.Search.RankedIndex;

/// <summary>Where words are looked for: a segment, or entries that no segment has yet.</summary>
/// <param name="First">The key of the entry whose place is 0.</param>
/// <param name="Size">How many places there are; a multiple of 64.</param>
/// <param name="Lengths">How many words each place has.</param>
/// <param name="Lists">The list of each word of the query; null where no entry here holds it.</param>
internal sealed record ScanSource(long First, int Size, int[] Lengths, ListPlace?[] Lists);

/// <summary>
/// Ranks by bm25 as FTS5 has it (fts5_aux.c), to the last bit, without reading what cannot be among the best. A word whose
/// best would not reach the worst that is kept, together with those of all words that tell less, names no candidates: it is
/// looked up for those that other words name (MaxScore; Turtle and Flood, 1995). Entries are taken in windows of places,
/// into which the lists of the telling words are poured, so that many words cost no more than their lists. Pure.
/// </summary>
/// <param name="idf">The idf of each word of the query, in its order.</param>
/// <param name="averageLength">How many words an entry has on average.</param>
/// <param name="count">How many of the best are wanted.</param>
internal sealed class RankedScan(double[] idf, double averageLength, int count)
{
    private const double K1 = 1.2, B = 0.75;
    private const int Window = 1024;
    private const double Slack = 1 + 1e-9; // sums in another order differ in their last digits

    private readonly BestKeys _best = new(count);
    private readonly ListCursor[] _cursors = [.. idf.Select(static _ => new ListCursor())];
    private readonly double[] _bounds = new double[idf.Length];
    private readonly int[] _order = new int[idf.Length];
    private readonly double[] _below = new double[idf.Length + 1];
    private readonly int[] _weights = new int[idf.Length * Window];
    private readonly int[] _found = new int[idf.Length];

    /// <summary>The best of all that was scanned, best first; of equal ones the newer first.</summary>
    public List<(long Key, double Score)> Best() => _best.InOrder();

    /// <summary>The idf of a word, as FTS5 has it.</summary>
    public static double Idf(long holding, long entries)
    {
        var value = Math.Log((entries - holding + 0.5) / (holding + 0.5));
        return value <= 0 ? 1e-6 : value;
    }

    /// <summary>Ranks the entries of one place.</summary>
    /// <param name="source">The place.</param>
    /// <param name="passing">Which entries may be answers, of the 64 from a key on; null for all.</param>
    public void Scan(ScanSource source, Func<long, int, ReadOnlyMemory<ulong>>? passing)
    {
        for (var i = 0; i < idf.Length; i++)
        {
            _order[i] = i;
            if (source.Lists[i] is { } list) _cursors[i].Open(list, source.Lengths);
            else _cursors[i].Close();
            _bounds[i] = _cursors[i].Entries == 0 ? 0 : Most(idf[i], _cursors[i].GreatestWeight, _cursors[i].LeastLength);
        }
        if (Array.TrueForAll(source.Lists, static list => list is null)) return;
        Array.Sort(_order, (one, other) => _bounds[one].CompareTo(_bounds[other]));
        for (var i = 0; i < idf.Length; i++) _below[i + 1] = _below[i] + _bounds[_order[i]];
        Span<ulong> marks = stackalloc ulong[Window / 64];
        for (var start = 0; start < source.Size; start += Window)
        {
            // The words from here on in the order name candidates; the best of those before would not do even together.
            var naming = 0;
            while (naming < idf.Length && _below[naming + 1] * Slack < _best.Least) naming++;
            if (naming == idf.Length) return;
            var end = Math.Min(source.Size, start + Window);
            marks.Clear();
            for (var i = naming; i < idf.Length; i++) _cursors[_order[i]].Pour(start, end, _weights.AsSpan(_order[i] * Window, Window), marks);
            if (passing is null)
            {
                Rank(source, start, naming, marks, marks);
                continue;
            }
            if (!marks.ContainsAnyExcept(0UL)) continue;
            Rank(source, start, naming, marks, passing(source.First + start, (end - start) / 64).Span);
        }
    }

    private void Rank(ScanSource source, int start, int naming, ReadOnlySpan<ulong> marks, ReadOnlySpan<ulong> passing)
    {
        for (var word = 0; word < passing.Length; word++)
        {
            for (var left = marks[word]; left != 0; left &= left - 1)
            {
                var at = (word * 64) + BitOperations.TrailingZeroCount(left);
                if ((passing[word] >> at & 1) != 0) Rank(source, start + at, at, naming);
                for (var i = naming; i < idf.Length; i++) _weights[(_order[i] * Window) + at] = 0;
            }
        }
    }

    private void Rank(ScanSource source, int place, int at, int naming)
    {
        var norm = Norm(source.Lengths[place]);
        var sum = 0.0;
        for (var i = naming; i < idf.Length; i++)
        {
            var term = _order[i];
            _found[term] = _weights[(term * Window) + at];
            if (_found[term] != 0) sum += Score(idf[term], _found[term], norm);
        }
        for (var i = naming - 1; i >= 0; i--)
        {
            if ((sum + _below[i + 1]) * Slack < _best.Least) return;
            var (term, cursor) = (_order[i], _cursors[_order[i]]);
            _found[term] = cursor.Entries > 0 && cursor.Seek(place) == place ? cursor.Weight : 0;
            if (_found[term] != 0) sum += Score(idf[term], _found[term], norm);
        }
        if (sum * Slack < _best.Least) return;
        // In the order of the query, as FTS5 sums, so that equal entries are equal here as well.
        var score = 0.0;
        for (var term = 0; term < idf.Length; term++)
            if (_found[term] != 0) score += Score(idf[term], _found[term], norm);
        _best.Add(source.First + place, score);
    }

    private double Norm(int length) => K1 * (1 - B + (B * length / averageLength));

    private static double Score(double idf, int weight, double norm)
    {
        var frequency = weight / 2.0;
        return idf * (frequency * (K1 + 1.0) / (frequency + norm));
    }

    private double Most(double idf, int greatestWeight, int leastLength) =>
        greatestWeight >= PostingList.AnyWeight ? idf * (K1 + 1.0) : Score(idf, greatestWeight, Norm(leastLength));
}

/// <summary>The best keys of those that are given, a fixed number at most.</summary>
internal sealed class BestKeys(int count)
{
    private readonly (double Score, long Key)[] _heap = new (double, long)[count];
    private int _filled;

    /// <summary>What a score must reach to be kept; below every score while there is room.</summary>
    public double Least { get; private set; } = double.NegativeInfinity;

    /// <summary>Takes a key, if it is among the best; of equal scores the greater key is better.</summary>
    public void Add(long key, double score)
    {
        if (_filled < _heap.Length)
        {
            var at = _filled++;
            for (; at > 0 && IsWorse(score, key, _heap[(at - 1) / 2]); at = (at - 1) / 2) _heap[at] = _heap[(at - 1) / 2];
            _heap[at] = (score, key);
            if (_filled == _heap.Length) Least = _heap[0].Score;
            return;
        }
        if (IsWorse(score, key, _heap[0])) return;
        var place = 0;
        while (true)
        {
            var child = (2 * place) + 1;
            if (child >= _filled) break;
            if (child + 1 < _filled && IsWorse(_heap[child + 1].Score, _heap[child + 1].Key, _heap[child])) child++;
            if (IsWorse(score, key, _heap[child])) break;
            _heap[place] = _heap[child];
            place = child;
        }
        _heap[place] = (score, key);
        Least = _heap[0].Score;
    }

    /// <summary>What was kept, best first.</summary>
    public List<(long Key, double Score)> InOrder()
    {
        var kept = _heap[.._filled];
        Array.Sort(kept, static (one, other) => other.CompareTo(one));
        return [.. kept.Select(static entry => (entry.Key, entry.Score))];
    }

    private static bool IsWorse(double score, long key, (double Score, long Key) other) => score < other.Score || (score == other.Score && key < other.Key);
}
