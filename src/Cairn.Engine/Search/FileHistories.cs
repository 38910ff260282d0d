using Cairn.Engine.Git;

namespace Cairn.Engine.Search;

/// <summary>
/// When files of a repository were changed by commits, as of the commit that is checked out. Remembered until that moves,
/// so that git is asked once for a file; when it did not answer in time, it is left alone for a while.
/// </summary>
internal sealed class FileHistories(GitClient git, TimeProvider time)
{
    private const int MaxRemembered = 10_000;
    private const int MaxAsked = 100;
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long Since, List<long> Changes)> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _deleted = new(StringComparer.Ordinal);
    private (string Root, string Commit) _place;
    private DateTimeOffset _restUntil;

    /// <summary>How often git was asked.</summary>
    internal int Asked { get; private set; }

    /// <summary>The times (Unix seconds) of the commits that changed each file at or after a time; null when git gave no answer.</summary>
    /// <param name="root">The worktree's root.</param>
    /// <param name="commit">What is checked out there.</param>
    /// <param name="files">Files, and the time from which on their changes matter, in Unix seconds.</param>
    public Dictionary<string, List<long>>? Changes(string root, string commit, IReadOnlyDictionary<string, long> files)
    {
        lock (_gate)
        {
            Move(root, commit);
            var unknown = files.Where(file => !_known.TryGetValue(file.Key, out var known) || known.Since > file.Value).Take(MaxAsked).ToList();
            if (unknown.Count > 0)
            {
                if (IsResting) return null;
                var since = unknown.Min(static file => file.Value);
                Asked++;
                if (git.Changes(root, commit, since, [.. unknown.Select(static file => file.Key)]) is not { } changes) return GiveUp<Dictionary<string, List<long>>>();
                var fresh = unknown.ToDictionary(static file => file.Key, static _ => new List<long>(), StringComparer.Ordinal);
                foreach (var (seconds, file) in changes)
                    if (fresh.TryGetValue(file, out var times)) times.Add(seconds);
                // Git stopped at its limit: of a file that it did not come to nothing is known.
                var isCut = changes.Select(static change => change.Seconds).Distinct().Count() >= GitClient.MaxCommits;
                foreach (var (file, times) in fresh)
                    if (!isCut || times.Count > 0) _known[file] = (since, times);
            }
            return files.Keys.Where(_known.ContainsKey).ToDictionary(static file => file, file => _known[file].Changes);
        }
    }

    /// <summary>Those of some files, none of which is on the disk, that git tracks; null when it gave no answer.</summary>
    public HashSet<string>? Deleted(string root, string commit, IReadOnlyCollection<string> files)
    {
        lock (_gate)
        {
            Move(root, commit);
            var unknown = files.Where(file => !_deleted.ContainsKey(file)).Take(MaxAsked).ToList();
            if (unknown.Count > 0)
            {
                if (IsResting) return null;
                Asked++;
                if (git.Deleted(root, unknown) is not { } deleted) return GiveUp<HashSet<string>>();
                foreach (var file in unknown) _deleted[file] = deleted.Contains(file);
            }
            return [.. files.Where(file => _deleted.GetValueOrDefault(file))];
        }
    }

    private bool IsResting => time.GetUtcNow() < _restUntil;

    private T? GiveUp<T>() where T : class
    {
        _restUntil = time.GetUtcNow() + Rest;
        return null;
    }

    private void Move(string root, string commit)
    {
        if (_place == (root, commit) && _known.Count + _deleted.Count < MaxRemembered) return;
        if (_place != (root, commit)) _restUntil = default;
        _place = (root, commit);
        _known.Clear();
        _deleted.Clear();
    }
}
