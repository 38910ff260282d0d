using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Clients;

/// <summary>What holds for any client, on the bare wire.</summary>
public sealed class BareSessionTests
{
    [Fact]
    public void EndOfInput_AfterASession_EndsTheServerWithZero()
    {
        using var home = new TempHome();
        using var server = McpProcess.StartInitialized(home);
        Assert.NotEmpty(server.ListTools());

        server.CloseInput();

        Assert.Equal(0, server.WaitForExit());
    }

    [Fact]
    public void Kill_AfterAnAnsweredSave_KeepsTheEntry()
    {
        using var home = new TempHome();
        string id;
        using (var server = McpProcess.StartInitialized(home))
        {
            var saved = server.CallTool("save_memory", new JsonObject { ["text"] = "Port 7 is the spare one." });
            Assert.False(saved.IsError, saved.Text);
            id = saved.Structured.String("id");
            server.Kill();
        }

        using var next = McpProcess.StartInitialized(home);
        var entries = next.CallTool("get_entries", new JsonObject { ["ids"] = new JsonArray(id) });

        Assert.Equal("Port 7 is the spare one.", Assert.Single(entries.Structured.Array("items"))!.AsObject().String("body"));
    }

    [Fact]
    public void ToolsCall_OnAnEntryThatIsNotThere_AnswersWithAnErrorCode()
    {
        using var home = new TempHome();
        using var server = McpProcess.StartInitialized(home);

        var answer = server.CallTool("timeline", new JsonObject { ["anchor_id"] = "0000000000000000" });

        Assert.True(answer.IsError);
        Assert.Equal("ENTRY_NOT_FOUND", answer.ErrorCode);
    }
}
