using System.Runtime.InteropServices;

namespace Cairn.Engine.Search.RankedIndex;

/// <summary>Makes one segment of several that lie in a row. Pure but for the pages, which it asks for.</summary>
internal static class SegmentMerge
{
    /// <summary>The pages of the merged segment, by number.</summary>
    /// <param name="segments">The segments, in the order of their keys.</param>
    /// <param name="size">How many keys the merged one has.</param>
    /// <param name="page">Reads a page of a segment.</param>
    /// <param name="stop">Ends it; the result is then of no use.</param>
    public static List<(int Number, byte[] Data)> Pages(IReadOnlyList<Segment> segments, int size, Func<long, int, byte[]> page, CancellationToken stop)
    {
        var first = segments[0].Row.First;
        var lengths = new int[size];
        foreach (var segment in segments) segment.Lengths.CopyTo(lengths, segment.Row.First - first);
        var pages = new List<(int, byte[])>();
        var writer = new SegmentWriter(lengths, segments.Sum(static segment => segment.Entries), (number, data) => pages.Add((number, data)));
        var (postings, cursor) = (new List<Posting>(), new ListCursor());
        var readers = segments.Select(segment => segment.Terms(number => page(segment.Row.Key, number)).GetEnumerator()).ToList();
        var isOpen = readers.ConvertAll(static reader => reader.MoveNext());
        while (!stop.IsCancellationRequested && Next(readers, isOpen) is { } term)
        {
            postings.Clear();
            for (var i = 0; i < readers.Count; i++)
            {
                if (!isOpen[i] || !readers[i].Current.Term.AsSpan().SequenceEqual(term)) continue;
                cursor.Open(readers[i].Current.List, segments[i].Lengths);
                cursor.Drain((int)(segments[i].Row.First - first), postings);
                isOpen[i] = readers[i].MoveNext();
            }
            writer.Add(term, CollectionsMarshal.AsSpan(postings));
        }
        writer.Complete();
        return pages;
    }

    private static byte[]? Next(List<IEnumerator<(byte[] Term, ListPlace List)>> readers, List<bool> isOpen)
    {
        byte[]? least = null;
        for (var i = 0; i < readers.Count; i++)
            if (isOpen[i] && (least is null || readers[i].Current.Term.AsSpan().SequenceCompareTo(least) < 0)) least = readers[i].Current.Term;
        return least;
    }
}
