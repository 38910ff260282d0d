using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Cairn.Engine.Storage;

/// <summary>
/// The full-text index as a thing that can be lost: its triggers would stop every save when the table is missing, so
/// they can be taken off, and the whole can be made anew from the entries. The ranked index goes with it.
/// </summary>
internal static class FullTextSchema
{
    private const string Detached = """
        DROP TRIGGER IF EXISTS entries_fts_insert;
        DROP TRIGGER IF EXISTS entries_fts_delete;
        DROP TRIGGER IF EXISTS entries_fts_update;
        DROP TRIGGER IF EXISTS ranked_index_text;
        DROP TRIGGER IF EXISTS ranked_index_gone;
        DROP TRIGGER IF EXISTS ranked_index_state;
        """;

    /// <summary>Whether a write's failure can be the index's. Damage shows as an error, a corruption or a constraint of its shadow tables.</summary>
    public static bool CanFailWrite(Exception error) =>
        error is SqliteException { SqliteErrorCode: raw.SQLITE_ERROR or raw.SQLITE_CORRUPT or raw.SQLITE_CONSTRAINT };

    /// <summary>Whether a search's failure can be the index's: it is missing or damaged. A malformed query is not that.</summary>
    public static bool CanFailSearch(Exception error) =>
        error is SqliteException { SqliteErrorCode: raw.SQLITE_CORRUPT }
        || error is SqliteException { SqliteErrorCode: raw.SQLITE_ERROR } broken
            && (broken.Message.Contains("entries_fts", StringComparison.Ordinal) || broken.Message.Contains("invalid fts5 file format", StringComparison.Ordinal));

    /// <summary>Whether table and triggers are there. A missing trigger means that saves went past the index.</summary>
    public static bool IsAttached(DatabaseConnection connection) => connection.Number(
        "SELECT count(*) FROM sqlite_schema WHERE name IN ('entries_fts', 'entries_fts_insert', 'entries_fts_delete', 'entries_fts_update')") == 4;

    /// <summary>Takes the triggers off, so that saves go on without the index. For use inside a write transaction.</summary>
    public static void Detach(DatabaseConnection connection) => connection.ExecuteScript(Detached);

    /// <summary>Makes index and triggers anew from the entries. For use inside a write transaction; about 40 µs an entry.</summary>
    public static void Rebuild(DatabaseConnection connection)
    {
        connection.ExecuteScript(Detached);
        connection.ExecuteScript("DROP TABLE IF EXISTS entries_fts");
        connection.ExecuteScript(Migrator.All.Single(migration => migration.Name == "full_text").Sql);
        ResetRanked(connection);
    }

    /// <summary>Makes the ranked index's tables and triggers anew, and empty. For use inside a write transaction.</summary>
    public static void ResetRanked(DatabaseConnection connection) => connection.ExecuteScript(
        $"""
        DROP TRIGGER IF EXISTS ranked_index_text;
        DROP TRIGGER IF EXISTS ranked_index_gone;
        DROP TRIGGER IF EXISTS ranked_index_state;
        DROP TABLE IF EXISTS ranked_pages;
        DROP TABLE IF EXISTS ranked_segments;
        DROP TABLE IF EXISTS ranked_changes;
        {Migrator.All.Single(migration => migration.Name == "ranked_index").Sql}
        """);
}
