using Cairn.Engine.Maintenance;

namespace Cairn.Host.Cli;

/// <summary>What was lifted.</summary>
internal sealed record UnfreezeReport(string Status, FreezeState? Lifted, string? GivenUp, string? RecordedIn);

/// <summary>cairn unfreeze: writes go on.</summary>
internal static class UnfreezeCommand
{
    public static CairnCommand Create()
    {
        var record = SessionLog.RecordOption();
        return new CairnCommand("unfreeze", "Let processes write again. Gives up a restore that was interrupted, and keeps the database as that left it.",
            "cairn unfreeze", "cairn unfreeze --record docs/session-log.md")
        {
            record,
        }.Does(context =>
        {
            var file = SessionLog.Named(context, record);
            var outcome = context.Engine.Freezes.Unfreeze();
            var lifted = outcome.Lifted is not null || outcome.GivenUp is not null;
            var what = outcome.GivenUp is null ? "" : ", an interrupted restore given up";
            var log = SessionLog.Record(lifted ? file : null, outcome.At, $"unfreeze of {context.Settings.DatabasePath.Value}{what}", "The freeze is lifted");
            if (context.Json)
            {
                Output.Json(new UnfreezeReport(lifted ? "unfrozen" : "not-frozen", outcome.Lifted, outcome.GivenUp, log), WireJson.Indented.UnfreezeReport);
                return ExitCode.Done;
            }
            if (outcome.GivenUp is { } givenUp) Output.Note($"[yellow]Given up[/]: {Output.Safe(givenUp)}");
            Output.Line(lifted ? $"Unfrozen: {Output.Safe(context.Settings.DatabasePath.Value!)}" : $"Not frozen: {Output.Safe(context.Settings.DatabasePath.Value!)}");
            if (log is not null) Output.Line($"Recorded in {Output.Safe(log)}");
            return ExitCode.Done;
        });
    }
}
