using System.Globalization;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Maintenance;

/// <summary>The schema of a database, migration by migration.</summary>
public sealed record SchemaStatus
{
    /// <summary>The file.</summary>
    public required string Database { get; init; }

    /// <summary>Whether it is there.</summary>
    public required bool Exists { get; init; }

    /// <summary>Its schema's version; 0 when it is new.</summary>
    public required int Version { get; init; }

    /// <summary>The version that this program works with.</summary>
    public required int Latest { get; init; }

    /// <summary>All migrations, in order.</summary>
    public required IReadOnlyList<MigrationStatus> Migrations { get; init; }
}

/// <summary>One migration, and when it was applied.</summary>
public sealed record MigrationStatus
{
    /// <summary>Its number.</summary>
    public required int Version { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>When it was applied; null when it was not yet.</summary>
    public DateTimeOffset? AppliedAt { get; init; }

    /// <summary>True when the database records another text under this number.</summary>
    public bool? ChecksumDiffers { get; init; }
}

/// <summary>One line of a health report.</summary>
public sealed record HealthCheck
{
    /// <summary>What was looked at.</summary>
    public required string Name { get; init; }

    /// <summary>pass, warn or fail.</summary>
    public required string Status { get; init; }

    /// <summary>What was found.</summary>
    public required string Detail { get; init; }

    /// <summary>The command or the step that mends it.</summary>
    public string? Fix { get; init; }
}

/// <summary>Looks after the database: its schema and its health. A look never changes anything.</summary>
public sealed class MaintenanceService
{
    private const long LowDiskBytes = 100L * 1024 * 1024;

    private readonly Database _database;

    internal MaintenanceService(Database database) => _database = database;

    /// <summary>The version of the SQLite that is in use.</summary>
    public static string SqliteVersion => SqliteLibrary.Version;

    /// <summary>The schema version that this program works with.</summary>
    public static int LatestSchema => Migrator.Latest;

    /// <summary>Which migrations the database has.</summary>
    public SchemaStatus Schema()
    {
        var (version, applied) = _database.Exists
            ? _database.Maintain(static connection =>
            {
                Migrator.RequireOurs(connection);
                return (Migrator.Version(connection), Migrator.Applied(connection));
            })
            : (0, []);
        return new SchemaStatus
        {
            Database = _database.Path,
            Exists = _database.Exists,
            Version = version,
            Latest = Migrator.Latest,
            Migrations = [.. Migrator.All.Select(migration =>
            {
                var row = applied.Find(row => row.Version == migration.Version);
                return new MigrationStatus
                {
                    Version = migration.Version,
                    Name = migration.Name,
                    AppliedAt = row.Version == 0 ? null : row.AppliedAt,
                    ChecksumDiffers = row.Version != 0 && row.Checksum != migration.Checksum ? true : null,
                };
            })],
        };
    }

    /// <summary>Brings the database to the latest schema, and makes it when there is none.</summary>
    /// <returns>The names of the migrations that were applied.</returns>
    public IReadOnlyList<string> Migrate() => [.. _database.Migrate().Select(migration => migration.Name)];

    /// <summary>Looks at the database from outside and inside; each line says what mends it.</summary>
    public IReadOnlyList<HealthCheck> Check()
    {
        var checks = new List<HealthCheck> { Sqlite() };
        checks.Add(DatabaseFileCheck());
        checks.Add(Disk());
        checks.Add(FreezeCheck());
        if (!_database.Exists) return checks;
        if (!OperatingSystem.IsWindows()) checks.Add(Permissions());
        try
        {
            checks.Add(SchemaCheck());
            checks.Add(Writable());
            checks.AddRange(_database.Maintain(static connection => new[] { Index(connection), Quick(connection) }));
        }
        catch (EngineException error)
        {
            checks.Add(new HealthCheck { Name = "database", Status = "fail", Detail = error.Message });
        }
        return checks;
    }

    private static HealthCheck Sqlite()
    {
        try
        {
            SqliteLibrary.RequireSafe(SqliteLibrary.VersionNumber);
            return new HealthCheck { Name = "sqlite", Status = "pass", Detail = SqliteVersion };
        }
        catch (EngineException error)
        {
            return new HealthCheck { Name = "sqlite", Status = "fail", Detail = error.Message };
        }
    }

    private HealthCheck DatabaseFileCheck() => _database.Exists
        ? new HealthCheck { Name = "database", Status = "pass", Detail = _database.Path }
        : new HealthCheck { Name = "database", Status = "warn", Detail = $"not there yet: {_database.Path}", Fix = "cairn migrate up" };

    private HealthCheck Disk()
    {
        var directory = new DirectoryInfo(Path.GetDirectoryName(_database.Path)!);
        while (directory is { Exists: false, Parent: { } parent }) directory = parent;
        var free = new DriveInfo(directory.FullName).AvailableFreeSpace;
        return new HealthCheck
        {
            Name = "disk",
            Status = free < LowDiskBytes ? "warn" : "pass",
            Detail = string.Create(CultureInfo.InvariantCulture, $"{free / (1024.0 * 1024 * 1024):0.0} GiB free"),
            Fix = free < LowDiskBytes ? "free some space" : null,
        };
    }

    private HealthCheck FreezeCheck()
    {
        if (_database.Restoring.Exists)
            return new HealthCheck { Name = "freeze", Status = "warn", Detail = RestoreService.Words(_database), Fix = _database.Restoring.Look().Held ? "wait" : "cairn restore --resume" };
        return _database.Freeze.Read() is { } note
            ? new HealthCheck { Name = "freeze", Status = "warn", Detail = $"frozen since {note.Since.UtcDateTime:yyyy-MM-dd HH:mm} UTC by {note.Who}: {note.Reason}", Fix = "cairn unfreeze" }
            : new HealthCheck { Name = "freeze", Status = "pass", Detail = "not frozen" };
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private HealthCheck Permissions()
    {
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        string[] files = [_database.Path, $"{_database.Path}-wal", $"{_database.Path}-shm"];
        var directory = Path.GetDirectoryName(_database.Path)!;
        if (files.FirstOrDefault(file => File.Exists(file) && (File.GetUnixFileMode(file) & others) != 0) is { } wide)
            return new HealthCheck { Name = "permissions", Status = "warn", Detail = $"other users may use {wide}", Fix = $"chmod 600 \"{wide}\"" };
        return (File.GetUnixFileMode(directory) & others) == 0
            ? new HealthCheck { Name = "permissions", Status = "pass", Detail = "private to this user" }
            : new HealthCheck { Name = "permissions", Status = "warn", Detail = $"other users may look into {directory}", Fix = $"chmod 700 \"{directory}\"" };
    }

    private HealthCheck SchemaCheck()
    {
        var schema = Schema();
        if (schema.Migrations.Any(migration => migration.ChecksumDiffers is true))
            return new HealthCheck { Name = "schema", Status = "fail", Detail = "a migration was applied with another text than this program's", Fix = "cairn migrate status" };
        return schema.Version == schema.Latest
            ? new HealthCheck { Name = "schema", Status = "pass", Detail = $"version {schema.Version}" }
            : new HealthCheck { Name = "schema", Status = "warn", Detail = $"version {schema.Version}, latest is {schema.Latest}", Fix = "cairn migrate up" };
    }

    // As a write does, it waits its turn: that another process writes just now is no fault.
    private HealthCheck Writable()
    {
        try
        {
            _database.AwaitWriters();
            return new HealthCheck { Name = "writable", Status = "pass", Detail = "a write can begin" };
        }
        catch (EngineException error)
        {
            return new HealthCheck { Name = "writable", Status = "fail", Detail = error.Message };
        }
    }

    private static HealthCheck Index(DatabaseConnection connection) => Migrator.Version(connection) < Migrator.Latest
        ? new HealthCheck { Name = "index", Status = "warn", Detail = "not looked at: the schema is not the latest", Fix = "cairn migrate up" }
        : FullTextSchema.IsAttached(connection)
            ? new HealthCheck { Name = "index", Status = "pass", Detail = "full-text index and triggers are there" }
            : new HealthCheck { Name = "index", Status = "warn", Detail = "the full-text index is detached; the next search makes it anew", Fix = "run any search, or cairn index rebuild" };

    private static HealthCheck Quick(DatabaseConnection connection)
    {
        var result = connection.Text("PRAGMA quick_check(1)");
        return result == "ok"
            ? new HealthCheck { Name = "integrity", Status = "pass", Detail = "quick check ok" }
            : new HealthCheck { Name = "integrity", Status = "fail", Detail = "the database is damaged", Fix = "cairn integrity check" };
    }
}
