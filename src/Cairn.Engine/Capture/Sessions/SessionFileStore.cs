using Cairn.Engine.Storage;

namespace Cairn.Engine.Capture.Sessions;

/// <summary>How far a session file was read.</summary>
/// <param name="Name">Its path, without the ending of a compressed one.</param>
/// <param name="Client">codex or claude.</param>
/// <param name="Size">Its length in bytes when it was read; -1 when the rest of a turn waits to be read.</param>
/// <param name="WrittenAt">When it had last been written.</param>
/// <param name="Offset">Up to where it was read, in bytes of the uncompressed file.</param>
/// <param name="Head">What it began with, as a short hash.</param>
/// <param name="State">The reader's state there.</param>
internal sealed record SessionFileRow(string Name, string Client, long Size, DateTimeOffset WrittenAt, long Offset, byte[] Head, string State);

/// <summary>The SQL of session files.</summary>
internal static class SessionFileStore
{
    /// <summary>The size and the time of writing at which each of these files was read, by its name; those that never were are left out.</summary>
    public static Dictionary<string, (long Size, DateTimeOffset WrittenAt)> Read(DatabaseConnection connection, IEnumerable<string> names) => connection.Query(
        "SELECT f.path, f.size, f.written_at FROM json_each(?1) wanted CROSS JOIN session_files f ON f.path = wanted.value",
        static row => (Name: row.GetString(0), Size: row.GetInt64(1), WrittenAt: row.Time(2)), JsonStrings.Write([.. names]))
        .ToDictionary(static row => row.Name, static row => (row.Size, row.WrittenAt), StringComparer.Ordinal);

    /// <summary>How far a file was read; null when it never was.</summary>
    public static SessionFileRow? Find(DatabaseConnection connection, string name) => connection.Query(
        "SELECT path, client, size, written_at, offset, head, state FROM session_files WHERE path = ?1",
        static row => new SessionFileRow(row.GetString(0), row.GetString(1), row.GetInt64(2), row.Time(3), row.GetInt64(4), row.GetFieldValue<byte[]>(5), row.GetString(6)), name)
        .FirstOrDefault();

    /// <summary>Records how far a file was read.</summary>
    public static void Put(WriteScope scope, SessionFileRow row) => scope.Connection.Execute(
        """
        INSERT INTO session_files (path, client, size, written_at, offset, head, state, read_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT (path) DO UPDATE SET client = ?2, size = ?3, written_at = ?4, offset = ?5, head = ?6, state = ?7, read_at = ?8
        """, row.Name, row.Client, row.Size, row.WrittenAt, row.Offset, row.Head, row.State, scope.Now);
}
