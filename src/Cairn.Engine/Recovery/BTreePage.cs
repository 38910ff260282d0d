using System.Buffers.Binary;

namespace Cairn.Engine.Recovery;

/// <summary>A row on a page: its place, its key (0 in a tree without keys), and its values.</summary>
internal sealed record PageRow(int Page, long Key, SqliteRecord Record, IReadOnlyList<int> OverflowPages);

/// <summary>
/// A page of a tree (SQLite's fileformat2.html, section 1.6). Of a damaged page the cells that can be read are read: a
/// cell that cannot be is counted and left out.
/// </summary>
internal sealed class BTreePage
{
    private const int InteriorIndex = 2, InteriorTable = 5, LeafIndex = 10, LeafTable = 13;
    private const long MaxPayload = 512L * 1024 * 1024;

    private readonly PageImage _image;
    private readonly byte[] _bytes;
    private readonly int _start;
    private readonly int _cells;
    private readonly int _kind;

    private BTreePage(PageImage image, int number, byte[] bytes, int kind, int start, int cells) =>
        (_image, Number, _bytes, _kind, _start, _cells) = (image, number, bytes, kind, start, cells);

    /// <summary>Its number; the first is 1.</summary>
    public int Number { get; }

    /// <summary>Whether it is of a table with keys, not of an index or a table without them.</summary>
    public bool HasKeys => _kind is InteriorTable or LeafTable;

    /// <summary>Whether rows stand on it: on leaves, and on all pages of a tree without keys.</summary>
    public bool HasRows => _kind != InteriorTable;

    /// <summary>Whether other pages hang on it.</summary>
    public bool IsInterior => _kind is InteriorIndex or InteriorTable;

    private int FirstPointer => _start + (IsInterior ? 12 : 8);

    /// <summary>Reads a page; null when it is not there or is no page of a tree.</summary>
    public static BTreePage? Read(PageImage image, int number)
    {
        if (image.Read(number) is not { } bytes) return null;
        var start = number == 1 ? SqliteHeader.Bytes : 0;
        int kind = bytes[start];
        if (kind is not (InteriorIndex or InteriorTable or LeafIndex or LeafTable)) return null;
        var cells = BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(start + 3));
        return start + 12 + cells * 2 <= image.Usable ? new BTreePage(image, number, bytes, kind, start, cells) : null;
    }

    /// <summary>The pages that hang on it, in order. They may be any number: it may be damaged.</summary>
    public IEnumerable<int> Children()
    {
        if (!IsInterior) yield break;
        foreach (var cell in Cells()) yield return BinaryPrimitives.ReadInt32BigEndian(_bytes.AsSpan(cell));
        yield return BinaryPrimitives.ReadInt32BigEndian(_bytes.AsSpan(_start + 8));
    }

    /// <summary>The rows on it, in order; null in the place of each that cannot be read.</summary>
    public IEnumerable<PageRow?> Rows()
    {
        if (!HasRows) yield break;
        var read = 0;
        foreach (var cell in Cells())
        {
            read++;
            yield return Row(cell);
        }
        for (; read < _cells; read++) yield return null;
    }

    private IEnumerable<int> Cells()
    {
        for (var i = 0; i < _cells; i++)
        {
            int cell = BinaryPrimitives.ReadUInt16BigEndian(_bytes.AsSpan(FirstPointer + i * 2));
            if (cell >= FirstPointer + _cells * 2 && cell <= _image.Usable - 4) yield return cell;
        }
    }

    private PageRow? Row(int cell)
    {
        var offset = IsInterior ? cell + 4 : cell;
        var page = _bytes.AsSpan(0, _image.Usable);
        long key = 0;
        if (!SqliteRecord.TryVarint(page, ref offset, out var length) || length is <= 0 or > MaxPayload) return null;
        if (HasKeys && !SqliteRecord.TryVarint(page, ref offset, out key)) return null;
        var local = Local(length);
        if (offset + local + (local < length ? 4 : 0) > _image.Usable) return null;
        if (local == length) return SqliteRecord.Parse(page.Slice(offset, local), length) is { } whole ? new PageRow(Number, key, whole, []) : null;
        if (length > (long)_image.PageCount * _image.Usable) return null;
        var pages = new List<int>();
        var payload = Gather(page.Slice(offset, local), BinaryPrimitives.ReadInt32BigEndian(page[(offset + local)..]), length, pages);
        return SqliteRecord.Parse(payload, length) is { } record ? new PageRow(Number, key, record, pages) : null;
    }

    // How much of a row stands on the page itself: section 1.6, with its names.
    private int Local(long length)
    {
        var u = _image.Usable;
        var x = HasKeys ? u - 35 : (u - 12) * 64 / 255 - 23;
        if (length <= x) return (int)length;
        var m = (u - 12) * 32 / 255 - 23;
        var k = (int)(m + (length - m) % (u - 4));
        return k <= x ? k : m;
    }

    private byte[] Gather(ReadOnlySpan<byte> local, int next, long length, List<int> pages)
    {
        var payload = new MemoryStream((int)Math.Min(length, 1024 * 1024));
        payload.Write(local);
        var seen = new HashSet<int>();
        while (payload.Length < length && next > 1 && seen.Add(next) && _image.Read(next) is { } overflow)
        {
            pages.Add(next);
            payload.Write(overflow, 4, (int)Math.Min(_image.Usable - 4, length - payload.Length));
            next = BinaryPrimitives.ReadInt32BigEndian(overflow);
        }
        return payload.ToArray();
    }
}
