using Cairn.Engine.Storage;

namespace Cairn.Engine.Transfer.Formats;

/// <summary>
/// engram's observations that were not deleted there, and the summaries of its sessions (handoffs here). The users'
/// prompts, which it keeps as well, are no memories.
/// </summary>
internal static class EngramTables
{
    private static readonly string[] Kept = ["topic_key", "scope", "tool_name"];

    public static readonly IReadOnlyList<ForeignTable> All =
    [
        new("observations", ["id", "sync_id", "session_id", "type", "title", "content", "project", "pinned", "created_at", "deleted_at", .. Kept],
            static row => row.Filled("deleted_at") is not null ? null : new ForeignEntry
            {
                System = ImportFormats.Engram,
                Id = row.Filled("sync_id") ?? $"observation {row.Text("id") ?? $"row {row.Key}"}",
                Title = row.Filled("title"),
                Body = row.Text("content") ?? "",
                Type = row.Filled("type"),
                Project = row.Filled("project"),
                SessionId = row.Filled("session_id"),
                Metadata = Metadata(row),
                Pinned = row.Number("pinned") is 1,
                CreatedAt = ForeignEntry.Epoch(row.Number("created_at")) ?? ForeignEntry.Time(row.Text("created_at")),
                Latest = default,
            }),
        new("sessions", ["id", "project", "summary", "started_at", "ended_at"],
            static row => row.Filled("summary") is not { } summary ? null : new ForeignEntry
            {
                System = ImportFormats.Engram,
                Id = $"session {row.Text("id") ?? $"row {row.Key}"}",
                Body = summary,
                Type = "handoff",
                Project = row.Filled("project"),
                SessionId = row.Filled("id"),
                CreatedAt = Time(row, "ended_at") ?? Time(row, "started_at"),
                Latest = default,
            }),
    ];

    private static DateTimeOffset? Time(ForeignRow row, string column) => ForeignEntry.Epoch(row.Number(column)) ?? ForeignEntry.Time(row.Text(column));

    private static string? Metadata(ForeignRow row)
    {
        if (!Kept.Any(column => row.Filled(column) is not null)) return null;
        return ForeignEntry.Object(json =>
        {
            foreach (var column in Kept)
                if (row.Filled(column) is { } value) json.WriteString(column, value);
        });
    }
}
