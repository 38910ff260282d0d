using System.Text.Json.Nodes;
using Cairn.Host.Cli;
using Cairn.Host.Setup;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Clients;

/// <summary>plugins/ is a marketplace of one plugin for Codex and Claude Code: both install it from the folder, without a network, and start its server.</summary>
public sealed class PluginTests
{
    private static readonly string Marketplace = Path.Combine(Repository.Root, "plugins");
    private static readonly string Plugin = Path.Combine(Marketplace, "cairn");

    [Fact]
    public void Codex_WithThePlugin_HasTheTools_AndStartsWithWhatWasSaved()
    {
        using var home = new TempHome();
        using var model = new FakeResponsesServer();
        PutOnPath(home);
        var codex = new CodexCli(home, model);
        CliProcess.Save(home, "Invoices are rounded half to even, since the tax office asks for it.", "--type", "decision");

        codex.Run("plugin", "marketplace", "add", Marketplace).ShouldExitWith(0);
        codex.Run("plugin", "add", "cairn@cairn").ShouldExitWith(0);
        Assert.Matches("(?m)^cairn +cairn +mcp", codex.Run("mcp", "list").ShouldExitWith(0).Output);
        model.Play(new ModelStep.CallTool("cairn", "search", new JsonObject { ["query"] = "rounding of invoices" }), new ModelStep.Say("Half to even."));
        codex.ExecWithHooks("How do we round invoices?").ShouldExitWith(0);

        var first = model.Requests[0].ToJsonString();
        Assert.Contains("mcp__cairn", first, StringComparison.Ordinal);
        Assert.Contains("cairn-memory", first, StringComparison.Ordinal); // the skill
        Assert.Contains("Invoices are rounded half to even", first, StringComparison.Ordinal); // the hook
        Assert.Contains("Invoices are rounded half to even", FakeResponsesServer.ToolOutputs(model.Requests[^1])[0], StringComparison.Ordinal);

        codex.Run("plugin", "remove", "cairn@cairn").ShouldExitWith(0);
        Assert.DoesNotContain("cairn", codex.Run("mcp", "list").ShouldExitWith(0).Output, StringComparison.Ordinal);
        Assert.True(File.Exists(home.DefaultDatabase));
    }

    [Fact]
    public void Claude_TakesThePluginForValid_InstallsIt_AndConnects()
    {
        using var home = new TempHome();
        PutOnPath(home);
        var claude = new ClaudeCli(home);

        Assert.Contains("Validation passed", claude.Run("plugin", "validate", Marketplace).ShouldExitWith(0).Output, StringComparison.Ordinal);
        Assert.Contains("Validation passed", claude.Run("plugin", "validate", Plugin).ShouldExitWith(0).Output, StringComparison.Ordinal);
        claude.Run("plugin", "marketplace", "add", Marketplace).ShouldExitWith(0);
        claude.Run("plugin", "install", "cairn@cairn").ShouldExitWith(0);

        Assert.Matches(@"(?m)cairn: cairn mcp - .*Connected", claude.Run("mcp", "list").ShouldExitWith(0).Output);
        claude.Run("plugin", "uninstall", "cairn@cairn").ShouldExitWith(0);
        Assert.DoesNotContain("cairn mcp", claude.Run("mcp", "list").ShouldExitWith(0).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("codex")]
    [InlineData("claude")]
    public void Hooks_OfThePlugin_AreThoseOfSetup(string client)
    {
        var file = File.ReadAllText(Path.Combine(Plugin, "hooks", $"{client}.json"));
        var hooks = JsonNode.Parse(file)!["hooks"]!.AsObject();

        Assert.Equal(Client.Events.Select(hook => (hook.Event, $"cairn hook {client} {hook.Event}", hook.Seconds)), hooks.Select(static hook =>
        {
            var handler = hook.Value![0]!["hooks"]![0]!;
            return (hook.Key, (string)handler["command"]!, (int)handler["timeout"]!);
        }));
        Assert.All(hooks, static hook => Assert.Empty(CommandLine.Create().Parse(((string)hook.Value![0]!["hooks"]![0]!["command"]!).Split(' ')[1..]).Errors));
    }

    [Fact]
    public void Skill_OfThePlugin_SaysWhatSetupPutsIntoAgentsMd() =>
        Assert.EndsWith(AgentText.Words.ReplaceLineEndings("\n") + "\n", File.ReadAllText(Path.Combine(Plugin, "skills", "cairn-memory", "SKILL.md")).ReplaceLineEndings("\n"), StringComparison.Ordinal);

    /// <summary>The plugin starts what PATH finds.</summary>
    private static void PutOnPath(TempHome home) =>
        home.Environment["PATH"] = $"{Path.GetDirectoryName(CairnBinary.Path)}{Path.PathSeparator}{home.Environment["PATH"]}";
}
