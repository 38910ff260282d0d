using Cairn.Engine;
using Cairn.Engine.Search;

namespace Cairn.Host.Mcp;

/// <summary>The tools that find entries.</summary>
internal static class SearchTools
{
    public static CairnTool Search(CairnEngine engine, RequestOrigin origin, LastSearch lastSearch) => CairnTool.Reads("search", "Search memory",
        """
        Recall memory: find past decisions, bugfixes, constraints, preferences, handoffs, commands and notes of this project by words, names,
        file paths or error messages. Returns an index, best first; read whole entries with get_entries.
        """,
        [
            ToolField.Text("query", "Any words; \"quoted phrase\"; src/a/path.cs") with { Required = true },
            ToolField.Text("project", "Default: the current project; * for all"),
            ToolField.Text("type", "Only this type"),
            ToolField.Number("limit", "1-100, default 20"),
            ToolField.Number("offset", "Hits to skip"),
            ToolField.Text("after", "ISO date or time"),
            ToolField.Text("before", "ISO date or time"),
            ToolField.Text("session_id"),
            ToolField.Text("path", "Only entries about this file or folder"),
            ToolField.Flag("include_superseded", "Replaced entries too"),
        ],
        call =>
        {
            var from = origin.Of(call);
            var found = engine.Search.Search(
                new SearchQuery
                {
                    Query = call.RequiredText("query"),
                    Type = call.Text("type"),
                    Limit = call.Number("limit") ?? SearchQuery.DefaultLimit,
                    Offset = call.Number("offset") ?? 0,
                    After = call.Text("after") is { } after ? DateText.Parse("after", after) : null,
                    Before = call.Text("before") is { } before ? DateText.Parse("before", before) : null,
                    SessionId = call.Text("session_id"),
                    Path = call.Text("path"),
                    IncludeSuperseded = call.Flag("include_superseded"),
                },
                from);
            lastSearch.Query = call.RequiredText("query");
            return ToolResults.Ok(engine.Freshness.Mark(found, from), WireJson.Compact.SearchResult);
        });
}
