using Cairn.Engine.Entries;
using Cairn.Engine.Git;
using Cairn.Engine.Projects;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Search;

/// <summary>
/// Says of entries that name files whether those were changed by commits, or went, after the entry was written. It looks
/// at the repository that the call works in, and at entries of its project alone. Without git, or when git is too slow,
/// nothing is said and nothing fails.
/// </summary>
public sealed class FreshnessService
{
    private readonly Database _database;
    private readonly ProjectResolver _projects;
    private readonly RecallPolicy _recall;
    private readonly GitClient _git;

    internal FreshnessService(Database database, ProjectResolver projects, RecallPolicy recall, GitClient git, TimeProvider time)
    {
        _database = database;
        _projects = projects;
        _recall = recall;
        _git = git;
        Histories = new FileHistories(git, time);
    }

    /// <summary>What is remembered of files.</summary>
    internal FileHistories Histories { get; }

    /// <summary>The hits, with those marked that are stale.</summary>
    public SearchResult Mark(SearchResult result, CallContext context) =>
        Of([.. result.Items.Select(static item => item.Id)], context) is { Count: > 0 } stale
            ? result with { Items = [.. result.Items.Select(item => item with { Stale = stale.GetValueOrDefault(item.Id) })] }
            : result;

    /// <summary>The entries, with those marked that are stale.</summary>
    public EntryList Mark(EntryList list, CallContext context) =>
        Of([.. list.Items.Select(static entry => entry.Id)], context) is { Count: > 0 } stale
            ? list with { Items = [.. list.Items.Select(entry => entry with { Stale = stale.GetValueOrDefault(entry.Id) })] }
            : list;

    private Dictionary<string, Stale> Of(IReadOnlyList<string> ids, CallContext context)
    {
        if (ids.Count == 0) return [];
        var directory = ProjectResolver.Workspace(context);
        if (GitPlace.Find(directory) is not { } place || _git.Describe(directory) is not { Commit: { } commit } worktree) return [];
        if (worktree.Root == place.GitDirectory) return []; // bare: there are no files

        // Git's own idea of its top folder is not asked for: a hostile configuration can name any.
        var root = place.Folder;
        var identity = _projects.Identify(context with { Project = null });
        var entries = _database.Read(connection => ProjectStore.Find(connection, identity) is { } project ? FreshnessStore.Naming(connection, project, ids) : []);
        var named = entries
            .Select(entry => (Entry: entry, Paths: NamedPaths.Of(root, entry.SourceRef, entry.Metadata, entry.Body)))
            .Where(static one => one.Paths.Count > 0)
            .ToList();
        if (named.Count == 0) return [];

        var exists = named.SelectMany(static one => one.Paths).Distinct(StringComparer.Ordinal).ToDictionary(static path => path, path => IsThere(root, path), StringComparer.Ordinal);
        // What is neither there nor looks like a file is a word with a slash in it.
        bool Counts(string path) => exists[path] || NamedPaths.HasExtension(path);
        var since = named.SelectMany(one => one.Paths.Where(Counts).Select(path => (Path: path, Written: one.Entry.Written.ToUnixTimeSeconds())))
            .GroupBy(static one => one.Path, static one => one.Written, StringComparer.Ordinal)
            .ToDictionary(static group => group.Key, static group => group.Min(), StringComparer.Ordinal);
        if (since.Count == 0 || Histories.Changes(root, commit, since) is not { } changes) return [];
        var gone = exists.Where(path => !path.Value && changes.ContainsKey(path.Key)).Select(static path => path.Key).ToList();
        var deleted = gone.Count == 0 ? [] : Histories.Deleted(root, commit, [.. gone.Where(path => changes[path].Count == 0)]) ?? [];

        var stale = new Dictionary<string, Stale>(StringComparer.Ordinal);
        foreach (var (entry, paths) in named)
            if (Worst(entry, paths) is { } worst) stale[entry.Id] = worst;
        return stale;

        Stale? Worst(NamingEntry entry, List<string> paths)
        {
            var written = entry.Written.ToUnixTimeSeconds();
            var worst = paths.Where(changes.ContainsKey)
                .Select(path => (Path: path, Count: changes[path].Count(seconds => seconds > written), Gone: !exists[path]))
                .Where(one => one.Count > 0 || deleted.Contains(one.Path))
                .OrderByDescending(static one => one.Gone).ThenByDescending(static one => one.Count)
                .FirstOrDefault();
            return worst.Path is null ? null : new Stale(_recall.Redaction().Clean(worst.Path, "stale.path"), worst.Count, worst.Gone ? true : null);
        }
    }

    private static bool IsThere(string root, string path) => Path.Exists(Path.Combine(root, path));
}
