using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Cli;

/// <summary>A command with --json writes what its tool answers, and knows what the tool knows: each sees what the other saved.</summary>
public sealed class TwinTests : IDisposable
{
    private readonly TempHome _home = new();
    private readonly McpProcess _server;
    private readonly string _id;

    public TwinTests()
    {
        _server = McpProcess.StartInitialized(_home, ["mcp"]);
        ToolCalls.Save(_server, "Marble: before");
        _id = _server.CallTool("save_memory", new JsonObject { ["text"] = "Marble\n\nIts \"body\", with <tags> & Grüße 日本", ["tags"] = new JsonArray("t"), ["source_ref"] = "src/a.cs" }).Structured.String("id");
        CliProcess.Save(_home, "Marble: after", "--type", "decision");
    }

    public void Dispose()
    {
        _server.Dispose();
        _home.Dispose();
    }

    [Fact]
    public void Search_IsSearchMemory()
    {
        AssertTwins(["search", "marble"], "search", new JsonObject { ["query"] = "marble" });
        AssertTwins(["search", "marble", "its", "body", "--limit", "2", "--offset", "1"], "search", new JsonObject { ["query"] = "marble its body", ["limit"] = 2, ["offset"] = 1 });
        AssertTwins(["search", "marble", "--type", "decision", "--after", "2026-01-01", "--before", "2100-01-01"], "search",
            new JsonObject { ["query"] = "marble", ["type"] = "decision", ["after"] = "2026-01-01", ["before"] = "2100-01-01" });
        AssertTwins(["search", "marble", "--path", "src"], "search", new JsonObject { ["query"] = "marble", ["path"] = "src" });
        AssertTwins(["search", "marble", "--project", "*", "--include-superseded"], "search", new JsonObject { ["query"] = "marble", ["project"] = "*", ["include_superseded"] = true });
        AssertTwins(["search", "nothinglikeit"], "search", new JsonObject { ["query"] = "nothinglikeit" });
    }

    [Fact]
    public void Brief_IsRecentContext()
    {
        AssertTwins(["brief"], "recent_context", []);
        AssertTwins(["brief", "body", "of", "marble", "--max-tokens", "300"], "recent_context", new JsonObject { ["focus"] = "body of marble", ["max_tokens"] = 300 });
    }

    [Fact]
    public void Get_WithABudget_IsGetEntriesWithIt()
    {
        var longest = CliProcess.Save(_home, $"Long\n\n{string.Concat(Enumerable.Repeat("Nothing of note in this paragraph.\n\n", 200))}");
        AssertTwins(["get", longest, _id, "--max-tokens", "400"], "get_entries", new JsonObject { ["ids"] = new JsonArray(longest, _id), ["max_tokens"] = 400 });
    }

    [Fact]
    public void Get_IsGetEntries() => AssertTwins(["get", _id], "get_entries", new JsonObject { ["ids"] = new JsonArray(_id) });

    [Fact]
    public void Timeline_IsTimeline()
    {
        AssertTwins(["timeline", _id], "timeline", new JsonObject { ["anchor_id"] = _id });
        AssertTwins(["timeline", "--query", "its body"], "timeline", new JsonObject { ["query"] = "its body" });
        AssertTwins(["timeline", _id, "--depth-before", "0", "--depth-after", "1"], "timeline", new JsonObject { ["anchor_id"] = _id, ["depth_before"] = 0, ["depth_after"] = 1 });
    }

    [Fact]
    public void Save_IsSaveMemory() => AssertTwins(["save", "Marble: before"], "save_memory", new JsonObject { ["text"] = "Marble: before" });

    [Fact]
    public void Update_IsUpdateMemory()
    {
        CliProcess.Json(_home, ["update", _id, "pin"]);
        AssertTwins(["update", _id, "pin"], "update_memory", new JsonObject { ["id"] = _id, ["action"] = "pin" });
        AssertTwins(["update", _id, "revise", "--source-ref", "src/a.cs"], "update_memory", new JsonObject { ["id"] = _id, ["action"] = "revise", ["source_ref"] = "src/a.cs" });
    }

    [Theory]
    [InlineData(2, "search marble --limit 0", "search", """{"query":"marble","limit":0}""")]
    [InlineData(2, "search marble --after soon", "search", """{"query":"marble","after":"soon"}""")]
    [InlineData(4, "timeline 0000000000000000", "timeline", """{"anchor_id":"0000000000000000"}""")]
    [InlineData(2, "timeline", "timeline", "{}")]
    [InlineData(2, "timeline 0000000000000000 --query marble", "timeline", """{"anchor_id":"0000000000000000","query":"marble"}""")]
    [InlineData(4, "timeline --query nothinglikeit", "timeline", """{"query":"nothinglikeit"}""")]
    [InlineData(2, "brief --max-tokens 10", "recent_context", """{"max_tokens":10}""")]
    [InlineData(2, "get 0000000000000000 --max-tokens 10", "get_entries", """{"ids":["0000000000000000"],"max_tokens":10}""")]
    [InlineData(4, "update 0000000000000000 pin", "update_memory", """{"id":"0000000000000000","action":"pin"}""")]
    [InlineData(4, "save x --supersedes 0000000000000000", "save_memory", """{"text":"x","supersedes":["0000000000000000"]}""")]
    public void Failure_IsTheToolsFailure(int exitCode, string line, string tool, string arguments)
    {
        var command = CliProcess.Json(_home, line.Split(' '), exitCode).Object("error");
        var answer = _server.CallTool(tool, JsonNode.Parse(arguments)!.AsObject()).Structured.Object("error");

        Assert.Equal(answer.String("code"), command.String("code"));
        // A flag is named as it is typed.
        Assert.Equal(answer.String("message"), command.String("message").Replace("--after", "after", StringComparison.Ordinal));
    }

    private void AssertTwins(IEnumerable<string> line, string tool, JsonObject arguments)
    {
        var command = CliProcess.Json(_home, line);
        var answer = _server.CallTool(tool, arguments).Structured;
        Assert.True(JsonNode.DeepEquals(answer, command), $"{answer}\nis not\n{command}");
    }
}
