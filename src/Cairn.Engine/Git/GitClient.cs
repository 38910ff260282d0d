using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Cairn.Engine.Git;

/// <summary>What git knows of a directory.</summary>
/// <param name="Root">Top folder of the worktree, without symbolic links; of a bare repository the git directory.</param>
/// <param name="MainRoot">The same for every worktree of a repository: the root of the main one, or the git directory that they share where that is not called `.git`.</param>
/// <param name="Origin">The remote `origin` as configured. It may hold a password: never stored, shown or logged as it is.</param>
/// <param name="Branch">The short name of the branch that is checked out, also before its first commit; null when HEAD is detached.</param>
/// <param name="Commit">The id of the commit that is checked out, in hexadecimal; null before the first one.</param>
internal sealed record GitWorktree(string Root, string MainRoot, string? Origin, string? Branch, string? Commit)
{
    /// <summary>The root alone: a record's own text would show the origin.</summary>
    public override string ToString() => Root;
}

/// <summary>
/// Asks git about directories, and remembers the answer until the repository's files change. Safe for several threads.
/// </summary>
internal sealed class GitClient
{
    /// <summary>How long one git process may take.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(2);

    private const string BranchPrefix = "refs/heads/";

    // rev-parse prints an option that it does not know: this one stands between paths, which may hold any character.
    private const string Mark = "--cairn-next-answer";

    private static readonly TimeSpan ListTimeout = TimeSpan.FromSeconds(60);
    private const int MaxListBytes = 64 * 1024 * 1024;
    internal const int MaxCommits = 2_000;

    // Stands before each commit of a log: no name of a file that is worth naming begins with it.
    private const char CommitMark = '\x01';

    private readonly GitProcess _git;
    private readonly GitProcess _lister;
    private readonly GitProcess _watcher;
    private readonly ConcurrentDictionary<string, (string Stamp, GitWorktree Worktree)> _known = new(StringComparer.Ordinal);

    /// <summary>A client of the git in PATH.</summary>
    /// <param name="patience">How long git may take to say what changed.</param>
    public GitClient(TimeSpan patience)
        : this(
            new GitProcess(DefaultTimeout, Environment.GetEnvironmentVariable("PATH")),
            new GitProcess(ListTimeout, Environment.GetEnvironmentVariable("PATH"), MaxListBytes),
            new GitProcess(patience, Environment.GetEnvironmentVariable("PATH")))
    {
    }

    /// <summary>A client of a given git, of one that is given more time and room for long lists, and of one for what somebody waits for.</summary>
    public GitClient(GitProcess git, GitProcess? lister = null, GitProcess? watcher = null) =>
        (_git, _lister, _watcher, History) = (git, lister ?? git, watcher ?? git, new GitHistory(git, lister ?? git));

    /// <summary>What git tells of commits.</summary>
    public GitHistory History { get; }

    /// <summary>
    /// What git knows of a directory, or null when that is nothing: no repository, no such directory, no git, one that
    /// refuses (safe.directory) or does not answer in time. A failure is not remembered.
    /// </summary>
    public GitWorktree? Describe(string directory)
    {
        if (GitPlace.Find(directory) is not { } place) return null;
        var stamp = place.Stamp();
        if (_known.TryGetValue(place.Folder, out var known) && known.Stamp == stamp) return known.Worktree;
        if (Read(directory) is not var (worktree, gitDirectory)) return null;

        // Equal stamps say two things: that nothing changed while git was reading, and that the files watched are git's.
        if (GitPlace.At(place.Folder, gitDirectory).Stamp() == stamp) _known[place.Folder] = (stamp, worktree);
        return worktree;
    }

    /// <summary>
    /// The files of a worktree that git does not ignore, tracked or not, below the folders (or the files) named; all
    /// when none is. Relative to the directory, with slashes; a name that is not UTF-8 has U+FFFD in it. Folders that are
    /// repositories of their own stand for what is in them. Null when git gave no answer.
    /// </summary>
    public IReadOnlyList<string>? Files(string directory, IReadOnlyList<string> below)
    {
        string[] arguments = ["--literal-pathspecs", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", .. below];
        if (_lister.Read(directory, arguments) is not { } bytes) return null;
        return [.. Encoding.UTF8.GetString(bytes).Split('\0', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>
    /// Which of some files were changed by commits that are part of a given one, at or after a time: a pair of the commit's
    /// time and the file for each. Merges do not count, nor does a rename as anything but a removal. Null when git gave no
    /// answer, which it is given little time for.
    /// </summary>
    /// <param name="directory">The worktree's root, to which the files are relative.</param>
    /// <param name="commit">The newest commit.</param>
    /// <param name="since">The time in Unix seconds.</param>
    /// <param name="files">The files.</param>
    public IReadOnlyList<(long Seconds, string File)>? Changes(string directory, string commit, long since, IReadOnlyList<string> files)
    {
        string[] arguments =
        [
            "--literal-pathspecs", "log", "--no-show-signature", "--no-merges", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-color",
            $"--max-count={MaxCommits}", $"--max-age={since}", $"--format={CommitMark}%ct", "-z", "--name-only", commit, "--", .. files,
        ];
        if (_watcher.Read(directory, arguments) is not { } bytes) return null;
        var changes = new List<(long, string)>();
        foreach (var part in Encoding.UTF8.GetString(bytes).Split(CommitMark, StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = part.Split('\0', StringSplitOptions.RemoveEmptyEntries);
            if (!long.TryParse(fields[0].Trim('\n'), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) continue;
            foreach (var file in fields.Skip(1)) changes.Add((seconds, file.TrimStart('\n')));
        }
        return changes;
    }

    /// <summary>Those of some files that git tracks and that are not on the disk. Null when git gave no answer.</summary>
    public IReadOnlySet<string>? Deleted(string directory, IReadOnlyList<string> files)
    {
        string[] arguments = ["--literal-pathspecs", "ls-files", "-z", "--deleted", "--", .. files];
        if (_watcher.Read(directory, arguments) is not { } bytes) return null;
        return Encoding.UTF8.GetString(bytes).Split('\0', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
    }
    /// <summary>Where git looks for the hooks of a directory's repository; null when it is in none, or git gave no answer.</summary>
    public GitHookPlace? Hooks(string directory) => GitHookPlace.Find(_git, directory);

    private (GitWorktree Worktree, string GitDirectory)? Read(string directory)
    {
        // rev-parse stops at the first question that it cannot answer: the top folder of a bare repository, then an
        // unborn HEAD. What it said until then counts; only the rest is asked again.
        if (_git.Run(directory, "rev-parse", "--absolute-git-dir", Mark, "--show-toplevel", Mark, "HEAD", "--symbolic-full-name", "HEAD") is not { } answer) return null;
        var fields = answer.Text.Split($"\n{Mark}\n");
        if (fields.Length is not (2 or 3) || !IsFolder(fields[0])) return null;

        var gitDirectory = Path.GetFullPath(fields[0]);
        var place = GitPlace.At(gitDirectory, gitDirectory);
        var isBare = fields.Length == 2;
        if (!isBare && !IsFolder(fields[1])) return null;
        var root = isBare ? place.MainRoot : Path.GetFullPath(fields[1]);

        var head = isBare ? _git.Run(directory, "rev-parse", "HEAD", "--symbolic-full-name", "HEAD")?.Text : fields[2];
        if (head?.Split('\n') is not [var id, .. var names]) return null;
        var commit = IsObjectId(id) ? id : null;
        var name = commit is not null && names is [{ Length: > 0 } full, ..] ? full : _git.Run(directory, "symbolic-ref", "--quiet", "HEAD")?.Text.TrimEnd('\n');
        if (name is null) return null;
        if (_git.Run(directory, "remote", "get-url", "origin") is not { } origin) return null;

        var worktree = new GitWorktree(
            root,
            place.IsLinkedWorktree ? place.MainRoot : root,
            origin.Succeeded && origin.Text.TrimEnd('\n') is { Length: > 0 } url ? url : null,
            name.StartsWith(BranchPrefix, StringComparison.Ordinal) ? name[BranchPrefix.Length..] : null,
            commit);
        return (worktree, gitDirectory);
    }

    private static bool IsFolder(string path) => Path.IsPathFullyQualified(path) && Directory.Exists(path);

    private static bool IsObjectId(string text) => text.Length is 40 or 64 && text.All(char.IsAsciiHexDigitLower);
}
