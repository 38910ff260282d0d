namespace Cairn.Engine.Git;

/// <summary>
/// Where git keeps a repository, found without git: the same walk up from a directory that git itself makes, so that a
/// directory in no repository costs no process. It is a guess to watch files by; what is there, git says.
/// </summary>
/// <param name="Folder">The folder that holds `.git`, or is itself a git directory.</param>
/// <param name="GitDirectory">The worktree's own git directory: HEAD is here.</param>
/// <param name="CommonDirectory">What all worktrees share: configuration and branches. The git directory itself, but in a linked worktree.</param>
internal sealed record GitPlace(string Folder, string GitDirectory, string CommonDirectory)
{
    private const int MaxSmallFile = 4096;
    private const int MaxLinks = 40;
    private const string GitFilePrefix = "gitdir: ";
    private const string SymbolicRefPrefix = "ref: ";

    /// <summary>Whether this belongs to a worktree that `git worktree add` made.</summary>
    public bool IsLinkedWorktree => GitDirectory != CommonDirectory;

    /// <summary>The folder that stands for all worktrees: the one that holds `.git`, or the shared git directory where it has another name.</summary>
    public string MainRoot =>
        Path.GetFileName(CommonDirectory) == ".git" && Path.GetDirectoryName(CommonDirectory) is { } parent ? parent : CommonDirectory;

    /// <summary>The place that a directory belongs to, or null when it is missing or in no repository.</summary>
    public static GitPlace? Find(string directory)
    {
        if (!Directory.Exists(directory)) return null;
        for (var folder = RealPath(directory); folder is not null; folder = Path.GetDirectoryName(folder))
            if (GitDirectoryOf(folder) is { } gitDirectory)
                return At(folder, gitDirectory);
        return null;
    }

    /// <summary>The place with a known git directory.</summary>
    public static GitPlace At(string folder, string gitDirectory)
    {
        var common = ReadSmall(Path.Combine(gitDirectory, "commondir"));
        return new GitPlace(folder, gitDirectory, common is null ? gitDirectory : Absolute(gitDirectory, common));
    }

    /// <summary>
    /// Changes with a commit, a checkout, a new branch or remote: HEAD's text, and time and length of the files that
    /// hold the rest. The user's own configuration is not looked at.
    /// </summary>
    public string Stamp()
    {
        var head = ReadSmall(Path.Combine(GitDirectory, "HEAD")) ?? "";
        var branch = head.StartsWith(SymbolicRefPrefix + "refs/", StringComparison.Ordinal) ? head[SymbolicRefPrefix.Length..].TrimEnd() : "HEAD";
        string[] watched =
        [
            Path.Combine(GitDirectory, "logs", "HEAD"),
            Path.Combine(GitDirectory, "config.worktree"),
            Path.Combine(GitDirectory, "reftable", "tables.list"),
            Path.Combine(CommonDirectory, "config"),
            Path.Combine(CommonDirectory, "packed-refs"),
            Path.Combine(CommonDirectory, "reftable", "tables.list"),
            Path.Combine(CommonDirectory, branch),
        ];
        return head + string.Join(' ', watched.Select(StampOf));
    }

    /// <summary>The path without symbolic links, as git sees it. Null for links without end.</summary>
    public static string? RealPath(string path)
    {
        var full = Path.GetFullPath(path);
        var real = Path.GetPathRoot(full)!;
        var names = new Stack<string>(Names(full[real.Length..]).Reverse());
        var links = 0;
        while (names.TryPop(out var name))
        {
            if (name == "..")
            {
                real = Path.GetDirectoryName(real) ?? real;
                continue;
            }
            var next = Path.Combine(real, name);
            if (new DirectoryInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }
            if (++links > MaxLinks) return null;
            var root = Path.IsPathRooted(target) ? Path.GetPathRoot(target)! : "";
            if (root.Length > 0) real = Path.GetFullPath(root, real);
            foreach (var part in Names(target[root.Length..]).Reverse()) names.Push(part);
        }
        return real;
    }

    private static IEnumerable<string> Names(string path) =>
        path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries).Where(name => name != ".");

    private static string? GitDirectoryOf(string folder)
    {
        var dotGit = Path.Combine(folder, ".git");
        if (File.Exists(dotGit))
            return ReadSmall(dotGit) is { } text && text.StartsWith(GitFilePrefix, StringComparison.Ordinal) ? Absolute(folder, text[GitFilePrefix.Length..]) : dotGit;
        if (IsGitDirectory(dotGit)) return dotGit;
        return IsGitDirectory(folder) ? folder : null;
    }

    private static bool IsGitDirectory(string path) =>
        File.Exists(Path.Combine(path, "HEAD"))
        && (File.Exists(Path.Combine(path, "commondir")) || (Directory.Exists(Path.Combine(path, "objects")) && Directory.Exists(Path.Combine(path, "refs"))));

    private static string Absolute(string folder, string path) =>
        Path.TrimEndingDirectorySeparator(Path.GetFullPath(path.TrimEnd('\r', '\n'), folder));

    private static string StampOf(string path)
    {
        try
        {
            var file = Final(path);
            return file.Exists ? $"{file.LastWriteTimeUtc.Ticks:x}:{file.Length:x}" : "-";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "?";
        }
    }

    // Only what has a length is opened: a pipe or a device has none, and would never end. Sharing everything lets git
    // replace the file meanwhile.
    private static string? ReadSmall(string path)
    {
        try
        {
            var file = Final(path);
            if (!file.Exists || file.Length is 0 or > MaxSmallFile) return null;
            using var reader = new StreamReader(new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            var buffer = new char[MaxSmallFile];
            var text = new string(buffer, 0, reader.ReadBlock(buffer));
            return text.Contains('\0', StringComparison.Ordinal) ? null : text;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static FileInfo Final(string path)
    {
        var file = new FileInfo(path);
        return file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
    }
}
