using System.CommandLine;
using System.Globalization;
using Cairn.Engine;
using Cairn.Engine.Retention;

namespace Cairn.Host.Cli;

/// <summary>What a purge removed, what waits, and the backups that may still hold what was removed.</summary>
internal sealed record RetentionPurgeReport(
    string Status, IReadOnlyList<string> Runs, int Purged, IReadOnlyDictionary<string, int>? Skipped, int Waiting, DateTimeOffset? WaitingUntil, IReadOnlyList<string> Backups);

/// <summary>cairn retention purge: removes for good what applied runs have archived. No tool does this.</summary>
internal static class RetentionPurgeCommand
{
    public static CairnCommand Create()
    {
        var run = new Argument<string?>("run") { Description = "Only what this run archived (default: all runs that were applied)", Arity = ArgumentArity.ZeroOrOne };
        var grace = new Option<int?>("--grace-days") { Description = $"How many days they must have been archived, 0 to {RetentionService.MaxAgeDays} (default: RETENTION_GRACE_DAYS, else the configuration file, else {RetentionService.DefaultGraceDays})", HelpName = "DAYS" };
        var yes = new Option<bool>("--yes") { Description = "Do not ask" };
        var clock = RetentionCommand.ClockOption();
        return new CairnCommand("purge", "Remove for good what runs have archived longer ago than the grace, from every byte of the database.",
            "cairn retention purge --yes", "cairn retention purge 06BQ1Z7K3M9XWVTD --grace-days 90")
        {
            run, grace, yes, clock,
        }.Does(context =>
        {
            var (retention, read) = (context.Engine.Retention, context.Parsed);
            var days = read.GetValue(grace) ?? context.Settings.RetentionGraceDays.WholeNumber(0, RetentionService.MaxAgeDays) ?? RetentionService.DefaultGraceDays;
            var plan = retention.PlanPurge(read.GetValue(run), days);
            if (plan.Entries > 0 && !read.GetValue(yes) && !IsConfirmed(plan)) return ExitCode.Failed;
            var purged = retention.Purge(read.GetValue(run), days, read.GetValue(clock));
            var report = Report(context, plan, purged);
            if (context.Json) Output.Json(report, WireJson.Indented.RetentionPurgeReport);
            else Show(report);
            return ExitCode.Done;
        });
    }

    private static bool IsConfirmed(RetentionPurgePlan plan)
    {
        var what = $"{RetentionCommand.Count(plan.Entries, "entry", "entries")} of {RetentionCommand.Count(plan.Runs.Count, "run")}";
        if (!Output.IsInteractive) throw EngineException.Invalid("--yes", $"is needed where nobody can be asked: {what} would be removed for good. Nothing was removed");
        return Output.Confirm($"Remove {what} for good?");
    }

    private static RetentionPurgeReport Report(CommandContext context, RetentionPurgePlan plan, RetentionPurged purged)
    {
        var backups = purged.OldestRecordedAt is { } oldest
            ? context.Engine.Backups.List().Where(backup => backup.CreatedAt >= oldest).Select(static backup => backup.Name).ToList()
            : [];
        return new RetentionPurgeReport(purged.Purged > 0 ? "purged" : "unchanged", purged.Runs, purged.Purged, purged.Skipped, plan.Waiting, plan.WaitingUntil, backups);
    }

    private static void Show(RetentionPurgeReport report)
    {
        Output.Line($"Purged {RetentionCommand.Count(report.Purged, "entry", "entries")} of {RetentionCommand.Count(report.Runs.Count, "run")}.{RetentionCommand.Left(report.Skipped)}");
        if (report.WaitingUntil is { } until)
            Output.Line(string.Create(CultureInfo.InvariantCulture, $"Within their grace: {RetentionCommand.Count(report.Waiting, "entry", "entries")}, the first until {until.ToLocalTime():yyyy-MM-dd HH:mm}."));
        if (report.Backups.Count == 0) return;
        Output.Line("These backups may still hold them. To take them out: cairn backup scrub --all. Copies that were made elsewhere may hold them, too.");
        foreach (var backup in report.Backups) Output.Line($"  {Output.Safe(backup)}");
    }
}
