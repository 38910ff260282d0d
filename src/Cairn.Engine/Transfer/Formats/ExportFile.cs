namespace Cairn.Engine.Transfer.Formats;

/// <summary>Files that only their user can read, and that get their name when they are whole.</summary>
internal static class ExportFile
{
    private const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The mode of a folder that only its user can look into.</summary>
    public const UnixFileMode PrivateFolder = PrivateFile | UnixFileMode.UserExecute;

    /// <summary>Refuses a path where something is, unless it is a file that may be replaced, and the database itself in any case.</summary>
    public static void RequireFree(string path, string databasePath, bool replace)
    {
        if (Directory.Exists(path)) throw EngineException.Invalid("output", $"{path} is a folder; name a file");
        var own = Path.GetFullPath(databasePath);
        foreach (var suffix in (ReadOnlySpan<string>)["", "-wal", "-shm", "-journal"])
            if (string.Equals(own + suffix, path, StringComparison.OrdinalIgnoreCase)) throw EngineException.Invalid("output", $"{path} is the database itself");
        if (File.Exists(path) && !replace) throw EngineException.Invalid("output", $"{path} is there already; name another file, or replace it with --force");
    }

    /// <summary>Writes a file beside its place, on disk, and moves it there.</summary>
    public static T Write<T>(string path, bool replace, Func<Stream, T> write) => Try(path, () =>
    {
        var temporary = $"{path}.{Path.GetRandomFileName()}.tmp";
        try
        {
            T result;
            using (var stream = Create(temporary))
            {
                result = write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, replace);
            return result;
        }
        finally
        {
            File.Delete(temporary); // there only when something failed
        }
    });

    /// <summary>A new file that only its user can read.</summary>
    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = PrivateFile;
        return new FileStream(path, options);
    }

    /// <summary>A new folder that only its user can look into.</summary>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, PrivateFolder);
    }

    /// <summary>Runs work that writes, and gives its failures words.</summary>
    public static T Try<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(ErrorCode.StorageFailure, $"{path}: {Reason(error)}. No export was left there.", inner: error);
        }
    }

    private static string Reason(Exception error) => error switch
    {
        DirectoryNotFoundException => "its folder is missing",
        UnauthorizedAccessException => "no permission to write there",
        PathTooLongException => "the path is too long",
        _ => "it cannot be written (is the disk full, or did the reader go away?)",
    };
}
