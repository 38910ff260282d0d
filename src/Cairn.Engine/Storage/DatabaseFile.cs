namespace Cairn.Engine.Storage;

/// <summary>Files before SQLite has them: made private to their user from the first moment.</summary>
internal static class DatabaseFile
{
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

    /// <summary>Makes a file that is its user's alone and that was not there before.</summary>
    /// <exception cref="IOException">Something has this name.</exception>
    public static FileStream CreateNew(string path, FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = PrivateFile;
        return new FileStream(path, options);
    }

    /// <summary>Makes a directory that is its user's alone, where there is none.</summary>
    public static void CreateDirectory(string path)
    {
        if (Directory.Exists(path)) return;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, PrivateDirectory);
    }
}
