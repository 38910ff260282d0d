using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Clients;

/// <summary>The protocol as the official MCP Inspector sees it.</summary>
public sealed class InspectorTests
{
    [Fact]
    public void ToolsList_Strict_FindsNoFaultInTheSchemas()
    {
        using var home = new TempHome();

        var listed = new InspectorCli(home).ListTools().ShouldExitWith(0);

        var tools = JsonNode.Parse(listed.Output)!.AsObject().Array("tools").Select(tool => tool!.AsObject().String("name"));
        string[] expected = ["get_entries", "save_memory", "search", "timeline", "update_memory"];
        Assert.Equal(expected, tools.Intersect(expected).Order());
    }

    [Fact]
    public void ToolsCall_EachTool_AnswersOnWhatTheOthersDid()
    {
        using var home = new TempHome();
        var inspector = new InspectorCli(home);

        var saved = inspector.StructuredContent("save_memory", "text=The queue is drained before a deploy.", "type=constraint");
        Assert.Equal("saved", saved.String("status"));
        var id = saved.String("id");

        var found = inspector.StructuredContent("search", "query=drain the queue", "limit=5");
        Assert.Equal([id], Ids(found));

        var timeline = inspector.StructuredContent("timeline", $"anchor_id={id}");
        Assert.Equal(id, timeline.String("anchor_id"));
        Assert.Equal([id], Ids(timeline));

        var entries = inspector.StructuredContent("get_entries", $"ids=[\"{id}\"]");
        Assert.Equal([id], Ids(entries));

        var updated = inspector.StructuredContent("update_memory", $"id={id}", "action=forget");
        Assert.Equal(id, updated.String("id"));
        Assert.Empty(Ids(inspector.StructuredContent("search", "query=drain the queue")));
    }

    [Fact]
    public void ToolsCall_OnAnEntryThatIsNotThere_ExitsWithTheCodeOfAToolError()
    {
        using var home = new TempHome();

        var called = new InspectorCli(home).CallTool("timeline", "anchor_id=0000000000000000").ShouldExitWith(5);

        Assert.Contains("ENTRY_NOT_FOUND", called.Output, StringComparison.Ordinal);
    }

    private static string[] Ids(JsonObject result) =>
        [.. result.Array("items").Select(item => item!.AsObject().String("id"))];
}
