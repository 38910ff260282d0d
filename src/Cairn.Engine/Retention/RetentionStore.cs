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

    /// <summary>The newest rows, newest first.</summary>
    public static List<RetentionAuditEvent> Newest(DatabaseConnection connection, int limit) => connection.Query(
        "SELECT run_id, event, executed_at, inputs, counts, row_hash FROM retention_audit_events ORDER BY key DESC LIMIT ?1",
        static row => new RetentionAuditEvent
        {
            RunId = row.GetString(0),
            Event = row.GetString(1),
            ExecutedAt = row.Time(2),
            Inputs = ReadJson(row.GetString(3)),
            Counts = ReadJson(row.GetString(4)),
            RowHash = Convert.ToHexStringLower(row.Bytes(5)),
        },
        limit);

    /// <summary>Walks the whole chain, oldest first, to the first row that does not fit.</summary>
    public static RetentionChain Verify(DatabaseConnection connection)
    {
        // Texts are read as the bytes that are stored: read as text they would end at a NUL.
        var rows = connection.Query(
            """
            SELECT run_id, previous_hash, row_hash, CAST(run_id AS BLOB), CAST(event AS BLOB), CAST(CAST(executed_at AS TEXT) AS BLOB),
                   CAST(inputs AS BLOB), CAST(counts AS BLOB), CAST(candidate_ids AS BLOB)
            FROM retention_audit_events
            ORDER BY key
            """, Link.Read);
        byte[]? previous = null;
        foreach (var row in rows)
        {
            if (!Same(row.PreviousHash, previous)) return Broken(row, "the row before it was altered, removed or moved");
            if (!Same(row.RowHash, row.ComputedHash)) return Broken(row, "this row was altered");
            previous = row.RowHash;
        }
        return new RetentionChain { Verified = true, Events = rows.Count };

        RetentionChain Broken(Link row, string reason) => new() { Verified = false, Events = rows.Count, BrokenAt = row.RunId, Reason = reason };
    }

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
