namespace Cairn.Engine.Capture.Sessions;

/// <summary>
/// What has been read of a file and not been handed on, and up to where it may be handed on: the end of a turn, with the
/// offset and the reader's state there.
/// </summary>
internal sealed class SessionBatch
{
    private const int MaxEvents = 2000;
    private const int MaxCharacters = 4 * 1024 * 1024;
    private const long MaxBytes = 8 * 1024 * 1024;

    private readonly SessionReader _reader;
    private readonly DateTimeOffset _writtenAt;
    private readonly List<SessionEvent> _events = [];
    private int _ended;
    private int _characters;
    private long _last;
    private long _taken;

    /// <summary>Begins where a file was read up to.</summary>
    public SessionBatch(SessionFile file, SessionState state, long offset)
    {
        _reader = file.Client == CodexRollout.Client ? new CodexRollout(state) : new ClaudeTranscript(state);
        (State, Offset, _last, _taken, _writtenAt) = (state, offset, offset, offset, file.WrittenAt);
    }

    /// <summary>Up to where all was handed on, or will be by the next <see cref="Take"/>.</summary>
    public long Offset { get; private set; }

    /// <summary>The reader's state there.</summary>
    public SessionState State { get; private set; }

    /// <summary>Whether so much waits that it is to be handed on now.</summary>
    public bool IsFull => _events.Count >= MaxEvents || _characters >= MaxCharacters;

    /// <summary>Whether so much was read, of however little use, that how far it came is to be written down.</summary>
    public bool IsFar => Offset - _taken >= MaxBytes;

    /// <summary>Whether something waits for the end of its turn.</summary>
    public bool Holds => _events.Count > 0;

    /// <summary>Reads a line; false when it is none that can be read.</summary>
    public bool Read(ReadOnlyMemory<byte> line, long start, long end)
    {
        var (before, count) = (_reader.State, _events.Count);
        var isRead = _reader.Read(line, start, _events);
        for (var i = count; i < _events.Count; i++)
        {
            if (_events[i].OccurredAt == default) _events[i] = _events[i] with { OccurredAt = _writtenAt }; // no line has told a time yet
            _characters += Weight(_events[i]);
        }
        _last = end;
        if (_reader.BeganTurn) End(count, start, before);
        if (_reader.AtRest) End(_events.Count, end, _reader.State);
        return isRead;
    }

    /// <summary>Nothing more comes of the turn: it ends here.</summary>
    public void Close() => End(_events.Count, _last, _reader.State);

    /// <summary>Hands on what has ended; a turn that alone is too much, as far as it is.</summary>
    public IReadOnlyList<SessionEvent> Take()
    {
        var isCut = _ended == 0 && IsFull;
        if (isCut) Close();
        var taken = _events.GetRange(0, _ended);
        _events.RemoveRange(0, _ended);
        // What is left of the turn is judged by what it edited before as well.
        if (isCut && Edits(taken) is { } edits) _events.Add(edits);
        (_ended, _characters, _taken) = (0, _events.Sum(Weight), Offset);
        return taken;
    }

    private static int Weight(SessionEvent item) => (item.Text?.Length ?? 0) + (item.Command?.Length ?? 0) + item.Paths.Sum(static path => path.Length) + (item.WorkingDirectory?.Length ?? 0) + 200;

    private static SessionEvent? Edits(List<SessionEvent> events) => events.FindLast(static item => item.Kind == SessionEventKind.FileEdit) is { } last
        ? last with { Paths = [.. events.Where(static item => item.Kind == SessionEventKind.FileEdit).SelectMany(static item => item.Paths).Distinct(StringComparer.Ordinal)] } : null;

    private void End(int count, long offset, SessionState state) => (_ended, Offset, State) = (count, offset, state);
}
