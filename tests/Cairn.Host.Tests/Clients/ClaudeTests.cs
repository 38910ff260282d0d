using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Clients;

/// <summary>What the real Claude Code makes of what cairn setup wrote.</summary>
public sealed class ClaudeTests
{
    [Fact]
    public void McpList_AfterSetup_IsConnected_AndAfterRemove_KnowsNothingOfCairn()
    {
        using var home = new TempHome();
        var claude = new ClaudeCli(home);

        CliProcess.Run(home, ["setup", "claude", "--db", home.Database]).ShouldExitWith(0);
        var connected = claude.Run("mcp", "list").ShouldExitWith(0);
        Assert.Matches("(?m)^cairn:.*Connected", connected.Output);
        Assert.Contains(home.Database, claude.Run("mcp", "get", "cairn").ShouldExitWith(0).Output, StringComparison.Ordinal);

        // Claude Code rewrites its own file as it likes: what it keeps there must outlive us.
        CliProcess.Run(home, ["setup", "claude", "--remove"]).ShouldExitWith(0);
        Assert.DoesNotContain("cairn:", claude.Run("mcp", "list").ShouldExitWith(0).Output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(claude.Folder, "settings.json")));
    }
}
