namespace Cairn.Host.Cli;

/// <summary>What setup did to a client's configuration.</summary>
internal sealed record SetupReport(string Client, string File, string Status, bool DryRun, string? Diff);

/// <summary>cairn setup: tells a client of this server.</summary>
internal static class SetupCommand
{
    public static CairnCommand Create() => new("setup", "Register cairn with a client.");
}
