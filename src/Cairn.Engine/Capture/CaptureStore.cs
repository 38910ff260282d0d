using Cairn.Engine.Storage;

namespace Cairn.Engine.Capture;

/// <summary>The SQL of the capture audit. It decides nothing.</summary>
internal static class CaptureStore
{
    /// <summary>How many rows are kept: the newest.</summary>
    public const int MaxRows = 20_000;

    /// <summary>Appends rows, each with its candidate's fingerprint, and drops those that are too old.</summary>
    public static void Add(DatabaseConnection connection, IEnumerable<(CaptureEvent Row, string? Fingerprint)> rows)
    {
        var last = 0L;
        foreach (var (row, fingerprint) in rows)
            last = connection.Insert(
                """
                INSERT INTO capture_events (outcome, reason, rule, entry_type, confidence, client, session_id, project, event_ids, fingerprint, entry_id, occurred_at, decided_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
                """,
                row.Outcome, row.Reason, row.Rule, row.EntryType, row.Confidence, row.Client, row.SessionId, row.Project, JsonStrings.Write(row.EventIds),
                fingerprint, row.EntryId, row.OccurredAt, row.DecidedAt);
        if (last > MaxRows) connection.Execute("DELETE FROM capture_events WHERE key <= ?1", last - MaxRows);
    }

    /// <summary>Whether a candidate of a session was skipped for this reason before.</summary>
    public static bool WasSkipped(DatabaseConnection connection, string sessionId, string fingerprint, string reason) => connection.Number(
        "SELECT EXISTS (SELECT 1 FROM capture_events WHERE session_id = ?1 AND fingerprint = ?2 AND outcome = 'skipped' AND reason = ?3)", sessionId, fingerprint, reason) == 1;

    /// <summary>Whether a session was seen to touch a path that is denied.</summary>
    public static bool WasDenied(DatabaseConnection connection, string sessionId) => connection.Number(
        "SELECT EXISTS (SELECT 1 FROM capture_events WHERE session_id = ?1 AND outcome = 'skipped' AND reason = 'path_denied')", sessionId) == 1;

    /// <summary>The entry that a candidate of a session was saved as, or was found to be a duplicate of; null when it was neither.</summary>
    public static string? Entry(DatabaseConnection connection, string sessionId, string fingerprint) => connection.Text(
        "SELECT entry_id FROM capture_events WHERE session_id = ?1 AND fingerprint = ?2 AND outcome IN ('saved', 'duplicate') ORDER BY key DESC LIMIT 1", sessionId, fingerprint);

    /// <summary>The entry that the same text of a project was saved as since a time, unless another took its place; null when none.</summary>
    public static string? SavedAs(DatabaseConnection connection, string fingerprint, string? project, DateTimeOffset since) => connection.Text(
        """
        SELECT entry_id FROM capture_events
        WHERE fingerprint = ?1 AND entry_id IS NOT NULL AND project IS ?2 AND decided_at >= ?3 AND outcome = 'saved'
          AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.id = entry_id AND e.state = 'superseded')
        ORDER BY key DESC LIMIT 1
        """, fingerprint, project, since);

    /// <summary>The newest rows, newest first; null means any.</summary>
    public static List<CaptureEvent> Newest(DatabaseConnection connection, int limit, string? sessionId, string? project) => connection.Query(
        """
        SELECT outcome, reason, rule, entry_type, confidence, client, session_id, project, event_ids, entry_id, occurred_at, decided_at
        FROM capture_events
        WHERE (?2 IS NULL OR session_id = ?2) AND (?3 IS NULL OR project = ?3 COLLATE NOCASE)
        ORDER BY key DESC LIMIT ?1
        """,
        static row => new CaptureEvent
        {
            Outcome = row.GetString(0),
            Reason = row.GetString(1),
            Rule = row.GetString(2),
            EntryType = row.GetString(3),
            Confidence = row.IsDBNull(4) ? null : row.GetDouble(4),
            Client = row.GetString(5),
            SessionId = row.GetString(6),
            Project = row.TextOrNull(7),
            EventIds = JsonStrings.Read(row.GetString(8)) ?? [],
            EntryId = row.TextOrNull(9),
            OccurredAt = row.Time(10),
            DecidedAt = row.Time(11),
        }, limit, sessionId, project);

    /// <summary>What became of each rule's candidates.</summary>
    public static List<CaptureRuleCount> Rules(DatabaseConnection connection, string? project) => connection.Query(
        """
        SELECT c.entry_type, c.rule, sum(c.outcome = 'saved'), sum(c.outcome = 'duplicate'), sum(c.outcome = 'skipped'),
               sum(c.outcome = 'saved' AND EXISTS (SELECT 1 FROM entries e WHERE e.id = c.entry_id AND e.state = 'archived' AND e.state_reason = 'forgotten'))
        FROM capture_events c
        WHERE c.rule <> '-' AND (?1 IS NULL OR c.project = ?1 COLLATE NOCASE)
        GROUP BY c.entry_type, c.rule ORDER BY c.entry_type, c.rule
        """,
        static row => new CaptureRuleCount(row.GetString(0), row.GetString(1), row.GetInt32(2), row.GetInt32(3), row.GetInt32(4), row.GetInt32(5)), project);

    /// <summary>Why candidates were skipped.</summary>
    public static List<CaptureReasonCount> Reasons(DatabaseConnection connection, string? project) => connection.Query(
        """
        SELECT reason, count(*) FROM capture_events
        WHERE outcome = 'skipped' AND (?1 IS NULL OR project = ?1 COLLATE NOCASE)
        GROUP BY reason ORDER BY count(*) DESC, reason
        """, static row => new CaptureReasonCount(row.GetString(0), row.GetInt32(1)), project);

    /// <summary>How many sessions there are rows of, and the time of the oldest row.</summary>
    public static (int Sessions, DateTimeOffset? Since) Extent(DatabaseConnection connection, string? project) => connection.First(
        "SELECT count(DISTINCT session_id), min(decided_at) FROM capture_events WHERE ?1 IS NULL OR project = ?1 COLLATE NOCASE",
        static row => (row.GetInt32(0), row.IsDBNull(1) ? (DateTimeOffset?)null : row.Time(1)), project);
}
