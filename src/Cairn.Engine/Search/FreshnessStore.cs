using Cairn.Engine.Storage;

namespace Cairn.Engine.Search;

/// <summary>What of an entry names files, and when it was written.</summary>
internal sealed record NamingEntry(string Id, DateTimeOffset Written, string? SourceRef, string? Metadata, string Body);

/// <summary>The SQL of freshness. It decides nothing.</summary>
internal static class FreshnessStore
{
    /// <summary>
    /// Those of some entries that can go stale: of one project, and neither a document's section, which ingesting again
    /// renews, nor a commit, which is what it was.
    /// </summary>
    public static List<NamingEntry> Naming(DatabaseConnection connection, long project, IEnumerable<string> ids) => connection.Query(
        """
        SELECT e.id, e.occurred_at, e.source_ref, e.metadata, e.body
        FROM json_each(?2) wanted JOIN entries e ON e.id = wanted.value
        WHERE e.project_key = ?1 AND e.origin NOT IN ('document', 'commit') AND lower(e.entry_type) <> 'commit'
        """,
        static row => new NamingEntry(row.GetString(0), row.Time(1), row.TextOrNull(2), row.TextOrNull(3), row.GetString(4)),
        project, JsonStrings.Write(ids));
}
