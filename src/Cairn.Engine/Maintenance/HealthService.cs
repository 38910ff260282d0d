using System.Globalization;
using Cairn.Engine.Operations;
using Cairn.Engine.Search;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Maintenance;

/// <summary>The health of an installation: the database, and what lies beside it. A look changes nothing.</summary>
public sealed class HealthService
{
    private const long LargeWalBytes = 64L * 1024 * 1024;
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongSilence = TimeSpan.FromDays(30);
    private static readonly TimeSpan UnbackedLimit = TimeSpan.FromDays(14);

    private readonly Database _database;
    private readonly MaintenanceService _maintenance;
    private readonly BackupService _backups;
    private readonly ServerService _servers;
    private readonly LogService _logs;
    private readonly EmbeddingService _embeddings;
    private readonly TimeProvider _time;

    internal HealthService(Database database, MaintenanceService maintenance, BackupService backups, ServerService servers, LogService logs, EmbeddingService embeddings, TimeProvider time) =>
        (_database, _maintenance, _backups, _servers, _logs, _embeddings, _time) = (database, maintenance, backups, servers, logs, embeddings, time);

    /// <summary>Looks at all of it; each line says what mends it.</summary>
    public IReadOnlyList<HealthCheck> Check()
    {
        var checks = new List<HealthCheck>(_maintenance.Check());
        if (_database.Exists)
        {
            checks.Add(Wal());
            checks.AddRange(Contents());
        }
        if (_embeddings.IsSetUp) checks.Add(Embeddings());
        checks.Add(ServerFiles());
        checks.Add(Leftovers());
        checks.Add(Log());
        return checks;
    }

    /// <summary>The database at a glance, and its live servers. A database that cannot be read is no reason not to list them.</summary>
    public StatusReport Status()
    {
        var (size, wal) = _database.Sizes;
        var report = new StatusReport
        {
            Database = _database.Path,
            Exists = _database.Exists,
            SizeBytes = size,
            WalBytes = wal,
            LatestSchema = Migrator.Latest,
            Frozen = _database.Freeze.Exists || _database.Restoring.Exists,
            FrozenReason = _database.Freeze.Read()?.Reason,
            Servers = _servers.List(),
        };
        if (!report.Exists) return report;
        try
        {
            return _database.Maintain(connection =>
            {
                Migrator.RequireOurs(connection);
                var version = Migrator.Version(connection);
                return report with { Schema = version, Counts = version > 0 ? BackupCounts.From(Backup.Count(connection)) : null };
            });
        }
        catch (EngineException error)
        {
            return report with { Problem = error.Message };
        }
    }

    private IReadOnlyList<HealthCheck> Contents()
    {
        try
        {
            return _maintenance.Schema().Version > 0 ? [Clock(), .. BackedUp()] : Emptied();
        }
        catch (EngineException)
        {
            return []; // the tables cannot be read: the lines before have said why
        }
    }

    private HealthCheck Wal()
    {
        var bytes = _database.Sizes.WriteAheadLog;
        var detail = string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB wait to be folded into the file");
        return bytes <= LargeWalBytes ? Pass("wal", detail) : Warn("wal", detail, "cairn stop --all, then cairn doctor --fix");
    }

    private HealthCheck Clock()
    {
        var (now, last, latest) = _database.Maintain(connection => (_time.GetUtcNow(), RecordedTimes.OfTheLast(connection), RecordedTimes.Latest(connection)));
        if (latest is { } ahead && ahead > now + ClockTolerance)
            return Warn("clock", $"an entry was recorded at {Stamp(ahead)}, and it is {Stamp(now)} now: the clock was ahead then, or is behind", "set the system's clock; retention counts ages by it");
        if (last is { } before && now - before > LongSilence)
            return Warn("clock", string.Create(CultureInfo.InvariantCulture, $"the last entry was recorded {(now - before).TotalDays:0} days ago; if that is not so, the clock has jumped"), "check the system's clock before retention is applied");
        return Pass("clock", last is null ? "no entry to compare with" : $"the last entry is of {Stamp(last.Value)}");
    }

    // A log of committed writes that was cut off opens as if nothing were amiss: only what was counted elsewhere shows it.
    private IEnumerable<HealthCheck> BackedUp()
    {
        var (backups, problem) = Backups();
        if (problem is not null) return [Warn("backup", problem, "cairn backup list")];
        var newest = backups is [var first, ..] ? first : null;
        // After a restore of an older backup fewer is right: the safety backup that was made then says that there was one.
        var restored = newest?.Manifest!.Reason == BackupReason.BeforeRestore;
        var highest = Counted(newest);
        var (counts, unbacked) = _database.Maintain(connection =>
        {
            var held = Backup.Count(connection);
            var saved = backups.Select(static backup => backup.Manifest!.Counts.HighestEntryKey).Where(key => key <= held.HighestEntryKey).DefaultIfEmpty().Max();
            return (held, RecordedTimes.OfTheFirstAfter(connection, saved));
        });
        var age = newest is null ? "no backup yet" : string.Create(CultureInfo.InvariantCulture, $"the newest is {Math.Max(0, (_time.GetUtcNow() - newest.CreatedAt).TotalDays):0.0} days old ({newest.Name})");
        return
        [
            unbacked is { } oldest && _time.GetUtcNow() - oldest > UnbackedLimit
                ? Warn("backup", $"{age}; an entry of {Stamp(oldest)} is in none", "cairn backup create")
                : Pass("backup", age),
            counts.HighestEntryKey < highest
                ? Fewer(counts.HighestEntryKey, newest!)
                : Pass("entries", string.Create(CultureInfo.InvariantCulture, $"{counts.Active + counts.Superseded + counts.Archived} entries; {(restored ? "restored since the newest backup" : "none that the newest backup counted is missing")}")),
        ];
    }

    // Without any schema there is nothing to count; a log that was cut off near its beginning leaves that.
    private IReadOnlyList<HealthCheck> Emptied() =>
        Backups().Backups is [var newest, ..] && Counted(newest) > 0 ? [Fewer(0, newest)] : [];

    private static long Counted(BackupInfo? newest) =>
        newest is null || newest.Manifest!.Reason == BackupReason.BeforeRestore ? 0 : newest.Manifest.Counts.HighestEntryKey;

    private static HealthCheck Fewer(long saved, BackupInfo newest) => Warn("entries",
        string.Create(CultureInfo.InvariantCulture, $"fewer were saved ({saved}) than the newest backup counted ({Counted(newest)}): the end of what was saved is lost, unless an older backup was restored on purpose"),
        $"keep the files; cairn backup verify {newest.Name}, and restore it; or cairn backup create, if all is as it should be");

    // Newest first.
    private (IReadOnlyList<BackupInfo> Backups, string? Problem) Backups()
    {
        try
        {
            return ([.. _backups.List().Where(static backup => backup.Manifest is not null)], null);
        }
        catch (EngineException error)
        {
            return ([], error.Message);
        }
    }

    private HealthCheck ServerFiles()
    {
        var (live, stale) = (_servers.List().Count, _servers.Stale());
        var detail = string.Create(CultureInfo.InvariantCulture, $"{live} live");
        return stale == 0 ? Pass("servers", detail) : Warn("servers", string.Create(CultureInfo.InvariantCulture, $"{detail}; {stale} left a file when they were killed"), "cairn doctor --fix");
    }

    // What frees itself leaves nothing to find: the system ends the locks of a process that died. Files stay.
    private HealthCheck Leftovers()
    {
        try
        {
            var unfinished = BackupService.In(_backups.StandardFolder, _database.Path, static files => files.Unfinished());
            if (unfinished > 0) return Warn("leftovers", string.Create(CultureInfo.InvariantCulture, $"{unfinished} unfinished {(unfinished == 1 ? "backup" : "backups")} of processes that died"), "cairn doctor --fix");
        }
        catch (EngineException error)
        {
            return Warn("leftovers", error.Message, "mend the folder's permissions");
        }
        return _database.Restoring is { Exists: true } journal && !journal.Look().Held
            ? Warn("leftovers", $"{journal.Path} is of a restore whose process died", "cairn restore --resume")
            : Pass("leftovers", "no process that died left a lock or an unfinished backup");
    }

    private HealthCheck Log()
    {
        if (!_logs.Enabled) return Pass("log", "off");
        if (_logs.Obstacle() is { } obstacle) return Warn("log", obstacle, "mend the folder's permissions or its disk, or set MEMORY_LOG=off");
        return Pass("log", Directory.Exists(_logs.Folder) ? _logs.Folder : $"none yet: {_logs.Folder}");
    }

    private HealthCheck Embeddings()
    {
        try
        {
            var status = _embeddings.Status();
            if (status.State == "unavailable") return Warn("embeddings", $"unavailable: {status.Problem}; search goes by words alone", "install cairn anew with its folder model, or run cairn embeddings off");
            var covered = string.Create(CultureInfo.InvariantCulture, $"{status.Covered:N0} of {status.Of:N0} entries have vectors");
            return Pass("embeddings", status.State == "off" ? "off: search goes by words alone" : status.Problem is { } problem ? $"{covered}; {problem}" : covered);
        }
        catch (EngineException)
        {
            return Pass("embeddings", "not looked at: the database cannot be read");
        }
    }

    private static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static HealthCheck Pass(string name, string detail) => new() { Name = name, Status = "pass", Detail = detail };

    private static HealthCheck Warn(string name, string detail, string fix) => new() { Name = name, Status = "warn", Detail = detail, Fix = fix };
}
