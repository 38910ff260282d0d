using Cairn.Engine.Storage;

namespace Cairn.Engine.Search.RankedIndex;

/// <summary>A segment as the database lists it: the entries of a range of keys.</summary>
/// <param name="Key">Its key, drawn by chance: whoever holds a segment in memory knows it by that, also after a restore.</param>
/// <param name="First">The first key of the range.</param>
/// <param name="Size">How many keys the range has.</param>
/// <param name="Entries">How many entries it holds.</param>
/// <param name="IsWhole">Whether it may be read; else it is being written, or left over.</param>
internal readonly record struct SegmentRow(long Key, long First, int Size, int Entries, bool IsWhole)
{
    /// <summary>The last key of the range.</summary>
    public long Last => First + Size - 1;
}

/// <summary>How often something changed in a range of keys.</summary>
/// <param name="Texts">Entries that went or got another text.</param>
/// <param name="States">Entries whose project, state, type, time or session changed, and those of <paramref name="Texts"/>.</param>
internal readonly record struct RangeChanges(long Texts, long States);

/// <summary>What a query needs to know of the index, of one view of the database.</summary>
/// <param name="Segments">The whole segments in the order of their keys.</param>
/// <param name="Changes">By range of <see cref="RankedStore.ChangeRange"/> keys; none where nothing ever changed.</param>
/// <param name="Greatest">The greatest key of an entry.</param>
/// <param name="Entries">How many entries the full-text index has.</param>
/// <param name="Words">How many words they have in all.</param>
/// <param name="Cookie">SQLite's schema cookie: another one means another database in the file's place.</param>
internal sealed record RankedView(List<SegmentRow> Segments, Dictionary<long, RangeChanges> Changes, long Greatest, long Entries, long Words, long Cookie)
{
    /// <summary>The changes of the range that a key belongs to.</summary>
    public RangeChanges ChangesAt(long key) => Changes.GetValueOrDefault(key / RankedStore.ChangeRange);
}

/// <summary>The SQL of the ranked index. It decides nothing.</summary>
internal static class RankedStore
{
    /// <summary>Changes are counted for so many keys together.</summary>
    public const int ChangeRange = 8192; // also in the migration's triggers

    /// <summary>What the bytes mean: how lists are written, how columns are weighted. A segment of another format is not read, and made anew.</summary>
    private const int Format = 1;

    private const int PageBits = 20; // also in the migration's triggers
    private const int KeyBits = 42;

    /// <summary>How it stands; null when its triggers are off, so that changes go past it.</summary>
    public static RankedView? View(DatabaseConnection connection)
    {
        if (connection.Number("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND name IN ('ranked_index_text', 'ranked_index_state', 'ranked_index_gone')") != 3) return null;
        var (entries, words) = Averages(connection);
        return new RankedView(
            Segments(connection).FindAll(static segment => segment.IsWhole),
            connection.Query("SELECT key_range, texts, states FROM ranked_changes", static row => (Range: row.GetInt64(0), Changes: new RangeChanges(row.GetInt64(1), row.GetInt64(2)))).ToDictionary(static row => row.Range, static row => row.Changes),
            FullTextIndex.Size(connection), entries, words, connection.Number("PRAGMA schema_version") ?? 0);
    }

    /// <summary>All segments in the order of their keys; those of another format count as left over.</summary>
    public static List<SegmentRow> Segments(DatabaseConnection connection) => connection.Query(
        "SELECT key, first_key, size, entries, state = 'whole' AND format = ?1 FROM ranked_segments ORDER BY first_key, size",
        static row => new SegmentRow(row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), row.GetInt32(3), row.GetBoolean(4)), Format);

    /// <summary>A page of a segment, checked; null when it is missing or not what was written.</summary>
    public static byte[]? Page(DatabaseConnection connection, long segment, int number)
    {
        var key = (segment << PageBits) + number;
        var stored = connection.First("SELECT data, checksum FROM ranked_pages WHERE key = ?1", static row => (Data: row.Bytes(0), Checksum: row.GetInt64(1)), key);
        return stored.Data is { } data && Checksum(key, data) == stored.Checksum ? data : null;
    }

    /// <summary>The texts of the entries of a range, in the order of their keys.</summary>
    public static IEnumerable<EntryText> Texts(DatabaseConnection connection, long first, long last) => connection.Query(
        "SELECT key, CAST(title AS BLOB), CAST(body AS BLOB), CAST(search_text AS BLOB) FROM entries WHERE key BETWEEN ?1 AND ?2 ORDER BY key",
        static row => new EntryText(row.GetInt64(0), row.Bytes(1), row.Bytes(2), row.Bytes(3)), first, last);

    /// <summary>Begins a segment, which is not read before it is whole.</summary>
    public static long Add(DatabaseConnection connection, long first, int size)
    {
        var key = System.Security.Cryptography.RandomNumberGenerator.GetInt32(int.MaxValue) + ((long)System.Security.Cryptography.RandomNumberGenerator.GetInt32(1 << (KeyBits - 31)) << 31);
        connection.Execute("INSERT INTO ranked_segments (key, first_key, size, entries, state, format) VALUES (?1, ?2, ?3, 0, 'building', ?4)", key, first, size, Format);
        return key;
    }

    /// <summary>Adds a page to a segment.</summary>
    public static void AddPage(DatabaseConnection connection, long segment, int number, byte[] data)
    {
        var key = (segment << PageBits) + number;
        connection.Execute("INSERT INTO ranked_pages (key, checksum, data) VALUES (?1, ?2, ?3)", key, Checksum(key, data), data);
    }

    /// <summary>Whether a segment is still there: whoever changes an entry of its range takes it away.</summary>
    public static bool IsThere(DatabaseConnection connection, long segment) => connection.Number("SELECT 1 FROM ranked_segments WHERE key = ?1", segment) is not null;

    /// <summary>From now on a segment is read.</summary>
    public static void Complete(DatabaseConnection connection, long segment, int entries) =>
        connection.Execute("UPDATE ranked_segments SET state = 'whole', entries = ?2 WHERE key = ?1", segment, entries);

    /// <summary>From now on a segment is not read, and waits to be removed.</summary>
    public static void Retire(DatabaseConnection connection, long segment) => connection.Execute("UPDATE ranked_segments SET state = 'gone' WHERE key = ?1", segment);

    /// <summary>Removes some pages of a segment, and it when none is left.</summary>
    public static void Remove(DatabaseConnection connection, long segment, int pages)
    {
        var removed = connection.Execute(
            "DELETE FROM ranked_pages WHERE key IN (SELECT key FROM ranked_pages WHERE key BETWEEN ?1 AND ?2 ORDER BY key LIMIT ?3)",
            segment << PageBits, (segment << PageBits) + (1 << PageBits) - 1, pages);
        if (removed < pages) connection.Execute("DELETE FROM ranked_segments WHERE key = ?1", segment);
    }

    /// <summary>How many entries a range has.</summary>
    public static long Entries(DatabaseConnection connection, long first, long last) => connection.Number("SELECT count(*) FROM entries WHERE key BETWEEN ?1 AND ?2", first, last) ?? 0;

    /// <summary>How many pages there are, and their bytes.</summary>
    public static (long Pages, long Bytes) Volume(DatabaseConnection connection) =>
        connection.First("SELECT count(*), coalesce(sum(length(data)), 0) FROM ranked_pages", static row => (row.GetInt64(0), row.GetInt64(1)));

    /// <summary>The numbers of a segment's pages.</summary>
    public static List<int> Pages(DatabaseConnection connection, long segment) => connection.Query(
        "SELECT key - ?1 FROM ranked_pages WHERE key BETWEEN ?1 AND ?2 ORDER BY key", static row => row.GetInt32(0), segment << PageBits, (segment << PageBits) + (1 << PageBits) - 1);

    // What FTS5 keeps for its own bm25: the number of rows and, by column, of their words; see its source, fts5_index.c.
    private static (long Entries, long Words) Averages(DatabaseConnection connection)
    {
        if (connection.First("SELECT block FROM entries_fts_data WHERE id = 1", static row => row.Bytes(0)) is not { Length: > 0 } record) return (0, 0);
        var at = 0;
        var entries = Number(record, ref at);
        long words = 0;
        while (at < record.Length) words += Number(record, ref at);
        return (entries, words);
    }

    // SQLite's own numbers: seven bits a byte, the highest first; a ninth byte is whole.
    private static long Number(ReadOnlySpan<byte> bytes, ref int at)
    {
        long number = 0;
        for (var i = 0; i < 8 && at < bytes.Length; i++)
        {
            var next = bytes[at++];
            number = (number << 7) | (uint)(next & 0x7f);
            if (next < 0x80) return number;
        }
        return at < bytes.Length ? (number << 8) | bytes[at++] : number;
    }

    private static long Checksum(long key, ReadOnlySpan<byte> data)
    {
        var sum = System.Numerics.BitOperations.Crc32C(0xFFFFFFFF, (ulong)key);
        while (data.Length >= 8)
        {
            sum = System.Numerics.BitOperations.Crc32C(sum, System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[8..];
        }
        foreach (var one in data) sum = System.Numerics.BitOperations.Crc32C(sum, one);
        return sum;
    }
}
