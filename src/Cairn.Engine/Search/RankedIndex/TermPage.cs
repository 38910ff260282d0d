namespace Cairn.Engine.Search.RankedIndex;

/// <summary>
/// A page of a segment's words, in the order of their bytes: of each how many bytes it shares with the one before, the
/// others, how many entries hold it, and its list: its length and its bytes, or 0 and the number of the page that is the list.
/// </summary>
internal static class TermPage
{
    /// <summary>About as much as fits a page of SQLite's.</summary>
    public const int Size = 3_900;

    /// <summary>A longer list has a page of its own.</summary>
    public const int LongList = 1_000;

    /// <summary>A word with where its list is.</summary>
    /// <param name="Entries">How many entries hold it.</param>
    /// <param name="Start">Where the list begins in the page.</param>
    /// <param name="Length">Its bytes; 0 when it is a page of its own.</param>
    /// <param name="Page">The number of that page.</param>
    public readonly record struct Found(int Entries, int Start, int Length, int Page);

    [ThreadStatic]
    private static byte[]? _room;

    /// <summary>Looks a word up.</summary>
    public static Found? Find(byte[] page, ReadOnlySpan<byte> term)
    {
        var reader = new Reader(page);
        while (reader.Next())
        {
            var order = reader.Term.SequenceCompareTo(term);
            if (order == 0) return reader.Current;
            if (order > 0) return null;
        }
        return null;
    }

    /// <summary>Reads a page's words in their order.</summary>
    /// <remarks>One at a time on a thread: they share the room for the word.</remarks>
    public ref struct Reader(byte[] page)
    {
        private readonly byte[] _page = page;
        private readonly byte[] _term = _room ??= new byte[MaxTerm];
        private int _at;
        private int _length;

        /// <summary>The word it stands at.</summary>
        public readonly ReadOnlySpan<byte> Term => _term.AsSpan(0, _length);

        /// <summary>What the page says of it.</summary>
        public Found Current { get; private set; }

        /// <summary>Goes on to the next word; false at the end.</summary>
        public bool Next()
        {
            if (_at >= _page.Length) return false;
            var shared = Number(_page, ref _at);
            var rest = Number(_page, ref _at);
            _page.AsSpan(_at, rest).CopyTo(_term.AsSpan(shared));
            _length = shared + rest;
            _at += rest;
            var entries = Number(_page, ref _at);
            var length = Number(_page, ref _at);
            var number = length == 0 ? Number(_page, ref _at) : 0;
            Current = new Found(entries, _at, length, number);
            _at += length;
            return true;
        }
    }

    /// <summary>The greatest length of a word, in bytes, as FTS5 has it.</summary>
    public const int MaxTerm = 32_768;

    public static int Number(ReadOnlySpan<byte> bytes, ref int at)
    {
        uint number = bytes[at++];
        if (number < 0x80) return (int)number;
        number &= 0x7f;
        for (var shift = 7; ; shift += 7)
        {
            uint next = bytes[at++];
            number |= (next & 0x7f) << shift;
            if (next < 0x80) return (int)number;
        }
    }
}
