using System.Globalization;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Maintenance;

/// <summary>
/// The files of one database's backups in a folder, which other backups may share. A backup is STEM-TIME.db and its
/// manifest STEM-TIME.json; one under way has STEM-TIME.json.partial, which its process holds locked, and
/// STEM-TIME.db.partial; one that is being rewritten has these two beside its own. What is not named like this is never touched. A name is taken and leftovers are removed by one
/// process at a time, the one that has .lock: no one sees a name that is made and not yet locked.
/// </summary>
internal sealed class BackupFolder(string path, string stem)
{
    private const string Stamp = "yyyyMMdd'T'HHmmssfff'Z'";
    private const string Database = ".db";
    private const string Manifest = ".json";
    private const string Partial = ".partial";
    private const string Damaged = ".damaged";
    private static readonly string[] Endings = [Database, Manifest, Manifest + Partial, Damaged, Damaged + "-wal"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Absolute path of the folder.</summary>
    public string Path => path;

    /// <summary>How the backups of a database begin: its name, without the ending .db. Any other ending stays: a.sqlite is not a.db.</summary>
    public static string StemOf(string database) => System.IO.Path.GetFileName(database) is var name && name.EndsWith(Database, StringComparison.Ordinal) ? name[..^Database.Length] : name;

    /// <summary>The manifest's path of a backup.</summary>
    public static string ManifestOf(string backup) => System.IO.Path.ChangeExtension(backup, Manifest);

    /// <summary>The finished backups' paths and the times in their names, newest first. One without a manifest is among them, one under way is not.</summary>
    public IReadOnlyList<(string Path, DateTimeOffset Time)> Backups()
    {
        if (!Directory.Exists(path)) return [];
        var found = new List<(string Path, DateTimeOffset Time)>();
        foreach (var file in Directory.EnumerateFiles(path, "*" + Database))
        {
            if (Time(System.IO.Path.GetFileNameWithoutExtension(file)) is { } time && (!File.Exists(ManifestOf(file) + Partial) || File.Exists(ManifestOf(file)))) found.Add((file, time));
        }
        found.Sort(static (left, right) => right.Time.CompareTo(left.Time));
        return found;
    }

    /// <summary>
    /// Makes the folder if need be, removes what processes that died left behind, and takes a name that nobody has: of this
    /// time, or a moment after the newest that is there, should that be later. What a living process works at stays.
    /// </summary>
    /// <returns>The files to make, and how many unfinished backups were removed.</returns>
    public (BackupFiles Files, int Removed) Take(DateTimeOffset now)
    {
        Create();
        using var turn = Lock();
        var removed = Sweep();
        var name = FreeName(now);
        return (new BackupFiles(name + Database, name + Manifest, Partial, Milliseconds(now)), removed);
    }

    /// <summary>Removes backups, and what processes that died left behind. One that is being rewritten stays; one that another process removed is passed over.</summary>
    /// <returns>How many unfinished backups were removed.</returns>
    public int Remove(IEnumerable<string> backups)
    {
        using var turn = Lock();
        var swept = Sweep();
        foreach (var backup in backups.Where(static backup => File.Exists(ManifestOf(backup)) && !File.Exists(ManifestOf(backup) + Partial)))
        {
            // The manifest becomes the mark of an unfinished backup: if this process ends here, the next sweep goes on.
            File.Move(ManifestOf(backup), ManifestOf(backup) + Partial);
            File.Delete(backup);
            File.Delete(ManifestOf(backup) + Partial);
        }
        DurableFile.FlushDirectory(path);
        return swept;
    }

    /// <summary>
    /// Keeps the bytes of a database that SQLite cannot read: as STEM-TIME.damaged, with its log beside it, so that tools
    /// can open the two together. No backup: it is neither listed nor pruned.
    /// </summary>
    /// <returns>The kept file's path.</returns>
    public string KeepDamaged(string database, DateTimeOffset now)
    {
        Create();
        using var turn = Lock();
        foreach (var half in Directory.GetFiles(path, $"{stem}-*{Damaged}*{Partial}")) File.Delete(half);
        var name = FreeName(now) + Damaged;
        foreach (var suffix in DatabaseFile.WithContent.Where(suffix => File.Exists(database + suffix)))
        {
            DatabaseFile.CopyDamaged(database + suffix, name + suffix + Partial);
            File.Move(name + suffix + Partial, name + suffix);
        }
        DurableFile.FlushDirectory(path);
        return name;
    }

    private void Create()
    {
        if (Directory.Exists(path)) return;
        DatabaseFile.CreateDirectory(path);
        DurableFile.FlushDirectory(System.IO.Path.GetDirectoryName(path)!);
    }

    // Names are in the order in which they were given, also when the clock was set back meanwhile: a prune goes by them, and
    // what was made last must not look like the oldest.
    private string FreeName(DateTimeOffset now)
    {
        var length = stem.Length + 1 + now.UtcDateTime.ToString(Stamp, CultureInfo.InvariantCulture).Length;
        var newest = Directory.EnumerateFiles(path, stem + "-*").Select(System.IO.Path.GetFileName).Max(file => Time(file![..Math.Min(length, file!.Length)]));
        if (newest >= now && newest.Value.Year < DateTimeOffset.MaxValue.Year) now = newest.Value.AddMilliseconds(1);
        while (true)
        {
            var name = System.IO.Path.Combine(path, $"{stem}-{now.UtcDateTime.ToString(Stamp, CultureInfo.InvariantCulture)}");
            if (!Endings.Any(ending => File.Exists(name + ending))) return name;
            now = now.AddMilliseconds(1);
        }
    }

    private static DateTimeOffset Milliseconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());

    /// <summary>The files to rewrite a finished backup with, which keeps its name and time; null when another process is at it.</summary>
    public BackupFiles? Rewrite(string backup)
    {
        using var turn = Lock();
        var manifest = ManifestOf(backup);
        return File.Exists(manifest + Partial) ? null : new BackupFiles(backup, manifest, Partial, default, replaces: true);
    }

    /// <summary>How many backups, or rewritings of one, processes that died left unfinished. A look that changes nothing.</summary>
    public int Unfinished() => Directory.Exists(path) ? Reservations().Count(IsAbandoned) : 0;

    /// <summary>Finishes or undoes what processes that died were at.</summary>
    /// <returns>How many unfinished backups were removed.</returns>
    public int FinishInterrupted()
    {
        if (!Directory.Exists(path)) return 0;
        using var turn = Lock();
        return Sweep();
    }

    /// <summary>Takes a name that is given, after removing what a process that died left of it.</summary>
    /// <returns>The files to make, and how many unfinished ones were removed.</returns>
    /// <exception cref="EngineException">A file of this name, or its manifest, is there or being made.</exception>
    public (BackupFiles Files, int Removed) Take(string file, DateTimeOffset now)
    {
        var manifest = ManifestOf(file);
        using var turn = Lock();
        var removed = 0;
        if (File.Exists(manifest + Partial) && IsAbandoned(manifest + Partial) && !File.Exists(manifest))
        {
            BackupFiles.DeleteCopy(file + Partial);
            File.Delete(manifest + Partial);
            removed++;
        }
        if (new[] { file, manifest, manifest + Partial }.FirstOrDefault(System.IO.Path.Exists) is { } taken)
            throw EngineException.Invalid("into", $"{taken} is there already, and is never overwritten: name another file");
        return (new BackupFiles(file, manifest, Partial, Milliseconds(now)), removed);
    }

    private int Sweep()
    {
        var removed = 0;
        foreach (var reservation in Reservations().Where(IsAbandoned))
        {
            var name = NameOf(reservation);
            if (File.Exists(name + Manifest))
            {
                FinishRewriting(name, reservation);
                continue;
            }
            File.Delete(name + Database);
            BackupFiles.DeleteCopy(name + Database + Partial);
            File.Delete(reservation); // last: until then the next sweep comes back to this one
            removed++;
        }
        return removed;
    }

    // Of this database's backups alone.
    private List<string> Reservations() => [.. Directory.GetFiles(path, "*" + Manifest + Partial).Where(file => Time(System.IO.Path.GetFileName(NameOf(file))) is not null)];

    private static string NameOf(string reservation) => reservation[..^(Manifest.Length + Partial.Length)];

    // The copy had taken its place, and only the manifest had not; or it had not come so far, and the former backup is whole.
    private static void FinishRewriting(string name, string reservation)
    {
        var rewritten = BackupManifest.Read(reservation)?.Describes(name + Database) ?? false;
        BackupFiles.DeleteCopy(name + Database + Partial);
        if (rewritten) File.Move(reservation, name + Manifest, overwrite: true);
        else File.Delete(reservation);
    }

    private FileStream Lock()
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        FileStream? held = null;
        IOException? busy = null;
        SpinWait.SpinUntil(() =>
        {
            try
            {
                held = new FileStream(System.IO.Path.Combine(path, ".lock"), options);
            }
            catch (IOException error) when (error.GetType() == typeof(IOException))
            {
                busy = error; // held for a moment by another, or refused for good: time tells
            }
            return held is not null;
        }, Patience);
        return held ?? throw busy!;
    }

    private static bool IsAbandoned(string reservation)
    {
        try
        {
            using var _ = new FileStream(reservation, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false; // held by its process, finished meanwhile, or another user's
        }
    }

    private DateTimeOffset? Time(string name) =>
        name.StartsWith(stem + "-", StringComparison.Ordinal)
        && DateTimeOffset.TryParseExact(name[(stem.Length + 1)..], Stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : null;
}

/// <summary>The files of a backup that is being made. Disposing it unfinished removes them.</summary>
internal sealed class BackupFiles : IDisposable
{
    private readonly string _partial;
    private readonly FileStream _reserved;
    private readonly bool _replaces;
    private bool _finished;

    /// <param name="database">The finished backup's path.</param>
    /// <param name="manifest">The finished manifest's path.</param>
    /// <param name="partial">What the names end in until then.</param>
    /// <param name="time">When it was begun.</param>
    /// <param name="replaces">Whether there is a backup of this name, which this one is to replace.</param>
    public BackupFiles(string database, string manifest, string partial, DateTimeOffset time, bool replaces = false)
    {
        _replaces = replaces;
        (Database, Manifest, _partial, Time) = (database, manifest, partial, time);
        // Others may rename or delete it (so does this process, at the end), but not lock it for themselves.
        _reserved = DatabaseFile.CreateNew(manifest + partial, FileShare.Delete);
    }

    /// <summary>The finished backup's path.</summary>
    public string Database { get; }

    /// <summary>The finished manifest's path.</summary>
    public string Manifest { get; }

    /// <summary>Where the copy is made.</summary>
    public string Copy => Database + _partial;

    /// <summary>When it was begun.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>Makes the file that is to be copied into.</summary>
    public void CreateCopy() => DatabaseFile.CreateNew(Copy, FileShare.Read).Dispose();

    /// <summary>Gives the copy, which is on disk, its name, and then the manifest: each whole or not at all.</summary>
    public void Finish(ReadOnlySpan<byte> content)
    {
        var folder = Path.GetDirectoryName(Database)!;
        _reserved.Write(content);
        _reserved.Flush(flushToDisk: true);
        File.Move(Copy, Database, _replaces);
        _finished = _replaces; // from here on the next sweep brings it to its end, should this fail
        DurableFile.FlushDirectory(folder);
        File.Move(Manifest + _partial, Manifest, _replaces);
        DurableFile.FlushDirectory(folder);
        _finished = true;
    }

    public void Dispose()
    {
        using (_reserved)
        {
            if (_finished) return;
            DeleteCopy(Copy);
            if (!_replaces)
            {
                File.Delete(Database);
                File.Delete(Manifest);
            }
            File.Delete(Manifest + _partial); // last, and before the lock goes: the name is taken until then
        }
    }

    /// <summary>Removes an unfinished copy and what SQLite keeps beside it.</summary>
    public static void DeleteCopy(string copy)
    {
        foreach (var suffix in new[] { "", "-journal", "-wal", "-shm" }) File.Delete(copy + suffix);
    }
}
