using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Text;
using Cairn.Engine.Storage;
using Microsoft.Win32.SafeHandles;

namespace Cairn.Engine.Operations;

/// <summary>
/// A file to which several processes append: each write is one call of the system at the file's end, wherever that is by
/// then. The framework's own append mode writes where the end was when it last looked, over what others wrote meanwhile.
/// </summary>
internal sealed class AppendFile : IDisposable
{
    private readonly FileStream? _windows;
    private readonly SafeFileHandle? _unix;

    private AppendFile(FileStream? windows, SafeFileHandle? unix) => (_windows, _unix) = (windows, unix);

    /// <summary>Opens a file, and makes it, its user's alone, where there is none.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static AppendFile Open(string path)
    {
        if (OperatingSystem.IsWindows()) return new AppendFile(OpenOnWindows(path), null);
        try
        {
            DatabaseFile.CreateNew(path, FileShare.ReadWrite | FileShare.Delete).Dispose();
        }
        catch (IOException) when (File.Exists(path))
        {
            // It is there: made before, or by another process just now.
        }
        var flags = OperatingSystem.IsMacOS() ? Native.AppendOnMac : Native.AppendOnLinux;
        var descriptor = Native.Open(Encoding.UTF8.GetBytes(path + '\0'), flags);
        if (descriptor < 0) throw new IOException($"{path} cannot be opened to append (error {Marshal.GetLastPInvokeError()}).");
        return new AppendFile(null, new SafeFileHandle(descriptor, ownsHandle: true));
    }

    /// <summary>The file's length in bytes, with what others have appended.</summary>
    public long Length => _windows?.Length ?? RandomAccess.GetLength(_unix!);

    /// <summary>Appends bytes in one piece.</summary>
    /// <exception cref="IOException">They were not written, or not all of them: the disk is full, or the file was taken away.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_windows is not null) _windows.Write(bytes);
        else if (Native.Write(_unix!, ref MemoryMarshal.GetReference(bytes), bytes.Length) != bytes.Length)
            throw new IOException($"A line could not be appended (error {Marshal.GetLastPInvokeError()}).");
    }

    public void Dispose()
    {
        _windows?.Dispose();
        _unix?.Dispose();
    }

    // With the right to append and no right to write, the system itself puts every write at the end.
    [SupportedOSPlatform("windows")]
    private static FileStream OpenOnWindows(string path) => new FileInfo(path).Create(
        FileMode.OpenOrCreate, FileSystemRights.AppendData | FileSystemRights.Synchronize, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.None, null);

    private static class Native
    {
        public const int AppendOnLinux = 0x1 | 0x400 | 0x80000; // O_WRONLY | O_APPEND | O_CLOEXEC
        public const int AppendOnMac = 0x1 | 0x8 | 0x1000000;

        [DllImport("libc", EntryPoint = "open", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Open(byte[] path, int flags);

        [DllImport("libc", EntryPoint = "write", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern nint Write(SafeFileHandle descriptor, ref byte bytes, nint count);
    }
}
