namespace Cairn.Engine.Transfer.Formats;

/// <summary>Files to import from, opened so that their own programs may go on writing.</summary>
internal static class SourceFile
{
    /// <summary>Opens a file.</summary>
    /// <exception cref="EngineException">It cannot be opened.</exception>
    public static FileStream Open(string path) => Try(path, () =>
        new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1));

    /// <summary>All bytes of a file of at most <paramref name="maxBytes"/>.</summary>
    /// <exception cref="EngineException">It cannot be read, or is larger.</exception>
    public static byte[] ReadAll(string path, int maxBytes) => Try(path, () =>
    {
        using var stream = Open(path);
        if (stream.Length > maxBytes) throw EngineException.Invalid(path, $"has {stream.Length} bytes; the limit is {maxBytes}");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    });

    /// <summary>The first bytes of a file, at most <paramref name="count"/>.</summary>
    public static byte[] Head(string path, int count) => Try(path, () =>
    {
        using var stream = Open(path);
        var bytes = new byte[count];
        return bytes[..stream.ReadAtLeast(bytes, count, throwOnEndOfStream: false)];
    });

    /// <summary>Runs work on a file, and gives its failures words.</summary>
    public static T Try<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(ErrorCode.InvalidArgument, $"{path}: {Reason(error)}",
                new Dictionary<string, object> { ["field"] = "path", ["reason"] = Reason(error) }, error);
        }
    }

    private static string Reason(Exception error) => error switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file or folder",
        UnauthorizedAccessException => "no permission to read it",
        EndOfStreamException => "it became shorter while it was read",
        _ => "the file system refused to read it",
    };
}
