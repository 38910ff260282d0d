using Cairn.Engine.Storage;

namespace Cairn.Engine.Entries;

/// <summary>The SQL of the policy's audit.</summary>
internal static class PolicyEventStore
{
    /// <summary>How many rows are kept: the newest.</summary>
    public const int MaxRows = 10_000;

    /// <summary>Appends rows, and drops those that are too old.</summary>
    public static void Add(DatabaseConnection connection, IEnumerable<PolicyEvent> events)
    {
        var last = 0L;
        foreach (var row in events)
            last = connection.Insert(
                """
                INSERT INTO policy_events (event, rule, field, line, column, length, fingerprint, origin, project, entry_id, reason, occurred_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
                """,
                row.Event, row.Rule, row.Field, row.Line, row.Column, row.Length, row.Fingerprint, row.Origin, row.Project, row.EntryId, row.Reason,
                row.OccurredAt.ToUnixTimeMilliseconds());
        if (last > MaxRows) connection.Execute("DELETE FROM policy_events WHERE key <= ?1", last - MaxRows);
    }

    /// <summary>The newest rows, newest first; null means any.</summary>
    public static List<PolicyEvent> Newest(DatabaseConnection connection, int limit, DateTimeOffset? since, string? project) => connection.Query(
        """
        SELECT event, occurred_at, rule, field, line, column, length, fingerprint, origin, project, entry_id, reason
        FROM policy_events
        WHERE (?2 IS NULL OR occurred_at >= ?2) AND (?3 IS NULL OR project = ?3 COLLATE NOCASE)
        ORDER BY key DESC
        LIMIT ?1
        """,
        static row => new PolicyEvent
        {
            Event = row.GetString(0),
            OccurredAt = row.Time(1),
            Rule = row.GetString(2),
            Field = row.TextOrNull(3),
            Line = row.IsDBNull(4) ? null : row.GetInt32(4),
            Column = row.IsDBNull(5) ? null : row.GetInt32(5),
            Length = row.IsDBNull(6) ? null : row.GetInt32(6),
            Fingerprint = row.TextOrNull(7),
            Origin = row.TextOrNull(8),
            Project = row.TextOrNull(9),
            EntryId = row.TextOrNull(10),
            Reason = row.TextOrNull(11),
        },
        limit, since?.ToUnixTimeMilliseconds(), project);

    /// <summary>The rule that last found what has this fingerprint, or null.</summary>
    public static string? Rule(DatabaseConnection connection, string fingerprint) => connection.Text(
        "SELECT rule FROM policy_events WHERE fingerprint = ?1 AND field IS NOT NULL ORDER BY key DESC LIMIT 1", fingerprint);
}
