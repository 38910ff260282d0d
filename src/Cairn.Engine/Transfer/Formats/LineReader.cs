namespace Cairn.Engine.Transfer.Formats;

/// <summary>The lines of a stream as bytes. A line beyond the limit is passed over in constant memory, and said to be too long.</summary>
internal sealed class LineReader(Stream stream)
{
    /// <summary>The longest line that is given, in bytes: an entry of 256 KiB, all of it escaped, takes a tenth.</summary>
    public const int MaxLength = 16 * 1024 * 1024;

    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private long _number;

    /// <summary>
    /// The next line, without its end and without a byte order mark before the first; null at the end. An empty text with
    /// <c>TooLong</c> stands for a line that was passed over. The bytes are good until the next call.
    /// </summary>
    public (long Number, ReadOnlyMemory<byte> Text, bool TooLong)? Next()
    {
        var searched = 0;
        while (true)
        {
            var end = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (end >= 0)
            {
                var line = Line(searched + end, 1);
                return (++_number, line, false);
            }
            searched = _end - _start;
            if (searched > MaxLength) return PassOver();
            if (Fill()) continue;
            return searched == 0 ? null : (++_number, Line(searched, 0), false);
        }
    }

    private ReadOnlyMemory<byte> Line(int length, int terminator)
    {
        var line = _buffer.AsMemory(_start, length);
        _start += length + terminator;
        if (_number == 0 && line.Span.StartsWith("\uFEFF"u8)) line = line[3..];
        return line.Span is [.., (byte)'\r'] ? line[..^1] : line;
    }

    private (long, ReadOnlyMemory<byte>, bool)? PassOver()
    {
        while (true)
        {
            var end = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (end >= 0)
            {
                _start += end + 1;
                break;
            }
            _start = _end = 0;
            if (!Fill()) break;
        }
        return (++_number, default, true);
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
