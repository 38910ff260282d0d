namespace Cairn.Host.Setup;

/// <summary>
/// A small file that other programs write too: read whole, replaced whole or not at all. A symbolic link is followed
/// to the file that it names, as far as it leads, so that the link stays one.
/// </summary>
internal sealed class ConfigFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int MostLinks = 40;

    private readonly string _path;

    /// <summary>Names a file, which need not exist.</summary>
    /// <exception cref="IOException">More than 40 symbolic links: they run in a circle.</exception>
    public ConfigFile(string path) => _path = new FileInfo(path).LinkTarget is null ? path : Physical(path);

    /// <summary>Runs when the new content is on disk and not yet in place, so that a test can write in between.</summary>
    internal Action? BeforeReplace { get; init; }

    /// <summary>True when it exists and may not be written.</summary>
    public bool IsReadOnly => File.Exists(_path) && new FileInfo(_path).IsReadOnly;

    /// <summary>The content; null when there is no such file.</summary>
    public byte[]? Read()
    {
        try
        {
            return File.ReadAllBytes(_path);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>
    /// Puts the new content in place of the old, or deletes the file. A reader sees all of one or all of the other, and
    /// after a crash one of both is there. Permissions stay; a new file is its owner's alone, as is a new directory.
    /// </summary>
    /// <param name="before">What <see cref="Read"/> gave.</param>
    /// <param name="after">The new content; null to delete the file.</param>
    /// <returns>False when the file no longer holds <paramref name="before"/>: nothing was changed then.</returns>
    public bool TryReplace(byte[]? before, byte[]? after)
    {
        if (after is null)
        {
            BeforeReplace?.Invoke();
            if (!Holds(before)) return false;
            File.Delete(_path);
            return true;
        }
        var directory = Path.GetDirectoryName(_path)!;
        CreateDirectory(directory);
        // In the same directory, for a rename is atomic only within one file system.
        var temporary = Path.Combine(directory, $".{Path.GetFileName(_path)}.{Path.GetRandomFileName()}");
        try
        {
            WriteNew(temporary, after);
            BeforeReplace?.Invoke();
            return Holds(before) && Rename(temporary, before is null);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private bool Holds(byte[]? content)
    {
        var now = Read();
        return now is null ? content is null : content is not null && now.AsSpan().SequenceEqual(content);
    }

    private bool Rename(string temporary, bool isNew)
    {
        if (!isNew)
        {
            // On Windows this keeps the old file's access list; elsewhere it is a plain rename.
            File.Replace(temporary, _path, destinationBackupFileName: null);
            return true;
        }
        try
        {
            File.Move(temporary, _path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(_path))
        {
            return false;
        }
    }

    private void WriteNew(string path, byte[] content)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using var stream = new FileStream(path, options);
        stream.Write(content);
        // The mode of creation is cut by the process's mask: a file that others may read gets its mode afterwards.
        if (!OperatingSystem.IsWindows() && File.Exists(_path)) File.SetUnixFileMode(stream.SafeFileHandle, File.GetUnixFileMode(_path));
        stream.Flush(flushToDisk: true);
    }

    private static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
    }

    /// <summary>
    /// Follows every link on the way, part by part. The framework joins a link's target to the link's path as text, and
    /// so goes wrong where a relative link lies in a directory that is reached through a link itself.
    /// </summary>
    private static string Physical(string path)
    {
        var resolved = Path.GetPathRoot(path)!;
        var pending = new Stack<string>(Parts(path[resolved.Length..]));
        for (var links = 0; pending.TryPop(out var part);)
        {
            if (part == "..") resolved = Path.GetDirectoryName(resolved) ?? resolved;
            if (part is "." or "..") continue;
            var next = Path.Join(resolved, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                resolved = next;
                continue;
            }
            if (++links > MostLinks) throw new IOException($"Too many symbolic links: {path}");
            if (Path.IsPathRooted(target)) resolved = Path.GetPathRoot(target)!;
            foreach (var name in Parts(Path.IsPathRooted(target) ? target[resolved.Length..] : target)) pending.Push(name);
        }
        return resolved;
    }

    /// <summary>The names of a path without its root, last one first: as a stack takes them.</summary>
    private static IEnumerable<string> Parts(string path) =>
        path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries).Reverse();
}
