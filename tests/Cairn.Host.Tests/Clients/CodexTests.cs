using System.Diagnostics;
using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Clients;

/// <summary>What Cairn is for, with the real Codex: one session saves, the next one finds.</summary>
public sealed class CodexTests
{
    private const string Decision = "Invoices are rounded half to even, since the tax office asks for it.";

    [Fact]
    public void Exec_SavesInOneSession_TheNextSessionFindsIt()
    {
        using var home = new TempHome();
        using var model = new FakeResponsesServer();
        var codex = new CodexCli(home, model);
        codex.RegisterCairn();

        model.Play(
            Call("save_memory", new JsonObject { ["text"] = Decision, ["type"] = "decision" }),
            new ModelStep.Say("Saved."));
        var first = codex.Exec("Remember how we round invoices.").ShouldExitWith(0);
        Assert.Equal("Saved.", first.Output.Trim());
        // The first request, not a later one: Codex does not wait for a server that is slow to start.
        Assert.Equal(ServedTools(home), CairnTools(model.Requests[0]));
        AssertNoServerLeft(home);

        model.Play(
            Call("search", new JsonObject { ["query"] = "rounding of invoices" }),
            Call("get_entries", new JsonObject { ["ids"] = new JsonArray("$LAST.items.0.id") }));
        codex.Exec("How do we round invoices?").ShouldExitWith(0);
        var answers = FakeResponsesServer.ToolOutputs(model.Requests[^1]);
        Assert.Equal(2, answers.Count);
        Assert.Contains(Decision, answers[1], StringComparison.Ordinal);
        AssertNoServerLeft(home);
    }

    [Fact]
    public void Exec_WithNoSettingsForApprovalOrSandbox_WritesThroughCairnAlone()
    {
        using var home = new TempHome();
        using var model = new FakeResponsesServer();
        var codex = new CodexCli(home, model);
        codex.RegisterCairn();
        var file = Path.Combine(home.Project, "written-by-the-shell");

        model.Play(
            new ModelStep.Shell($"touch '{file}'"),
            Call("save_memory", new JsonObject { ["text"] = Decision }));
        var run = codex.Exec("Try to write.").ShouldExitWith(0);

        Assert.Contains("sandbox: read-only", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(file), run.Error);
        Assert.Contains("\"status\":\"saved\"", FakeResponsesServer.ToolOutputs(model.Requests[^1])[1], StringComparison.Ordinal);
    }

    private static ModelStep.CallTool Call(string tool, JsonObject arguments) => new("cairn", tool, arguments);

    private static IEnumerable<string> CairnTools(JsonObject request) =>
        Assert.Single(request.Array("tools").OfType<JsonObject>(), tool => (string?)tool["name"] == "mcp__cairn")
            .Array("tools").Select(tool => tool!.AsObject().String("name")).Order(StringComparer.Ordinal);

    private static IEnumerable<string> ServedTools(TempHome home)
    {
        using var server = McpProcess.StartInitialized(home);
        return server.ListTools().Select(tool => tool.String("name")).Order(StringComparer.Ordinal);
    }

    /// <summary>Codex has told the server to end: it must do so, and soon.</summary>
    private static void AssertNoServerLeft(TempHome home)
    {
        foreach (var id in ProcessTable.Find(home.Database))
        {
            try
            {
                using var server = Process.GetProcessById(id);
                Assert.True(server.WaitForExit(TimeSpan.FromSeconds(5)), $"cairn ({id}) is still there.");
            }
            catch (ArgumentException)
            {
                // It has ended since it was listed.
            }
        }
    }
}
