using System.Globalization;
using System.Runtime.InteropServices;
using Cairn.Engine.Entries;

namespace Cairn.Engine.Retention;

/// <summary>The entries that a rule would let go: their ids, oldest first, and how many by which reason. Each counts once.</summary>
internal sealed record RetentionCandidates(IReadOnlyList<string> Ids, int Age, int ProjectCount);

/// <summary>Which entries a retention rule would let go. Pure: it knows no clock and no database.</summary>
internal static class RetentionPolicy
{
    private const long MillisecondsPerDay = 24L * 60 * 60 * 1000;

    /// <summary>Refuses a rule that is none, or whose numbers are out of range.</summary>
    public static void Require(RetentionInputs inputs)
    {
        if (inputs.MaxAgeDays is null && inputs.MaxEntriesPerProject is null)
            throw EngineException.Invalid("max_age_days",
                "no retention rule is given; give max_age_days or max_entries_per_project (--max-age-days, --max-entries-per-project), or set RETENTION_MAX_AGE_DAYS or RETENTION_MAX_ENTRIES_PER_PROJECT");
        RequireRange("max_age_days", inputs.MaxAgeDays, RetentionService.MaxAgeDays);
        RequireRange("max_entries_per_project", inputs.MaxEntriesPerProject, RetentionService.MaxEntriesPerProject);
    }

    /// <summary>The time, in Unix milliseconds, from which on no entry can be a candidate: such need not be looked at.</summary>
    public static long End(RetentionInputs inputs, DateTimeOffset now) => inputs.MaxEntriesPerProject is null ? OldestKept(inputs, now) : long.MaxValue;

    /// <summary>
    /// Picks the candidates. By age: what happened more than MaxAgeDays before <paramref name="now"/>. By count: what is
    /// not among the MaxEntriesPerProject newest entries of its project. Pinned entries take a place among the newest
    /// like all others and are never candidates. What both reasons hold against counts under age.
    /// </summary>
    public static RetentionCandidates Pick(RetentionInputs inputs, DateTimeOffset now, IEnumerable<EntryAge> newestFirst)
    {
        var oldestKept = OldestKept(inputs, now);
        var most = inputs.MaxEntriesPerProject ?? int.MaxValue;
        var ranks = new Dictionary<long, int>();
        var ids = new List<string>();
        var (age, projectCount) = (0, 0);
        foreach (var entry in newestFirst)
        {
            var rank = ++CollectionsMarshal.GetValueRefOrAddDefault(ranks, entry.ProjectKey, out _);
            if (entry.Pinned) continue;
            if (entry.OccurredAt < oldestKept) age++;
            else if (rank > most) projectCount++;
            else continue;
            ids.Add(entry.Id);
        }
        ids.Reverse();
        return new RetentionCandidates(ids, age, projectCount);
    }

    private static long OldestKept(RetentionInputs inputs, DateTimeOffset now) =>
        inputs.MaxAgeDays is { } days ? now.ToUnixTimeMilliseconds() - days * MillisecondsPerDay : long.MinValue;

    private static void RequireRange(string field, int? number, int most)
    {
        if (number is < 1 || number > most)
            throw EngineException.Invalid(field, string.Create(CultureInfo.InvariantCulture, $"must be 1 to {most}"), ("limit", most), ("size", number.Value));
    }
}
