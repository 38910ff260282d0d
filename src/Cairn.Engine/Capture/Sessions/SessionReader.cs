using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cairn.Engine.Policy;

namespace Cairn.Engine.Capture.Sessions;

/// <summary>
/// Makes events of a session file's lines, one after the other. It never throws for what a line holds: what it does not
/// know it passes over. What the client or Cairn put into the model's context is no event.
/// </summary>
internal abstract class SessionReader(string client, SessionState state)
{
    private const int MaxOutput = 4000;
    private const int MaxCalls = 256;

    // A call that has begun: a command's line, the files of an edit, or neither.
    private readonly Dictionary<string, (string? Command, IReadOnlyList<string> Paths)> _calls = new(StringComparer.Ordinal);
    private List<SessionEvent> _events = [];
    private long _offset;

    /// <summary>What it knows of the lines before.</summary>
    public SessionState State { get; protected set; } = state;

    /// <summary>Whether nothing is under way: the turn has ended, and every call has its result.</summary>
    public bool AtRest { get; private set; } = true;

    /// <summary>Whether the line that was read last began a turn, with nothing under way before it.</summary>
    public bool BeganTurn { get; private set; }

    /// <summary>Reads a line.</summary>
    /// <param name="line">Its bytes, without the line end.</param>
    /// <param name="offset">Where it begins, in bytes of the (uncompressed) file.</param>
    /// <param name="events">Gets what it tells.</param>
    /// <returns>False when it is no JSON object.</returns>
    public bool Read(ReadOnlyMemory<byte> line, long offset, List<SessionEvent> events)
    {
        (_events, _offset, BeganTurn) = (events, offset, false);
        using var document = JsonLine.Parse(line);
        if (document is null) return false;
        if (JsonLine.Time(document.RootElement, "timestamp") is { } time) State = State with { At = time };
        Read(document.RootElement);
        return true;
    }

    /// <summary>Reads a line's object.</summary>
    protected abstract void Read(JsonElement line);

    /// <summary>A name for what has none of its own: where its line begins.</summary>
    protected string LineId => string.Create(CultureInfo.InvariantCulture, $"line:{_offset}");

    /// <summary>The session begins.</summary>
    protected void Start()
    {
        if (State.Started) return;
        State = State with { Started = true };
        Add(Event(SessionEventKind.SessionStarted, "session"));
    }

    /// <summary>Somebody says something, unless the same was told before: under the same id, or through the other channel.</summary>
    /// <param name="kind">Who, and what.</param>
    /// <param name="id">The client's id.</param>
    /// <param name="text">What.</param>
    /// <param name="channel">One of two ways in which a file tells the same; null where there is one alone.</param>
    protected void Say(SessionEventKind kind, string? id, string? text, bool? channel = null)
    {
        if (string.IsNullOrWhiteSpace(text) || (kind == SessionEventKind.UserPrompt && Injected.Is(text))) return;
        var twin = channel is { } first && IsTwin(kind == SessionEventKind.UserPrompt ? "user" : "agent", text, first);
        if ((id is not null && IsKnown(id)) || twin) return;
        if (kind == SessionEventKind.UserPrompt) BeginTurn();
        if (kind == SessionEventKind.FinalAnswer) State = State with { Answered = true };
        var rested = AtRest;
        // What is private is gone before anything is cut: half a mark marks nothing.
        Add(Event(kind, id ?? LineId) with { Text = JsonLine.Head(PrivateSpans.Remove(text)) });
        // In the middle of a turn a summary ends nothing: what the turn edited before it tells whether the rest may be taken.
        if (kind == SessionEventKind.FinalAnswer || (kind == SessionEventKind.CompactionSummary && rested)) AtRest = _calls.Count == 0;
    }

    /// <summary>A turn begins, named or not.</summary>
    protected void BeginTurn(string? turnId)
    {
        if (turnId is null || turnId == State.TurnId) return;
        _calls.Clear();
        State = State with { TurnId = turnId, Answered = false };
    }

    /// <summary>The turn ends.</summary>
    protected void EndTurn()
    {
        _calls.Clear();
        AtRest = true;
    }

    /// <summary>A call begins whose result comes later.</summary>
    protected void Begin(string? callId, string? command, IReadOnlyList<string> paths)
    {
        if (callId is null || _calls.Count >= MaxCalls) return;
        _calls[callId] = (command, paths);
        AtRest = false;
    }

    /// <summary>What a call was about; null for one that is not known, or has its result.</summary>
    protected (string? Command, IReadOnlyList<string> Paths)? Call(string? callId) =>
        callId is not null && _calls.TryGetValue(callId, out var call) ? call : null;

    /// <summary>A command has ended.</summary>
    protected void Ran(string? callId, string? command, int? exitCode, string? output)
    {
        if (Ends(callId) || string.IsNullOrWhiteSpace(command)) return;
        if (PatchPaths.Of(command) is { Count: > 0 } paths)
        {
            if (exitCode is null or 0) Add(Event(SessionEventKind.FileEdit, callId ?? LineId) with { Paths = [.. paths.Select(Relative)] });
            return;
        }
        // What Cairn said is not to come back as if it were new.
        var text = string.IsNullOrEmpty(output) || Injected.IsOwnCommand(command) ? null : JsonLine.Tail(PrivateSpans.Remove(output), MaxOutput);
        Add(Event(SessionEventKind.Command, callId ?? LineId) with { Command = JsonLine.Head(PrivateSpans.Remove(command)), ExitCode = exitCode, Text = text });
    }

    /// <summary>Files were changed, or were not.</summary>
    protected void Edited(string? callId, IReadOnlyList<string> paths, bool succeeded)
    {
        if (Ends(callId) || !succeeded || paths.Count == 0) return;
        Add(Event(SessionEventKind.FileEdit, callId ?? LineId) with { Paths = [.. paths.Select(Relative).Distinct(StringComparer.Ordinal)] });
    }

    /// <summary>A tool was called. Its answer is not kept: it may be Cairn's own.</summary>
    protected void Called(string? callId, string? tool)
    {
        if (Ends(callId) || string.IsNullOrWhiteSpace(JsonLine.Short(tool))) return;
        Add(Event(SessionEventKind.ToolCall, callId ?? LineId) with { Tool = tool });
    }

    private void BeginTurn()
    {
        BeganTurn = _calls.Count == 0;
        AtRest = false;
        State = State with { Answered = false };
    }

    private bool Ends(string? callId)
    {
        if (callId is null) return false;
        _calls.Remove(callId);
        return IsKnown("call " + callId);
    }

    private bool IsKnown(string id)
    {
        var hash = Hash(id);
        if (State.Ids.Contains(hash)) return true;
        State = State.WithId(hash);
        return false;
    }

    // Each telling through one channel makes up for one through the other; said twice, it is two.
    private bool IsTwin(string who, string text, bool first)
    {
        var other = Hash($"{who} {!first} {text.Trim()}");
        if (State.Texts.IndexOf(other) is >= 0 and var index)
        {
            State = State with { Texts = State.Texts.RemoveAt(index) };
            return true;
        }
        State = State.WithText(Hash($"{who} {first} {text.Trim()}"));
        return false;
    }

    private void Add(SessionEvent item)
    {
        _events.Add(item with { Paths = [.. item.Paths.Where(static path => JsonLine.Short(path) is not null)] });
        if (item.Kind != SessionEventKind.SessionStarted) AtRest = false;
    }

    private SessionEvent Event(SessionEventKind kind, string id) => new()
    {
        Id = id,
        Client = client,
        SessionId = State.SessionId,
        Kind = kind,
        OccurredAt = State.At,
        TurnId = State.TurnId,
        WorkingDirectory = State.WorkingDirectory,
        Branch = State.Branch,
        Commit = State.Commit,
        Repository = State.Repository,
    };

    private string Relative(string path)
    {
        if (State.WorkingDirectory is not { Length: > 1 } folder) return path;
        return path.Length > folder.Length + 1 && path.StartsWith(folder, StringComparison.Ordinal) && path[folder.Length] is '/' or '\\' ? path[(folder.Length + 1)..] : path;
    }

    private static uint Hash(string text) => BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
