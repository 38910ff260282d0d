using System.Text.Json;
using Cairn.Engine.Entries;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Retention;

/// <summary>Sets a dry run beside the one before.</summary>
internal static class RetentionComparison
{
    private static readonly string[] Parameters = ["now", "max_age_days", "max_entries_per_project", "project", "rules"];
    private static readonly string[] Counts = ["total_candidates", "age", "project_count"];

    /// <summary>What is different between a run, or the newest, and the dry run before it.</summary>
    public static RetentionExplanation Explain(DatabaseConnection connection, string? runId)
    {
        var run = runId is null
            ? RetentionStore.DryRunBefore(connection, long.MaxValue) ?? throw new EngineException(ErrorCode.EntryNotFound, "There is no retention run yet. Make one: cairn retention dry-run")
            : RetentionState.Find(connection, runId).DryRun;
        if (RetentionStore.DryRunBefore(connection, run.Key) is not { } previous) return new RetentionExplanation { Run = run };

        var (before, after) = (Ids(connection, previous), Ids(connection, run));
        return new RetentionExplanation
        {
            Run = run,
            Previous = previous,
            Parameters = [.. Differences(Parameters, previous.Inputs, run.Inputs).Where(static difference => difference.Before != difference.After)],
            Candidates = [.. Differences(Counts, previous.Counts, run.Counts)],
            NewCandidates = after.Count(id => !before.Contains(id)),
            GoneCandidates = before.Count(id => !after.Contains(id)),
            Projects = Growth(connection, previous.ExecutedAt, run.ExecutedAt),
        };
    }

    private static HashSet<string> Ids(DatabaseConnection connection, RetentionAuditEvent run) =>
        RetentionStore.Ids(connection, run.RunId, RetentionSteps.DryRun).Select(static entry => entry.Id).ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<RetentionDifference> Differences(IEnumerable<string> names, JsonElement? before, JsonElement? after) =>
        names.Select(name => new RetentionDifference(name, Value(before, name), Value(after, name)));

    private static string? Value(JsonElement? row, string name) => row is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty(name, out var value)
        ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText()
        : null;

    private static List<RetentionGrowth> Growth(DatabaseConnection connection, DateTimeOffset after, DateTimeOffset until)
    {
        var entries = EntryRetentionStore.Growth(connection, after, until).ToDictionary(static row => row.Project, StringComparer.Ordinal);
        var sources = RetentionStore.IngestedSources(connection, after, until).ToDictionary(static row => row.Project, static row => row.Sources, StringComparer.Ordinal);
        return [.. entries.Keys.Union(sources.Keys).Order(StringComparer.OrdinalIgnoreCase).Select(project => new RetentionGrowth
        {
            Project = project,
            Saved = entries.GetValueOrDefault(project)?.Saved ?? 0,
            Ingested = entries.GetValueOrDefault(project)?.Ingested ?? 0,
            Sources = sources.GetValueOrDefault(project),
        })];
    }
}
