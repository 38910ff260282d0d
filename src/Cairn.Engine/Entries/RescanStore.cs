using System.Text.Json;
using Cairn.Engine.Storage;
using Microsoft.Data.Sqlite;

namespace Cairn.Engine.Entries;

/// <summary>All of an entry that a secret can stand in, as it is stored.</summary>
internal sealed record RescanRow(
    long Key, string Id, long ProjectKey, string State, string Origin, DateTimeOffset OccurredAt, long ChangedAt, string Title, string Body, string EntryType,
    string? SourceRef, string? Tags, string? Metadata, string? Branch, string? Commit, string Project, string? Session)
{
    /// <summary>The reasons in its history, by their keys.</summary>
    public IReadOnlyList<(long Key, string Text)> Reasons { get; init; } = [];

    /// <summary>The fields of its own.</summary>
    public NewEntry Fields => new()
    {
        Text = Body,
        Title = Title,
        Type = EntryType,
        SourceRef = SourceRef,
        Tags = JsonStrings.Read(Tags) ?? [],
        Metadata = Metadata is { } json ? JsonElement.Parse(json) : null,
    };
}

/// <summary>The SQL by which stored entries are judged again. It decides nothing.</summary>
internal static class RescanStore
{
    private const string Select = """
        SELECT e.key, e.id, e.project_key, e.state, e.origin, e.occurred_at, e.changed_at, e.title, e.body, e.entry_type,
               e.source_ref, e.tags, e.metadata, e.branch, e.commit_id, p.name, s.id
        FROM entries e JOIN projects p ON p.key = e.project_key LEFT JOIN sessions s ON s.key = e.session_key
        """;

    /// <summary>The next entries after a key that a rule set has not judged.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="after">The key that the page before ended with.</param>
    /// <param name="last">The greatest key that counts.</param>
    /// <param name="project">The key of the one project that counts, or null.</param>
    /// <param name="ruleSet">The rule set's key; null means every entry.</param>
    /// <param name="limit">How many at most.</param>
    public static List<RescanRow> Page(DatabaseConnection connection, long after, long last, long? project, long? ruleSet, int limit) => WithReasons(connection, connection.Query(
        $"""
        {Select}
        WHERE e.key > ?1 AND e.key <= ?2 AND (?3 IS NULL OR e.project_key = ?3) AND (?4 IS NULL OR e.rule_set_key IS NOT ?4)
        ORDER BY e.key LIMIT ?5
        """, Read, after, last, project, ruleSet, limit));

    /// <summary>An entry as it is now, or null.</summary>
    public static RescanRow? Find(DatabaseConnection connection, long key) =>
        WithReasons(connection, connection.Query($"{Select} WHERE e.key = ?1", Read, key)) is [var row] ? row : null;

    /// <summary>Marks an entry as clean under a rule set, unless it was changed since it was judged.</summary>
    public static void Mark(DatabaseConnection connection, long key, long changedAt, long ruleSet) => connection.Execute(
        "UPDATE entries SET rule_set_key = ?3 WHERE key = ?1 AND changed_at = ?2", key, changedAt, ruleSet);

    /// <summary>Puts other text in an entry's place. The trigger keeps the index.</summary>
    public static void Rewrite(WriteScope scope, RescanRow row, EntryDraft draft, string? branch, string? commit) => scope.Connection.Execute(
        """
        UPDATE entries SET title = ?2, body = ?3, entry_type = ?4, source_ref = ?5, tags = ?6, metadata = ?7, branch = ?8, commit_id = ?9,
                           content_hash = ?10, search_text = ?11, changed_at = ?12
        WHERE key = ?1
        """,
        row.Key, draft.Title, draft.Body, draft.EntryType, draft.SourceRef, draft.TagsJson, draft.Metadata, branch, commit,
        draft.ContentHash, draft.SearchText(row.OccurredAt), scope.Now);

    /// <summary>Puts another reason in a revision's place.</summary>
    public static void SetReason(DatabaseConnection connection, long revision, string reason) =>
        connection.Execute("UPDATE entry_revisions SET reason = ?2 WHERE key = ?1", revision, reason);

    /// <summary>Records what was found in an entry and what became of it; never text.</summary>
    public static void AddEvent(WriteScope scope, string action, string id, PolicyViolation violation) => scope.Connection.Execute(
        """
        INSERT INTO policy_events (event, rule, field, line, column, length, entry_id, reason, occurred_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'rescan', ?8)
        """, action, violation.Rule, violation.Field, violation.Line, violation.Column, violation.Length, id, scope.Now);

    private static List<RescanRow> WithReasons(DatabaseConnection connection, List<RescanRow> rows)
    {
        var reasons = connection.Query(
            """
            SELECT entry_key, key, reason FROM entry_revisions
            WHERE entry_key IN (SELECT value FROM json_each(?1)) AND reason IS NOT NULL ORDER BY key
            """, static row => (Entry: row.GetInt64(0), Key: row.GetInt64(1), Text: row.GetString(2)), $"[{string.Join(',', rows.Select(static row => row.Key))}]")
            .ToLookup(static row => row.Entry, static row => (row.Key, row.Text));
        return rows.ConvertAll(row => row with { Reasons = [.. reasons[row.Key]] });
    }

    private static RescanRow Read(SqliteDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetString(3), row.GetString(4), row.Time(5), row.GetInt64(6), row.GetString(7), row.GetString(8),
        row.GetString(9), row.TextOrNull(10), row.TextOrNull(11), row.TextOrNull(12), row.TextOrNull(13), row.TextOrNull(14), row.GetString(15), row.TextOrNull(16));
}
