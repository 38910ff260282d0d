using System.Buffers.Binary;

namespace Cairn.Engine.Search.RankedIndex;

/// <summary>Reads a <see cref="PostingList"/> forwards, a block at a time, passing over those that are not asked for.</summary>
internal sealed class ListCursor
{
    /// <summary>Beyond every place.</summary>
    public const int End = int.MaxValue;

    private readonly int[] _places = new int[PostingList.BlockSize];
    private readonly int[] _weights = new int[PostingList.BlockSize];
    private byte[] _bytes = [];
    private int _head, _blocks, _block, _next, _left, _before;
    private int _at, _filled;

    /// <summary>How many entries the list names.</summary>
    public int Entries { get; private set; }

    /// <summary>The greatest weight in the list; <see cref="PostingList.AnyWeight"/> for any.</summary>
    public int GreatestWeight { get; private set; }

    /// <summary>The least length of an entry that the list names, in words.</summary>
    public int LeastLength { get; private set; }

    /// <summary>The place of the entry that it stands at; <see cref="End"/> at the end.</summary>
    public int Place => _at < _filled ? _places[_at] : End;

    /// <summary>The weight there.</summary>
    public int Weight => _weights[_at];

    /// <summary>Opens a list and stands at its first entry.</summary>
    public void Open(ListPlace list, ReadOnlySpan<int> lengths)
    {
        (_bytes, Entries, _left, _before, _block) = (list.Page, list.Entries, list.Entries, -1, 0);
        _blocks = (list.Entries + PostingList.BlockSize - 1) / PostingList.BlockSize;
        _head = list.Start;
        _next = list.Start + (_blocks > 1 ? _blocks * PostingList.BlockHead : 0);
        (GreatestWeight, LeastLength) = (0, int.MaxValue);
        Fill();
        if (_blocks <= 1)
        {
            for (var i = 0; i < _filled; i++)
            {
                GreatestWeight = Math.Max(GreatestWeight, _weights[i]);
                LeastLength = Math.Min(LeastLength, lengths[_places[i]]);
            }
            return;
        }
        var heads = _bytes.AsSpan(_head, _blocks * PostingList.BlockHead);
        for (var at = 0; at < heads.Length; at += PostingList.BlockHead)
        {
            GreatestWeight = Math.Max(GreatestWeight, heads[at + 4]);
            LeastLength = Math.Min(LeastLength, BinaryPrimitives.ReadUInt16LittleEndian(heads[(at + 5)..]));
        }
    }

    /// <summary>An empty list.</summary>
    public void Close() => (Entries, GreatestWeight, LeastLength, _at, _filled, _block, _blocks, _left) = (0, 0, int.MaxValue, 0, 0, 0, 0, 0);

    /// <summary>The place of the first entry at or behind a place, where it then stands.</summary>
    public int Seek(int place)
    {
        if (_filled == 0) return End;
        if (_places[_filled - 1] < place)
        {
            while (_block < _blocks && (_blocks == 1 || LastOf(_block) < place)) Pass();
            if (_block >= _blocks)
            {
                (_at, _filled) = (0, 0);
                return End;
            }
            Fill();
        }
        while (_places[_at] < place) _at++;
        return _places[_at];
    }

    /// <summary>Writes the weights of all entries before a place into a window of places, and marks them.</summary>
    public void Pour(int start, int end, Span<int> weights, Span<ulong> marks)
    {
        if (Seek(start) >= end) return;
        while (true)
        {
            for (; _at < _filled; _at++)
            {
                var place = _places[_at];
                if (place >= end) return;
                var at = place - start;
                weights[at] = _weights[_at];
                marks[at >> 6] |= 1UL << at;
            }
            if (_block >= _blocks) return;
            Fill();
        }
    }

    /// <summary>Gives all that is left of the list.</summary>
    public void Drain(int shift, List<Posting> into)
    {
        while (true)
        {
            for (; _at < _filled; _at++) into.Add(new Posting(_places[_at] + shift, _weights[_at]));
            if (_block >= _blocks) return;
            Fill();
        }
    }

    private int LastOf(int block) => BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(_head + (block * PostingList.BlockHead)));

    // Passes over the block that would be read next.
    private void Pass()
    {
        if (_blocks > 1)
        {
            _before = LastOf(_block);
            _next += BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(_head + (_block * PostingList.BlockHead) + 2));
        }
        _left -= Math.Min(_left, PostingList.BlockSize);
        _block++;
    }

    private void Fill()
    {
        var count = Math.Min(_left, PostingList.BlockSize);
        var (bytes, at, place) = (_bytes, _next, _before);
        for (var i = 0; i < count; i++)
        {
            uint code = bytes[at++];
            if (code >= 0x80) code = More(bytes, ref at, code);
            place += (int)(code >> 2) + 1;
            var weight = (int)(code & 3) + 2;
            if (weight == 5)
            {
                uint stored = bytes[at++];
                if (stored >= 0x80) stored = More(bytes, ref at, stored);
                weight = (int)stored;
            }
            _places[i] = place;
            _weights[i] = weight;
        }
        (_next, _before, _at, _filled) = (at, place, 0, count);
        _left -= count;
        _block++;
    }

    private static uint More(byte[] bytes, ref int at, uint code)
    {
        code &= 0x7f;
        for (var shift = 7; ; shift += 7)
        {
            uint next = bytes[at++];
            code |= (next & 0x7f) << shift;
            if (next < 0x80) return code;
        }
    }
}
