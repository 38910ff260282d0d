using Cairn.Engine.Storage;

namespace Cairn.Engine.Search.RankedIndex;

/// <summary>
/// The words of the entries that no segment has yet, in memory, by pieces of as many keys as the smallest segment has: read
/// when first needed, and then grown by what is new. Safe for several threads; a piece is used under its lock.
/// </summary>
internal sealed class UnsegmentedEntries(RankedLayout layout)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, Piece> _pieces = [];

    /// <summary>The first keys of the pieces that no segment covers.</summary>
    public List<long> Gaps(RankedView view, int most)
    {
        var gaps = new List<long>();
        long next = 0;
        foreach (var segment in view.Segments)
        {
            for (; next < segment.First && gaps.Count <= most; next += layout.Base) gaps.Add(next);
            next = segment.Last + 1;
        }
        for (; next <= view.Greatest && gaps.Count <= most; next += layout.Base) gaps.Add(next);
        return gaps;
    }

    /// <summary>About how many entries of these pieces would have to be read first.</summary>
    public long Unread(RankedView view, List<long> gaps)
    {
        lock (_lock)
        {
            long unread = 0;
            foreach (var first in gaps)
            {
                var to = Math.Min(view.Greatest, first + layout.Base - 1);
                unread += _pieces.TryGetValue(first, out var piece) && piece.Texts == view.ChangesAt(first).Texts ? Math.Max(0, to - piece.KnownTo) : to - first + 1;
            }
            return unread;
        }
    }

    /// <summary>A piece as a view of the database has it: the entries up to its greatest key, and the lists of some words.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="view">How it stands.</param>
    /// <param name="first">The first key of the piece.</param>
    /// <param name="find">Is given the piece and the last place that counts.</param>
    public T Use<T>(DatabaseConnection connection, RankedView view, long first, Func<MemoryPostings, int, T> find)
    {
        var texts = view.ChangesAt(first).Texts;
        var to = Math.Min(view.Greatest, first + layout.Base - 1);
        lock (_lock)
        {
            if (!_pieces.TryGetValue(first, out var piece) || piece.Texts != texts) _pieces[first] = piece = new Piece(texts, new MemoryPostings(first, layout.Base)) { KnownTo = first - 1 };
            if (piece.KnownTo < to)
            {
                foreach (var text in RankedStore.Texts(connection, piece.KnownTo + 1, to)) piece.Postings.Add(connection.Tokenizer, text);
                piece.KnownTo = to;
            }
            return find(piece.Postings, (int)(to - first));
        }
    }

    /// <summary>Lets go of the pieces that are not among these.</summary>
    public void Keep(List<long> gaps)
    {
        lock (_lock)
        {
            foreach (var first in _pieces.Keys.Except(gaps).ToList()) _pieces.Remove(first);
        }
    }

    /// <summary>Lets go of all.</summary>
    public void Clear()
    {
        lock (_lock) _pieces.Clear();
    }

    private sealed record Piece(long Texts, MemoryPostings Postings)
    {
        public required long KnownTo { get; set; }
    }
}
