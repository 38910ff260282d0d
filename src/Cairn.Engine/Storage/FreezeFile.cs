using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cairn.Engine.Storage;

/// <summary>Why a database is frozen, since when, and who froze it.</summary>
internal sealed record FreezeNote(string Reason, DateTimeOffset Since, string Who);

/// <summary>
/// A file beside the database that stops every process from writing to it, while it is there: with whatever content, so
/// that an empty one made by hand does it too. It works when the database does not.
/// </summary>
internal sealed class FreezeFile(string database)
{
    /// <summary>The detail by which a refusal is told from other failures.</summary>
    public const string Detail = "frozen_since";

    private const int MaxBytes = 8 * 1024;
    private const int MaxShown = 500;

    /// <summary>Absolute path of the file.</summary>
    public string Path { get; } = database + ".frozen";

    /// <summary>Whether it is there. A look at the directory only: about a microsecond.</summary>
    public bool Exists => File.Exists(Path);

    /// <summary>Makes the file, and forces it and its name to disk. False when there is one already; that one stays.</summary>
    /// <exception cref="EngineException">It cannot be made.</exception>
    public bool TryWrite(FreezeNote note)
    {
        try
        {
            DatabaseFile.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            // From the first moment the file freezes; should its content be lost, it still does.
            using (var stream = DatabaseFile.CreateNew(Path, FileShare.Read))
            {
                stream.Write(JsonSerializer.SerializeToUtf8Bytes(note, FreezeJson.Default.FreezeNote));
                stream.Flush(flushToDisk: true);
            }
            DurableFile.FlushDirectory(System.IO.Path.GetDirectoryName(Path)!);
            return true;
        }
        catch (IOException) when (Exists)
        {
            return false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(ErrorCode.StorageFailure, $"{Path} cannot be written, so the database is not frozen. Check the folder, its permissions and its disk, or make the file by hand: an empty one freezes as well.", inner: error);
        }
    }

    /// <summary>What the file says; null when there is none. One that cannot be read freezes all the same.</summary>
    public FreezeNote? Read()
    {
        if (!Exists) return null;
        try
        {
            var written = File.GetLastWriteTimeUtc(Path);
            using var stream = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var note = stream.Length is > 0 and <= MaxBytes ? JsonSerializer.Deserialize(stream, FreezeJson.Default.FreezeNote) : null;
            return note is { Reason: not null, Who: not null }
                ? note with { Reason = Shown(note.Reason), Who = Shown(note.Who) }
                : new FreezeNote("no reason is given", new DateTimeOffset(written, TimeSpan.Zero), "hand");
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            return new FreezeNote($"{Path} cannot be read", new DateTimeOffset(File.GetLastWriteTimeUtc(Path), TimeSpan.Zero), "somebody");
        }
    }

    /// <summary>Removes the file.</summary>
    /// <exception cref="EngineException">It cannot be removed.</exception>
    public void Remove()
    {
        try
        {
            File.Delete(Path);
            DurableFile.FlushDirectory(System.IO.Path.GetDirectoryName(Path)!);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(ErrorCode.StorageFailure, $"{Path} cannot be removed, so the database stays frozen. Check the permissions of the file and its folder.", inner: error);
        }
    }

    /// <summary>Refuses a write while the file is there.</summary>
    public void Require()
    {
        if (Exists && Read() is { } note) throw Refusal(note);
    }

    private static EngineException Refusal(FreezeNote note) => new(ErrorCode.StorageFailure,
        string.Create(CultureInfo.InvariantCulture, $"The database is frozen since {note.Since.UtcDateTime:yyyy-MM-dd HH:mm} UTC by {note.Who}: {note.Reason}. Nothing was saved. Reads go on; cairn unfreeze lifts it."),
        new Dictionary<string, object> { [Detail] = note.Since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) });

    private static string Shown(string text) => string.Concat(text.Take(MaxShown).Select(static c => char.IsControl(c) ? ' ' : c)).Trim();
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(FreezeNote))]
internal sealed partial class FreezeJson : JsonSerializerContext;
