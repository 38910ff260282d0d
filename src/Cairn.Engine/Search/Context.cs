using Cairn.Engine.Storage;

namespace Cairn.Engine.Search;

/// <summary>Puts candidates where they stand: gives each its group and place, and adds those that stand beside the best.</summary>
internal static class Context
{
    // Neighbours of what stands lower cannot rise far; measured, 30 give the same order.
    private const int Best = 50;
    private const int Reach = 2;

    /// <summary>The candidates with group and place, and the neighbours of the best that pass the filter.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="found">What the index found, best first.</param>
    /// <param name="filter">What every answer must be.</param>
    public static List<Candidate> Of(DatabaseConnection connection, IReadOnlyList<Candidate> found, SearchFilter filter)
    {
        var sections = found.Where(static candidate => candidate.Group == Candidate.SomeDocument).Select(static candidate => candidate.Key).ToList();
        var documents = sections.Count > 0 ? ContextIndex.Documents(connection, sections) : [];
        var candidates = found.Select(candidate => candidate.Group == Candidate.SomeDocument ? candidate with { Group = documents.GetValueOrDefault(candidate.Key) } : candidate).ToList();

        var places = new Dictionary<long, (long Group, int Position)>();
        var beside = new HashSet<long>();
        var tooLarge = new HashSet<long>();
        foreach (var group in candidates.Take(Best).Where(static candidate => candidate.Group != 0).GroupBy(static candidate => candidate.Group))
        {
            var members = ContextIndex.Members(connection, group.Key, group.First().Key);
            if (members.Count == 0) tooLarge.Add(group.Key);
            for (var i = 0; i < members.Count; i++) places[members[i]] = (group.Key, i);
            foreach (var candidate in group)
            {
                if (!places.TryGetValue(candidate.Key, out var place)) continue;
                for (var i = Math.Max(0, place.Position - Reach); i <= Math.Min(members.Count - 1, place.Position + Reach); i++) beside.Add(members[i]);
            }
        }
        if (tooLarge.Count == 0 && places.Count == 0) return candidates;

        beside.ExceptWith(candidates.Select(static candidate => candidate.Key));
        var added = beside.Count > 0 ? FullTextIndex.Passing(connection, beside, filter) : [];
        return [.. candidates.Concat(added).Select(candidate =>
            places.TryGetValue(candidate.Key, out var place) ? candidate with { Group = place.Group, Position = place.Position }
            : tooLarge.Contains(candidate.Group) ? candidate with { Group = 0 }
            : candidate)];
    }
}
