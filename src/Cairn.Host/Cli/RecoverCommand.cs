using System.CommandLine;
using System.Globalization;
using Cairn.Engine;
using Cairn.Engine.Maintenance;
using Cairn.Engine.Recovery;
using Spectre.Console;

namespace Cairn.Host.Cli;

/// <summary>What was recovered, and, with --replace, how it took the damaged database's place.</summary>
internal sealed record RecoverReport(string Status, RecoveryResult Recovery, RestoreResult? Restore, string? RecordedIn);

/// <summary>cairn recover: what a damaged database still holds, in a new one.</summary>
internal static class RecoverCommand
{
    private const int Shown = 20;

    public static CairnCommand Create()
    {
        var into = new Option<string>("--into") { Description = "The file to make (default: NAME-recovered-TIME.db beside the database)", HelpName = "FILE" };
        var replace = new Option<bool>("--replace") { Description = "Put it in the database's place, as a restore does; writes are refused meanwhile" };
        var yes = new Option<bool>("--yes") { Description = "Do not ask before replacing" };
        var record = SessionLog.RecordOption();
        return new CairnCommand("recover",
            "Read row by row what a damaged database still holds into a new one, and say what is lost. The damaged file is not changed, unless --replace says so, and then kept. Exit code 1 when the new one does not pass its checks.",
            "cairn recover", "cairn recover --into recovered.db --json", "cairn recover --replace --record docs/session-log.md")
        {
            into, replace, yes, record,
        }.Does((context, cancellation) =>
        {
            var file = SessionLog.Named(context, record);
            var replacing = context.Parsed.GetValue(replace);
            if (replacing && !context.Parsed.GetValue(yes) && Output.IsInteractive && !Output.Confirm($"Replace {context.Settings.DatabasePath.Value} by what can be recovered of it?")) return Task.FromResult(ExitCode.Failed);
            var (recovery, restore) = SessionLog.RecordFailure(file, "recover", () => replacing
                ? Replace(context, context.Parsed.GetValue(into), cancellation)
                : (Recover(context, context.Parsed.GetValue(into)), null));
            var log = SessionLog.Record(file, recovery.Database.CreatedAt, Line(recovery), "The database was recovered");
            if (log is not null && restore is not null) SessionLog.Record(file, restore.RestoredAt, RestoreCommand.Line(restore), "The database was replaced");
            if (context.Json) Output.Json(new RecoverReport(replacing ? "replaced" : "recovered", recovery, restore, log), WireJson.Indented.RecoverReport);
            else Show(recovery, restore, log);
            return Task.FromResult(recovery.Checks.All(static check => check.Status != "fail") ? ExitCode.Done : ExitCode.Failed);
        });
    }

    private static RecoveryResult Recover(CommandContext context, string? into) => context.Engine.Recovery.Recover(into, IntegrityCommand.Progress(context));

    // Frozen from before the first page is read: what would be saved in between would be in the former database alone.
    private static (RecoveryResult Recovery, RestoreResult? Restore) Replace(CommandContext context, string? into, CancellationToken cancellation)
    {
        var engine = context.Engine;
        var freeze = engine.Freezes.Freeze("cairn recover --replace is under way");
        RecoveryResult recovery;
        try
        {
            recovery = Recover(context, into);
            // A record with rows missing is the truth; anything else that fails is no database to put in place.
            if (recovery.Checks.FirstOrDefault(static check => check is { Status: "fail", Name: not "audit" }) is { } failed)
                throw new EngineException(ErrorCode.StorageFailure, $"{recovery.Database.Path} was recovered and does not pass ({failed.Name}: {failed.Detail}): nothing was replaced.");
        }
        catch
        {
            if (freeze.IsNew) engine.Freezes.Lift();
            throw;
        }
        // Should this fail, writes stay held back, and its words say how to go on.
        var restore = engine.Restores.Restore(recovery.Database.Path, RestoreCommand.Options(context, null, cancellation));
        if (freeze.IsNew) engine.Freezes.Lift();
        return (recovery, freeze.IsNew ? restore with { StillFrozen = null } : restore);
    }

    private static string Line(RecoveryResult result) => string.Create(CultureInfo.InvariantCulture,
        $"recover of {result.Source} into {result.Database.Name} ({BackupCommand.Entries(result.Database.Manifest!)}; {result.LostIds.Count} known to be lost, {result.DamagedIds.Count} damaged)");

    private static void Show(RecoveryResult recovery, RestoreResult? restore, string? log)
    {
        Show(recovery);
        if (restore is not null) RestoreCommand.Show(restore, log);
        else
        {
            Output.Line($"{Output.Safe(recovery.Source)} is as it was. Next: look into the new one (cairn search WORDS --db FILE). It has a manifest, and takes the database's place as a backup does:");
            Output.Line($"  cairn restore \"{Output.Safe(recovery.Database.Path)}\"");
            if (log is not null) Output.Line($"Recorded in {Output.Safe(log)}");
        }
    }

    private static void Show(RecoveryResult result)
    {
        if (result.RemovedUnfinished > 0) Output.Note($"[yellow]removed {result.RemovedUnfinished} unfinished {(result.RemovedUnfinished == 1 ? "recovery" : "recoveries")}[/]");
        foreach (var finding in result.Findings) Output.Line($"- {Output.Safe(finding)}");
        var table = new Table().Border(TableBorder.None).AddColumns("table", "recovered", "damaged", "known to be lost");
        foreach (var row in result.Tables.Where(static row => row is not { Recovered: 0, Lost: 0 }))
            table.AddRow(Output.Safe(row.Table), Number(row.Recovered), row.Damaged == 0 ? "0" : $"[yellow]{Number(row.Damaged)}[/]", row.Lost == 0 ? "0" : $"[red]{Number(row.Lost)}[/]");
        Output.Table(table);
        Ids("Lost entries, as far as the index names them", result.LostIds);
        if (result.LostKeys.Count > 0) Output.Line($"Their keys: {string.Join(", ", result.LostKeys.Take(Shown))}");
        Ids("Entries that are there in part or changed, with the tag \"damaged\"", result.DamagedIds);
        Ids("Entries whose successor is lost, and that are active again", result.ReinstatedIds);
        HealthCommand.Show(result.Checks);
        Output.Line($"Recovered into [green]{Output.Safe(result.Database.Path)}[/]");
    }

    private static void Ids(string words, IReadOnlyList<string> ids)
    {
        if (ids.Count > 0) Output.Line($"{words}: {string.Join(", ", ids.Take(Shown))}{(ids.Count > Shown ? $" and {ids.Count - Shown} more (--json)" : "")}");
    }

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
