using System.CommandLine;
using System.Globalization;
using Cairn.Engine;
using Cairn.Engine.Operations;

namespace Cairn.Host.Cli;

/// <summary>What became of the servers that were asked to end: stopped, or still-running when one stays.</summary>
internal sealed record StopReport(string Status, IReadOnlyList<ServerStop> Servers);

/// <summary>cairn stop: ends servers of this database, gracefully.</summary>
internal static class StopCommand
{
    private const int MaxSeconds = 600;

    public static CairnCommand Create()
    {
        var pids = new Argument<int[]>("pid") { Description = "The servers to end; cairn status lists them", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "All servers of this database" };
        var timeout = new Option<int>("--timeout") { Description = $"How long to wait for them, 1 to {MaxSeconds} seconds", DefaultValueFactory = static _ => 10, HelpName = "SECONDS" };
        return new CairnCommand("stop", "Ask servers of this database to end, and wait until they are gone. They finish what they write. Exit code 1 when one stays. Clients may start new ones.",
            "cairn stop --all", "cairn stop --all --timeout 30")
        {
            pids, all, timeout,
        }.Does(async (context, cancellation) =>
        {
            var named = context.Parsed.GetValue(pids)!;
            var seconds = context.Parsed.GetValue(timeout);
            if (context.Parsed.GetValue(all) == named.Length > 0) throw EngineException.Invalid("pid", "name servers, or say --all; cairn status lists them");
            if (seconds is < 1 or > MaxSeconds) throw EngineException.Invalid("--timeout", string.Create(CultureInfo.InvariantCulture, $"must be 1 to {MaxSeconds}"), ("limit", MaxSeconds), ("size", seconds));
            var stops = await context.Engine.Servers.StopAsync(named.Length > 0 ? named : null, TimeSpan.FromSeconds(seconds), cancellation).ConfigureAwait(false);
            var gone = stops.All(static stop => stop.Gone);
            if (context.Json) Output.Json(new StopReport(gone ? "stopped" : "still-running", stops), WireJson.Indented.StopReport);
            else Show(stops);
            return gone ? ExitCode.Done : ExitCode.Failed;
        });
    }

    private static void Show(IReadOnlyList<ServerStop> stops)
    {
        if (stops.Count == 0) Output.Line("No live servers.");
        foreach (var stop in stops)
            Output.Line(string.Create(CultureInfo.InvariantCulture, $"{(stop.Gone ? "[green]gone[/]" : "[red]stays[/]")} {stop.Pid} ({stop.Milliseconds:0} ms)"));
    }
}
