using System.Runtime.InteropServices;
using System.Text;

namespace Cairn.Engine.Storage;

/// <summary>Files before SQLite has them: made private to their user from the first moment.</summary>
internal static class DatabaseFile
{
    /// <summary>The endings of the files that hold a database's content: the log and the file itself. The third, -shm, is made anew from these.</summary>
    public static readonly string[] WithContent = ["-wal", ""];

    private const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode PrivateDirectory = PrivateFile | UnixFileMode.UserExecute;

    /// <summary>
    /// Makes the directory (0700) and an empty file (0600) where they are missing; SQLite gives -wal and -shm the
    /// file's mode. A file that is there is not opened: that would drop the locks of this process.
    /// </summary>
    public static void Create(string path)
    {
        if (File.Exists(path)) return;
        CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        try
        {
            using var _ = CreateNew(path, FileShare.Read);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process made it between the look and the attempt: just as good.
        }
    }

    /// <summary>
    /// Whether a database lies in a folder in which this user may make no file (a read-only file system, no permission), and
    /// nothing is in a log beside it. A look at the directory only. Never on Windows, whose folders do not tell.
    /// </summary>
    public static bool IsSealed(string path) =>
        !OperatingSystem.IsWindows() && File.Exists(path) && Native.Access(Encoding.UTF8.GetBytes(Path.GetDirectoryName(Path.GetFullPath(path)) + '\0'), Native.MayWrite) != 0
        && new FileInfo($"{path}-wal") is not { Exists: true, Length: > 0 };

    /// <summary>Makes a file that is its user's alone and that was not there before.</summary>
    /// <exception cref="IOException">Something has this name.</exception>
    public static FileStream CreateNew(string path, FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = PrivateFile;
        return new FileStream(path, options);
    }

    /// <summary>Opens a file that is no database, and makes it, its user's alone, where it is missing.</summary>
    public static FileStream OpenOrCreate(string path, FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = PrivateFile;
        return new FileStream(path, options);
    }

    /// <summary>
    /// Copies the bytes of a database that SQLite cannot read, and forces them to disk. Only while no connection of this
    /// process has it open: closing the file here would drop its locks.
    /// </summary>
    public static void CopyDamaged(string path, string target)
    {
        using var from = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var to = CreateNew(target, FileShare.None);
        from.CopyTo(to);
        to.Flush(flushToDisk: true);
    }

    /// <summary>Makes a directory that is its user's alone, where there is none.</summary>
    public static void CreateDirectory(string path)
    {
        if (Directory.Exists(path)) return;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, PrivateDirectory);
    }

    private static class Native
    {
        public const int MayWrite = 2; // W_OK

        [DllImport("libc", EntryPoint = "access")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Access(byte[] path, int mode);
    }
}
