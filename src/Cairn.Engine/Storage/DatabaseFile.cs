namespace Cairn.Engine.Storage;

/// <summary>The database's file before SQLite has it: made private to its user from the first moment.</summary>
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
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = PrivateFile;
        try
        {
            using var _ = new FileStream(path, options);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process made it between the look and the attempt: just as good.
        }
    }

    private static void CreateDirectory(string path)
    {
        if (Directory.Exists(path)) return;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, PrivateDirectory);
    }
}
