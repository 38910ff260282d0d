using System.CommandLine;
using Cairn.Engine;
using Cairn.Engine.Entries;
using Cairn.Host.Mcp;

namespace Cairn.Host.Cli;

/// <summary>What was purged.</summary>
internal sealed record PurgeResult(string Status, string Id);

/// <summary>cairn purge: removes an entry for good. No tool does this.</summary>
internal static class PurgeCommand
{
    public static CairnCommand Create()
    {
        var id = new Argument<string>("id") { Description = "The entry" };
        var reason = new Option<string>("--reason") { Description = "Why; kept with the id and the time" };
        var yes = new Option<bool>("--yes") { Description = "Do not ask" };
        return new CairnCommand("purge", "Remove an entry for good, from every byte of the database. To be able to bring it back, use: cairn update ID forget",
            "cairn purge 06BQ1Z7K3M9XWVTD --reason \"held a customer's name\"")
        {
            id, reason, yes,
        }.Does(context =>
        {
            var entries = context.Engine.Entries;
            if (entries.Get([context.Parsed.GetValue(id)!]).Items is not [var entry]) throw EngineException.NotFound("that was given");
            if (!context.Parsed.GetValue(yes) && Output.IsInteractive && !Output.Confirm($"Purge \"{entry.Title}\" ({entry.Id}) for good?")) return ExitCode.Failed;
            if (entries.Purge(entry.Id, context.Parsed.GetValue(reason)) is SaveOutcome.Blocked blocked) return Output.Failure(ToolErrors.From(blocked), context.Json, ExitCode.Blocked);
            if (context.Json) Output.Json(new PurgeResult("purged", entry.Id), WireJson.Indented.PurgeResult);
            else Output.Line($"Purged [green]{entry.Id}[/]. Copies of the database that you made before still hold it.");
            return ExitCode.Done;
        });
    }
}
