namespace Cairn.Engine.Search.RankedIndex;

/// <summary>
/// Writes a segment's pages, given its words in the order of their bytes. Page 0 says how many entries there are and how
/// many words each place has; page 1, written last, lists the pages of words with the first word of each.
/// </summary>
/// <param name="lengths">How many words each place has; 0 where there is no entry, or one without words.</param>
/// <param name="entries">How many entries there are.</param>
/// <param name="write">Takes a page's number and its bytes.</param>
internal sealed class SegmentWriter(int[] lengths, int entries, Action<int, byte[]> write)
{
    public const int Head = 0, Directory = 1, Begin = 2;

    private readonly ByteWriter _page = new(2 * TermPage.Size);
    private readonly ByteWriter _list = new(64 * 1024);
    private readonly ByteWriter _directory = new(16 * 1024);
    private byte[] _last = [];
    private int _number = Begin;

    /// <summary>Adds the next word with its postings.</summary>
    public void Add(byte[] term, ReadOnlySpan<Posting> postings)
    {
        _list.Clear();
        PostingList.Write(postings, lengths, _list);
        var isLong = _list.Length > TermPage.LongList;
        if (_page.Length > 0 && _page.Length + term.Length + (isLong ? 0 : _list.Length) + 16 > TermPage.Size) Close();
        if (_page.Length == 0)
        {
            _directory.WriteNumber((uint)term.Length);
            _directory.Write(term);
            _last = [];
        }
        var shared = _last.AsSpan().CommonPrefixLength(term);
        _page.WriteNumber((uint)shared);
        _page.WriteNumber((uint)(term.Length - shared));
        _page.Write(term.AsSpan(shared));
        _page.WriteNumber((uint)postings.Length);
        if (isLong)
        {
            _page.WriteNumber(0);
            _page.WriteNumber((uint)_number);
            write(_number++, _list.Written.ToArray());
        }
        else
        {
            _page.WriteNumber((uint)_list.Length);
            _page.Write(_list.Written);
        }
        _last = term;
    }

    /// <summary>Writes what is left.</summary>
    public void Complete()
    {
        if (_page.Length > 0) Close();
        write(Directory, _directory.Written.ToArray());
        var head = new ByteWriter(2 * lengths.Length);
        head.WriteNumber((uint)entries);
        foreach (var length in lengths) head.WriteNumber((uint)length);
        write(Head, head.Written.ToArray());
    }

    private void Close()
    {
        _directory.WriteNumber((uint)_number);
        write(_number++, _page.Written.ToArray());
        _page.Clear();
    }
}
