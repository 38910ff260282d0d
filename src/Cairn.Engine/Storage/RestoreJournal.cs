using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cairn.Engine.Storage;

/// <summary>How far a restore has come.</summary>
internal enum RestoreStage
{
    /// <summary>It gets ready: the database is as it was.</summary>
    Preparing,

    /// <summary>The backup takes the database's place, in one transaction: it did or it did not.</summary>
    Copying,

    /// <summary>The backup has taken the database's place, and is looked at.</summary>
    Checking,
}

/// <summary>One step of a restore.</summary>
internal sealed record RestoreStep
{
    /// <summary>How far it has come.</summary>
    public required RestoreStage Stage { get; init; }

    /// <summary>The backup's absolute path.</summary>
    public required string Backup { get; init; }

    /// <summary>When it was begun.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Where the former database is kept; null when it is not yet, or when there was none.</summary>
    public string? Safety { get; init; }

    /// <summary>Whether the safety copy is a backup that can be restored, or the bytes of a damaged database.</summary>
    public bool SafetyIsBackup { get; init; }

    /// <summary>
    /// SQLite's schema cookie of the former database: copying over it leaves it one higher, and nothing else changes it
    /// meanwhile. Null when the database could not be read.
    /// </summary>
    public long? Cookie { get; init; }
}

/// <summary>
/// A file beside the database while a restore replaces it: a line of JSON for each step, of which the last whole one
/// counts. While it is there nobody else writes. The process that restores holds it locked, for readers as well; one that
/// is not locked was left by a process that died.
/// </summary>
internal sealed class RestoreJournal(string database)
{
    private const int MaxBytes = 64 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Absolute path of the file.</summary>
    public string Path { get; } = database + ".restoring";

    /// <summary>Whether it is there. A look at the directory only.</summary>
    public bool Exists => File.Exists(Path);

    /// <summary>
    /// Whether a living process has it (or this user may not read it), and else the last step that was written down: null
    /// when there is no journal, or no whole line in it, since then nothing was changed.
    /// </summary>
    public (bool Held, RestoreStep? Last) Look()
    {
        try
        {
            using var stream = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return (false, Last(stream));
        }
        catch (FileNotFoundException)
        {
            return (false, null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return (true, null);
        }
    }

    /// <summary>Makes the journal, or takes over one that was left. From then on nobody else begins a write.</summary>
    /// <exception cref="EngineException">A living process has it, or it cannot be made.</exception>
    public OpenJournal Take()
    {
        try
        {
            DatabaseFile.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            var stream = Lock();
            DurableFile.FlushDirectory(System.IO.Path.GetDirectoryName(Path)!);
            return new OpenJournal(Path, stream, Last(stream));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(ErrorCode.StorageFailure, Look().Held
                ? $"Another restore of this database is under way ({Path}): nothing was changed. Try again when it has ended."
                : $"{Path} cannot be written: nothing was changed. Check the folder, its permissions and its disk.", inner: error);
        }
    }

    /// <summary>Refuses a write while the file is there, and says what the restore has done to the database so far.</summary>
    /// <param name="connection">To the database; null when there is none yet.</param>
    public void Require(DatabaseConnection? connection)
    {
        if (!Exists) return;
        var since = File.GetLastWriteTimeUtc(Path).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        throw new EngineException(ErrorCode.StorageFailure, $"{Describe(connection)} Nothing was saved; reads go on.", new Dictionary<string, object> { [FreezeFile.Detail] = since });
    }

    /// <summary>Whether a restore is under way or was left, which database is there now, and how to go on.</summary>
    public string Describe(DatabaseConnection? connection) =>
        Look() is { Held: false } left ? Describe(left.Last, connection) : "A restore of this database is under way: try again when it has ended.";

    /// <summary>Which database a restore that was interrupted has left, and how to go on.</summary>
    public static string Describe(RestoreStep? left, DatabaseConnection? connection)
    {
        if (left is null) return "A restore was interrupted before it changed anything. Begin it again with: cairn restore BACKUP, or give it up with: cairn unfreeze.";
        var what = string.Create(CultureInfo.InvariantCulture, $"The restore of {System.IO.Path.GetFileName(left.Backup)}, begun {left.Since.UtcDateTime:yyyy-MM-dd HH:mm} UTC, was interrupted");
        var which = IsReplaced(left, connection) ? "the restored database is in place, and not yet looked at" : "the database is the one from before";
        var back = left switch
        {
            { Safety: { } path, SafetyIsBackup: true } => $"go back with: cairn restore {System.IO.Path.GetFileName(path)}, or ",
            { Safety: { } path } => $"the bytes of the damaged one are kept at {path}; ",
            _ => "",
        };
        return $"{what}: {which}. Go on with: cairn restore --resume; {back}leave it so with: cairn unfreeze.";
    }

    /// <summary>Whether the backup has taken the database's place.</summary>
    public static bool IsReplaced(RestoreStep step, DatabaseConnection? connection) => step.Stage switch
    {
        RestoreStage.Preparing => false,
        RestoreStage.Checking => true,
        _ => connection is not null && ReadCookie(connection) is { } cookie && (step.Cookie is null ? cookie > 0 : cookie == step.Cookie + 1),
    };

    /// <summary>The database's schema cookie; null when it cannot be read.</summary>
    public static long? ReadCookie(DatabaseConnection connection)
    {
        try
        {
            return connection.Number("PRAGMA schema_version");
        }
        catch (Microsoft.Data.Sqlite.SqliteException error) when (StorageErrors.IsDamage(error))
        {
            return null; // it is not the restored one, at any rate
        }
    }

    // Who only looks has it locked as well, for a moment. Windows lets nobody delete it unless it is shared for that.
    private FileStream Lock()
    {
        FileStream? held = null;
        IOException? busy = null;
        SpinWait.SpinUntil(() =>
        {
            try
            {
                held = DatabaseFile.OpenOrCreate(Path, OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None);
            }
            catch (IOException error) when (error.GetType() == typeof(IOException))
            {
                busy = error;
            }
            return held is not null;
        }, Patience);
        return held ?? throw busy!;
    }

    private static RestoreStep? Last(FileStream stream)
    {
        var bytes = new byte[Math.Min(stream.Length, MaxBytes)];
        stream.Seek(-bytes.Length, SeekOrigin.End);
        stream.ReadExactly(bytes);
        RestoreStep? last = null;
        var lines = System.Text.Encoding.UTF8.GetString(bytes).Split('\n');
        foreach (var line in lines[..^1]) // what follows the last line's end is not whole
        {
            try
            {
                last = JsonSerializer.Deserialize(line, RestoreJson.Default.RestoreStep) ?? last;
            }
            catch (JsonException)
            {
                // A line whose end was lost when its process died: the one that counts came before or comes after.
            }
        }
        return last;
    }
}

/// <summary>The journal of the restore that this process does. Disposing it leaves the file there, unlocked.</summary>
internal sealed class OpenJournal(string path, FileStream stream, RestoreStep? former) : IDisposable
{
    /// <summary>The last step of the restore that was interrupted, whose journal this was; null when there was none.</summary>
    public RestoreStep? Former => former;

    /// <summary>Writes a step down, and forces it to disk.</summary>
    public RestoreStep Append(RestoreStep step)
    {
        stream.Seek(0, SeekOrigin.End);
        // The line's end comes first as well: the line before may be half a one.
        stream.Write([(byte)'\n', .. JsonSerializer.SerializeToUtf8Bytes(step, RestoreJson.Default.RestoreStep), (byte)'\n']);
        stream.Flush(flushToDisk: true);
        return step;
    }

    /// <summary>Removes the journal: writes go on.</summary>
    public void Remove()
    {
        File.Delete(path);
        DurableFile.FlushDirectory(Path.GetDirectoryName(path)!);
    }

    public void Dispose() => stream.Dispose();
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(RestoreStep))]
internal sealed partial class RestoreJson : JsonSerializerContext;
