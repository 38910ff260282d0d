using Cairn.Engine.Storage;

namespace Cairn.Engine.Ingestion;

/// <summary>One row of what an ingestion did: a file, or a source that nothing came of.</summary>
/// <param name="Source">Its path below the root.</param>
/// <param name="Outcome">imported, superseded, archived, duplicate or skipped.</param>
/// <param name="Reason">Why it was skipped.</param>
/// <param name="Count">Its sections; of a file that is gone, those that were archived.</param>
/// <param name="ContentHash">What its bytes and the way they were read come to; null when it was not read.</param>
internal sealed record IngestionEvent(string Source, string Outcome, string? Reason, int Count, byte[]? ContentHash);

/// <summary>The SQL of the journal of ingestions.</summary>
internal static class IngestionStore
{
    /// <summary>Adds a row.</summary>
    public static void Add(WriteScope scope, string runId, long projectKey, IngestionEvent item) => scope.Connection.Execute(
        """
        INSERT INTO ingestion_events (run_id, project_key, source, outcome, reason, entry_count, content_hash, ingested_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        """, runId, projectKey, item.Source, item.Outcome, item.Reason, item.Count, item.ContentHash, scope.Now);

    /// <summary>What is known of files: the hash and the number of sections that the last event left, where it was no skip.</summary>
    public static Dictionary<string, (byte[] Hash, int Count)> Last(DatabaseConnection connection, long projectKey, IEnumerable<string> files) => connection.Query(
        """
        SELECT e.source, e.content_hash, e.entry_count
        FROM json_each(?2) wanted
        JOIN ingestion_events e ON e.key = (
            SELECT key FROM ingestion_events WHERE project_key = ?1 AND source = wanted.value AND outcome <> 'skipped' ORDER BY key DESC LIMIT 1)
        WHERE e.content_hash IS NOT NULL
        """,
        static row => (Source: row.GetString(0), Hash: row.GetFieldValue<byte[]>(1), Count: row.GetInt32(2)), projectKey, JsonStrings.Write(files))
        .ToDictionary(static row => row.Source, static row => (row.Hash, row.Count), StringComparer.Ordinal);
}
