namespace Cairn.Engine.Git;

/// <summary>Where git looks for a repository's hooks.</summary>
/// <param name="Folder">Absolute path; it need not exist. Null where core.hooksPath is set to nothing, so that git runs no hook.</param>
/// <param name="IsShared">Whether the user's or the machine's configuration names it, so that all repositories have it.</param>
/// <param name="IsVersioned">Whether it lies in the worktree and git does not ignore a file in it: what is put there goes out with a commit.</param>
internal sealed record GitHookPlace(string? Folder, bool IsShared, bool IsVersioned)
{
    private const string AnyHook = "post-commit";

    /// <summary>The place for the repository of a directory, or null when there is none.</summary>
    public static GitHookPlace? Find(GitProcess git, string directory)
    {
        if (GitPlace.Find(directory) is not { } place) return null;
        // What is set for a single call hides this setting from every hook; asked for with its scope it still shows.
        if (git.Run(directory, "config", "--show-scope", "--type=path", "-z", "--get-all", "core.hooksPath") is not { } answer) return null;
        var fields = answer.Text.Split('\0');
        for (var i = fields.Length - 2; i > 0; i--)
        {
            if (i % 2 == 0 || fields[i - 1] == "command") continue;
            var isShared = fields[i - 1] is "global" or "system";
            if (fields[i].Length == 0) return new GitHookPlace(null, isShared, false);
            var folder = Path.GetFullPath(fields[i], place.Folder);
            return new GitHookPlace(folder, isShared, IsBelow(folder, place.Folder) && !IsBelow(folder, place.CommonDirectory) && !IsIgnored(git, directory, folder));
        }
        return new GitHookPlace(Path.Combine(place.CommonDirectory, "hooks"), false, false);
    }

    private static bool IsBelow(string folder, string root) =>
        !Path.GetRelativePath(root, GitPlace.RealPath(folder) ?? folder).StartsWith("..", StringComparison.Ordinal) && Path.GetPathRoot(folder) == Path.GetPathRoot(root);

    // Of what is tracked git says that it is not ignored, whatever the patterns.
    private static bool IsIgnored(GitProcess git, string directory, string folder) =>
        git.Run(directory, "check-ignore", "--quiet", "--", Path.Combine(folder, AnyHook)) is { Succeeded: true };
}
