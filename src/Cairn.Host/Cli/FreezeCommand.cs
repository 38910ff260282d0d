using System.CommandLine;
using System.Globalization;
using Cairn.Engine.Maintenance;

namespace Cairn.Host.Cli;

/// <summary>A freeze that holds.</summary>
internal sealed record FreezeReport(string Status, FreezeState Freeze, string? Caution, string? RecordedIn);

/// <summary>cairn freeze: no process writes until it is lifted.</summary>
internal static class FreezeCommand
{
    public static CairnCommand Create()
    {
        var reason = new Option<string>("--reason") { Description = "Why; everybody who is refused is told", HelpName = "TEXT", Required = true };
        var record = SessionLog.RecordOption();
        return new CairnCommand("freeze", "Stop every process from writing, at once and until cairn unfreeze. Reads go on. Works also when the database cannot be used.",
            "cairn freeze --reason \"entries are missing\"", "cairn freeze --reason \"integrity check failed\" --record docs/session-log.md")
        {
            reason, record,
        }.Does(context =>
        {
            var file = SessionLog.Named(context, record);
            var outcome = context.Engine.Freezes.Freeze(context.Parsed.GetValue(reason)!);
            var freeze = outcome.Freeze;
            var log = SessionLog.Record(outcome.IsNew ? file : null, freeze.Since, $"freeze of {context.Settings.DatabasePath.Value}: {freeze.Reason}", "The database is frozen");
            if (context.Json)
            {
                Output.Json(new FreezeReport(outcome.IsNew ? "frozen" : "already-frozen", freeze, outcome.Caution, log), WireJson.Indented.FreezeReport);
                return ExitCode.Done;
            }
            Output.Line(outcome.IsNew
                ? $"Frozen: {Output.Safe(context.Settings.DatabasePath.Value!)}. Every write is refused with the reason; reads go on. To lift it: cairn unfreeze"
                : string.Create(CultureInfo.InvariantCulture, $"Frozen already, since {freeze.Since.UtcDateTime:yyyy-MM-dd HH:mm} UTC by {Output.Safe(freeze.Who)}: {Output.Safe(freeze.Reason)}. It stays as it is."));
            if (outcome.Caution is { } caution) Output.Note($"[yellow]It holds, but nobody can say whether a write from before has ended[/]: {Output.Safe(caution)}");
            if (log is not null) Output.Line($"Recorded in {Output.Safe(log)}");
            return ExitCode.Done;
        });
    }
}
