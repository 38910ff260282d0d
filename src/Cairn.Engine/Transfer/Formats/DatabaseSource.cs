using Cairn.Engine.Storage;

namespace Cairn.Engine.Transfer.Formats;

/// <summary>A table of another memory's database and how a row of it becomes an entry; null when the row is none.</summary>
internal sealed record ForeignTable(string Name, IReadOnlyList<string> Columns, Func<ForeignRow, ForeignEntry?> Map);

/// <summary>
/// Another memory's SQLite database. Of its tables and columns only the names are known here; what a version of it lacks
/// is taken as empty.
/// </summary>
internal sealed class DatabaseSource(string path, string format, IReadOnlyList<ForeignTable> tables) : IImportSource
{
    /// <summary>The databases that are known: how each is told from the others, and what is read of it.</summary>
    private static readonly (string Format, string Table, string[] Marks, IReadOnlyList<ForeignTable> Tables)[] Known =
    [
        (ImportFormats.CodexMem, "entries", ["id", "title", "body", "entry_type", "project", "created_at_unix_ms"], CodexMemTables.All),
        (ImportFormats.ClaudeMem, "observations", ["id", "project", "type", "narrative", "facts", "created_at_epoch"], ClaudeMemTables.All),
        (ImportFormats.Engram, "observations", ["id", "title", "content", "type", "project", "topic_key", "created_at"], EngramTables.All),
    ];

    public string Format => format;

    /// <summary>Opens a database as the format that is named, or as the one that its tables show.</summary>
    /// <exception cref="EngineException">It has not the tables.</exception>
    public static DatabaseSource Open(string path, string? named)
    {
        using var database = Open(path);
        foreach (var known in Known.Where(known => named is null || known.Format == named))
        {
            var columns = database.Columns(known.Table);
            if (known.Marks.All(columns.Contains)) return new DatabaseSource(path, known.Format, known.Tables);
        }
        throw EngineException.Invalid(path, named is null
            ? $"is a SQLite database, but none of {string.Join(", ", Known.Select(static known => known.Format))}"
            : $"has not the tables of {named}");
    }

    public IEnumerable<ImportItem> Read()
    {
        using var database = Open(path);
        var latest = new DateTimeOffset(File.GetLastWriteTimeUtc(path));
        foreach (var table in tables.Where(table => database.Columns(table.Name).Count > 0))
        {
            foreach (var row in database.Rows(table.Name, table.Columns))
            {
                var where = $"{table.Name} {row.Text("id") ?? $"row {row.Key}"}";
                if (row.Oversize is { } size) yield return new ImportItem.Unreadable(where, $"has {size} bytes, more than an entry can hold");
                else if (table.Map(row) is { } entry) yield return (entry with { Latest = latest }).ToItem(where);
            }
        }
    }

    // The header's write version says whether it is in WAL mode.
    private static ForeignDatabase Open(string path) => ForeignDatabase.Open(path, isInWalMode: SourceFile.Head(path, 20) is { Length: 20 } header && header[18] == 2);
}
