using System.Text.Json;

namespace Cairn.Engine.Transfer.Formats;

/// <summary>codex-mem's table entries. Its retention is a dry run alone and its links are unused: there is nothing else to bring.</summary>
internal static class CodexMemTables
{
    public static readonly IReadOnlyList<ForeignTable> All =
    [
        new("entries", ["id", "title", "body", "entry_type", "project", "session_id", "source_ref", "metadata_json", "created_at", "created_at_unix_ms"],
            static row => new ForeignEntry
            {
                System = ImportFormats.CodexMem,
                Id = row.Text("id") ?? $"row {row.Key}",
                Title = row.Filled("title"),
                Body = row.Text("body") ?? "",
                Type = row.Filled("entry_type"),
                Project = row.Filled("project"),
                SessionId = row.Filled("session_id"),
                SourceRef = row.Filled("source_ref"),
                Tags = Tags(row.Text("metadata_json")),
                Metadata = row.Filled("metadata_json"),
                CreatedAt = ForeignEntry.Epoch(row.Number("created_at_unix_ms")) ?? ForeignEntry.Time(row.Text("created_at")),
                Latest = default,
            }),
    ];

    // Tags have no column there; clients keep them in the metadata.
    private static List<string> Tags(string? metadata)
    {
        if (metadata is null || !metadata.Contains("\"tags\"", StringComparison.Ordinal)) return [];
        try
        {
            using var document = JsonDocument.Parse(metadata);
            return document.RootElement.ValueKind == JsonValueKind.Object ? [.. new JsonFields(document.RootElement).LooseList("tags")] : [];
        }
        catch (Exception error) when (error is JsonException or EngineException)
        {
            return []; // ForeignEntry says that the metadata is unusable
        }
    }
}
