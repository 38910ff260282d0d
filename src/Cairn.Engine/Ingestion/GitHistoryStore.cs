using Cairn.Engine.Storage;

namespace Cairn.Engine.Ingestion;

/// <summary>The SQL of git histories: up to where they were read, and which entry a commit became.</summary>
internal static class GitHistoryStore
{
    /// <summary>The commit up to which a project's history was read; null when it was not.</summary>
    public static string? Tip(DatabaseConnection connection, long projectKey) => connection.Text("SELECT tip FROM git_histories WHERE project_key = ?1", projectKey);

    /// <summary>Records up to where it was read.</summary>
    public static void PutTip(WriteScope scope, long projectKey, string tip) => scope.Connection.Execute(
        """
        INSERT INTO git_histories (project_key, tip, read_at) VALUES (?1, ?2, ?3)
        ON CONFLICT (project_key) DO UPDATE SET tip = ?2, read_at = ?3
        """, projectKey, tip, scope.Now);

    /// <summary>The entries of commits that revert another and were added behind a key: their keys and ids, and the id of what they revert, perhaps cut short.</summary>
    public static List<(long Key, string Id, string Reverted)> Reverts(DatabaseConnection connection, long projectKey, long behind) => connection.Query(
        """
        SELECT key, id, json_extract(metadata, '$.reverts') FROM entries
        WHERE project_key = ?1 AND origin = 'commit' AND key > ?2 AND json_type(metadata, '$.reverts') = 'text'
        ORDER BY key
        """, static row => (row.GetInt64(0), row.GetString(1), row.GetString(2)), projectKey, behind);

    /// <summary>The public id of the newest entry of a commit, whatever its state; the commit's id may be cut short. Null when there is none.</summary>
    public static string? Entry(DatabaseConnection connection, long projectKey, string sourceRef) => connection.Text(
        """
        SELECT id FROM entries
        WHERE project_key = ?1 AND origin = 'commit' AND source_ref >= ?2 AND source_ref < ?2 || 'g'
        ORDER BY state = 'active' DESC, key DESC LIMIT 1
        """, projectKey, sourceRef);
}
