using System.Buffers.Binary;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Recovery;

/// <summary>
/// The first 100 bytes of a database (SQLite's fileformat2.html, section 1.3), as far as they can be believed.
/// </summary>
internal sealed record SqliteHeader
{
    /// <summary>The header's length.</summary>
    public const int Bytes = 100;

    /// <summary>The page size of every database that Cairn makes: SQLite's own default.</summary>
    public const int UsualPageSize = 4096;

    /// <summary>Whether it begins as a database does and names a page size. False: nothing else in it is believed.</summary>
    public required bool IsWhole { get; init; }

    /// <summary>The size of a page; the usual one when the header is ruined.</summary>
    public int PageSize { get; init; } = UsualPageSize;

    /// <summary>The bytes at the end of each page that are not used.</summary>
    public int Reserved { get; init; }

    /// <summary>How many pages the database has; 0 when the header does not say.</summary>
    public int PageCount { get; init; }

    /// <summary>The first page of the list of free pages; 0 for none.</summary>
    public int FirstFree { get; init; }

    /// <summary>The schema's version; 0 when unknown.</summary>
    public int Schema { get; init; }

    /// <summary>Whose database it is.</summary>
    public long Application { get; init; }

    /// <summary>Reads a header.</summary>
    public static SqliteHeader Read(ReadOnlySpan<byte> page)
    {
        if (page.Length < Bytes || !page[..16].SequenceEqual("SQLite format 3\0"u8)) return new SqliteHeader { IsWhole = false };
        var size = BinaryPrimitives.ReadUInt16BigEndian(page[16..]) is 1 ? 65536 : BinaryPrimitives.ReadUInt16BigEndian(page[16..]);
        if (!IsPageSize(size) || page[20] > size - 480) return new SqliteHeader { IsWhole = false };
        var counted = Number(page, 24) == Number(page, 92); // else an old program wrote last, and the count is not to be believed
        return new SqliteHeader
        {
            IsWhole = true,
            PageSize = size,
            Reserved = page[20],
            PageCount = counted ? Math.Max(0, Number(page, 28)) : 0,
            FirstFree = Number(page, 32),
            Schema = Number(page, 60) is >= 1 and <= 10_000 and var schema ? schema : 0,
            Application = (uint)Number(page, 68),
        };
    }

    /// <summary>Whether a size can be a page's.</summary>
    public static bool IsPageSize(int size) => size is >= 512 and <= 65536 && (size & (size - 1)) == 0;

    /// <summary>Whether it says that another program made the database.</summary>
    public bool IsForeign => IsWhole && Application != Migrator.ApplicationId && Application != 0;

    private static int Number(ReadOnlySpan<byte> page, int offset) => BinaryPrimitives.ReadInt32BigEndian(page[offset..]);
}
