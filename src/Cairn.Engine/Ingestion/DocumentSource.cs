using Microsoft.Extensions.FileSystemGlobbing;

namespace Cairn.Engine.Ingestion;

/// <summary>One source as it was given: a file, a folder or a glob below the root. Pure, but for the look whether a path is there.</summary>
/// <param name="Path">The file, the folder, or the folder that the glob begins in; with slashes, "" for the root.</param>
/// <param name="Kind">What it is.</param>
/// <param name="IsThere">Whether anything is at its path.</param>
/// <param name="Pattern">The glob.</param>
internal sealed record DocumentSource(string Path, SourceKind Kind, bool IsThere, Matcher? Pattern = null)
{
    /// <summary>Why a source is refused by its text alone; null when it may be looked for.</summary>
    public static string? Refusal(string source)
    {
        if (string.IsNullOrWhiteSpace(source)) return "is empty";
        if (source.Any(char.IsControl)) return "holds a control character";
        if (source[0] is '/' or '\\' or '~' || (source.Length > 1 && source[1] == ':' && char.IsAsciiLetter(source[0])) || System.IO.Path.IsPathRooted(source))
            return "is an absolute path; sources are relative to the project's root folder";
        return source.Split('/', '\\').Any(static name => name.Trim() == "..") ? "leads upwards (..)" : null;
    }

    /// <summary>
    /// The source that a text means. It is looked for in the folder that the call works in, then from the root on.
    /// </summary>
    /// <param name="source">The text; not refused.</param>
    /// <param name="reader">The root.</param>
    /// <param name="workingFolder">The folder that the call works in, below the root; "" for the root itself.</param>
    public static DocumentSource Find(string source, DocumentReader reader, string workingFolder)
    {
        var path = string.Join('/', Normal(source).Split('/', StringSplitOptions.RemoveEmptyEntries).Where(static name => name != "."));
        var here = workingFolder.Length == 0 ? null : At($"{workingFolder}/{path}".TrimEnd('/'), reader);
        return here is { IsThere: true } ? here : At(path, reader);
    }

    /// <summary>Whether the source means this file, which need not be there.</summary>
    public bool Covers(string file) => Kind switch
    {
        SourceKind.File => file == Path || (!IsThere && IsBelow(file)),
        SourceKind.Folder => IsBelow(file),
        _ => IsBelow(file) && Pattern!.Match(Path.Length == 0 ? file : file[(Path.Length + 1)..]).HasMatches,
    };

    private bool IsBelow(string file) => Path.Length == 0 || (file.Length > Path.Length && file[Path.Length] == '/' && file.StartsWith(Path, StringComparison.Ordinal));

    private static StringComparison NameComparison => OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;

    // A backslash is a letter of a name except on Windows.
    private static string Normal(string source) => OperatingSystem.IsWindows() ? source.Replace('\\', '/') : source;

    private static DocumentSource At(string path, DocumentReader reader)
    {
        var full = reader.FullPath(path);
        if (Directory.Exists(full)) return new DocumentSource(OnDisk(path, reader), SourceKind.Folder, IsThere: true);
        if (System.IO.Path.Exists(full) || new FileInfo(full).LinkTarget is not null) return new DocumentSource(OnDisk(path, reader), SourceKind.File, IsThere: true);
        var names = path.Split('/');
        var first = Array.FindIndex(names, static name => name.Contains('*', StringComparison.Ordinal));
        if (first < 0) return new DocumentSource(path, SourceKind.File, IsThere: false);
        var folder = string.Join('/', names[..first]);
        var pattern = new Matcher(NameComparison);
        pattern.AddInclude(string.Join('/', names[first..]));
        return new DocumentSource(OnDisk(folder, reader), SourceKind.Glob, Directory.Exists(reader.FullPath(folder)), pattern);
    }

    // Where case does not matter, a path is written as the disk has it: one file is one source, however it is asked for.
    private static string OnDisk(string path, DocumentReader reader)
    {
        if (OperatingSystem.IsLinux()) return path;
        var real = "";
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var folder = reader.FullPath(real);
            var found = Directory.Exists(folder)
                ? Directory.EnumerateFileSystemEntries(folder).Select(System.IO.Path.GetFileName).FirstOrDefault(entry => string.Equals(entry, name, StringComparison.OrdinalIgnoreCase))
                : null;
            real = real.Length == 0 ? found ?? name : $"{real}/{found ?? name}";
        }
        return real;
    }
}

/// <summary>What a source is.</summary>
internal enum SourceKind
{
    /// <summary>One file, or something that is not there.</summary>
    File,

    /// <summary>A folder: the documents in it.</summary>
    Folder,

    /// <summary>All files that a pattern matches.</summary>
    Glob,
}
