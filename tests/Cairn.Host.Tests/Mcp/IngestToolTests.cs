using System.IO.Pipelines;
using System.Text.Json.Nodes;
using Cairn.Engine;
using Cairn.Host.Mcp;
using Cairn.Host.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace Cairn.Host.Tests.Mcp;

/// <summary>ingest_docs on the wire.</summary>
public sealed class IngestToolTests
{
    [Fact]
    public void IngestDocs_Sources_AnswersAsTheContractSays()
    {
        using var home = new TempHome();
        File.WriteAllText(Path.Combine(home.Project, "x.md"), "# Alpha\n\nThe first text.\n\n# Beta\n\nThe second text.\n");
        using var server = McpProcess.StartInitialized(home);

        var first = server.CallTool("ingest_docs", new JsonObject { ["sources"] = new JsonArray("x.md", "../y.md") });
        var again = server.CallTool("ingest_docs", new JsonObject { ["sources"] = new JsonArray("x.md") });
        var found = server.CallTool("search", new JsonObject { ["query"] = "second" });

        Assert.False(first.IsError);
        Assert.Equal(
            """{"processed_sources":1,"imported_entries":2,"duplicate_entries":0,"skipped_sources":["../y.md"],"skipped":[{"source":"../y.md","reason":"leads upwards (..)"}]}""",
            first.Structured.ToJsonString());
        Assert.Equal("""{"processed_sources":1,"imported_entries":0,"duplicate_entries":2,"skipped_sources":[],"skipped":[]}""", again.Structured.ToJsonString());
        Assert.Equal("x.md#beta", Assert.Single(found.Structured.Array("items"))!.AsObject().String("source_ref"));
    }

    [Fact]
    public void IngestDocs_WithoutSources_SaysWhichDefaultsAreMissing()
    {
        using var home = new TempHome();
        using var server = McpProcess.StartInitialized(home);

        var result = server.CallTool("ingest_docs", []);

        Assert.False(result.IsError);
        Assert.Equal(["docs/session-log.md", "docs/decisions.md", "docs/requirements.md"], result.Structured.Array("skipped_sources").Select(source => (string)source!));
    }

    [Fact]
    public void IngestDocs_SourcesOfAWrongType_IsAnInvalidArgument()
    {
        using var home = new TempHome();
        using var server = McpProcess.StartInitialized(home);

        Assert.Equal("INVALID_ARGUMENT", server.CallTool("ingest_docs", new JsonObject { ["sources"] = "x.md" }).ErrorCode);
        Assert.Equal("INVALID_ARGUMENT", server.CallTool("ingest_docs", new JsonObject { ["sources"] = new JsonArray(1) }).ErrorCode);
        Assert.Equal("INVALID_ARGUMENT", server.CallTool("ingest_docs", new JsonObject { ["entry_type"] = "" }).ErrorCode);
    }

    [Fact]
    public async Task IngestDocs_LongRun_NotifiesOfItsProgressBeforeItAnswers()
    {
        using var home = new TempHome();
        for (var i = 0; i < 5; i++) await File.WriteAllTextAsync(Path.Combine(home.Project, $"{i}.md"), "Text", TestContext.Current.CancellationToken);
        // Every look at this clock is a second later.
        var clock = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromSeconds(1) };
        using var engine = new CairnEngine(new EngineOptions { DatabasePath = home.Database, HomeDirectory = home.Path }, clock);
        var (input, output) = (new Pipe(), new Pipe());
        using var stop = new CancellationTokenSource();
        var serving = McpHost.RunAsync(() => (engine, Settings.Load(home.Database)), input.Reader.AsStream(), output.Writer.AsStream(), stop.Token);
        await using var requests = new StreamWriter(input.Writer.AsStream()) { AutoFlush = true };
        using var answers = new StreamReader(output.Reader.AsStream());

        await requests.WriteLineAsync("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""");
        await ReadAsync(answers);
        var call = new JsonObject
        {
            ["name"] = "ingest_docs",
            ["arguments"] = new JsonObject { ["sources"] = new JsonArray(".") },
            ["_meta"] = new JsonObject
            {
                ["progressToken"] = "here",
                ["x-codex-turn-metadata"] = new JsonObject { ["workspaces"] = new JsonObject { [home.Project] = new JsonObject() } },
            },
        };
        await requests.WriteLineAsync(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 2, ["method"] = "tools/call", ["params"] = call }.ToJsonString());

        var told = new List<int>();
        JsonObject message;
        while ((string?)(message = await ReadAsync(answers))["method"] == "notifications/progress")
        {
            Assert.Equal(("here", 5), ((string)message["params"]!["progressToken"]!, (int)message["params"]!["total"]!));
            told.Add((int)message["params"]!["progress"]!);
        }
        await requests.DisposeAsync();
        await stop.CancelAsync();
        await serving;

        Assert.NotEmpty(told);
        Assert.Equal(told.Order(), told);
        Assert.Equal((2, 5), ((int)message["id"]!, (int)message["result"]!["structuredContent"]!["imported_entries"]!));
    }

    private static async Task<JsonObject> ReadAsync(StreamReader answers) =>
        JsonNode.Parse((await answers.ReadLineAsync(TestContext.Current.CancellationToken))!)!.AsObject();
}
