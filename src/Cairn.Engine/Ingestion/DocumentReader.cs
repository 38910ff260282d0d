using System.Globalization;
using System.Text;
using Cairn.Engine.Git;
using Microsoft.Win32.SafeHandles;

namespace Cairn.Engine.Ingestion;

/// <summary>A file that was read, or why it was not.</summary>
/// <param name="Bytes">Its content; empty when refused.</param>
/// <param name="WrittenAt">When it was last written.</param>
/// <param name="Refusal">Why nothing was read; null when it was.</param>
internal readonly record struct DocumentBytes(byte[] Bytes, DateTimeOffset WrittenAt, string? Refusal)
{
    /// <summary>Nothing was read.</summary>
    public static DocumentBytes Refused(string reason) => new([], default, reason);
}

/// <summary>
/// Reads single files below a root folder that may be hostile. Nothing outside it is ever read: no link is followed, only
/// regular files are opened, and what was opened is looked at again, since a file can be swapped between look and open.
/// </summary>
/// <param name="root">The folder, without symbolic links.</param>
internal sealed class DocumentReader(string root)
{
    /// <summary>What is said of a file that is not there.</summary>
    public const string NotThere = "there is no such file or folder in the project's root folder";

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>The whole path of a path below the root.</summary>
    public string FullPath(string path) => path.Length == 0 ? root : Path.Combine(root, path.TrimEnd('/').Replace('/', Path.DirectorySeparatorChar));

    /// <summary>Why a file or folder is not touched, by its path: it has no readable name, or leads through a link.</summary>
    public string? PathRefusal(string path)
    {
        if (path.Contains('\uFFFD', StringComparison.Ordinal)) return "its name is not UTF-8";
        var full = FullPath(path);
        return GitPlace.RealPath(full) == full ? null : "is a symbolic link, or behind one";
    }

    /// <summary>The file's bytes, or why not. It never waits for a pipe or a device, and throws nothing.</summary>
    public DocumentBytes Read(string path)
    {
        try
        {
            return Refusal(path) is { } reason ? DocumentBytes.Refused(reason) : Open(path);
        }
        catch (UnauthorizedAccessException)
        {
            return DocumentBytes.Refused("may not be read");
        }
        catch (Exception error) when (error is IOException or ArgumentException or NotSupportedException)
        {
            return DocumentBytes.Refused(File.Exists(FullPath(path)) ? "cannot be read" : NotThere);
        }
    }

    /// <summary>The text of a file's bytes, its line ends made one character; null when it is no UTF-8 text.</summary>
    public static string? Text(byte[] bytes)
    {
        if (bytes.AsSpan().Contains((byte)0)) return null;
        try
        {
            var text = StrictUtf8.GetString(bytes);
            return (text is ['\uFEFF', ..] ? text[1..] : text).Replace("\r\n", "\n", StringComparison.Ordinal);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private string? Refusal(string path)
    {
        if (SecretNames.Refusal(path) is { } named) return named;
        if (path.Length > DocumentNames.MaxPath) return string.Create(CultureInfo.InvariantCulture, $"its path is longer than {DocumentNames.MaxPath} characters");
        return PathRefusal(path) ?? (FileStat.Of(FullPath(path)) is { } stat ? Refusal(stat) : Missing(path));
    }

    private static string? Refusal(FileStat file) =>
        !file.IsRegular ? "is no regular file"
        : file.Length == 0 ? "is empty"
        : file.Links > 1 ? "has a second name (a hard link), which may lie outside the root folder"
        : file.Length > IngestionService.MaxFileBytes ? string.Create(CultureInfo.InvariantCulture, $"is larger than {IngestionService.MaxFileBytes / (1024 * 1024)} MiB")
        : null;

    // A file below a folder that may not be entered looks as if it were not there; this throws then.
    private string Missing(string path)
    {
        _ = File.GetAttributes(FullPath(path));
        return "is no regular file";
    }

    // Looks at a path, however many, can fall between two swaps of it. Linux tells where an open file itself is.
    private static bool IsElsewhere(SafeFileHandle file, string full) =>
        OperatingSystem.IsLinux() && new FileInfo($"/proc/self/fd/{file.DangerousGetHandle()}").LinkTarget is { } place && place != full;

    private DocumentBytes Open(string path)
    {
        var full = FullPath(path);
        using var stream = new FileStream(full, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        if (!stream.CanSeek) return DocumentBytes.Refused("is no regular file");
        var opened = FileStat.Of(stream.SafeFileHandle);
        if (Refusal(opened) is { } reason) return DocumentBytes.Refused(reason);
        if (PathRefusal(path) is not null || FileStat.Of(full)?.Identity != opened.Identity || IsElsewhere(stream.SafeFileHandle, full)) return DocumentBytes.Refused("was replaced while it was being read");

        var bytes = new byte[opened.Length + 1];
        var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return length > opened.Length ? DocumentBytes.Refused("was written to while it was being read") : new DocumentBytes(bytes[..length], opened.WrittenAt, null);
    }
}
