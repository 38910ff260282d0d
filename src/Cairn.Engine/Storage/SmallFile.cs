namespace Cairn.Engine.Storage;

/// <summary>
/// A small file of settings: read whole and replaced whole, by any number of processes. Never one of the database's.
/// Failures of the file system travel as they are (<see cref="IOException"/>, <see cref="UnauthorizedAccessException"/>).
/// </summary>
internal static class SmallFile
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The content; null when there is no such file. Of a longer file, <paramref name="maxBytes"/> and one more byte.</summary>
    public static byte[]? Read(string path, int maxBytes)
    {
        var file = new FileInfo(Target(path));
        if (!file.Exists) return null;
        // A pipe or a device has no length, and opening one could wait for ever.
        if (file.Length == 0) return [];
        try
        {
            using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var content = new byte[Math.Min(stream.Length, maxBytes + 1L)];
            return content[..stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false)];
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>
    /// Runs work while no other process that asks for the same lock does. The lock is a file of its own, which stays:
    /// whoever deleted it would give two processes a lock each.
    /// </summary>
    /// <exception cref="IOException">Others held it for five seconds.</exception>
    public static T Locked<T>(string lockPath, Func<T> work)
    {
        DatabaseFile.CreateDirectory(Path.GetDirectoryName(lockPath)!);
        using var held = Lock(lockPath);
        return work();
    }

    /// <summary>
    /// Puts the content in the file's place, private to its user, and forces both to disk: after a crash the old content or
    /// the new is there, whole. Only under a lock. A symbolic link stays one.
    /// </summary>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        var target = Target(path);
        var unfinished = target + ".new";
        using (var stream = Open(unfinished, FileMode.Create))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }
        File.Move(unfinished, target, overwrite: true);
        DurableFile.FlushDirectory(Path.GetDirectoryName(target)!);
    }

    // Of a file that is not there the framework cannot say whether it is a link.
    private static string Target(string path) => new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;

    private static FileStream Lock(string path)
    {
        FileStream? held = null;
        IOException? busy = null;
        SpinWait.SpinUntil(() =>
        {
            try
            {
                held = Open(path, FileMode.OpenOrCreate);
            }
            catch (IOException error) when (error.GetType() == typeof(IOException))
            {
                busy = error;
            }
            return held is not null;
        }, Patience);
        return held ?? throw busy!;
    }

    private static FileStream Open(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }
}
