using System.Security.Cryptography;
using ZstdSharp;

namespace Cairn.Engine.Capture.Sessions;

/// <summary>A session file as the folder shows it.</summary>
/// <param name="Client">codex or claude.</param>
/// <param name="Path">Absolute path.</param>
/// <param name="Size">Its length in bytes, as it lies there.</param>
/// <param name="WrittenAt">When it was last written.</param>
internal sealed record SessionFile(string Client, string Path, long Size, DateTimeOffset WrittenAt)
{
    private const string Compressed = ".zst";
    private const int HeadLength = 1024;

    /// <summary>
    /// What it is known by: compressed later on, it is the same file. A rollout's name holds its session's id and time, and
    /// Codex moves it to another folder when the session is archived; any other file is known by its whole path.
    /// </summary>
    public string Name
    {
        get
        {
            var path = Path.EndsWith(Compressed, StringComparison.OrdinalIgnoreCase) ? Path[..^Compressed.Length] : Path;
            return Client == CodexRollout.Client && System.IO.Path.GetFileNameWithoutExtension(path) is { Length: > 36 } stem && Guid.TryParseExact(stem[^36..], "D", out _) ? System.IO.Path.GetFileName(path) : path;
        }
    }

    /// <summary>A name for the session, until a line tells one: of a rollout the id at the end of its name, else the whole.</summary>
    public string Stem
    {
        get
        {
            var stem = System.IO.Path.GetFileNameWithoutExtension(Name);
            return Client == CodexRollout.Client && stem.Length > 36 ? stem[^36..] : stem.Length <= 200 ? stem : stem[^200..];
        }
    }

    /// <summary>The session files of a client's folder, in the order of their paths.</summary>
    public static IEnumerable<SessionFile> In(string client, string folder)
    {
        if (!Directory.Exists(folder)) return [];
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true, MaxRecursionDepth = 8, IgnoreInaccessible = true,
            AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Device,
        };
        return new DirectoryInfo(folder).EnumerateFiles(client == CodexRollout.Client ? "rollout-*.jsonl*" : "*.jsonl*", options)
            .Where(static file => file.Name.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) || file.Name.EndsWith(".jsonl" + Compressed, StringComparison.OrdinalIgnoreCase))
            .Select(file => Of(client, file))
            .Where(static file => file.Size > 0) // pipes and devices have no length
            .OrderBy(static file => file.Path, StringComparer.Ordinal)
            .DistinctBy(static file => file.Name, StringComparer.Ordinal); // half-way through being compressed it is there twice
    }

    /// <summary>A file of a client.</summary>
    public static SessionFile Of(string client, FileInfo file) => new(client, file.FullName, file.Length, file.LastWriteTimeUtc);

    /// <summary>Opens it for reading while others write it; what is given is never compressed.</summary>
    public Stream Open()
    {
        var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        return Path.EndsWith(Compressed, StringComparison.OrdinalIgnoreCase) ? new DecompressionStream(file, leaveOpen: false) : file;
    }

    /// <summary>
    /// Tells whether a file still begins as it did, and goes to where it was read up to; to its beginning where it does
    /// not. What it begins with is told by a hash too short to tell a text by.
    /// </summary>
    /// <returns>The stream to read from, and whether it stands at the offset.</returns>
    public (Stream Stream, bool Resumed, byte[] Head) OpenAt(long offset, byte[]? head)
    {
        var stream = Open();
        try
        {
            var begin = new byte[HeadLength];
            var length = stream.ReadAtLeast(begin, head is null || head.Length != 10 ? HeadLength : BitConverter.ToInt16(head), throwOnEndOfStream: false);
            if (head is { Length: 10 } && HeadOf(begin.AsSpan(0, Math.Min(length, BitConverter.ToInt16(head)))).AsSpan().SequenceEqual(head) && Skip(stream, begin, length, offset))
                return (stream, true, head);
            stream.Dispose();
            stream = Open();
            length = stream.ReadAtLeast(begin, HeadLength, throwOnEndOfStream: false);
            stream.Dispose();
            return (stream = Open(), false, HeadOf(begin.AsSpan(0, length)));
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    // Up to the offset, before which a line must end.
    private static bool Skip(Stream stream, byte[] begin, int length, long offset)
    {
        if (offset == 0 || offset <= length) return Rewind(stream, begin, offset);
        if (stream.CanSeek) stream.Seek(offset - 1, SeekOrigin.Begin);
        else
        {
            var buffer = new byte[64 * 1024];
            for (var left = offset - 1 - length; left > 0;)
            {
                var read = stream.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
                if (read == 0) return false;
                left -= read;
            }
        }
        return stream.ReadByte() == '\n';
    }

    private static bool Rewind(Stream stream, byte[] begin, long offset)
    {
        if (!stream.CanSeek || (offset > 0 && begin[offset - 1] != '\n')) return false;
        stream.Seek(offset, SeekOrigin.Begin);
        return true;
    }

    private static byte[] HeadOf(ReadOnlySpan<byte> begin) => [.. BitConverter.GetBytes((short)begin.Length), .. SHA256.HashData(begin).AsSpan(0, 8)];
}
