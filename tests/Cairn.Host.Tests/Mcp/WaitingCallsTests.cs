using System.Diagnostics;
using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Mcp;

/// <summary>Calls that can be answered do not wait for those that cannot.</summary>
[Collection(typeof(Alone))]
public sealed class WaitingCallsTests
{
    [Fact]
    public void Search_WhileManySavesWaitForALock_IsAnsweredSoon()
    {
        using var home = new TempHome();
        using var server = McpProcess.StartInitialized(home);
        var id = ToolCalls.Save(server, "Before the lock.");
        using var other = DatabaseFile.Open(home.Database);
        DatabaseFile.Execute(other, "BEGIN IMMEDIATE");
        for (var i = 0; i < 6; i++)
            SendSave(server, $"waits {i}");

        var watch = Stopwatch.StartNew();
        Assert.Equal([id], ToolCalls.Search(server, "before"));

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        DatabaseFile.Execute(other, "ROLLBACK");
        for (var i = 0; i < 6; i++)
            Assert.False(McpProcess.AsToolResult(server.ReadMessage().Object("result")).IsError);
    }

    private static int SendSave(McpProcess server, string text) =>
        server.SendRequest("tools/call", new JsonObject { ["name"] = "save_memory", ["arguments"] = new JsonObject { ["text"] = text } });
}
