using System.Text.Json.Nodes;

namespace Cairn.Host.Tests.Harness;

/// <summary>A call of each tool that it accepts, on an entry that is there.</summary>
internal static class ToolCalls
{
    /// <summary>The names of all tools, as the server lists them.</summary>
    public static readonly IReadOnlyList<string> Names = ["search", "save_memory", "get_entries", "timeline", "update_memory", "recent_context", "retention_dry_run", "ingest_docs"];

    /// <summary>Arguments of this tool with every required field and no other.</summary>
    public static JsonObject Valid(string tool, string entryId) => tool switch
    {
        "search" => new JsonObject { ["query"] = "anything" },
        "save_memory" => new JsonObject { ["text"] = "The spare port is 7." },
        "get_entries" => new JsonObject { ["ids"] = new JsonArray(entryId) },
        "timeline" => new JsonObject { ["anchor_id"] = entryId },
        "update_memory" => new JsonObject { ["id"] = entryId, ["action"] = "pin" },
        "retention_dry_run" => new JsonObject { ["max_age_days"] = 30 },
        "ingest_docs" or "recent_context" => [],
        _ => throw new ArgumentOutOfRangeException(nameof(tool), tool, "No call for this tool: write one here."),
    };

    /// <summary>Saves an entry and returns its id.</summary>
    public static string Save(McpProcess server, string text)
    {
        var saved = server.CallTool("save_memory", new JsonObject { ["text"] = text });
        Assert.False(saved.IsError, saved.Text);
        return saved.Structured.String("id");
    }

    /// <summary>The ids that a search in the current project finds.</summary>
    public static IReadOnlyList<string> Search(McpProcess server, string query)
    {
        var found = server.CallTool("search", new JsonObject { ["query"] = query });
        Assert.False(found.IsError, found.Text);
        return [.. found.Structured.Array("items").Select(item => item!.AsObject().String("id"))];
    }

    /// <summary>Fails unless the server still does its work: it saves, and finds what it saved.</summary>
    public static void AssertWorks(McpProcess server, string word) =>
        Assert.Contains(Save(server, $"It still works: {word}"), Search(server, word));
}
