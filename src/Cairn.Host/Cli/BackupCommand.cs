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

    public static CairnCommand Create() => new("backup", "Copies of the database: create, list, verify, scrub.") { Make(), List(), Verify(), BackupScrubCommand.Create() };

    private static CairnCommand Make()
    {
        var to = new Option<string>("--to") { Description = "The folder for the copy (default: backups, beside the database)", HelpName = "DIR" };
        var record = new Option<string>("--record") { Description = "Append a dated line to this Markdown file", HelpName = "FILE" };
        return new CairnCommand("create", "Copy the database while servers go on, check the copy, and write a manifest beside it.",
            "cairn backup create", "cairn backup create --to /mnt/backup --record docs/session-log.md")
        {
            to, record,
        }.Does(context =>
        {
            var created = context.Engine.Backups.Create(context.Parsed.GetValue(to), (step, bytes) =>
            {
                if (bytes >= LargeBytes && !context.Json) Output.Note($"[grey]{step} {Size(bytes)}[/]");
            });
            var log = context.Parsed.GetValue(record) is { } file ? new SessionLog(file) : null;
            if (log is not null) Record(log, created.Backup);
            if (context.Json) Output.Json(new BackupReport("created", created.Backup, created.RemovedUnfinished, log?.Path), WireJson.Indented.BackupReport);
            else Show(created, log);
            return ExitCode.Done;
        });
    }

    private static CairnCommand List()
    {
        var folder = FolderOption();
        return new CairnCommand("list", "Show the backups of this database, newest first. Reads their manifests only.", "cairn backup list") { folder }.Does(context =>
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
        }.Does(context =>
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

    private static Option<string> FolderOption() => new("--in") { Description = "The folder with the backups (default: backups, beside the database)", HelpName = "DIR" };

    private static void Record(SessionLog log, BackupInfo backup)
    {
        var manifest = backup.Manifest!;
        try
        {
            log.Append(backup.CreatedAt, string.Create(CultureInfo.InvariantCulture,
                $"backup {backup.Name} ({Entries(manifest)}, schema {manifest.Schema}, sha256 {manifest.Sha256[..8]}…)"));
        }
        catch (EngineException error)
        {
            throw new EngineException(error.Code, $"The backup {backup.Path} was made, but not recorded: {error.Message}", inner: error);
        }
    }

    private static void Show(BackupCreated created, SessionLog? log)
    {
        var (backup, manifest) = (created.Backup, created.Backup.Manifest!);
        if (created.RemovedUnfinished > 0) Output.Note($"[yellow]removed {created.RemovedUnfinished} unfinished {(created.RemovedUnfinished == 1 ? "backup" : "backups")}[/]");
        Output.Line(string.Create(CultureInfo.InvariantCulture,
            $"Backed up to [green]{Output.Safe(backup.Path)}[/] ({Entries(manifest)}, {Size(backup.SizeBytes)}, schema {manifest.Schema})"));
        if (log is not null) Output.Line($"Recorded in {Output.Safe(log.Path)}");
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

    private static string Entries(BackupManifest manifest) =>
        string.Create(CultureInfo.InvariantCulture, $"{manifest.Counts.Entries:N0} {(manifest.Counts.Entries == 1 ? "entry" : "entries")}");

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB");
}
