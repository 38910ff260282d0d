using Cairn.Engine.Retention;

namespace Cairn.Host.Cli;

/// <summary>cairn retention approve, apply and undo: archives what a run listed, and brings it back. Nothing here removes.</summary>
internal static class RetentionApplyCommand
{
    public static CairnCommand Approve()
    {
        var run = RetentionCommand.RunArgument();
        return new CairnCommand("approve", "Approve a run that you have read, so that it may be applied. Changes no entry.", "cairn retention approve 06BQ1Z7K3M9XWVTD") { run }.Does(context =>
        {
            var approval = context.Engine.Retention.Approve(context.Parsed.GetValue(run)!);
            if (context.Json) Output.Json(approval, WireJson.Indented.RetentionApproval);
            else Show(approval);
            return ExitCode.Done;
        });
    }

    public static CairnCommand Apply()
    {
        var (run, clock, record) = (RetentionCommand.RunArgument(), RetentionCommand.ClockOption(), SessionLog.RecordOption());
        return new CairnCommand("apply", "Archive what an approved run listed and nobody has changed since, after a backup. After an interruption, call it again.",
            "cairn retention apply 06BQ1Z7K3M9XWVTD", "cairn retention apply 06BQ1Z7K3M9XWVTD --record docs/session-log.md")
        {
            run, clock, record,
        }.Does(context =>
        {
            var file = SessionLog.Named(context, record);
            var applied = context.Engine.Retention.Apply(context.Parsed.GetValue(run)!, context.Parsed.GetValue(clock));
            var log = SessionLog.Record(file, applied.AppliedAt,
                $"retention run {applied.RunId} {applied.Status}: {RetentionCommand.Count(applied.Archived, "entry", "entries")} archived, backup {applied.Backup ?? "none"}", "The run was applied");
            if (context.Json) Output.Json(applied, WireJson.Indented.RetentionApplied);
            else Show(applied);
            if (log is not null) Output.Hint($"Recorded in {Output.Safe(log)}");
            return ExitCode.Done;
        });
    }

    public static CairnCommand Undo()
    {
        var run = RetentionCommand.RunArgument();
        return new CairnCommand("undo", "Bring back what a run has archived and nobody has changed since.", "cairn retention undo 06BQ1Z7K3M9XWVTD") { run }.Does(context =>
        {
            var undone = context.Engine.Retention.Undo(context.Parsed.GetValue(run)!);
            if (context.Json) Output.Json(undone, WireJson.Indented.RetentionUndone);
            else Output.Line($"{(undone.Status is "unchanged" ? "Undone before" : "Brought back")}: {RetentionCommand.Count(undone.Reinstated, "entry", "entries")} of run [green]{undone.RunId}[/].{RetentionCommand.Left(undone.Skipped)}");
            return ExitCode.Done;
        });
    }

    private static void Show(RetentionApproval approval)
    {
        Output.Line($"{(approval.Status is "unchanged" ? "Approved before" : "Approved")}: run [green]{approval.RunId}[/], {RetentionCommand.Count(approval.TotalCandidates, "candidate")}.");
        Output.Hint($"[grey]To archive them: cairn retention apply {approval.RunId}[/]");
    }

    private static void Show(RetentionApplied applied)
    {
        Output.Line($"{(applied.Status is "unchanged" ? "Applied before" : "Archived")}: {RetentionCommand.Count(applied.Archived, "entry", "entries")} of run [green]{applied.RunId}[/].{RetentionCommand.Left(applied.Skipped)}");
        if (applied.Backup is { } backup) Output.Line($"Backup: {Output.Safe(backup)}");
        Output.Hint($"[grey]To bring them back: cairn retention undo {applied.RunId}. To remove them for good, after the grace: cairn retention purge[/]");
    }
}
