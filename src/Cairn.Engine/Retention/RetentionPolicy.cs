using System.Globalization;
using System.Runtime.InteropServices;
using Cairn.Engine.Entries;

namespace Cairn.Engine.Retention;

/// <summary>The entries that a rule would let go: their ids, oldest first, and how many by which reason. Each counts once.</summary>
internal sealed record RetentionCandidates(IReadOnlyList<string> Ids, int Age, int ProjectCount);

/// <summary>Which entries a retention rule would let go. Pure: it knows no clock and no database.</summary>
/// <param name="inputs">The rule.</param>
/// <param name="now">From when ages are counted.</param>
/// <param name="projects">The rules of <paramref name="inputs"/> that name a project, by the project's key.</param>
internal sealed class RetentionPolicy(RetentionInputs inputs, DateTimeOffset now, IReadOnlyDictionary<long, RetentionRule> projects)
{
    private const long MillisecondsPerDay = 24L * 60 * 60 * 1000;

    private readonly Dictionary<string, int> _daysOfTypes = (inputs.Rules ?? []).Where(static rule => rule is { Type: not null, MaxAgeDays: not null })
        .ToDictionary(static rule => rule.Type!, static rule => rule.MaxAgeDays!.Value, StringComparer.OrdinalIgnoreCase);

    /// <summary>Refuses a rule that is none, one for nothing or for two things, and numbers that are out of range.</summary>
    public static void Require(RetentionInputs inputs)
    {
        var rules = inputs.Rules ?? [];
        if (inputs.MaxAgeDays is null && inputs.MaxEntriesPerProject is null && !rules.Any(static rule => rule.MaxAgeDays is not null || rule.MaxEntriesPerProject is not null))
            throw EngineException.Invalid("max_age_days",
                "no retention rule is given; give max_age_days or max_entries_per_project (--max-age-days, --max-entries-per-project), or set RETENTION_MAX_AGE_DAYS or RETENTION_MAX_ENTRIES_PER_PROJECT");
        RequireRange("max_age_days", inputs.MaxAgeDays, RetentionService.MaxAgeDays);
        RequireRange("max_entries_per_project", inputs.MaxEntriesPerProject, RetentionService.MaxEntriesPerProject);
        foreach (var rule in rules)
        {
            if ((rule.Type is null) == (rule.Project is null)) throw EngineException.Invalid("rules", "each names either a type or a project");
            if (rule is { Type: not null, MaxEntriesPerProject: not null }) throw EngineException.Invalid("rules", "a type's rule has max_age_days alone");
            RequireRange("rules", rule.MaxAgeDays, RetentionService.MaxAgeDays);
            RequireRange("rules", rule.MaxEntriesPerProject, RetentionService.MaxEntriesPerProject);
        }
        foreach (var names in new[] { rules.Select(static rule => rule.Type), rules.Select(static rule => rule.Project) })
            if (names.OfType<string>().GroupBy(static name => name, StringComparer.OrdinalIgnoreCase).Any(static group => group.Count() > 1))
                throw EngineException.Invalid("rules", "a type or a project has more than one");
    }

    /// <summary>The time, in Unix milliseconds, from which on no entry can be a candidate: such need not be looked at.</summary>
    public long End => inputs.MaxEntriesPerProject is not null || projects.Values.Any(static rule => rule.MaxEntriesPerProject is not null)
        ? long.MaxValue
        : OldestKept(Shortest());

    /// <summary>
    /// Picks the candidates. By age: what happened more than the days of its type, else of its project, else of all,
    /// before now. By count: what is not among the newest entries of its project, as many as its project's rule or the
    /// general one says. Pinned entries, handoffs and active ones that took another's place hold a place among the newest
    /// like all others and are never candidates. What both reasons hold against counts under age.
    /// </summary>
    public RetentionCandidates Pick(IEnumerable<EntryAge> newestFirst)
    {
        var ranks = new Dictionary<long, int>();
        var ids = new List<string>();
        var (age, projectCount) = (0, 0);
        foreach (var entry in newestFirst)
        {
            var rank = ++CollectionsMarshal.GetValueRefOrAddDefault(ranks, entry.ProjectKey, out _);
            if (RetentionWriter.KeptFor(entry.EntryType, entry.Pinned, entry.Superseding) is not null) continue;
            var project = projects.GetValueOrDefault(entry.ProjectKey);
            if (entry.OccurredAt < OldestKept(Days(entry.EntryType, project))) age++;
            else if (rank > (project?.MaxEntriesPerProject ?? inputs.MaxEntriesPerProject ?? int.MaxValue)) projectCount++;
            else continue;
            ids.Add(entry.Id);
        }
        ids.Reverse();
        return new RetentionCandidates(ids, age, projectCount);
    }

    private int? Days(string type, RetentionRule? project) =>
        _daysOfTypes.TryGetValue(type, out var days) ? days : project?.MaxAgeDays ?? inputs.MaxAgeDays;

    private int? Shortest() => new[] { inputs.MaxAgeDays }.Concat(projects.Values.Select(static rule => rule.MaxAgeDays)).Concat(_daysOfTypes.Values.Select(static days => (int?)days)).Min();

    private long OldestKept(int? days) => days is { } limit ? now.ToUnixTimeMilliseconds() - limit * MillisecondsPerDay : long.MinValue;

    private static void RequireRange(string field, int? number, int most)
    {
        if (number is < 1 || number > most)
            throw EngineException.Invalid(field, string.Create(CultureInfo.InvariantCulture, $"must be 1 to {most}"), ("limit", most), ("size", number.Value));
    }
}
