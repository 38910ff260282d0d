using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Cairn.Engine.Recovery;

/// <summary>One state of a database's pages: those of its file alone, or with those of its log over them.</summary>
internal sealed class PageImage
{
    private readonly SafeFileHandle _file;
    private readonly WriteAheadLog? _log;

    public PageImage(SafeFileHandle file, WriteAheadLog? log)
    {
        (_file, _log) = (file, log);
        var first = new byte[65536];
        var length = RandomAccess.Read(file, first, 0);
        // The log's first page is newer; and the file's may be ruined.
        if (log is not null && log.TryRead(1, first.AsSpan(0, log.PageSize))) length = log.PageSize;
        Header = SqliteHeader.Read(first.AsSpan(0, length));
        PageSize = log?.PageSize ?? (Header.IsWhole ? Header.PageSize : GuessPageSize(file));
        var inFile = Math.Min(int.MaxValue / 4, (RandomAccess.GetLength(file) + PageSize - 1) / PageSize);
        // A count far beyond the file is not believed; one somewhat beyond it says that the file was cut.
        PageCount = (int)(log is not null ? log.PageCount : Header.PageCount is > 0 and var counted ? Math.Min(counted, inFile * 2 + 1000) : inFile);
    }

    /// <summary>What the first page says of the whole.</summary>
    public SqliteHeader Header { get; }

    /// <summary>The size of a page.</summary>
    public int PageSize { get; }

    /// <summary>The bytes of a page that hold content.</summary>
    public int Usable => PageSize - Header.Reserved;

    /// <summary>How many pages the database has. Some may be missing at the file's end.</summary>
    public int PageCount { get; }

    /// <summary>A page's bytes, zeros where the file ends in it; null when it is not there.</summary>
    public byte[]? Read(int page)
    {
        if (page < 1 || page > PageCount) return null;
        var bytes = new byte[PageSize];
        if (_log is not null && _log.TryRead(page, bytes)) return bytes;
        return RandomAccess.Read(_file, bytes, (page - 1L) * PageSize) > 0 ? bytes : null;
    }

    // The size at which most pages begin as pages of a tree do. Cairn's databases have the usual one, so it wins a tie.
    private static int GuessPageSize(SafeFileHandle file)
    {
        var (best, most) = (SqliteHeader.UsualPageSize, 0.0);
        for (var size = 512; size <= 65536; size *= 2)
        {
            var pages = RandomAccess.GetLength(file) / size;
            var step = Math.Max(1, pages / 500);
            var (seen, plausible) = (0, 0);
            for (var page = 1L; page < pages; page += step, seen++)
                if (BeginsAsATree(file, page * size, size)) plausible++;
            var share = seen == 0 ? 0 : (double)plausible / seen;
            if (share > most + 0.1 || (size == SqliteHeader.UsualPageSize && share >= most)) (best, most) = (size, share);
        }
        return best;
    }

    private static bool BeginsAsATree(SafeFileHandle file, long offset, int size)
    {
        Span<byte> start = stackalloc byte[8];
        if (RandomAccess.Read(file, start, offset) < 8 || start[0] is not (2 or 5 or 10 or 13)) return false;
        var content = BinaryPrimitives.ReadUInt16BigEndian(start[5..]);
        // What is in a page begins in it, and near its end unless it is full.
        return BinaryPrimitives.ReadUInt16BigEndian(start[3..]) * 4 < size && content <= size && content > size / 64;
    }
}
