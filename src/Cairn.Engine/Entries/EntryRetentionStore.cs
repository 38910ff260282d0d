using Cairn.Engine.Storage;
using Microsoft.Data.Sqlite;

namespace Cairn.Engine.Entries;

/// <summary>What a retention rule asks of an entry.</summary>
/// <param name="Id">Its id.</param>
/// <param name="ProjectKey">Its project.</param>
/// <param name="OccurredAt">When it happened, in Unix milliseconds.</param>
/// <param name="EntryType">Its type.</param>
/// <param name="Pinned">Whether it is pinned.</param>
/// <param name="Superseding">Whether it is active and took another's place.</param>
internal readonly record struct EntryAge(string Id, long ProjectKey, long OccurredAt, string EntryType, bool Pinned, bool Superseding);

/// <summary>An entry as an archive, its undoing and its purge look at it.</summary>
internal sealed record RetentionEntry(long Key, string State, string? StateReason, DateTimeOffset ChangedAt, DateTimeOffset RecordedAt, string EntryType, bool Pinned, bool Superseding);

/// <summary>How many entries came to a project in a while.</summary>
internal sealed record ProjectGrowth(string Project, int Saved, int Ingested);

/// <summary>The SQL by which retention reads entries. It decides nothing.</summary>
internal static class EntryRetentionStore
{
    private const string Superseding = "e.state = 'active' AND EXISTS (SELECT 1 FROM entry_links l WHERE l.from_key = e.key AND l.relation_type = 'supersedes')";

    /// <summary>All entries that are not archived and happened before a time (Unix milliseconds), of one project or of all, newest first.</summary>
    public static List<EntryAge> NewestFirst(DatabaseConnection connection, long? projectKey, long before)
    {
        const string select = $"SELECT e.id, e.project_key, e.occurred_at, e.entry_type, e.pinned, {Superseding} FROM entries e WHERE e.state <> 'archived' AND e.occurred_at < ?1";
        const string order = "ORDER BY e.occurred_at DESC, e.key DESC";
        return projectKey is { } key
            ? connection.Query($"{select} AND e.project_key = ?2 {order}", Read, before, key)
            : connection.Query($"{select} {order}", Read, before);

        static EntryAge Read(SqliteDataReader row) => new(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetString(3), row.GetBoolean(4), row.GetBoolean(5));
    }

    /// <summary>An entry by its stored id.</summary>
    public static RetentionEntry? Find(DatabaseConnection connection, string id) => connection.First(
        $"SELECT e.key, e.state, e.state_reason, e.changed_at, e.recorded_at, e.entry_type, e.pinned, {Superseding} FROM entries e WHERE e.id = ?1",
        static row => new RetentionEntry(row.GetInt64(0), row.GetString(1), row.TextOrNull(2), row.Time(3), row.Time(4), row.GetString(5), row.GetBoolean(6), row.GetBoolean(7)), id);

    /// <summary>Whether another entry is active that would be the same one: the same content, or a document's section of the same place.</summary>
    public static bool HasActiveTwin(DatabaseConnection connection, long key) => connection.Number(
        """
        SELECT EXISTS (
            SELECT 1 FROM entries e JOIN entries o ON o.project_key = e.project_key AND o.state = 'active' AND o.key <> e.key AND (
                   e.origin <> 'document' AND o.origin <> 'document' AND o.content_hash = e.content_hash
                OR e.origin = 'document' AND o.origin = 'document' AND o.source_ref = e.source_ref)
            WHERE e.key = ?1)
        """, key) == 1;

    /// <summary>The newest time, from one to before another (Unix milliseconds), at which an entry was recorded or changed; null when none was.</summary>
    public static long? LastChange(DatabaseConnection connection, long from, long before) => connection.Number(
        """
        SELECT max(at) FROM (
            SELECT max(recorded_at) AS at FROM entries WHERE recorded_at >= ?1 AND recorded_at < ?2
            UNION ALL
            SELECT max(changed_at) FROM entries WHERE changed_at >= ?1 AND changed_at < ?2)
        """, from, before);

    /// <summary>How many entries were recorded after one time and up to another, project by project, by name.</summary>
    public static List<ProjectGrowth> Growth(DatabaseConnection connection, DateTimeOffset after, DateTimeOffset until) => connection.Query(
        """
        SELECT p.name, count(*) FILTER (WHERE e.origin <> 'document'), count(*) FILTER (WHERE e.origin = 'document')
        FROM entries e JOIN projects p ON p.key = e.project_key
        WHERE e.recorded_at > ?1 AND e.recorded_at <= ?2
        GROUP BY p.key ORDER BY p.name
        """, static row => new ProjectGrowth(row.GetString(0), row.GetInt32(1), row.GetInt32(2)), after, until);
}
