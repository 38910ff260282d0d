using System.Text.Json;
using Cairn.Engine.Briefing;

namespace Cairn.Host.Mcp;

/// <summary>The tool that says where the project stands.</summary>
internal static class BriefTools
{
    public static CairnTool Recent(BriefService briefs, RequestOrigin origin) => CairnTool.Reads("recent_context", "Recent context",
        """
        Where this project stands, for a session's start: the last handoff, pinned entries, constraints, decisions and preferences
        in force, open questions, what changed since the last session. Titles with ids for get_entries.
        """,
        [
            ToolField.Text("project", "Default: the current project"),
            ToolField.Number("max_tokens", "200-10000, default 1500"),
            ToolField.Text("focus", "What you will work on: related entries first"),
        ],
        call => ToolResults.Ok(
            briefs.Compose(Request(call.Number("max_tokens"), call.Text("focus")), origin.Of(call), static brief => JsonSerializer.Serialize(brief, WireJson.Compact.Brief)),
            WireJson.Compact.Brief));

    /// <summary>What is asked for, with what is left out at its default.</summary>
    public static BriefRequest Request(int? maxTokens, string? focus) => new() { MaxTokens = maxTokens ?? BriefRequest.DefaultMaxTokens, Focus = focus };
}
