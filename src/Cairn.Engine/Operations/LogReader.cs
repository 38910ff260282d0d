namespace Cairn.Engine.Operations;

/// <summary>Reads files of the log that others append to, each on from where it was read before. Whole lines only: the end of one may still be coming.</summary>
internal sealed class LogReader
{
    private readonly Dictionary<string, long> _read = new(StringComparer.Ordinal);

    /// <summary>The lines of a file that were not read yet, without their ends; none of one that is gone.</summary>
    /// <exception cref="EngineException">The file cannot be read.</exception>
    public IEnumerable<ReadOnlyMemory<byte>> Next(string path)
    {
        var bytes = Rest(path);
        for (int start = 0, end; (end = bytes.AsSpan(start).IndexOf((byte)'\n')) >= 0; start += end + 1)
            yield return bytes.AsMemory(start, end);
    }

    /// <summary>Takes all that is in a file by now for read.</summary>
    public void Skip(string path) => _read[path] = new FileInfo(path) is { Exists: true } file ? file.Length : 0;

    private byte[] Rest(string path)
    {
        try
        {
            using var stream = LogFiles.OpenToRead(path);
            var from = _read.GetValueOrDefault(path);
            if (stream.Length < from) from = 0; // made anew under the same name
            stream.Position = from;
            var bytes = new byte[stream.Length - from];
            var length = bytes.AsSpan(0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)).LastIndexOf((byte)'\n') + 1;
            _read[path] = from + length;
            return bytes[..length];
        }
        catch (FileNotFoundException)
        {
            return []; // pruned or archived meanwhile
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(ErrorCode.StorageFailure, $"{path} cannot be read. Check its permissions.", inner: error);
        }
    }
}
