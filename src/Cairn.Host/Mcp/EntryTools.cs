using System.Text.Json;
using Cairn.Engine;
using Cairn.Engine.Entries;

namespace Cairn.Host.Mcp;

/// <summary>The tools that save, read and change entries. Their descriptions are product text, written for the model that reads them.</summary>
internal static class EntryTools
{
    public static CairnTool Save(EntryService entries, RequestOrigin origin) => CairnTool.Writes("save_memory", "Save memory",
        """
        Remember something for later sessions of this project: a decision and its reason, a bugfix and its cause, a constraint,
        a user preference, an open question, a handoff, a command that works. Write it so that it can be understood alone. Secrets are refused.
        """,
        [
            ToolField.Text("text", "What to remember, in full") with { Required = true },
            ToolField.Text("title", "One line; default: the text's first line"),
            ToolField.Text("project", "Default: the current project"),
            ToolField.Text("type", "note (default), decision, bugfix, constraint, preference, question, handoff, command, or your own"),
            ToolField.Text("source_ref", "File, URL or ticket that it is about"),
            ToolField.Texts("tags"),
            ToolField.Object("metadata"),
            ToolField.Text("session_id"),
            ToolField.Texts("supersedes", "Ids of entries that this one replaces"),
        ],
        call => ToolResults.Of(entries.Save(
            new NewEntry
            {
                Text = call.RequiredText("text"),
                Title = call.Text("title"),
                Type = call.Text("type"),
                SourceRef = call.Text("source_ref"),
                Tags = call.Texts("tags") ?? [],
                Metadata = call.Object("metadata"),
                Supersedes = call.Texts("supersedes") ?? [],
            },
            origin.Of(call))));

    public static CairnTool Timeline(CairnEngine engine, RequestOrigin origin) => CairnTool.Reads("timeline", "Timeline",
        "What happened before and after a memory entry in its project: index lines around it, in time order.",
        [
            ToolField.Text("anchor_id", "The entry's id, or instead:"),
            ToolField.Text("query", "Words; the best hit is the anchor"),
            ToolField.Number("depth_before", "0-20, default 3"),
            ToolField.Number("depth_after", "0-20, default 3"),
        ],
        call => ToolResults.Ok(
            engine.Entries.Timeline(engine.Search.Anchor(call.Text("anchor_id"), call.Text("query"), origin.Of(call)), call.Number("depth_before") ?? EntryService.DefaultDepth, call.Number("depth_after") ?? EntryService.DefaultDepth),
            WireJson.Compact.Timeline));

    public static CairnTool Get(CairnEngine engine, RequestOrigin origin, LastSearch lastSearch) => CairnTool.Reads("get_entries", "Get entries",
        "Full text and details of memory entries by id, as found with search or timeline.",
        [
            ToolField.Texts("ids", "1-200 ids") with { Required = true },
            ToolField.Number("max_tokens", "Cut texts around your last search to fit"),
        ],
        call => ToolResults.Ok(engine.Excerpts.Get(call.Texts("ids")!, call.Number("max_tokens"), lastSearch.Query, origin.Of(call), Wire), WireJson.Compact.EntryList));

    /// <summary>Entries as they go over the wire.</summary>
    public static string Wire(EntryList found) => JsonSerializer.Serialize(found, WireJson.Compact.EntryList);

    public static CairnTool Update(EntryService entries, RequestOrigin origin) => CairnTool.Writes("update_memory", "Update memory",
        """
        Correct, replace, forget or pin a memory entry. revise: a new version with the fields given; supersede: superseded_by takes its place;
        forget: archive (reinstate brings it back); pin: keep it in front.
        """,
        [
            ToolField.Text("id", "The entry's id") with { Required = true },
            ToolField.Text("action") with { Required = true, Words = [.. Enum.GetNames<EntryAction>().Select(static name => name.ToLowerInvariant())] },
            ToolField.Text("text", "revise: new text"),
            ToolField.Text("title", "revise: new title"),
            ToolField.Text("type", "revise: new type"),
            ToolField.Text("source_ref", "revise: new source"),
            ToolField.Texts("tags", "revise: new tags"),
            ToolField.Object("metadata", "revise: new metadata"),
            ToolField.Text("superseded_by", "supersede: id of the entry that replaces it"),
            ToolField.Text("reason", "Why, for the record"),
        ],
        call => ToolResults.Of(entries.Update(
            new EntryChange
            {
                Id = call.RequiredText("id"),
                Action = Enum.Parse<EntryAction>(call.RequiredText("action"), ignoreCase: true),
                Text = call.Text("text"),
                Title = call.Text("title"),
                Type = call.Text("type"),
                SourceRef = call.Text("source_ref"),
                Tags = call.Texts("tags"),
                Metadata = call.Object("metadata"),
                SupersededBy = call.Text("superseded_by"),
                Reason = call.Text("reason"),
            },
            origin.Of(call))));
}
