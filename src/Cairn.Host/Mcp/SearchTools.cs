using Cairn.Engine;
using Cairn.Engine.Search;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Cairn.Host.Mcp;

/// <summary>The tools that find entries.</summary>
internal sealed partial class SearchTools(SearchService search, RequestOrigin origin)
{
    /// <summary>
    /// Recall memory: find past decisions, bugfixes, constraints, preferences, handoffs, commands and notes of this project by words, names,
    /// file paths or error messages. Returns an index, best first; read whole entries with get_entries.
    /// </summary>
    /// <param name="query">Any words; "quoted phrase"; src/a/path.cs</param>
    /// <param name="project">Default: the current project; * for all</param>
    /// <param name="type">Only this type</param>
    /// <param name="limit">1-100, default 20</param>
    /// <param name="offset">Hits to skip</param>
    /// <param name="after">ISO date or time</param>
    /// <param name="before">ISO date or time</param>
    /// <param name="path">Only entries about this file or folder</param>
    /// <param name="include_superseded">Replaced entries too</param>
    [McpServerTool(Name = "search", Title = "Search memory", ReadOnly = true, OpenWorld = false)]
    public partial CallToolResult Search(
        RequestContext<CallToolRequestParams> request, string query, string? project = null, string? type = null, int? limit = null, int? offset = null,
        string? after = null, string? before = null, string? session_id = null, string? path = null, bool? include_superseded = null)
    {
        var found = search.Search(new SearchQuery
        {
            Query = query,
            Type = type,
            Limit = limit ?? new SearchQuery { Query = "" }.Limit,
            Offset = offset ?? 0,
            After = after is null ? null : DateText.Parse("after", after),
            Before = before is null ? null : DateText.Parse("before", before),
            SessionId = session_id,
            Path = path,
            IncludeSuperseded = include_superseded ?? false,
        }, origin.Of(request, project));
        return ToolResults.Ok(found, WireJson.Compact.SearchResult);
    }
}
