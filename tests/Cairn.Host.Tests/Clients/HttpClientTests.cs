using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Clients;

/// <summary>The real Codex and Claude Code, given the address of a server that is there already.</summary>
public sealed class HttpClientTests
{
    private const string Decision = "Freight is billed by the started pallet, since the carrier does so.";

    [Fact]
    public void Codex_ByUrl_SavesInOneSession_TheNextSessionFindsIt()
    {
        using var home = new TempHome();
        using var model = new FakeResponsesServer();
        // Started elsewhere: which project is meant must come with the call.
        using var server = HttpCairn.Start(home, workingDirectory: home.Path);
        ChildProcess.Run("git", ["init", "--quiet"], home).ShouldExitWith(0);
        var codex = new CodexCli(home, model);
        home.Environment["CAIRN_TOKEN"] = server.Token;
        codex.Run("mcp", "add", "cairn", "--url", server.Url.ToString(), "--bearer-token-env-var", "CAIRN_TOKEN").ShouldExitWith(0);

        model.Play(Call("save_memory", new JsonObject { ["text"] = Decision, ["type"] = "decision" }), new ModelStep.Say("Saved."));
        Assert.Equal("Saved.", codex.Exec("Remember how freight is billed.").ShouldExitWith(0).Output.Trim());
        model.Play(Call("search", new JsonObject { ["query"] = "billing of freight" }), Call("get_entries", new JsonObject { ["ids"] = new JsonArray("$LAST.items.0.id") }));
        codex.Exec("How is freight billed?").ShouldExitWith(0);

        Assert.Contains(Decision, FakeResponsesServer.ToolOutputs(model.Requests[^1])[1], StringComparison.Ordinal);
        var saved = CliProcess.Json(home, ["search", "freight", "--db", home.Database]); // in the project's folder
        Assert.Equal(1, (int)saved["total"]!);
        Assert.Empty(server.Error);
    }

    [Fact]
    public void Claude_ByUrl_IsConnectedWithTheToken_AndNotWithout()
    {
        using var home = new TempHome();
        using var server = HttpCairn.Start(home);
        var claude = new ClaudeCli(home);

        claude.Run("mcp", "add", "--scope", "user", "--transport", "http", "cairn", server.Url.ToString(), "--header", $"Authorization: Bearer {server.Token}").ShouldExitWith(0);
        Assert.Matches("(?m)^cairn:.*Connected", claude.Run("mcp", "list").ShouldExitWith(0).Output);
        claude.Run("mcp", "remove", "--scope", "user", "cairn").ShouldExitWith(0);
        claude.Run("mcp", "add", "--scope", "user", "--transport", "http", "cairn", server.Url.ToString()).ShouldExitWith(0);
        Assert.DoesNotMatch("(?m)^cairn:.*✓|^cairn:.* Connected", claude.Run("mcp", "list").Output);
        Assert.Empty(server.Error);
    }

    private static ModelStep.CallTool Call(string tool, JsonObject arguments) => new("cairn", tool, arguments);
}
