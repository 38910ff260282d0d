using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cairn.Engine.Storage;
using Microsoft.Data.Sqlite;

namespace Cairn.Engine.Retention;

/// <summary>What a row of the audit says, apart from its place in the chain. The last three are JSON on one line.</summary>
internal sealed record RetentionAuditRow(string RunId, string Event, DateTimeOffset ExecutedAt, string Inputs, string Counts, string CandidateIds);

/// <summary>
/// The SQL of the audit, and the chain that its rows make. A row's hash is SHA-256 over these texts in UTF-8, with one
/// line feed between each two: "cairn-retention-audit-1"; the hash of the row before in lower-case hex, "-" for the first;
/// run_id; event; executed_at in decimal; inputs; counts; candidate_ids. None of them holds a line feed when it is
/// written. So a row that is altered, removed or moved shows, with two limits of every chain without a key: rows taken
/// off its end do not show, nor does one whose writer made all hashes after it anew; the newest hash, kept elsewhere, tells.
/// </summary>
internal static class RetentionStore
{
    /// <summary>Appends a row. Only inside a write transaction: there nobody else appends between the look at the last row and the insert.</summary>
    public static void Append(DatabaseConnection connection, RetentionAuditRow row)
    {
        var previous = connection.First("SELECT row_hash FROM retention_audit_events ORDER BY key DESC LIMIT 1", static last => last.Bytes(0));
        var executedAt = row.ExecutedAt.ToUnixTimeMilliseconds();
        var hash = Hash(previous, [.. new[] { row.RunId, row.Event, executedAt.ToString(CultureInfo.InvariantCulture), row.Inputs, row.Counts, row.CandidateIds }.Select(Encoding.UTF8.GetBytes)]);
        connection.Insert(
            """
            INSERT INTO retention_audit_events (run_id, event, inputs, counts, candidate_ids, executed_at, previous_hash, row_hash)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            """,
            row.RunId, row.Event, row.Inputs, row.Counts, row.CandidateIds, executedAt, previous, hash);
    }

    /// <summary>The newest rows, newest first. The batches of a step are left out: its end sums them up.</summary>
    public static List<RetentionAuditEvent> Newest(DatabaseConnection connection, int limit) => connection.Query(
        $"{SelectRow} WHERE event NOT LIKE '%\\_batch' ESCAPE '\\' ORDER BY key DESC LIMIT ?1", ReadRow, limit);

    /// <summary>The rows of a run, oldest first, without the batches of its steps.</summary>
    public static List<RetentionAuditEvent> Of(DatabaseConnection connection, string runId) => connection.Query(
        $"{SelectRow} WHERE run_id = ?1 AND event NOT LIKE '%\\_batch' ESCAPE '\\' ORDER BY key", ReadRow, runId);

    /// <summary>The newest dry run before a row, or null.</summary>
    public static RetentionAuditEvent? DryRunBefore(DatabaseConnection connection, long key) => connection.First(
        $"{SelectRow} WHERE event = ?1 AND key < ?2 ORDER BY key DESC LIMIT 1", ReadRow, RetentionSteps.DryRun, key);

    /// <summary>The runs that have a step, in their order.</summary>
    public static List<string> RunsWith(DatabaseConnection connection, string step) => connection.Query(
        "SELECT run_id FROM retention_audit_events WHERE event = ?1 GROUP BY run_id ORDER BY min(key)", static row => row.GetString(0), step);

    /// <summary>Whether a run has a step.</summary>
    public static bool Has(DatabaseConnection connection, string runId, string step) =>
        connection.Number("SELECT EXISTS (SELECT 1 FROM retention_audit_events WHERE run_id = ?1 AND event = ?2)", runId, step) == 1;

    /// <summary>The ids of a run's rows of one kind, with the time of the row, oldest first. A row that somebody altered may give none.</summary>
    public static List<(string Id, DateTimeOffset At)> Ids(DatabaseConnection connection, string runId, string step) => connection.Query(
        """
        SELECT id.value, a.executed_at
        FROM retention_audit_events a, json_each(CASE WHEN json_valid(a.candidate_ids) THEN a.candidate_ids ELSE '[]' END) id
        WHERE a.run_id = ?1 AND a.event = ?2 AND id.type = 'text'
        ORDER BY a.key, id.id
        """, static row => (row.GetString(0), row.Time(1)), runId, step);

    /// <summary>The newest time of a row, from one to before another (Unix milliseconds); null when there is none.</summary>
    public static long? LastRow(DatabaseConnection connection, long from, long before) =>
        connection.Number("SELECT max(executed_at) FROM retention_audit_events WHERE executed_at >= ?1 AND executed_at < ?2", from, before);

    /// <summary>When the database was made, in Unix milliseconds.</summary>
    public static long Made(DatabaseConnection connection) => connection.Number("SELECT min(applied_at) FROM schema_migrations") ?? long.MinValue;

    /// <summary>How many sources were ingested with a change after one time and up to another, project by project, by name.</summary>
    public static List<(string Project, int Sources)> IngestedSources(DatabaseConnection connection, DateTimeOffset after, DateTimeOffset until) => connection.Query(
        """
        SELECT p.name, count(*) FROM ingestion_events i JOIN projects p ON p.key = i.project_key
        WHERE i.ingested_at > ?1 AND i.ingested_at <= ?2 AND i.outcome IN ('imported', 'superseded')
        GROUP BY p.key ORDER BY p.name
        """, static row => (row.GetString(0), row.GetInt32(1)), after, until);

    /// <summary>Walks the chain, oldest first, to the first row that does not fit.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="from">The row to begin with, whatever is before it; left out, the first.</param>
    public static RetentionChain Verify(DatabaseConnection connection, long? from = null)
    {
        // Texts are read as the bytes that are stored: read as text they would end at a NUL.
        var rows = connection.Query(
            """
            SELECT run_id, previous_hash, row_hash, CAST(run_id AS BLOB), CAST(event AS BLOB), CAST(CAST(executed_at AS TEXT) AS BLOB),
                   CAST(inputs AS BLOB), CAST(counts AS BLOB), CAST(candidate_ids AS BLOB)
            FROM retention_audit_events
            WHERE ?1 IS NULL OR key >= ?1
            ORDER BY key
            """, Link.Read, from);
        var previous = from is null ? null : rows.FirstOrDefault()?.PreviousHash;
        foreach (var row in rows)
        {
            if (!Same(row.PreviousHash, previous)) return Broken(row, "the row before it was altered, removed or moved");
            if (!Same(row.RowHash, row.ComputedHash)) return Broken(row, "this row was altered");
            previous = row.RowHash;
        }
        return new RetentionChain { Verified = true, Events = rows.Count };

        RetentionChain Broken(Link row, string reason) => new() { Verified = false, Events = rows.Count, BrokenAt = row.RunId, Reason = reason };
    }

    private const string SelectRow = "SELECT key, run_id, event, executed_at, inputs, counts, row_hash FROM retention_audit_events";

    private static RetentionAuditEvent ReadRow(SqliteDataReader row) => new()
    {
        Key = row.GetInt64(0),
        RunId = row.GetString(1),
        Event = row.GetString(2),
        ExecutedAt = row.Time(3),
        Inputs = ReadJson(row.GetString(4)),
        Counts = ReadJson(row.GetString(5)),
        RowHash = Convert.ToHexStringLower(row.Bytes(6)),
    };

    private static byte[] Hash(byte[]? previous, IEnumerable<byte[]> fields)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData("cairn-retention-audit-1\n"u8);
        hash.AppendData(previous is null ? "-"u8 : Encoding.ASCII.GetBytes(Convert.ToHexStringLower(previous)));
        foreach (var field in fields)
        {
            hash.AppendData("\n"u8);
            hash.AppendData(field);
        }
        return hash.GetHashAndReset();
    }

    private static bool Same(byte[]? one, byte[]? other) => one is null || other is null ? one == other : one.AsSpan().SequenceEqual(other);

    // A row that somebody altered may hold anything; that it was altered is the chain's to say.
    private static JsonElement? ReadJson(string json)
    {
        try
        {
            return JsonElement.Parse(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Link(string RunId, byte[]? PreviousHash, byte[] RowHash, byte[] ComputedHash)
    {
        public static Link Read(SqliteDataReader row)
        {
            var previous = row.IsDBNull(1) ? null : row.Bytes(1);
            return new Link(row.GetString(0), previous, row.Bytes(2), Hash(previous, Enumerable.Range(3, 6).Select(column => row.Bytes(column))));
        }
    }
}
