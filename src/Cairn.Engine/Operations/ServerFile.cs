using System.Text.Json;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Operations;

/// <summary>The file by which a server says that it is there: servers/PID.json beside the database, its user's alone.</summary>
internal sealed class ServerFile : IDisposable
{
    /// <summary>What the name of a file ends with that is not in its place yet.</summary>
    public const string Unfinished = ".new";

    private const int WritingAt = 11; // {"writing":

    private readonly string _path;
    private readonly FileStream _stream;

    private ServerFile(string path, FileStream stream) => (_path, _stream) = (path, stream);

    /// <summary>Puts a server's note in its place, whole from the first moment.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static ServerFile Put(string folder, ServerNote note)
    {
        DatabaseFile.CreateDirectory(folder);
        var path = Path.Combine(folder, $"{note.Pid}.json");
        var fresh = path + Unfinished;
        File.Delete(fresh); // what a process of this number left that was killed here
        var stream = DatabaseFile.CreateNew(fresh, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            RandomAccess.Write(stream.SafeFileHandle, JsonSerializer.SerializeToUtf8Bytes(note, LogJson.Default.ServerNote), 0);
            File.Move(fresh, path, overwrite: true);
            return new ServerFile(path, stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Says whether a write is under way: one byte, in place.</summary>
    public void Mark(bool writing)
    {
        try
        {
            RandomAccess.Write(_stream.SafeFileHandle, writing ? "1"u8 : "0"u8, WritingAt);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // No write waits for a sign to others, and none fails for want of it.
        }
    }

    /// <summary>Removes the file.</summary>
    public void Dispose()
    {
        _stream.Dispose();
        try
        {
            File.Delete(_path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Whoever looks next sees that its process is gone, and removes it.
        }
    }

    /// <summary>Closes the file and leaves it, for another to take its place.</summary>
    public void Release() => _stream.Dispose();

    /// <summary>What a file says; null when it is gone, or is none of ours.</summary>
    public static ServerNote? Read(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return JsonSerializer.Deserialize(stream, LogJson.Default.ServerNote);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
