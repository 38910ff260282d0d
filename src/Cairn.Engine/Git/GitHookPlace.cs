namespace Cairn.Engine.Git;

/// <summary>Where git looks for a repository's hooks.</summary>
/// <param name="Folder">Absolute path; it need not exist.</param>
/// <param name="IsShared">Whether the user's or the machine's configuration names it, so that all repositories have it.</param>
internal sealed record GitHookPlace(string Folder, bool IsShared)
{
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
            return new GitHookPlace(Path.GetFullPath(fields[i], place.Folder), fields[i - 1] is "global" or "system");
        }
        return new GitHookPlace(Path.Combine(place.CommonDirectory, "hooks"), false);
    }
}
