using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Cairn.Engine.Recovery;

/// <summary>
/// The committed pages of a write-ahead log (SQLite's walformat.html), read without SQLite, which stops at the first frame
/// that is damaged: each frame's checksum begins with the one before, which is stored as well, so that reading can go on
/// after a damaged one.
/// </summary>
internal sealed class WriteAheadLog
{
    private const int HeaderBytes = 32;
    private const int FrameHeaderBytes = 24;
    private const uint Magic = 0x377f0682; // the last bit says big-endian checksums

    private readonly Dictionary<int, long> _pages = [];
    private readonly SafeFileHandle _file;

    private WriteAheadLog(SafeFileHandle file, int pageSize) => (_file, PageSize) = (file, pageSize);

    /// <summary>The size of a page.</summary>
    public int PageSize { get; }

    /// <summary>How many pages the database has after the last commit.</summary>
    public int PageCount { get; private set; }

    /// <summary>How many frames belong to a commit.</summary>
    public int Frames { get; private set; }

    /// <summary>How many frames before the last commit are damaged.</summary>
    public int DamagedFrames { get; private set; }

    /// <summary>Reads a log; null when it holds no commit.</summary>
    public static WriteAheadLog? Read(SafeFileHandle file)
    {
        var header = new byte[HeaderBytes];
        if (RandomAccess.Read(file, header, 0) < HeaderBytes) return null;
        var magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        var pageSize = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(8));
        if ((magic & ~1u) != Magic || !SqliteHeader.IsPageSize(pageSize)) return null;
        var log = new WriteAheadLog(file, pageSize);
        log.ReadFrames(header, bigEndian: (magic & 1) == 1);
        return log.Frames > 0 ? log : null;
    }

    /// <summary>Reads a page as the last commit left it; false when the log does not hold it.</summary>
    public bool TryRead(int page, Span<byte> target) =>
        _pages.TryGetValue(page, out var offset) && RandomAccess.Read(_file, target, offset + FrameHeaderBytes) == PageSize;

    private void ReadFrames(byte[] header, bool bigEndian)
    {
        var salts = header.AsSpan(16, 8).ToArray();
        var pending = new Dictionary<int, long>();
        var (pendingFrames, pendingDamaged) = (0, 0);
        (uint, uint)? before = (BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(24)), BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(28)));
        var frame = new byte[FrameHeaderBytes + PageSize];
        var length = RandomAccess.GetLength(_file);
        for (long offset = HeaderBytes; offset + frame.Length <= length; offset += frame.Length)
        {
            if (RandomAccess.Read(_file, frame, offset) < frame.Length) break;
            var current = frame.AsSpan(8, 8).SequenceEqual(salts);
            var stored = (BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(16)), BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(20)));
            if (!current || before is not { } seed || Checksum(frame, seed, bigEndian) != stored)
            {
                // A frame of the round before, which this one has not reached, looks the same as one whose header is damaged:
                // only a commit after it tells.
                before = current ? stored : null;
                pendingDamaged++;
                continue;
            }
            before = stored;
            pending[BinaryPrimitives.ReadInt32BigEndian(frame)] = offset;
            pendingFrames++;
            if (BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(4)) is var committed && committed <= 0) continue;
            PageCount = committed;
            foreach (var (page, at) in pending) _pages[page] = at;
            (Frames, DamagedFrames) = (Frames + pendingFrames, DamagedFrames + pendingDamaged);
            pending.Clear();
            (pendingFrames, pendingDamaged) = (0, 0);
        }
    }

    // Over the first 8 bytes of the frame's header and over the page.
    private static (uint, uint) Checksum(ReadOnlySpan<byte> frame, (uint, uint) seed, bool bigEndian)
    {
        var (first, second) = seed;
        Add(frame[..8], ref first, ref second);
        Add(frame[FrameHeaderBytes..], ref first, ref second);
        return (first, second);

        void Add(ReadOnlySpan<byte> words, ref uint one, ref uint two)
        {
            for (var i = 0; i < words.Length; i += 8)
            {
                one += Word(words[i..]) + two;
                two += Word(words[(i + 4)..]) + one;
            }
        }

        uint Word(ReadOnlySpan<byte> bytes) => bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }
}
