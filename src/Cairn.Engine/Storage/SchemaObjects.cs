namespace Cairn.Engine.Storage;

/// <summary>A table as the migrations make it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="HasKeys">Whether it has rowids; else its rows stand in a tree of their own order.</param>
/// <param name="Columns">Its columns, in the order in which a row stores them.</param>
internal sealed record TableShape(string Name, bool HasKeys, IReadOnlyList<ColumnShape> Columns);

/// <summary>A column as the migrations make it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">INTEGER, TEXT, REAL or BLOB: the tables are STRICT.</param>
/// <param name="IsKey">Whether it is the table's rowid by name.</param>
/// <param name="Required">Whether it may not be null.</param>
/// <param name="Parent">The table that it refers to; null when to none.</param>
/// <param name="ParentColumn">The column there.</param>
internal sealed record ColumnShape(string Name, string Type, bool IsKey, bool Required, string? Parent, string? ParentColumn);

/// <summary>What the migrations make, found by applying them to an empty database in memory.</summary>
internal static class SchemaObjects
{
    private const int CacheKibibytes = 2048;
    private const string FullText = "entries_fts";
    private const string Ranked = " ranked_";

    // What is made of entries and can be made again.
    private static readonly string[] Derived = ["embeddings", "embedding_models", "embedding_changes", "ranked_segments", "ranked_pages", "ranked_changes"];

    /// <summary>The tables that hold data: no virtual table and nothing that belongs to one, not the list of migrations, and none that is derived from others.</summary>
    public static List<TableShape> Tables(int version)
    {
        using var model = Model(version);
        return model.Query("SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> 'schema_migrations' ORDER BY name",
            static row => (Name: row.GetString(0), HasKeys: !row.GetBoolean(1))).FindAll(static table => !Derived.Contains(table.Name)).ConvertAll(table => new TableShape(table.Name, table.HasKeys, Columns(model, table.Name, table.HasKeys)));
    }

    /// <summary>
    /// What of a database's tables, indexes and triggers is not as the migrations of its version make it, in words. Of the
    /// tables that the full-text index keeps only the names are compared: their texts are SQLite's own.
    /// </summary>
    public static List<string> Differences(DatabaseConnection connection)
    {
        using var model = Model(Migrator.Version(connection));
        var (expected, found) = (Objects(model), Objects(connection));
        return
        [
            .. expected.Where(made => !found.ContainsKey(made.Key)).Select(static made => $"{made.Value.Type} {made.Key} is missing"),
            .. expected.Where(made => found.TryGetValue(made.Key, out var there) && there != made.Value).Select(static made => $"{made.Value.Type} {made.Key} is not as the migrations make it"),
            .. found.Where(there => !expected.ContainsKey(there.Key)).Select(static there => $"{there.Value.Type} {there.Key} is none of the migrations'"),
        ];
    }

    /// <summary>Whether a difference is the full-text index's or the ranked index's alone.</summary>
    public static bool IsFullText(string difference) => difference.Contains(FullText, StringComparison.Ordinal) || difference.Contains(Ranked, StringComparison.Ordinal);

    /// <summary>The tables that hold rows and can be read as any other, the list of migrations and the full-text index's own included.</summary>
    public static List<(string Table, List<string> TextColumns)> TextColumns(DatabaseConnection connection) =>
        connection.Query("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name", static row => row.GetString(0))
            .ConvertAll(table => (table, connection.Query("SELECT name FROM pragma_table_info(?1) WHERE type = 'TEXT' ORDER BY cid", static row => row.GetString(0), table)));

    private static DatabaseConnection Model(int version)
    {
        var model = DatabaseConnection.Open(":memory:", CacheKibibytes);
        foreach (var migration in Migrator.All.Where(migration => migration.Version <= version)) Migrator.Run(model, migration);
        return model;
    }

    private static List<ColumnShape> Columns(DatabaseConnection model, string table, bool hasKeys)
    {
        var parents = model.Query("SELECT \"from\", \"table\", coalesce(\"to\", 'key') FROM pragma_foreign_key_list(?1)", static row => (Column: row.GetString(0), Table: row.GetString(1), Target: row.GetString(2)), table)
            .ToDictionary(static parent => parent.Column, StringComparer.Ordinal);
        var columns = model.Query("SELECT name, type, \"notnull\", pk FROM pragma_table_info(?1) ORDER BY cid",
            static row => (Name: row.GetString(0), Type: row.GetString(1), Required: row.GetBoolean(2), Position: row.GetInt32(3)), table);
        // A tree without keys stores the columns of the primary key first.
        var stored = hasKeys ? columns : [.. columns.Where(static column => column.Position > 0).OrderBy(static column => column.Position), .. columns.Where(static column => column.Position == 0)];
        var hasAlias = hasKeys && columns.Count(static column => column.Position > 0) == 1;
        return stored.ConvertAll(column =>
        {
            var isKey = hasAlias && column is { Position: > 0, Type: "INTEGER" };
            var parent = parents.GetValueOrDefault(column.Name);
            return new ColumnShape(column.Name, column.Type, isKey, column.Required || (!hasKeys && column.Position > 0), parent.Table, parent.Target);
        });
    }

    private static Dictionary<string, (string Type, string Table, string? Sql)> Objects(DatabaseConnection connection) => connection.Query(
        "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
        static row => (Name: row.GetString(1), Value: (row.GetString(0), row.GetString(2), row.GetString(1).StartsWith(FullText + "_", StringComparison.Ordinal) && row.GetString(0) == "table" ? null : row.TextOrNull(3))))
        .ToDictionary(static row => row.Name, static row => row.Value, StringComparer.Ordinal);
}
