using Cairn.Engine.Storage;

namespace Cairn.Engine.Search.RankedIndex;

/// <summary>A segment is not what was written: a page is missing, or its checksum is another.</summary>
internal sealed class DamagedSegmentException(long segment) : Exception($"Segment {segment} of the ranked index is damaged.")
{
    /// <summary>The segment's key.</summary>
    public long Segment { get; } = segment;
}

/// <summary>A segment's head in memory: the lengths of its entries, and which page has which words. It never changes.</summary>
internal sealed class Segment
{
    private readonly byte[] _directory;
    private readonly List<(int Start, int Length, int Page)> _pages = [];

    private Segment(SegmentRow row, byte[] head, byte[] directory)
    {
        (Row, _directory, Lengths) = (row, directory, new int[row.Size]);
        var at = 0;
        Entries = TermPage.Number(head, ref at);
        for (var place = 0; place < Lengths.Length; place++) Lengths[place] = TermPage.Number(head, ref at);
        for (at = 0; at < directory.Length;)
        {
            var length = TermPage.Number(directory, ref at);
            var start = at;
            at += length;
            _pages.Add((start, length, TermPage.Number(directory, ref at)));
        }
    }

    /// <summary>Which it is.</summary>
    public SegmentRow Row { get; }

    /// <summary>How many entries it has.</summary>
    public int Entries { get; }

    /// <summary>How many words each place has.</summary>
    public int[] Lengths { get; }

    /// <summary>About how many bytes it takes in memory.</summary>
    public long Bytes => _directory.Length + (16L * _pages.Count) + (4L * Lengths.Length);

    /// <summary>Reads a segment's head.</summary>
    /// <exception cref="DamagedSegmentException">It is not what was written.</exception>
    public static Segment Load(DatabaseConnection connection, SegmentRow row)
    {
        var head = RankedStore.Page(connection, row.Key, SegmentWriter.Head) ?? throw new DamagedSegmentException(row.Key);
        var directory = RankedStore.Page(connection, row.Key, SegmentWriter.Directory) ?? throw new DamagedSegmentException(row.Key);
        var segment = new Segment(row, head, directory);
        return segment.Entries == row.Entries ? segment : throw new DamagedSegmentException(row.Key);
    }

    /// <summary>The list of a word; null when no entry of the segment holds it.</summary>
    /// <param name="term">The word as the full-text index has it.</param>
    /// <param name="page">Reads a page by its number.</param>
    public ListPlace? Find(ReadOnlySpan<byte> term, Func<int, byte[]> page)
    {
        var at = PageOf(term);
        if (at < 0) return null;
        var bytes = page(_pages[at].Page);
        return TermPage.Find(bytes, term) is { } found ? Place(bytes, found, page) : null;
    }

    /// <summary>The lists of all words that begin so, or null when there are more than a number of them.</summary>
    public List<ListPlace>? FindAll(byte[] prefix, Func<int, byte[]> page, int most)
    {
        var lists = new List<ListPlace>();
        for (var at = Math.Max(0, PageOf(prefix)); at < _pages.Count; at++)
        {
            var bytes = page(_pages[at].Page);
            var reader = new TermPage.Reader(bytes);
            while (reader.Next())
            {
                if (reader.Term.StartsWith(prefix))
                {
                    if (lists.Count == most) return null;
                    lists.Add(Place(bytes, reader.Current, page));
                }
                else if (reader.Term.SequenceCompareTo(prefix) > 0)
                {
                    return lists;
                }
            }
        }
        return lists;
    }

    /// <summary>All words with their lists, in the order of their bytes.</summary>
    public IEnumerable<(byte[] Term, ListPlace List)> Terms(Func<int, byte[]> page)
    {
        foreach (var (_, _, number) in _pages)
        {
            var bytes = page(number);
            var terms = new List<(byte[], TermPage.Found)>();
            var reader = new TermPage.Reader(bytes);
            while (reader.Next()) terms.Add((reader.Term.ToArray(), reader.Current));
            foreach (var (term, found) in terms) yield return (term, Place(bytes, found, page));
        }
    }

    private static ListPlace Place(byte[] bytes, TermPage.Found found, Func<int, byte[]> page)
    {
        if (found.Length > 0) return new ListPlace(bytes, found.Start, found.Length, found.Entries);
        var list = page(found.Page);
        return new ListPlace(list, 0, list.Length, found.Entries);
    }

    // The last page whose first word is not behind the word; -1 when all are.
    private int PageOf(ReadOnlySpan<byte> term)
    {
        var (low, high) = (0, _pages.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var (start, length, _) = _pages[middle];
            if (_directory.AsSpan(start, length).SequenceCompareTo(term) <= 0) low = middle + 1;
            else high = middle - 1;
        }
        return high;
    }
}
