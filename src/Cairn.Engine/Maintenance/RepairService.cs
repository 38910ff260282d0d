using System.Globalization;
using System.Runtime.Versioning;
using Cairn.Engine.Operations;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Maintenance;

/// <summary>
/// Mends what can be mended without a choice: nothing here loses a byte of an entry. Each step stands alone; one that
/// fails says why, and the others go on.
/// </summary>
public sealed class RepairService
{
    private const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode PrivateDirectory = PrivateFile | UnixFileMode.UserExecute;
    private static readonly string[] OwnFolders = ["logs", "servers", "backups"];

    // What a link leads to may be somebody's, whose files must stay as they are.
    private static readonly EnumerationOptions WithoutLinks = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };

    private readonly Database _database;
    private readonly ServerService _servers;
    private readonly BackupService _backups;

    internal RepairService(Database database, ServerService servers, BackupService backups) => (_database, _servers, _backups) = (database, servers, backups);

    /// <summary>Permissions, files that killed servers and unfinished backups left, the schema (a backup comes first), a lost index, the write-ahead log. Nothing where there is no database.</summary>
    public IReadOnlyList<RepairStep> Repair()
    {
        if (!_database.Exists) return [];
        var steps = new List<RepairStep>();
        if (!OperatingSystem.IsWindows()) steps.Add(Step("permissions", Permissions));
        steps.Add(Step("servers", () => Counted(_servers.Sweep(), "file of a killed server was removed", "files of killed servers were removed")));
        steps.Add(Step("backups", Unfinished));
        steps.Add(Step("schema", Schema));
        steps.Add(Step("index", Index));
        steps.Add(Step("wal", FoldIn));
        return steps;
    }

    private string? Unfinished() => BackupService.In(_backups.StandardFolder, _database.Path, static files =>
    {
        var unfinished = files.Unfinished();
        if (unfinished > 0) files.FinishInterrupted();
        return Counted(unfinished, "unfinished backup of a process that died was removed, or its end made up for", "unfinished backups of processes that died were removed, or their ends made up for");
    });

    private string? Schema() => _database.Migrate() is { Count: > 0 } applied ? $"applied {string.Join(", ", applied.Select(static migration => migration.Name))}" : null;

    private string? Index()
    {
        if (_database.Read(FullTextSchema.IsAttached)) return null;
        _database.Write(static scope => { FullTextSchema.Rebuild(scope.Connection); return true; });
        return "made anew from the entries";
    }

    private string? FoldIn()
    {
        var bytes = _database.Sizes.WriteAheadLog;
        if (bytes == 0 || _servers.List().Count > 0) return null; // a live server folds it in itself, in time
        return _database.FoldIn()
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB were folded into the file")
            : throw new EngineException(ErrorCode.StorageFailure, "Another process reads or writes just now: end it, and try again.");
    }

    [UnsupportedOSPlatform("windows")]
    private string? Permissions()
    {
        var directory = Path.GetDirectoryName(_database.Path)!;
        var narrowed = 0;
        var folders = OwnFolders.Select(name => new DirectoryInfo(Path.Combine(directory, name))).Where(static folder => folder is { Exists: true, LinkTarget: null }).Select(static folder => folder.FullName).ToList();
        foreach (var file in DatabaseFiles().Concat(folders.SelectMany(static folder => Directory.EnumerateFiles(folder, "*", WithoutLinks)))) narrowed += Narrow(file, PrivateFile);
        foreach (var folder in folders) narrowed += Narrow(folder, PrivateDirectory);
        // A folder with other things in it is somebody's: it is not closed to others on a guess.
        if (HoldsOnlyOurs(directory)) narrowed += Narrow(directory, PrivateDirectory);
        return Counted(narrowed, "file or folder was made private to this user", "files or folders were made private to this user");
    }

    [UnsupportedOSPlatform("windows")]
    private static int Narrow(string path, UnixFileMode mode)
    {
        var info = new FileInfo(path);
        if (info.LinkTarget is not null || (File.GetUnixFileMode(path) & ~mode & ~UnixFileMode.UserExecute) == 0) return 0;
        File.SetUnixFileMode(path, mode);
        return 1;
    }

    private IEnumerable<string> DatabaseFiles() => new[] { _database.Path, $"{_database.Path}-wal", $"{_database.Path}-shm" }.Where(File.Exists);

    private bool HoldsOnlyOurs(string directory)
    {
        var name = Path.GetFileName(_database.Path);
        return Directory.EnumerateFileSystemEntries(directory).Select(Path.GetFileName).All(entry => OwnFolders.Contains(entry) || entry!.StartsWith(name, StringComparison.Ordinal));
    }

    private static string? Counted(int number, string one, string many) => number switch
    {
        0 => null,
        1 => $"1 {one}",
        _ => string.Create(CultureInfo.InvariantCulture, $"{number} {many}"),
    };

    private static RepairStep Step(string name, Func<string?> work)
    {
        try
        {
            return work() is { } done ? new RepairStep(name, "done", done) : new RepairStep(name, "not-needed", "as it should be");
        }
        catch (EngineException error)
        {
            return new RepairStep(name, "failed", error.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new RepairStep(name, "failed", "a file or folder could not be changed: it is another user's, or the disk refuses it");
        }
    }
}
