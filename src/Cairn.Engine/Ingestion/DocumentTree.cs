using Cairn.Engine.Git;

namespace Cairn.Engine.Ingestion;

/// <summary>
/// The files that sources mean, and what they pass over. In a repository git says what is there and what is ignored;
/// elsewhere the folders are walked, and no link is followed.
/// </summary>
internal sealed class DocumentTree(string root, DocumentReader reader, GitClient git)
{
    // Beyond this git lists the whole repository: a command line has its limit.
    private const int MaxPathspecs = 50;

    private readonly List<SkippedSource> _skipped = [];
    private readonly List<SkippedSource> _passedOver = [];
    private readonly SortedSet<string> _files = new(StringComparer.Ordinal);

    /// <summary>The files found, by path.</summary>
    public IReadOnlyCollection<string> Files => _files;

    /// <summary>What cannot be taken, with reasons.</summary>
    public IReadOnlyList<SkippedSource> Skipped => _skipped;

    /// <summary>Files of folders that are no documents by their names.</summary>
    public IReadOnlyList<SkippedSource> PassedOver => _passedOver;

    /// <summary>Looks for the files of sources.</summary>
    public void Add(IReadOnlyList<DocumentSource> sources, CancellationToken cancellation)
    {
        var reachable = new List<DocumentSource>();
        foreach (var source in sources.Where(static source => source.IsThere))
        {
            if ((FolderRefusal(source.Path) ?? reader.PathRefusal(source.Path)) is { } reason) Skip(source.Path, reason);
            else reachable.Add(source);
        }
        if (reachable.Count == 0) return;
        if (GitPlace.Find(root) is null)
        {
            foreach (var source in reachable) Take(source, source.Kind == SourceKind.File ? [source.Path] : Walk(source.Path, cancellation));
            return;
        }
        var below = reachable.Count > MaxPathspecs || reachable.Any(static source => source.Path.Length == 0) ? [] : reachable.Select(static source => source.Path).ToList();
        if (git.Files(root, below) is not { } listed)
        {
            foreach (var source in reachable) Skip(source.Path, "git, which knows what is ignored here, is not installed, refused or took too long");
            return;
        }
        var known = listed.ToHashSet(StringComparer.Ordinal);
        foreach (var source in reachable)
        {
            if (source.Kind != SourceKind.File) Take(source, known.Where(source.Covers));
            else if (known.Contains(source.Path)) _files.Add(source.Path);
            else Skip(source.Path, reader.Read(source.Path).Refusal ?? "is ignored by git, or belongs to a repository of its own");
        }
    }

    private void Take(DocumentSource source, IEnumerable<string> files)
    {
        var any = false;
        foreach (var file in files.Where(source.Covers))
        {
            any = true;
            if (source.Kind != SourceKind.Folder || DocumentNames.IsDocument(file)) _files.Add(file);
            else if ((SecretNames.Refusal(file) ?? reader.PathRefusal(file)) is { } reason) Skip(file, reason);
            else if (Directory.Exists(reader.FullPath(file))) Skip(file.TrimEnd('/'), "is a repository of its own");
            else _passedOver.Add(new SkippedSource(file, "is no document by its name; name it, or use a glob, to ingest it all the same"));
        }
        if (!any && _skipped.All(skip => skip.Source != source.Path)) Skip(source.Path, source.Kind == SourceKind.Glob ? "matches no file" : "holds no file that may be read");
    }

    private IEnumerable<string> Walk(string start, CancellationToken cancellation)
    {
        var folders = new Stack<string>([start]);
        while (folders.TryPop(out var folder))
        {
            cancellation.ThrowIfCancellationRequested();
            if (Entries(folder) is not { } entries) continue;
            foreach (var entry in entries)
            {
                var path = folder.Length == 0 ? entry.Name : $"{folder}/{entry.Name}";
                var isFolder = entry is DirectoryInfo;
                if (!isFolder) yield return path;
                else if ((FolderRefusal(path) ?? reader.PathRefusal(path)) is { } reason) Skip(path, reason);
                else folders.Push(path);
            }
        }
    }

    private FileSystemInfo[]? Entries(string folder)
    {
        try
        {
            return new DirectoryInfo(reader.FullPath(folder)).GetFileSystemInfos();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Skip(folder, "is a folder that may not be read");
            return null;
        }
    }

    private static string? FolderRefusal(string path) => path.Length == 0 ? null : SecretNames.Refusal($"{path}/-");

    private void Skip(string path, string reason) => _skipped.Add(new SkippedSource(path.Length == 0 ? "." : path, reason));
}
