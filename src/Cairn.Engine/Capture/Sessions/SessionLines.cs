namespace Cairn.Engine.Capture.Sessions;

/// <summary>
/// The whole lines of a session file from an offset on. One that has no end yet is not given: its writer may still be at
/// it. Memory is bounded by the longest line that is read.
/// </summary>
/// <param name="stream">The file, at the offset.</param>
/// <param name="offset">Where it is, in bytes.</param>
internal sealed class SessionLines(Stream stream, long offset)
{
    /// <summary>The longest line that is read, in bytes; longer ones (images) are passed over.</summary>
    public const int MaxLength = 8 * 1024 * 1024;

    private byte[] _buffer = new byte[128 * 1024];
    private int _start;
    private int _end;

    /// <summary>Where the next line begins.</summary>
    public long Offset { get; private set; } = offset;

    /// <summary>The next line without its end, empty when it was too long; null when no whole line is left. Good until the next call.</summary>
    public ReadOnlyMemory<byte>? Next()
    {
        var searched = 0;
        while (true)
        {
            var end = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (end >= 0)
            {
                var line = _buffer.AsMemory(_start, searched + end);
                _start += line.Length + 1;
                Offset += line.Length + 1;
                return line.Span is [.., (byte)'\r'] ? line[..^1] : line;
            }
            searched = _end - _start;
            if (searched > MaxLength) return PassOver();
            if (!Fill()) return null;
        }
    }

    private ReadOnlyMemory<byte>? PassOver()
    {
        var passed = 0L;
        while (true)
        {
            var end = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (end >= 0)
            {
                _start += end + 1;
                Offset += passed + end + 1;
                return ReadOnlyMemory<byte>.Empty;
            }
            passed += _end - _start;
            _start = _end = 0;
            if (!Fill()) return null;
        }
    }

    private bool Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_end == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
        var read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        return read > 0;
    }
}
