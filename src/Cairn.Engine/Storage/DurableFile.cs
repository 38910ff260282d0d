using System.Runtime.InteropServices;
using System.Text;

namespace Cairn.Engine.Storage;

/// <summary>
/// Forces files and their names onto the disk. Never for a database that may be open: closing its descriptor here
/// would drop SQLite's locks.
/// </summary>
internal static class DurableFile
{
    private const int InvalidArgument = 22; // EINVAL, the same number on Linux and macOS

    /// <summary>Forces a file's content to disk.</summary>
    public static void Flush(string path)
    {
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(handle);
    }

    /// <summary>
    /// Forces a folder's names to disk: what was made or renamed in it. The framework opens no folders, so this asks the
    /// system. Windows has no such call; NTFS keeps names in its own journal.
    /// </summary>
    public static void FlushDirectory(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        var descriptor = Native.Open(Encoding.UTF8.GetBytes(path + '\0'), Native.ReadOnly);
        if (descriptor < 0) throw new IOException($"The folder {path} cannot be opened (error {Marshal.GetLastPInvokeError()}).");
        var failure = Native.Synchronize(descriptor) == 0 ? 0 : Marshal.GetLastPInvokeError();
        _ = Native.Close(descriptor);
        // Some network and FUSE file systems know no fsync of a folder.
        if (failure is not (0 or InvalidArgument)) throw new IOException($"The folder {path} cannot be forced to disk (error {failure}).");
    }

    private static class Native
    {
        public const int ReadOnly = 0; // O_RDONLY

        [DllImport("libc", EntryPoint = "open", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Open(byte[] path, int flags);

        [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Synchronize(int descriptor);

        [DllImport("libc", EntryPoint = "close")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Close(int descriptor);
    }
}
