using Cairn.Engine.Storage;

namespace Cairn.Engine.Entries;

/// <summary>What an entry of a list must be; null asks for nothing.</summary>
/// <param name="ProjectKey">Its project.</param>
/// <param name="EntryType">Its type, case aside.</param>
/// <param name="State">Its state.</param>
/// <param name="After">It is older than this one.</param>
internal sealed record Listing(long? ProjectKey, string? EntryType, string? State, EntryRow? After);

/// <summary>The SQL of lists of entries by time. It decides nothing.</summary>
internal static class ListingStore
{
    /// <summary>The newest entries that pass, with the body of those that the present rule set has not judged.</summary>
    public static List<Recalled<IndexItem>> Page(DatabaseConnection connection, Listing listing, int limit, long ruleSet)
    {
        var (where, arguments) = Where(listing, [ruleSet, limit]);
        // The keys are found and put in order without a look at the texts.
        return connection.Query(
            $"""
            WITH page (key) AS MATERIALIZED (SELECT e.key FROM entries e WHERE true{where} ORDER BY e.occurred_at DESC, e.key DESC LIMIT ?2)
            SELECT {EntryStore.IndexColumns}, CASE WHEN e.rule_set_key IS ?1 THEN NULL ELSE e.body END
            FROM page JOIN entries e ON e.key = page.key JOIN projects p ON p.key = e.project_key
            ORDER BY e.occurred_at DESC, e.key DESC
            """, EntryStore.ReadIndexItem, arguments);
    }

    /// <summary>How many entries a project, or all, have of each type in each state.</summary>
    public static List<EntryCount> Counts(DatabaseConnection connection, long? project)
    {
        var (where, arguments) = Where(new Listing(project, null, null, null), []);
        return connection.Query(
            $"SELECT e.entry_type, e.state, count(*) FROM entries e WHERE true{where} GROUP BY e.entry_type, e.state ORDER BY e.entry_type, e.state",
            static row => new EntryCount(row.GetString(0), row.GetString(1), row.GetInt64(2)), arguments);
    }

    private static (string Where, object?[] Arguments) Where(Listing listing, List<object?> arguments)
    {
        var where = "";
        string Parameter(object value)
        {
            arguments.Add(value);
            return $"?{arguments.Count}";
        }

        if (listing.ProjectKey is { } project) where += $" AND e.project_key = {Parameter(project)}";
        if (listing.EntryType is { } type) where += $" AND e.entry_type = {Parameter(type)} COLLATE NOCASE";
        if (listing.State is { } state) where += $" AND e.state = {Parameter(state)}";
        if (listing.After is { } after) where += $" AND (e.occurred_at, e.key) < ({Parameter(after.OccurredAt)}, {Parameter(after.Key)})";
        return (where, [.. arguments]);
    }
}
