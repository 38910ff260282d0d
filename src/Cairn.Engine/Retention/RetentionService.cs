using System.Globalization;
using System.Text;
using System.Text.Json;
using Cairn.Engine.Entries;
using Cairn.Engine.Projects;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Retention;

/// <summary>
/// Says which entries a retention rule would let go, and keeps a record of every run. It never changes an entry.
/// </summary>
public sealed class RetentionService
{
    /// <summary>The greatest age that a rule may name, in days: a hundred years.</summary>
    public const int MaxAgeDays = 36_500;

    /// <summary>The greatest number of entries that a rule may leave a project.</summary>
    public const int MaxEntriesPerProject = 1_000_000;

    /// <summary>How many runs a history may list.</summary>
    public const int MaxHistory = 1000;

    private readonly Database _database;
    private readonly TimeProvider _time;

    internal RetentionService(Database database, TimeProvider time)
    {
        _database = database;
        _time = time;
    }

    /// <summary>
    /// Finds the active and superseded entries that the rule would let go; archived and pinned ones never. The run is
    /// recorded before it is answered; on a database that cannot be written it is answered as not audited.
    /// </summary>
    /// <exception cref="EngineException">No rule is given, a number is out of range, the project is unknown, or the storage failed.</exception>
    public RetentionRun DryRun(RetentionInputs inputs)
    {
        RetentionPolicy.Require(inputs);
        var executedAt = Milliseconds(_time.GetUtcNow());
        var now = Milliseconds(inputs.Now ?? executedAt);
        var (project, candidates) = _database.Read(connection =>
        {
            var key = inputs.Project is null or "*" ? (long?)null : ProjectName.RequireKnown(connection, "project", inputs.Project);
            return (key is null ? null : ProjectStore.Name(connection, key.Value), RetentionPolicy.Pick(inputs, now, EntryStore.NewestFirst(connection, key, RetentionPolicy.End(inputs, now))));
        });
        var run = new RetentionRun
        {
            RunId = EntryId.New(executedAt),
            ExecutedAt = executedAt,
            Inputs = inputs with { Now = now, Project = project },
            TotalCandidates = candidates.Ids.Count,
            ByReason = new RetentionReasons { Age = candidates.Age, ProjectCount = candidates.ProjectCount },
            CandidateIds = candidates.Ids,
        };
        return TryRecord(run) ? run : run with { Audited = false };
    }

    /// <summary>The newest runs, newest first, and whether the record of all is whole.</summary>
    /// <param name="limit">How many runs to list: 1 to <see cref="MaxHistory"/>.</param>
    public RetentionHistory History(int limit)
    {
        if (limit is < 1 or > MaxHistory) throw EngineException.Invalid("limit", $"must be 1 to {MaxHistory}", ("limit", MaxHistory), ("size", limit));
        return _database.Read(connection => new RetentionHistory { Chain = RetentionStore.Verify(connection), Runs = RetentionStore.Newest(connection, limit) });
    }

    // The candidates were found before the write begins: a hundred thousand of them must not keep other writers waiting.
    private bool TryRecord(RetentionRun run)
    {
        var row = new RetentionAuditRow(run.RunId, run.Mode, run.ExecutedAt, Inputs(run.Inputs), Counts(run), JsonStrings.Write(run.CandidateIds));
        try
        {
            return _database.Write(scope =>
            {
                RetentionStore.Append(scope.Connection, row);
                return true;
            });
        }
        catch (EngineException error) when (error.InnerException is { } cause && StorageErrors.IsUnwritable(cause))
        {
            return false;
        }
    }

    private static string Inputs(RetentionInputs inputs) => Json(writer =>
    {
        writer.WriteString("now", inputs.Now!.Value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        if (inputs.MaxAgeDays is { } days) writer.WriteNumber("max_age_days", days);
        if (inputs.MaxEntriesPerProject is { } entries) writer.WriteNumber("max_entries_per_project", entries);
        if (inputs.Project is { } project) writer.WriteString("project", project);
    });

    private static string Counts(RetentionRun run) => Json(writer =>
    {
        writer.WriteNumber("total_candidates", run.TotalCandidates);
        writer.WriteNumber("age", run.ByReason.Age);
        writer.WriteNumber("project_count", run.ByReason.ProjectCount);
    });

    private static string Json(Action<Utf8JsonWriter> properties)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            properties(writer);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private static DateTimeOffset Milliseconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());
}
