namespace Cairn.Engine.Briefing;

/// <summary>The sections of a brief, in the order in which they get their first lines.</summary>
internal enum BriefSection
{
    Handoff,
    Pinned,
    Constraints,
    Questions,
    Decisions,
    Related,
    Changes,
    Preferences,
    Recent,
}

/// <summary>
/// Which entries a brief shows, most important first: as many as fit are taken from the beginning. Each section has its
/// first few before any has more, so that forty pinned entries do not hide the last handoff. Pure.
/// </summary>
internal static class BriefPlan
{
    /// <summary>How many lines a section has before all others have had theirs.</summary>
    private static readonly Dictionary<BriefSection, int> First = new()
    {
        [BriefSection.Handoff] = 1,
        [BriefSection.Pinned] = 6,
        [BriefSection.Constraints] = 4,
        [BriefSection.Questions] = 4,
        [BriefSection.Decisions] = 6,
        [BriefSection.Related] = 4,
        [BriefSection.Changes] = 5,
        [BriefSection.Preferences] = 3,
        [BriefSection.Recent] = 3,
    };

    /// <summary>All lines in the order in which they are taken.</summary>
    /// <param name="sections">The keys of each section, best first. An entry counts in the first section that has it, in the enumeration's order.</param>
    public static List<(BriefSection Section, long Key)> Order(IReadOnlyDictionary<BriefSection, IReadOnlyList<long>> sections)
    {
        var seen = new HashSet<long>();
        var own = Enum.GetValues<BriefSection>().ToDictionary(static section => section,
            section => new Queue<long>((sections.GetValueOrDefault(section) ?? []).Where(seen.Add)));
        var lines = new List<(BriefSection, long)>();
        foreach (var (section, keys) in own)
            for (var left = First[section]; left > 0 && keys.TryDequeue(out var key); left--) lines.Add((section, key));
        while (own.Values.Any(static keys => keys.Count > 0))
            foreach (var (section, keys) in own)
                if (keys.TryDequeue(out var key)) lines.Add((section, key));
        return lines;
    }
}
