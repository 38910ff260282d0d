using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Cairn.Engine.Ingestion;

/// <summary>
/// Which file a path or a handle is, without opening or following anything. Linux is asked directly: .NET says neither how
/// many names a file has nor whether it is a pipe. Elsewhere its times and length stand for its identity, and a second name
/// (a hard link) cannot be told.
/// </summary>
/// <param name="Identity">Equal for the same file.</param>
/// <param name="Length">Its length in bytes; pipes and devices have none.</param>
/// <param name="IsRegular">Whether it is a file, as far as can be told.</param>
/// <param name="Links">How many names it has; 1 where that cannot be told.</param>
/// <param name="WrittenAt">When it was last written.</param>
internal readonly record struct FileStat((long, long) Identity, long Length, bool IsRegular, uint Links, DateTimeOffset WrittenAt)
{
    private const int AtCurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const int EmptyPath = 0x1000;
    private const uint BasicStats = 0x7ff;
    private const int TypeMask = 0xF000;
    private const int RegularType = 0x8000;

    /// <summary>Of a path; null when nothing is there. A link is itself, not what it leads to.</summary>
    public static FileStat? Of(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists && !Directory.Exists(path)) return null;
        if (Ask(buffer => Statx(AtCurrentFolder, Encoding.UTF8.GetBytes(path + '\0'), NoFollow, BasicStats, buffer)) is { } stat) return stat;
        return file.Exists
            ? new FileStat((file.CreationTimeUtc.Ticks, file.LastWriteTimeUtc.Ticks), file.Length, file.LinkTarget is null, 1, file.LastWriteTimeUtc)
            : new FileStat((0, 0), 0, false, 1, file.LastWriteTimeUtc);
    }

    /// <summary>Of an open file.</summary>
    public static FileStat Of(SafeFileHandle handle)
    {
        if (Ask(buffer => Statx(handle, [0], EmptyPath, BasicStats, buffer)) is { } stat) return stat;
        var written = File.GetLastWriteTimeUtc(handle);
        return new FileStat((File.GetCreationTimeUtc(handle).Ticks, written.Ticks), RandomAccess.GetLength(handle), true, 1, written);
    }

    // The kernel's struct statx is the same on every processor: type and names at 16 to 29, inode, length, times, device.
    private static FileStat? Ask(Func<byte[], int> statx)
    {
        if (!OperatingSystem.IsLinux()) return null;
        var buffer = new byte[256];
        try
        {
            if (statx(buffer) != 0) return null;
        }
        catch (Exception error) when (error is EntryPointNotFoundException or DllNotFoundException)
        {
            return null; // a C library from before statx
        }
        long Word(int offset) => BitConverter.ToInt64(buffer, offset);
        var mode = BitConverter.ToUInt16(buffer, 28);
        return new FileStat(
            (Word(136), Word(32)),
            Word(40),
            (mode & TypeMask) == RegularType,
            BitConverter.ToUInt32(buffer, 16),
            DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(Word(112), 0, 253402300799)).AddTicks(BitConverter.ToUInt32(buffer, 120) / 100));
    }

    [DllImport("libc", EntryPoint = "statx")]
    private static extern int Statx(int folder, byte[] path, int flags, uint mask, byte[] buffer);

    [DllImport("libc", EntryPoint = "statx")]
    private static extern int Statx(SafeFileHandle folder, byte[] path, int flags, uint mask, byte[] buffer);
}
