using System.CommandLine;
using System.Globalization;
using Cairn.Engine;
using Cairn.Engine.Maintenance;
using Spectre.Console;

namespace Cairn.Host.Cli;

/// <summary>The backup that was made.</summary>
internal sealed record BackupReport(string Status, BackupInfo Backup, int RemovedUnfinished, string? RecordedIn);

/// <summary>The backups in a folder, newest first.</summary>
internal sealed record BackupList(string Folder, IReadOnlyList<BackupInfo> Backups);

/// <summary>What a look at every byte found: pass or fail, and backup by backup.</summary>
internal sealed record BackupVerifyReport(string Status, IReadOnlyList<BackupVerification> Backups);

/// <summary>cairn backup: copies of the database, while servers write.</summary>
internal static class BackupCommand
{
    private const long LargeBytes = 64L * 1024 * 1024;

    public static CairnCommand Create() => new("backup", "Copies of the database: create, list, verify, prune, scrub.") { Make(), List(), Verify(), Prune(), BackupScrubCommand.Create() };

    private static CairnCommand Make()
    {
        var to = new Option<string>("--to") { Description = "The folder for the copy (default: backups, beside the database)", HelpName = "DIR" };
        var record = SessionLog.RecordOption();
        return new CairnCommand("create", "Copy the database while servers go on, check the copy, and write a manifest beside it.",
            "cairn backup create", "cairn backup create --to /mnt/backup --record docs/session-log.md")
        {
            to, record,
        }.Does(context =>
        {
            var file = SessionLog.Named(context, record);
            var created = context.Engine.Backups.Create(context.Parsed.GetValue(to), Progress(context));
            var (backup, manifest) = (created.Backup, created.Backup.Manifest!);
            var log = SessionLog.Record(file, backup.CreatedAt, string.Create(CultureInfo.InvariantCulture,
                $"backup {backup.Name} ({Entries(manifest)}, schema {manifest.Schema}, sha256 {manifest.Sha256[..8]}…)"), $"The backup {backup.Path} was made");
            if (context.Json) Output.Json(new BackupReport("created", backup, created.RemovedUnfinished, log), WireJson.Indented.BackupReport);
            else Show(created, log);
            return ExitCode.Done;
        });
    }

    private static CairnCommand List()
    {
        var folder = FolderOption();
        return new CairnCommand("list", "Show the backups of this database, newest first. Reads their manifests only.", "cairn backup list") { folder }.Looks().Does(context =>
        {
            var backups = context.Engine.Backups.List(context.Parsed.GetValue(folder));
            var path = context.Parsed.GetValue(folder) is { } named ? Path.GetFullPath(named) : context.Engine.Backups.StandardFolder;
            if (context.Json) Output.Json(new BackupList(path, backups), WireJson.Indented.BackupList);
            else if (backups.Count == 0) Output.Line($"No backups in {Output.Safe(path)}. Make one: cairn backup create");
            else Show(backups);
            return ExitCode.Done;
        });
    }

    private static CairnCommand Verify()
    {
        var backup = new Argument<string?>("backup") { Description = "A name from the list, or a path (default: the newest)", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "Every backup of this database" };
        var folder = FolderOption();
        return new CairnCommand("verify", "Look at every byte of a backup: its manifest, SHA-256, SQLite's own check, counts. Exit code 1 when one fails.",
            "cairn backup verify", "cairn backup verify memory-20261124T182500123Z.db", "cairn backup verify --all --in /mnt/backup")
        {
            backup, all, folder,
        }.Looks().Does(context =>
        {
            var name = context.Parsed.GetValue(backup);
            var place = context.Parsed.GetValue(folder);
            if (name is not null && context.Parsed.GetValue(all)) throw EngineException.Invalid("--all", "goes without a name");
            var results = context.Parsed.GetValue(all) ? context.Engine.Backups.VerifyAll(place) : [context.Engine.Backups.Verify(name, place)];
            var passed = results.All(static result => result.Passed);
            if (context.Json) Output.Json(new BackupVerifyReport(passed ? "pass" : "fail", results), WireJson.Indented.BackupVerifyReport);
            else foreach (var result in results) Show(result);
            return passed ? ExitCode.Done : ExitCode.Failed;
        });
    }

    private static CairnCommand Prune()
    {
        var keep = new Option<int>("--keep") { Description = "How many of the newest to keep", HelpName = "NUMBER", DefaultValueFactory = static _ => BackupService.DefaultKeep };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would be removed" };
        var folder = FolderOption();
        return new CairnCommand("prune", "Remove the backups beyond the newest, of whatever reason, and what killed backups left. The newest one that verifies always stays.",
            "cairn backup prune --dry-run", "cairn backup prune --keep 30 --in /mnt/backup")
        {
            keep, dryRun, folder,
        }.Does(context =>
        {
            var pruning = context.Engine.Backups.Prune(context.Parsed.GetValue(keep), context.Parsed.GetValue(folder), context.Parsed.GetValue(dryRun));
            if (context.Json) Output.Json(pruning, WireJson.Indented.BackupPruning);
            else Show(pruning);
            return ExitCode.Done;
        });
    }

    /// <summary>Says on stderr what begins, when it may take a while.</summary>
    public static Action<string, long> Progress(CommandContext context) => (step, bytes) =>
    {
        if (bytes >= LargeBytes && !context.Json) Output.Hint($"[grey]{step} {Size(bytes)}[/]");
    };

    /// <summary>How many entries a backup holds, in words.</summary>
    public static string Entries(BackupManifest manifest) =>
        string.Create(CultureInfo.InvariantCulture, $"{manifest.Counts.Entries:N0} {(manifest.Counts.Entries == 1 ? "entry" : "entries")}");

    private static Option<string> FolderOption() => new("--in") { Description = "The folder with the backups (default: backups, beside the database)", HelpName = "DIR" };

    private static void Show(BackupCreated created, string? log)
    {
        var (backup, manifest) = (created.Backup, created.Backup.Manifest!);
        ShowUnfinished(created.RemovedUnfinished);
        Output.Line(string.Create(CultureInfo.InvariantCulture,
            $"Backed up to [green]{Output.Safe(backup.Path)}[/] ({Entries(manifest)}, {Size(backup.SizeBytes)}, schema {manifest.Schema})"));
        if (log is not null) Output.Line($"Recorded in {Output.Safe(log)}");
    }

    private static void Show(BackupPruning pruning)
    {
        ShowUnfinished(pruning.RemovedUnfinished);
        foreach (var backup in pruning.Removed) Output.Line($"{(pruning.DryRun ? "would remove" : "removed")} {Output.Safe(backup.Name)}");
        Output.Line(string.Create(CultureInfo.InvariantCulture, $"{pruning.Kept} {(pruning.Kept == 1 ? "backup" : "backups")} {(pruning.DryRun ? "would be kept" : "kept")} in {Output.Safe(pruning.Folder)}"));
        if (pruning.Note is { } note) Output.Note($"[yellow]{Output.Safe(note)}[/]");
    }

    private static void ShowUnfinished(int removed)
    {
        if (removed > 0) Output.Note($"[yellow]removed {removed} unfinished {(removed == 1 ? "backup" : "backups")}[/]");
    }

    private static void Show(IReadOnlyList<BackupInfo> backups)
    {
        var table = new Table().Border(TableBorder.None).AddColumns("backup", "made", "size", "schema", "entries", "reason", "");
        foreach (var backup in backups)
        {
            var colour = backup.Status switch { "ok" => "green", "unverified" => "yellow", _ => "red" };
            table.AddRow(Output.Safe(backup.Name), backup.CreatedAt.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), Size(backup.SizeBytes),
                backup.Manifest?.Schema.ToString(CultureInfo.InvariantCulture) ?? "-", backup.Manifest?.Counts.Entries.ToString("N0", CultureInfo.InvariantCulture) ?? "-",
                Output.Safe(backup.Manifest?.Reason ?? "-"), $"[{colour}]{backup.Status}[/]");
        }
        Output.Table(table);
    }

    private static void Show(BackupVerification result) => Output.Line(result.Problem is { } problem
        ? $"[red]fail[/] {Output.Safe(result.Name)}: {Output.Safe(problem)}"
        : $"[green]pass[/] {Output.Safe(result.Name)}");

    /// <summary>A size in words.</summary>
    public static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB");
}
