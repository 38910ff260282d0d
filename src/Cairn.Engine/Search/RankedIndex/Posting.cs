using System.Buffers.Binary;

namespace Cairn.Engine.Search.RankedIndex;

/// <summary>That an entry holds a word.</summary>
/// <param name="Place">The entry's key, counted from the first of its segment.</param>
/// <param name="Weight">How often, weighted by column, in halves: 3 in the title, 2 elsewhere. It is twice what bm25 takes as the frequency.</param>
internal readonly record struct Posting(int Place, int Weight);

/// <summary>Bytes that grow.</summary>
internal sealed class ByteWriter(int capacity = 256)
{
    private byte[] _bytes = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Write(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>Seven bits a byte, the lowest first; the highest bit says that more follow.</summary>
    public void WriteNumber(uint number)
    {
        var target = Take(5);
        var i = 0;
        for (; number >= 0x80; number >>= 7) target[i++] = (byte)(number | 0x80);
        target[i++] = (byte)number;
        Length += i - 5;
    }

    /// <summary>Some of what was written, to be filled in.</summary>
    public Span<byte> At(int start, int count) => _bytes.AsSpan(start, count);

    /// <summary>Room for some more.</summary>
    public Span<byte> Take(int count)
    {
        if (Length + count > _bytes.Length) Array.Resize(ref _bytes, Math.Max(Length + count, 2 * _bytes.Length));
        var taken = _bytes.AsSpan(Length, count);
        Length += count;
        return taken;
    }
}

/// <summary>
/// The list of the entries that hold a word, as bytes. Blocks of 128 entries; where there are more than one, a table before
/// them says of each its last place (16 bits), its length in bytes (16), the greatest weight in it (8; 255 and above: any) and the
/// least length of its entries in words (16; cut at 65,535). These two bound what the word can add to a score, whatever the average length and the number
/// of entries are by then. In a block each entry is one number: the distance from the one before, less one, times four,
/// plus 0, 1, 2 for a weight of 2, 3, 4; plus 3 where the weight follows as a number of its own.
/// </summary>
internal static class PostingList
{
    public const int BlockSize = 128;
    public const int BlockHead = 7;
    public const int AnyWeight = byte.MaxValue;

    /// <summary>Appends the list of some postings, in the order of their places.</summary>
    public static void Write(ReadOnlySpan<Posting> postings, ReadOnlySpan<int> lengths, ByteWriter output)
    {
        var blocks = (postings.Length + BlockSize - 1) / BlockSize;
        var head = output.Length;
        if (blocks > 1) output.Take(blocks * BlockHead);
        var previous = -1;
        for (var block = 0; block < blocks; block++)
        {
            var begin = output.Length;
            var (greatest, least) = (0, int.MaxValue);
            foreach (var (place, weight) in postings.Slice(block * BlockSize, Math.Min(BlockSize, postings.Length - (block * BlockSize))))
            {
                var kind = weight is >= 2 and <= 4 ? (uint)weight - 2 : 3;
                output.WriteNumber(((uint)(place - previous - 1) << 2) | kind);
                if (kind == 3) output.WriteNumber((uint)weight);
                previous = place;
                greatest = Math.Max(greatest, weight);
                least = Math.Min(least, lengths[place]);
            }
            if (blocks == 1) continue;
            var target = output.At(head + (block * BlockHead), BlockHead);
            BinaryPrimitives.WriteUInt16LittleEndian(target, (ushort)previous);
            BinaryPrimitives.WriteUInt16LittleEndian(target[2..], (ushort)(output.Length - begin));
            target[4] = (byte)Math.Min(greatest, AnyWeight);
            BinaryPrimitives.WriteUInt16LittleEndian(target[5..], (ushort)Math.Min(least, ushort.MaxValue));
        }
    }
}

/// <summary>Where a list lies.</summary>
/// <param name="Page">The bytes that hold it.</param>
/// <param name="Start">Where it begins in them.</param>
/// <param name="Length">How many bytes it has.</param>
/// <param name="Entries">How many entries it names.</param>
internal readonly record struct ListPlace(byte[] Page, int Start, int Length, int Entries);
