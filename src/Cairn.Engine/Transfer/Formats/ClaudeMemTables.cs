using Cairn.Engine.Storage;

namespace Cairn.Engine.Transfer.Formats;

/// <summary>
/// claude-mem's observations, its summaries of sessions (handoffs here) and its standing directives (preferences here).
/// The users' prompts, which it keeps as well, are no memories.
/// </summary>
internal static class ClaudeMemTables
{
    private static readonly (string Column, string Heading)[] SummaryParts =
    [
        ("request", "Request"), ("investigated", "Investigated"), ("learned", "Learned"), ("completed", "Completed"), ("next_steps", "Next steps"), ("notes", "Notes"),
    ];

    private static readonly string[] PathColumns = ["files_modified", "files_edited", "files_read"];

    public static readonly IReadOnlyList<ForeignTable> All =
    [
        new("observations",
            ["id", "memory_session_id", "sdk_session_id", "project", "text", "type", "title", "subtitle", "facts", "narrative", "concepts", "files_read", "files_modified", "created_at", "created_at_epoch"],
            static row => Entry(row, "observation") with
            {
                Title = row.Filled("title"),
                Body = ObservationBody(row),
                Type = row.Filled("type"),
                Tags = ForeignEntry.List(row.Text("concepts")),
            }),
        new("session_summaries",
            ["id", "memory_session_id", "sdk_session_id", "project", .. SummaryParts.Select(static part => part.Column), "files_read", "files_edited", "created_at", "created_at_epoch"],
            static row => Entry(row, "summary") with
            {
                Title = row.Filled("request"),
                Body = string.Join("\n\n", SummaryParts.Where(part => row.Filled(part.Column) is not null).Select(part => $"{part.Heading}: {row.Text(part.Column)!.Trim()}")),
                Type = "handoff",
            }),
        new("directives", ["id", "project", "content", "status", "created_at", "created_at_epoch"],
            static row => row.Text("status") is null or "active" ? Entry(row, "directive") with { Body = row.Text("content") ?? "", Type = "preference" } : null),
    ];

    private static ForeignEntry Entry(ForeignRow row, string kind) => new()
    {
        System = ImportFormats.ClaudeMem,
        Id = $"{kind} {row.Text("id") ?? $"row {row.Key}"}",
        Body = "",
        Project = row.Filled("project"),
        SessionId = row.Filled("memory_session_id") ?? row.Filled("sdk_session_id"),
        Metadata = Paths(row),
        CreatedAt = ForeignEntry.Epoch(row.Number("created_at_epoch")) ?? ForeignEntry.Time(row.Text("created_at")),
        Latest = default,
    };

    private static string ObservationBody(ForeignRow row)
    {
        var parts = new List<string>();
        if (row.Filled("subtitle") is { } subtitle) parts.Add(subtitle.Trim());
        if ((row.Filled("narrative") ?? row.Filled("text")) is { } narrative) parts.Add(narrative.Trim());
        var facts = ForeignEntry.List(row.Text("facts"));
        if (facts.Count > 0) parts.Add(string.Join('\n', facts.Select(static fact => $"- {fact}")));
        return parts.Count > 0 ? string.Join("\n\n", parts) : row.Text("title") ?? "";
    }

    // metadata.paths is what a search by path looks at.
    private static string? Paths(ForeignRow row)
    {
        var paths = PathColumns.SelectMany(column => ForeignEntry.List(row.Text(column))).Distinct(StringComparer.Ordinal).ToList();
        if (paths.Count == 0) return null;
        return ForeignEntry.Object(json =>
        {
            json.WriteStartArray("paths");
            foreach (var path in paths) json.WriteStringValue(path);
            json.WriteEndArray();
        });
    }
}
