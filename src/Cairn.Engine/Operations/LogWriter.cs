using Cairn.Engine.Policy;

namespace Cairn.Engine.Operations;

/// <summary>
/// Appends lines to the log: one system call each, no fsync. A line that cannot be written is lost and fails nobody; why
/// is kept in <see cref="Problem"/>, and for a while it is not tried again.
/// </summary>
internal sealed class LogWriter(LogFiles files, string database, SecretScanner scanner, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _writing = new();
    private readonly LogLine _line = new(scanner);
    private AppendFile? _file;
    private string? _path;
    private DateTimeOffset _day;
    private int _number;
    private bool _torn;
    private long _failedAt;
    private long _lookedAt;
    private bool _told;

    /// <summary>Is told once why lines are lost.</summary>
    public Action<string>? Trouble { get; init; }

    /// <summary>Why lines are lost; null when none are.</summary>
    public string? Problem { get; private set; }

    /// <summary>Appends a line.</summary>
    public void Write(LogEvent line)
    {
        var now = time.GetUtcNow();
        lock (_writing)
        {
            if (Problem is not null && time.GetElapsedTime(_failedAt) < Pause) return;
            try
            {
                Open(now);
                if (_torn) _file!.Append("\n"u8);
                _torn = false;
                _file!.Append(_line.Of(line with { Time = line.Time == default ? now : line.Time, Pid = Environment.ProcessId, Database = database }));
                Problem = null;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                Fail(error);
            }
        }
    }

    public void Dispose()
    {
        lock (_writing) Close();
    }

    private void Open(DateTimeOffset now)
    {
        var day = LogFiles.Midnight(now);
        if (_file is not null && day == _day && (time.GetElapsedTime(_lookedAt) < LookEvery || IsGood(_file))) return;
        Close();
        if (day != _day) (_day, _number) = (day, 0);
        files.Prepare(now);
        while (true)
        {
            _path = files.Name(day, _number);
            _file = AppendFile.Open(_path);
            if (IsGood(_file)) return;
            Close();
            _number++;
        }
    }

    // A file that was removed by hand is made again, instead of one that nobody sees being filled.
    private bool IsGood(AppendFile file)
    {
        _lookedAt = time.GetTimestamp();
        return File.Exists(_path) && file.Length < LogFiles.FullBytes;
    }

    private void Fail(Exception error)
    {
        _torn = _file is not null; // a full disk can take half a line
        _failedAt = time.GetTimestamp();
        Close();
        Problem = $"{files.Path} cannot be written ({(error is UnauthorizedAccessException ? "no permission" : "the file system refused it, or it is full")})";
        if (_told) return;
        _told = true;
        Trouble?.Invoke($"The event log is not kept: {Problem}. Everything else goes on.");
    }

    private void Close()
    {
        _file?.Dispose();
        _file = null;
    }
}
