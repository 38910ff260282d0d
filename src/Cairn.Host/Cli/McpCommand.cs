using System.CommandLine;
using Cairn.Engine;
using Cairn.Host.Http;
using Cairn.Host.Mcp;

namespace Cairn.Host.Cli;

/// <summary>cairn mcp: serves one client over stdin and stdout, or any number over HTTP.</summary>
internal static class McpCommand
{
    public static CairnCommand Create()
    {
        var http = new Option<string?>(HttpAddress.Option) { Description = "Serve over HTTP instead: 127.0.0.1:PORT, [::1]:PORT, or unix:PATH. Port 0 takes a free one", HelpName = "ADDRESS" };
        var remote = new Option<bool>(HttpAddress.RemoteOption) { Description = "With --http: let the address be one that other machines can reach. Nothing is encrypted" };
        return new CairnCommand("mcp",
            "Serve the Model Context Protocol on stdin and stdout. Clients start this; cairn setup tells them how. With --http it is started by you, serves any number of clients until it is stopped, and shows the file with the token that they need.",
            "cairn mcp --db /path/to/memory.db", "cairn mcp --http 127.0.0.1:4100", "cairn mcp --http unix:/run/user/1000/cairn.sock")
        {
            http, remote,
        }.Looks().Does(async (context, _) =>
        {
            using var stop = new StopSignals();
            if (context.Parsed.GetValue(http) is { } text)
            {
                var address = HttpAddress.Parse(text, context.Parsed.GetValue(remote));
                await HttpServing.RunAsync(() => (context.Engine, context.Settings), address, where => Show(context, where), stop.Token).ConfigureAwait(false);
                return ExitCode.Done;
            }
            if (context.Parsed.GetValue(remote)) throw EngineException.Invalid(HttpAddress.RemoteOption, $"goes with {HttpAddress.Option}");
            await McpHost.RunAsync(() => (context.Engine, context.Settings), Output.StandardInput, Output.StandardOutput, stop.Token).ConfigureAwait(false);
            return ExitCode.Done;
        });
    }

    private static void Show(CommandContext context, HttpListening where)
    {
        if (context.Json)
        {
            Output.Json(where, WireJson.Compact.HttpListening);
            return;
        }
        Output.Line($"[green]serving[/] {Output.Safe(where.Url)}{(where.Socket is { } socket ? $" on {Output.Safe(socket)}" : "")}");
        Output.Line($"[grey]token in[/] {Output.Safe(where.TokenFile)}");
    }
}
