using Cairn.Engine.Entries;
using Cairn.Engine.Git;
using Cairn.Engine.Projects;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Ingestion;

/// <summary>
/// Takes commits into memory: an entry each, known by the commit's id, so that any number of processes may do so at once
/// and again. A commit that reverts another supersedes its entry. What is set for capture holds for commits as well.
/// </summary>
public sealed class GitHistoryService
{
    /// <summary>How many commits a run without a time takes: the newest.</summary>
    public const int MaxCommits = 10_000;

    /// <summary>The same, for a test to make it few.</summary>
    internal int Most { get; set; } = MaxCommits;

    private readonly Database _database;
    private readonly ProjectResolver _projects;
    private readonly WritePolicy _policy;
    private readonly GitClient _git;
    private readonly Func<CallContext, Func<IReadOnlyList<string>?, bool>?> _captures;

    /// <param name="database">The database.</param>
    /// <param name="projects">Knows the projects.</param>
    /// <param name="policy">Judges the messages.</param>
    /// <param name="git">Asks git.</param>
    /// <param name="captures">Says of a call whether a commit of these files may be captured; null files are too many to tell. Null where nothing is.</param>
    internal GitHistoryService(Database database, ProjectResolver projects, WritePolicy policy, GitClient git, Func<CallContext, Func<IReadOnlyList<string>?, bool>?> captures)
    {
        _database = database;
        _projects = projects;
        _policy = policy;
        _git = git;
        _captures = captures;
    }

    /// <summary>Takes the newest of what HEAD has and an earlier run did not take; with a time, all commits since, whatever was taken before.</summary>
    /// <param name="since">The time of the oldest.</param>
    /// <param name="context">Where the call comes from: the repository of its folder.</param>
    /// <param name="progress">Told after each hundred, within the call.</param>
    /// <param name="cancellation">Ends the run; what was written stays.</param>
    /// <exception cref="EngineException">There is no repository or no commit, or the storage failed.</exception>
    public GitHistoryResult Ingest(DateTimeOffset? since, CallContext context, Action<IngestionProgress>? progress = null, CancellationToken cancellation = default)
    {
        var (caller, directory) = Caller(context);
        var head = _git.History.Resolve(directory, "HEAD") ?? throw NoCommit("HEAD");
        if (_captures(caller) is not { } captures) return Off();
        var provenance = Provenance(caller);
        var tip = since is null ? _database.Read(connection => GitHistoryStore.Tip(connection, provenance.ProjectKey)) : null;
        if (tip is not null && _git.History.Resolve(directory, tip) is null) tip = null; // rewritten since, and gone
        var ids = _git.History.Ids(directory, head, tip, since, since is null ? Most : null) ?? throw NoAnswer();
        var leftOut = since is null && ids.Count == Most ? (_git.History.Count(directory, head, tip) ?? throw NoAnswer()) - ids.Count : 0;

        var reverts = new CommitReverts(provenance.ProjectKey, provenance.Origin);
        var total = default(Tally);
        foreach (var commits in _git.History.Read(directory, ids))
        {
            cancellation.ThrowIfCancellationRequested();
            total += Write(commits, caller, provenance, captures, reverts);
            progress?.Invoke(new IngestionProgress(total.Commits, ids.Count));
        }
        if (total.Commits < ids.Count) throw NoAnswer();
        // Parents stand before their children: up to the one before what was refused first, no run need look again.
        var reached = total.FirstRefused is not { } refused ? head : ids.TakeWhile(id => id != refused).LastOrDefault() ?? tip;
        if (since is null && reached is not null && reached != tip) _database.Write(scope => { GitHistoryStore.PutTip(scope, provenance.ProjectKey, reached); return true; });
        return total.Result() with { LeftOut = leftOut > 0 ? leftOut : null };
    }

    /// <summary>Takes one commit.</summary>
    /// <param name="revision">The commit, as git names it.</param>
    /// <param name="context">Where the call comes from: the repository of its folder.</param>
    /// <exception cref="EngineException">There is no repository or no such commit, or the storage failed.</exception>
    public GitHistoryResult Capture(string revision, CallContext context)
    {
        var (caller, directory) = Caller(context);
        var id = _git.History.Resolve(directory, revision) ?? throw NoCommit("that was given");
        if (_captures(caller) is not { } captures) return Off();
        var provenance = Provenance(caller);
        var commit = _git.History.Read(directory, [id]).Single() is [var only] ? only : throw NoAnswer();
        var tally = Write([commit], caller, provenance, captures, new CommitReverts(provenance.ProjectKey, provenance.Origin));
        // Next to what was taken, the next run need not look at it again.
        if (tally.Refused == 0) _database.Write(scope =>
        {
            if (GitHistoryStore.Tip(scope.Connection, provenance.ProjectKey) is { } tip && commit.Parents is [var parent] && parent == tip) GitHistoryStore.PutTip(scope, provenance.ProjectKey, id);
            return true;
        });
        return tally.Result();
    }

    /// <summary>The folder of the repository's hooks, and whether all repositories of the user have it.</summary>
    /// <exception cref="EngineException">There is no repository, its hooks are switched off, or git gave no answer.</exception>
    public HookFolder Hooks(CallContext context)
    {
        var (_, directory) = Caller(context);
        var place = _git.Hooks(directory) ?? throw NoAnswer();
        return place.Folder is { } folder
            ? new HookFolder(folder, place.IsShared, place.IsVersioned)
            : throw EngineException.Invalid("core.hooksPath", "is set to nothing, so git runs no hook here: give it a folder or unset it (git config --show-origin core.hooksPath says where it stands), then run this again. Nothing was changed");
    }

    private (CallContext Caller, string Directory) Caller(CallContext context)
    {
        var caller = EntryService.Require(context) with { Origin = EntryOrigin.Commit };
        _policy.Require(caller);
        var directory = ProjectResolver.Workspace(caller);
        return GitPlace.Find(directory) is not null ? (caller, directory) : throw EngineException.Invalid("folder", "is in no git repository");
    }

    private EntryProvenance Provenance(CallContext caller)
    {
        var identity = _projects.Identify(caller);
        return _database.Write(scope => EntryService.Provenance(scope, identity, caller, _policy.RuleSet));
    }

    private Tally Write(IReadOnlyList<GitCommit> commits, CallContext caller, EntryProvenance provenance, Func<IReadOnlyList<string>?, bool> captures, CommitReverts reverts)
    {
        // What is known is not scanned again; what somebody else takes meanwhile is seen inside the transaction.
        var known = _database.Read(connection => commits.Where(commit => IsKnown(connection, provenance, commit)).Select(static commit => commit.Id).ToHashSet(StringComparer.Ordinal));
        var place = _policy.Place(caller);
        var (work, tally) = (new List<CommitWork>(), new Tally { Commits = commits.Count, Known = known.Count });
        foreach (var commit in commits.Where(commit => !known.Contains(commit.Id)))
        {
            if (!captures(commit.HasMoreFiles ? null : commit.Files))
            {
                tally += new Tally { Denied = 1 };
                continue;
            }
            var redaction = _policy.Redaction(place);
            var draft = EntryDraft.From(redaction.Clean(PrivateFields.Remove(CommitEntry.Of(commit))));
            if (redaction.Count > 0 && place.Mode == PolicyMode.Block)
            {
                _policy.Refuse(redaction.Violations, place);
                tally += new Tally { Refused = 1, FirstRefused = commit.Id };
            }
            else work.Add(new CommitWork(commit, draft, redaction.Violations));
        }
        return tally + (work.Count == 0 ? default : _database.Write(scope =>
        {
            reverts.Look(scope.Connection);
            var written = default(Tally);
            foreach (var one in work) written += Write(scope, one, provenance, place, reverts);
            return written;
        }));
    }

    private Tally Write(WriteScope scope, CommitWork work, EntryProvenance provenance, PolicyPlace place, CommitReverts reverts)
    {
        if (IsKnown(scope.Connection, provenance, work.Commit)) return new Tally { Known = 1 };
        // A commit from the future says nothing about when it was made.
        var at = work.Commit.CommittedAt < scope.Now ? work.Commit.CommittedAt : scope.Now;
        var (key, id, _) = EntryService.Insert(scope, work.Draft, provenance with { Commit = work.Commit.Id }, pinned: false, at);
        PolicyEventStore.Add(scope.Connection, _policy.Events(PolicyEvent.Redacted, work.Redactions, place, id, scope.Now));
        return new Tally { Saved = 1, Reverted = reverts.Settle(scope, work.Commit, key, id), Redactions = work.Redactions.Count };
    }

    private static bool IsKnown(DatabaseConnection connection, EntryProvenance provenance, GitCommit commit) =>
        GitHistoryStore.Entry(connection, provenance.ProjectKey, CommitEntry.SourceRef(commit.Id)) is not null;

    private static GitHistoryResult Off() => new() { Commits = 0, Saved = 0, Known = 0, Off = true };

    private static EngineException NoCommit(string which) => EngineException.Invalid("revision", $"no commit is {which} in this repository");

    private static EngineException NoAnswer() => new(ErrorCode.StorageFailure, "Git gave no answer to rely on: it is not installed, refuses this repository, or took too long. What was taken so far is in memory.");

    private sealed record CommitWork(GitCommit Commit, EntryDraft Draft, IReadOnlyList<PolicyViolation> Redactions);

    private readonly record struct Tally
    {
        public int Commits { get; init; }

        public int Saved { get; init; }

        public int Known { get; init; }

        public int Reverted { get; init; }

        public int Redactions { get; init; }

        public int Refused { get; init; }

        public string? FirstRefused { get; init; }

        public int Denied { get; init; }

        public static Tally operator +(Tally a, Tally b) => new()
        {
            Commits = a.Commits + b.Commits, Saved = a.Saved + b.Saved, Known = a.Known + b.Known,
            Reverted = a.Reverted + b.Reverted, Redactions = a.Redactions + b.Redactions, Refused = a.Refused + b.Refused,
            FirstRefused = a.FirstRefused ?? b.FirstRefused, Denied = a.Denied + b.Denied,
        };

        public GitHistoryResult Result() => new()
        {
            Commits = Commits, Saved = Saved, Known = Known,
            Reverted = Reverted > 0 ? Reverted : null, Redactions = Redactions > 0 ? Redactions : null, Refused = Refused > 0 ? Refused : null,
            Denied = Denied > 0 ? Denied : null,
        };
    }
}
