using System.CommandLine;
using System.Globalization;
using Cairn.Engine;
using Cairn.Engine.Maintenance;
using Cairn.Host.Mcp;

namespace Cairn.Host.Cli;

/// <summary>What a restore did.</summary>
internal sealed record RestoreReport(string Status, RestoreResult Restore, string? RecordedIn);

/// <summary>cairn restore: a backup takes the database's place, while servers run.</summary>
internal static class RestoreCommand
{
    public static CairnCommand Create()
    {
        var backup = new Argument<string?>("backup") { Description = "A name from cairn backup list, or a path", Arity = ArgumentArity.ZeroOrOne };
        var resume = new Option<bool>("--resume") { Description = "Go on with a restore that was interrupted" };
        var folder = new Option<string>("--in") { Description = "The folder with the backups (default: backups, beside the database)", HelpName = "DIR" };
        var yes = new Option<bool>("--yes") { Description = "Do not ask" };
        var record = SessionLog.RecordOption();
        return new CairnCommand("restore",
            "Put a backup in the database's place: verify it, keep the present database, hold writers back, replace it in one step, check the result.",
            "cairn restore memory-20261124T182500123Z.db", "cairn restore memory-20261124T182500123Z.db --record docs/session-log.md", "cairn restore --resume")
        {
            backup, resume, folder, yes, record,
        }.Does((context, cancellation) =>
        {
            var name = context.Parsed.GetValue(backup);
            var going = context.Parsed.GetValue(resume);
            if (going == name is not null) throw EngineException.Invalid("backup", "name the backup to restore (cairn backup list), or --resume");
            var database = context.Settings.DatabasePath.Value!;
            if (!context.Parsed.GetValue(yes) && Output.IsInteractive && !Output.Confirm($"Replace {database} by {name ?? "the backup of the interrupted restore"}?")) return Task.FromResult(ExitCode.Failed);
            var options = Options(context, context.Parsed.GetValue(folder), cancellation);
            var file = SessionLog.Named(context, record);
            var result = SessionLog.RecordFailure(file, name is null ? "restore --resume" : $"restore of {name}",
                () => name is null ? context.Engine.Restores.Resume(options) : context.Engine.Restores.Restore(name, options));
            var log = SessionLog.Record(file, result.RestoredAt, Line(result), "The database was restored");
            if (context.Json) Output.Json(new RestoreReport("restored", result, log), WireJson.Indented.RestoreReport);
            else Show(result, log);
            return Task.FromResult(ExitCode.Done);
        });
    }

    /// <summary>A restore with progress, tested by a real server at its end.</summary>
    public static RestoreOptions Options(CommandContext context, string? folder, CancellationToken cancellation) => new()
    {
        Folder = folder,
        Progress = BackupCommand.Progress(context),
        Smoke = () => HealthCommand.Line("server", SmokeSession.ReadAsync(context.Settings.DatabasePath.Value!, cancellation).GetAwaiter().GetResult()),
    };

    /// <summary>A restore as a line of a session log.</summary>
    public static string Line(RestoreResult result) => string.Create(CultureInfo.InvariantCulture,
        $"restore of {result.Backup.Name} ({BackupCommand.Entries(result.Backup.Manifest!)}, sha256 {result.Backup.Manifest!.Sha256[..8]}…) over {result.Database}; the former database: {result.Safety.Path ?? "none"}");

    /// <summary>A restore for people.</summary>
    public static void Show(RestoreResult result, string? log)
    {
        var manifest = result.Backup.Manifest!;
        Output.Line(string.Create(CultureInfo.InvariantCulture,
            $"Restored [green]{Output.Safe(result.Backup.Name)}[/] ({BackupCommand.Entries(manifest)}, {BackupCommand.Size(result.Backup.SizeBytes)}, made {manifest.CreatedAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC)"));
        if (result.Migrated.Count > 0) Output.Line($"Brought to the latest schema: {string.Join(", ", result.Migrated)}");
        Output.Line($"Checked: {string.Join(", ", result.Checks.Select(static check => check.Name))}");
        Show(result.Safety);
        if (result.StillFrozen is { } freeze) Output.Note($"[yellow]Still frozen[/], as it was before ({Output.Safe(freeze.Reason)}). To lift it: cairn unfreeze");
        if (log is not null) Output.Line($"Recorded in {Output.Safe(log)}");
    }

    private static void Show(SafetyCopy safety)
    {
        if (safety.Path is not { } path)
        {
            Output.Line("There was no database before, or an empty one.");
            return;
        }
        if (safety.Kind == "damaged")
        {
            Output.Line($"The former database was damaged; its bytes are kept at {Output.Safe(path)}");
            return;
        }
        Output.Line($"The former database is kept: [green]{Output.Safe(path)}[/]");
        if (safety.EntriesOnlyHere > 0)
        {
            Output.Line($"{Count(safety.EntriesOnlyHere, "entry was", "entries were")} saved after the backup, and {(safety.EntriesOnlyHere == 1 ? "is" : "are")} in that one alone. To bring them in:");
            Output.Line($"  cairn export --db \"{Output.Safe(path)}\" --output later.jsonl");
            Output.Line("  cairn import later.jsonl");
        }
        if (safety.EntriesOnlyHere is null) Output.Note("[yellow]It cannot be compared with the backup: what was saved since is in that one alone.[/]");
        if (safety.EntriesThatDiffer > 0) Output.Line($"{Count(safety.EntriesThatDiffer, "entry was", "entries were")} changed since, and {(safety.EntriesThatDiffer == 1 ? "is" : "are")} as before.");
        if (safety.PurgedEntriesBack > 0) Output.Note($"[yellow]{Count(safety.PurgedEntriesBack, "entry that had been purged is", "entries that had been purged are")} back[/]: purge again what must not stay.");
    }

    private static string Count(long? number, string one, string several) => string.Create(CultureInfo.InvariantCulture, $"{number:N0} {(number == 1 ? one : several)}");
}
