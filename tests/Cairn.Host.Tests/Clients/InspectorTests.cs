using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Clients;

/// <summary>The protocol as the official MCP Inspector sees it.</summary>
public sealed class InspectorTests
{
    [Fact]
    public void ToolsCall_EachListedTool_AnswersOnWhatTheOthersDid()
    {
        using var home = new TempHome();
        var inspector = new InspectorCli(home);
        var called = new SortedSet<string>(StringComparer.Ordinal);
        JsonObject Call(string tool, params string[] arguments)
        {
            called.Add(tool);
            return inspector.StructuredContent(tool, arguments);
        }

        var saved = Call("save_memory", "text=The queue is drained before a deploy.", "type=constraint");
        Assert.Equal("saved", saved.String("status"));
        var id = saved.String("id");

        Assert.Equal([id], Ids(Call("search", "query=drain the queue", "limit=5")));

        var timeline = Call("timeline", $"anchor_id={id}");
        Assert.Equal(id, timeline.String("anchor_id"));
        Assert.Equal([id], Ids(timeline));

        Assert.Equal([id], Ids(Call("get_entries", $"ids=[\"{id}\"]")));

        Assert.Contains(id, Call("recent_context", "max_tokens=500").ToJsonString(), StringComparison.Ordinal);

        Assert.Equal([id], Call("retention_dry_run", "max_age_days=30", "now=2999-01-01").Array("candidate_ids").Select(candidate => (string?)candidate));

        Assert.Equal(id, Call("update_memory", $"id={id}", "action=forget").String("id"));
        Assert.Empty(Ids(Call("search", "query=drain the queue")));

        File.WriteAllText(Path.Combine(home.Project, "notes.md"), "# Releases\n\nA release is cut on Tuesdays.\n");
        Assert.Equal("1", Call("ingest_docs", "sources=[\"notes.md\"]")["imported_entries"]!.ToString());
        Assert.Single(Ids(Call("search", "query=release tuesdays")));

        var listed = inspector.ListTools().ShouldExitWith(0);
        var tools = JsonNode.Parse(listed.Output)!.AsObject().Array("tools");
        Assert.Equal(called, tools.Select(tool => tool!.AsObject().String("name")).Order(StringComparer.Ordinal));
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
