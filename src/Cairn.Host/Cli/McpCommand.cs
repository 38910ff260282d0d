using Cairn.Host.Mcp;

namespace Cairn.Host.Cli;

/// <summary>cairn mcp: serves one client over stdin and stdout.</summary>
internal static class McpCommand
{
    public static CairnCommand Create() => new CairnCommand("mcp", "Serve the Model Context Protocol on stdin and stdout. Clients start this; cairn setup tells them how.", "cairn mcp --db /path/to/memory.db")
        .Looks().Does(static async (context, _) =>
        {
            using var stop = new StopSignals();
            await McpHost.RunAsync(() => (context.Engine, context.Settings), Output.StandardInput, Output.StandardOutput, stop.Token).ConfigureAwait(false);
            return ExitCode.Done;
        });
}
