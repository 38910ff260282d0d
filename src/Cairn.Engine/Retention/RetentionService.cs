using Cairn.Engine.Entries;
using Cairn.Engine.Projects;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Retention;

/// <summary>
/// Says which entries a retention rule would let go, archives them when somebody has approved that, and removes them
/// after a time of grace. Every step of a run is recorded, in a chain of hashes.
/// </summary>
public sealed class RetentionService
{
    /// <summary>The greatest age that a rule may name, in days: a hundred years. A grace may be as long.</summary>
    public const int MaxAgeDays = 36_500;

    /// <summary>The greatest number of entries that a rule may leave a project.</summary>
    public const int MaxEntriesPerProject = 1_000_000;

    /// <summary>How many steps a history may list.</summary>
    public const int MaxHistory = 1000;

    /// <summary>How long what a run has archived stays, unless told otherwise, in days.</summary>
    public const int DefaultGraceDays = 30;

    private readonly Database _database;
    private readonly TimeProvider _time;
    private readonly RetentionArchive _archive;
    private readonly RetentionPurge _purge;

    /// <param name="database">The database.</param>
    /// <param name="time">The clock.</param>
    /// <param name="backup">Makes a backup and gives its name, or throws.</param>
    internal RetentionService(Database database, TimeProvider time, Func<string> backup)
    {
        _database = database;
        _time = time;
        _archive = new RetentionArchive(database, time, backup);
        _purge = new RetentionPurge(database, time);
    }

    /// <summary>
    /// Finds the active and superseded entries that the rule would let go. Archived ones never; nor pinned ones, handoffs,
    /// and active ones that took another's place. The run is recorded before it is answered; on a database that cannot be
    /// written it is answered as not audited.
    /// </summary>
    /// <exception cref="EngineException">No rule is given, a number is out of range, the project is unknown, or the storage failed.</exception>
    public RetentionRun DryRun(RetentionInputs inputs)
    {
        RetentionPolicy.Require(inputs);
        var executedAt = Milliseconds(_time.GetUtcNow());
        var now = Milliseconds(inputs.Now ?? executedAt);
        var (project, candidates, warnings) = _database.Read(connection =>
        {
            var key = inputs.Project is null or "*" ? (long?)null : ProjectName.RequireKnown(connection, "project", inputs.Project);
            var (rules, unknown) = RulesOfProjects(connection, inputs.Rules);
            var policy = new RetentionPolicy(inputs, now, rules);
            var warnings = new[] { RetentionClock.Doubt(connection, executedAt) }.OfType<string>().Concat(key is null ? unknown.Select(static name => $"there is a rule for the project {name}, and no such project") : []);
            return (key is null ? null : ProjectStore.Name(connection, key.Value), policy.Pick(EntryRetentionStore.NewestFirst(connection, key, policy.End)), warnings.ToList());
        });
        var run = new RetentionRun
        {
            RunId = EntryId.New(executedAt),
            ExecutedAt = executedAt,
            Inputs = inputs with { Now = now, Project = project },
            TotalCandidates = candidates.Ids.Count,
            ByReason = new RetentionReasons { Age = candidates.Age, ProjectCount = candidates.ProjectCount },
            CandidateIds = candidates.Ids,
            Warnings = warnings.Count > 0 ? warnings : null,
        };
        return TryRecord(run) ? run : run with { Audited = false };
    }

    /// <summary>Makes a dry run with the inputs of a former one, its time included, and compares the two.</summary>
    /// <exception cref="EngineException">There is no such run, its row was altered, its project is gone, or the storage failed.</exception>
    public RetentionRerun Rerun(string runId)
    {
        var (former, ids) = _database.Read(connection =>
        {
            var state = RetentionState.Require(connection, runId);
            return (state, RetentionStore.Ids(connection, state.RunId, RetentionSteps.DryRun).ConvertAll(static entry => entry.Id));
        });
        var run = DryRun(former.Inputs);
        return new RetentionRerun
        {
            RerunOf = former.RunId,
            Run = run,
            NewCandidates = [.. run.CandidateIds.Except(ids)],
            GoneCandidates = [.. ids.Except(run.CandidateIds)],
        };
    }

    /// <summary>The newest steps of all runs, newest first, and whether the record of all is whole.</summary>
    /// <param name="limit">How many steps to list: 1 to <see cref="MaxHistory"/>.</param>
    public RetentionHistory History(int limit)
    {
        if (limit is < 1 or > MaxHistory) throw EngineException.Invalid("limit", $"must be 1 to {MaxHistory}", ("limit", MaxHistory), ("size", limit));
        return _database.Read(connection => new RetentionHistory { Chain = RetentionStore.Verify(connection), Runs = RetentionStore.Newest(connection, limit) });
    }

    /// <summary>What is different between a dry run and the one before: parameters, candidates, and what came to the projects.</summary>
    /// <param name="runId">The run; null means the newest dry run.</param>
    /// <exception cref="EngineException">There is no such run, or none at all.</exception>
    public RetentionExplanation Explain(string? runId) => _database.Read(connection => RetentionComparison.Explain(connection, runId));

    /// <summary>Approves a run, so that it may be applied. A second time changes nothing.</summary>
    /// <exception cref="EngineException">There is no such run, it was undone, or its record is not whole.</exception>
    public RetentionApproval Approve(string runId) => _archive.Approve(runId);

    /// <summary>
    /// Archives the entries that an approved run listed, after a backup. Those that were changed since, or that a rule
    /// does not let go any more, are left alone. Others write meanwhile; when the process is killed, calling it again goes on.
    /// </summary>
    /// <param name="runId">The run.</param>
    /// <param name="clockIsRight">Goes on although nothing was recorded for more than 30 days, or later times than now were.</param>
    /// <exception cref="EngineException">There is no such run, it is not approved or was undone, its record is not whole, the clock is in doubt, or backup or storage failed.</exception>
    public RetentionApplied Apply(string runId, bool clockIsRight = false) => _archive.Apply(runId, clockIsRight);

    /// <summary>Brings back the entries that a run has archived, except those that were changed since. A run that was undone cannot be applied again.</summary>
    /// <exception cref="EngineException">There is no such run, it was not applied, or its record is not whole.</exception>
    public RetentionUndone Undo(string runId) => _archive.Undo(runId);

    /// <summary>What <see cref="Purge"/> would remove now. Changes nothing.</summary>
    public RetentionPurgePlan PlanPurge(string? runId = null, int graceDays = DefaultGraceDays) => _purge.Plan(runId, graceDays);

    /// <summary>Removes for good what applied runs have archived and nobody has changed since, once the grace is over.</summary>
    /// <param name="runId">Only what this run archived; null means all runs that were applied and not undone.</param>
    /// <param name="graceDays">How many days entries must have been archived: 0 to <see cref="MaxAgeDays"/>.</param>
    /// <param name="clockIsRight">As in <see cref="Apply"/>.</param>
    /// <exception cref="EngineException">There is no such run, it was not applied, its record is not whole, the clock is in doubt, or bytes of the entries may be left.</exception>
    public RetentionPurged Purge(string? runId = null, int graceDays = DefaultGraceDays, bool clockIsRight = false) => _purge.Purge(runId, graceDays, clockIsRight);

    // The candidates were found before the write begins: a hundred thousand of them must not keep other writers waiting.
    private bool TryRecord(RetentionRun run)
    {
        var counts = RetentionJson.Write([new("total_candidates", run.TotalCandidates), new("age", run.ByReason.Age), new("project_count", run.ByReason.ProjectCount)]);
        var row = new RetentionAuditRow(run.RunId, RetentionSteps.DryRun, run.ExecutedAt, RetentionJson.Write(run.Inputs), counts, JsonStrings.Write(run.CandidateIds));
        try
        {
            return _database.Write(scope =>
            {
                RetentionStore.Append(scope.Connection, row);
                return true;
            });
        }
        catch (EngineException error) when (StorageErrors.IsUnwritable(error))
        {
            return false;
        }
    }

    // A project that is known by several names has the first of their rules.
    private static (Dictionary<long, RetentionRule> Rules, List<string> Unknown) RulesOfProjects(DatabaseConnection connection, IReadOnlyList<RetentionRule>? rules)
    {
        var (found, unknown) = (new Dictionary<long, RetentionRule>(), new List<string>());
        foreach (var rule in rules ?? [])
        {
            if (rule.Project is not { } name) continue;
            if (ProjectStore.FindByName(connection, name.Trim()) is { } key) found.TryAdd(key, rule);
            else unknown.Add(name);
        }
        return (found, unknown);
    }

    private static DateTimeOffset Milliseconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());
}
