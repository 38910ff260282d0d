using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Cairn.Engine.Entries;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Cairn.Host.Mcp;

/// <summary>The tools that save, read and change entries.</summary>
internal sealed partial class EntryTools(EntryService entries, RequestOrigin origin)
{
    /// <summary>
    /// Remember something for later sessions of this project: a decision and its reason, a bugfix and its cause, a constraint,
    /// a user preference, an open question, a handoff, a command that works. Write it so that it can be understood alone. Secrets are refused.
    /// </summary>
    /// <param name="text">What to remember, in full</param>
    /// <param name="title">One line; default: the text's first line</param>
    /// <param name="project">Default: the current project</param>
    /// <param name="type">note (default), decision, bugfix, constraint, preference, question, handoff, command, or your own</param>
    /// <param name="source_ref">File, URL or ticket that it is about</param>
    /// <param name="supersedes">Ids of entries that this one replaces</param>
    [McpServerTool(Name = "save_memory", Title = "Save memory", ReadOnly = false, Destructive = false, Idempotent = true, OpenWorld = false)]
    public partial CallToolResult Save(
        RequestContext<CallToolRequestParams> request, string text, string? title = null, string? project = null, string? type = null,
        string? source_ref = null, string[]? tags = null, Dictionary<string, JsonElement>? metadata = null, string? session_id = null, string[]? supersedes = null)
    {
        var entry = new NewEntry
        {
            Text = text,
            Title = title,
            Type = type,
            SourceRef = source_ref,
            Tags = tags ?? [],
            Metadata = Raw(request, "metadata"),
            Supersedes = supersedes ?? [],
        };
        return ToolResults.Of(entries.Save(entry, origin.Of(request, project, session_id)));
    }

    /// <summary>What happened before and after an entry in its project: the index lines around it, in time order.</summary>
    /// <param name="anchor_id">The entry's id</param>
    /// <param name="depth_before">0-20, default 3</param>
    /// <param name="depth_after">0-20, default 3</param>
    [McpServerTool(Name = "timeline", Title = "Timeline", ReadOnly = true, OpenWorld = false)]
    public partial CallToolResult Timeline(string anchor_id, int? depth_before = null, int? depth_after = null) =>
        ToolResults.Ok(entries.Timeline(anchor_id, depth_before ?? 3, depth_after ?? 3), WireJson.Compact.Timeline);

    /// <summary>Full text and details of memory entries by id, as found with search or timeline.</summary>
    /// <param name="ids">1-200 ids</param>
    [McpServerTool(Name = "get_entries", Title = "Get entries", ReadOnly = true, OpenWorld = false)]
    public partial CallToolResult Get(string[] ids) => ToolResults.Ok(entries.Get(ids), WireJson.Compact.EntryList);

    /// <summary>
    /// Correct, replace, forget or pin a memory entry. revise: a new version with the fields given; supersede: superseded_by takes its place;
    /// forget: archive (reinstate brings it back); pin: keep it in front.
    /// </summary>
    /// <param name="id">The entry's id</param>
    /// <param name="text">revise: new text</param>
    /// <param name="title">revise: new title</param>
    /// <param name="type">revise: new type</param>
    /// <param name="source_ref">revise: new source</param>
    /// <param name="tags">revise: new tags</param>
    /// <param name="metadata">revise: new metadata</param>
    /// <param name="superseded_by">supersede: id of the entry that replaces it</param>
    /// <param name="reason">Why, for the record</param>
    [McpServerTool(Name = "update_memory", Title = "Update memory", ReadOnly = false, Destructive = false, Idempotent = true, OpenWorld = false)]
    public partial CallToolResult Update(
        RequestContext<CallToolRequestParams> request, string id, [AllowedValues("revise", "supersede", "forget", "reinstate", "pin", "unpin")] string action,
        string? text = null, string? title = null, string? type = null, string? source_ref = null, string[]? tags = null,
        Dictionary<string, JsonElement>? metadata = null, string? superseded_by = null, string? reason = null)
    {
        var change = new EntryChange
        {
            Id = id,
            Action = Enum.Parse<EntryAction>(action, ignoreCase: true),
            Text = text,
            Title = title,
            Type = type,
            SourceRef = source_ref,
            Tags = tags,
            Metadata = Raw(request, "metadata"),
            SupersededBy = superseded_by,
            Reason = reason,
        };
        return ToolResults.Of(entries.Update(change, origin.Of(request, null)));
    }

    // The object as it was sent, so that its numbers and order stay; the typed parameter is there for the schema.
    private static JsonElement? Raw(RequestContext<CallToolRequestParams> request, string name) =>
        request.Params?.Arguments is { } arguments && arguments.TryGetValue(name, out var value) ? value : null;
}
