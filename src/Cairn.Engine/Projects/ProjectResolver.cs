using Cairn.Engine.Git;
using Cairn.Engine.Policy;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Projects;

/// <summary>
/// Says which project a call means: the name given outright, else the client's workspace that holds the working
/// directory, else the working directory; of that, the repository by origin, else by root, else the folder.
/// Reading and writing resolve alike.
/// </summary>
internal sealed class ProjectResolver(EngineOptions options, GitClient git, SecretScanner scanner)
{
    /// <summary>The project of whatever is too wide to be one: the home folder, the root of a drive.</summary>
    public const string DefaultName = "default";

    /// <summary>What the call's origin tells. Reads the file system, never the database.</summary>
    public ProjectIdentity Identify(CallContext context)
    {
        var directory = Workspace(context);
        var place = Clean(git.Describe(directory) is { } worktree ? Repository(worktree, context.Commit) : Folder(directory, context));
        return context.Project is { } name ? place with { Name = ProjectName.Require("project", name) } : place;
    }

    /// <summary>The name of the project that is meant; where it is not known yet, the name it would get.</summary>
    public static string Name(DatabaseConnection connection, ProjectIdentity identity) => ProjectStore.Find(connection, identity) is { } key
        ? ProjectStore.Name(connection, key)
        : identity.Name ?? ProjectStore.FreeName(connection, identity.SuggestedNames!);

    /// <summary>Whether the project that is meant has, or once had, this name.</summary>
    public static bool IsNamed(DatabaseConnection connection, ProjectIdentity identity, string name) => ProjectStore.Find(connection, identity) is { } key
        ? ProjectStore.FindByName(connection, name) == key
        : Name(connection, identity).Equals(name, StringComparison.OrdinalIgnoreCase);

    private static ProjectIdentity Repository(GitWorktree worktree, string? commit)
    {
        var origin = worktree.Origin is { } url ? OriginUrl.Normalise(url, worktree.MainRoot) : null;
        return new ProjectIdentity(null, origin, Normalise(worktree.MainRoot),
            Worktree: worktree.Root == worktree.MainRoot ? null : Normalise(worktree.Root), SuggestedNames: [.. Names(origin, worktree.MainRoot)], Branch: worktree.Branch, Commit: worktree.Commit ?? commit);
    }

    // What looks like a secret is no sign to know a project by: it would be stored, and shown in every list.
    private ProjectIdentity Clean(ProjectIdentity place)
    {
        var clean = place with
        {
            Origin = Clean(place.Origin),
            Root = Clean(place.Root),
            Worktree = Clean(place.Worktree),
            Branch = Clean(place.Branch),
            Commit = Clean(place.Commit),
            SuggestedNames = place.SuggestedNames?.Where(name => Clean(name) is not null).ToList() is { Count: > 0 } names ? names : [DefaultName],
        };
        return clean.Origin is null && clean.Root is null ? clean with { Name = DefaultName } : clean;
    }

    private string? Clean(string? text) => text is null || scanner.Scan(text).Count > 0 ? null : text;

    /// <summary>
    /// The folder whose files belong to a call, without symbolic links: the checkout, or the known or plain folder, that
    /// it works in; for a named project that lives elsewhere, a known root of that one. Null when that would be too wide.
    /// Git's own idea of its top folder is not asked for: a hostile configuration can name any.
    /// </summary>
    public string? Root(DatabaseConnection connection, CallContext context)
    {
        if (context.Project is { } name && ProjectStore.FindByName(connection, name) is { } key
            && ProjectStore.Find(connection, Identify(context with { Project = null })) != key
            && ProjectStore.Roots(connection, key).FirstOrDefault(root => Directory.Exists(root) && !IsTooWide(root)) is { } known)
            return GitPlace.RealPath(known);

        var directory = Workspace(context);
        if (GitPlace.Find(directory) is { } place) return place.Folder;
        if (IsTooWide(directory)) return null;
        var nearest = ProjectStore.NearestRoot(connection, [directory, .. Ancestors(directory)]) ?? directory;
        // What held in a worktree that was removed since stands in the repository's other checkouts.
        if (!Directory.Exists(nearest) && ProjectStore.Find(connection, Identify(context with { Project = null })) is { } project
            && ProjectStore.Roots(connection, project).FirstOrDefault(root => Directory.Exists(root) && !IsTooWide(root)) is { } other) nearest = other;
        return GitPlace.RealPath(nearest);
    }

    /// <summary>The root of the checkout that a call works in, else the folder itself; null when that is too wide to be a project.</summary>
    public string? Folder(CallContext context)
    {
        var directory = Workspace(context);
        return GitPlace.Find(directory) is { } place ? place.Folder : IsTooWide(directory) ? null : directory;
    }

    /// <summary>The folder that a call works in.</summary>
    public static string Workspace(CallContext context)
    {
        var working = Normalise(context.WorkingDirectory);
        var holding = context.Workspaces.Select(Normalise).Where(root => IsWithin(working, root)).MaxBy(root => root.Length);
        return holding ?? (context.Workspaces.Count == 1 ? Normalise(context.Workspaces[0]) : working);
    }

    private ProjectIdentity Folder(string directory, CallContext context)
    {
        var commit = context.Commit;
        // A worktree that was removed since: nothing is there to ask.
        if (context.Repository is { } url && !Directory.Exists(directory) && OriginUrl.Normalise(url, null) is { } origin)
            return new ProjectIdentity(null, origin, SuggestedNames: [.. Names(origin, directory)], Commit: commit);
        if (IsTooWide(directory)) return new ProjectIdentity(DefaultName, Commit: commit);
        return new ProjectIdentity(null, Root: directory, Ancestors: [.. Ancestors(directory)], SuggestedNames: [.. Names(null, directory)], Commit: commit);
    }

    private IEnumerable<string> Ancestors(string directory)
    {
        for (var parent = Path.GetDirectoryName(directory); parent is not null && !IsTooWide(parent); parent = Path.GetDirectoryName(parent)) yield return parent;
    }

    private bool IsTooWide(string directory) =>
        Path.GetDirectoryName(directory) is null
        || (options.HomeDirectory.Length > 0 && IsWithin(Normalise(options.HomeDirectory), directory));

    private static IEnumerable<string> Names(string? origin, string root)
    {
        if (origin is not null)
        {
            yield return OriginUrl.SuggestedName(origin);
            if (origin.Split('/', StringSplitOptions.RemoveEmptyEntries) is [_, .., var owner, var repository]
                && $"{owner}/{repository}" is { Length: <= ProjectName.MaxLength } full) yield return full;
        }
        var folder = Path.GetFileName(root);
        if (folder.EndsWith(".git", StringComparison.Ordinal)) folder = folder[..^4];
        yield return folder.Length > 0 ? OriginUrl.SuggestedName(folder) : DefaultName;
    }

    private static bool IsWithin(string path, string root) =>
        path.StartsWith(root, PathComparison) && (path.Length == root.Length || Path.EndsInDirectorySeparator(root) || path[root.Length] == Path.DirectorySeparatorChar);

    private static string Normalise(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    private static StringComparison PathComparison => OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
}
