using Cairn.Engine.Entries;
using Cairn.Engine.Policy;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Capture.Sessions;

/// <summary>
/// Reads what is new in the clients' session files and hands it to capture, turn by turn; the last turn of a file that is
/// still being written waits until it ends, so that what belongs together is seen together. How far a file was read is
/// recorded after capture has its events: a kill in between gives them twice, which capture knows, and never loses any.
/// </summary>
public sealed class SessionImportService
{
    /// <summary>How long nothing must have been written for an unfinished turn to be read all the same.</summary>
    public static readonly TimeSpan TurnPatience = TimeSpan.FromHours(1);

    private const int MaxShown = 50;
    private const int FilesAWrite = 64;

    private readonly EngineOptions _options;
    private readonly Database _database;
    private readonly SecretScanner _scanner;
    private readonly TimeProvider _time;
    private readonly Func<IReadOnlyList<SessionEvent>, CallContext, CaptureResult> _capture;

    internal SessionImportService(EngineOptions options, Database database, SecretScanner scanner, TimeProvider time, Func<IReadOnlyList<SessionEvent>, CallContext, CaptureResult> capture)
    {
        _options = options;
        _database = database;
        _scanner = scanner;
        _time = time;
        _capture = capture;
    }

    /// <summary>The clients whose files are known.</summary>
    public static IReadOnlyList<string> Clients { get; } = [CodexRollout.Client, ClaudeTranscript.Client];

    /// <summary>Imports what is new. One import runs at a time, over all processes; another one gives up at once.</summary>
    /// <param name="request">Which files.</param>
    /// <param name="progress">Told about once a second, within the call.</param>
    /// <param name="cancellation">Ends the run; what was captured stays.</param>
    /// <exception cref="EngineException">A client is not known, or the storage failed.</exception>
    public SessionImportResult Import(SessionImportRequest request, Action<SessionImportProgress>? progress = null, CancellationToken cancellation = default)
    {
        foreach (var client in request.Clients)
            if (!Clients.Contains(client)) throw EngineException.Invalid("sessions", $"is none of {string.Join(", ", Clients)}");
        var known = _database.Read(SessionFileStore.All);
        using var turn = ImportTurn.Take(_database.Path);
        if (turn is null) return new SessionImportResult { Busy = true };

        var files = Files(request).Where(file => request.Since is not { } since || file.WrittenAt >= since).ToList();
        var tally = new Tally();
        var finished = new List<SessionFileRow>();
        var told = _time.GetTimestamp();
        for (var i = 0; i < files.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (progress is not null && _time.GetElapsedTime(told) >= TimeSpan.FromSeconds(1))
            {
                told = _time.GetTimestamp();
                progress(new SessionImportProgress(i, files.Count, tally.Events));
            }
            if (Import(files[i], known.GetValueOrDefault(files[i].Name), tally, cancellation) is { } row) finished.Add(row);
            if (finished.Count >= FilesAWrite) Record(finished);
        }
        Record(finished);
        return tally.Result();
    }

    private List<SessionFile> Files(SessionImportRequest request)
    {
        if (request.Files is { } named)
        {
            var client = request.Clients is [var only] ? only : throw EngineException.Invalid("sessions", "must name one client where files are named");
            return [.. named.Select(path => new FileInfo(path)).Where(static file => file.Exists && file.Length > 0).Select(file => SessionFile.Of(client, file))];
        }
        var clients = request.Clients is { Count: > 0 } some ? some : Clients;
        var files = new List<SessionFile>();
        if (clients.Contains(CodexRollout.Client)) files.AddRange(SessionFile.In(CodexRollout.Client, Path.Combine(request.CodexHome ?? Path.Combine(_options.HomeDirectory, ".codex"), "sessions")));
        if (clients.Contains(ClaudeTranscript.Client)) files.AddRange(SessionFile.In(ClaudeTranscript.Client, Path.Combine(request.ClaudeHome ?? Path.Combine(_options.HomeDirectory, ".claude"), "projects")));
        return files;
    }

    private SessionFileRow? Import(SessionFile file, SessionFileRow? known, Tally tally, CancellationToken cancellation)
    {
        // To the millisecond, as it is stored.
        if (known is not null && known.Size == file.Size && known.WrittenAt.ToUnixTimeMilliseconds() == file.WrittenAt.ToUnixTimeMilliseconds())
        {
            tally.Unchanged++;
            return null;
        }
        if (_scanner.Scan(file.Path).Count > 0)
        {
            tally.Skip("(a path)", "its path looks like it holds a secret");
            return null;
        }
        try
        {
            return Read(file, known, tally, cancellation);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException or ZstdSharp.ZstdException)
        {
            tally.Skip(file.Path, "cannot be read, or is no whole compressed file");
            return null;
        }
        catch (EngineException error) when (error.Code is ErrorCode.InvalidArgument or ErrorCode.PolicyBlocked)
        {
            tally.Skip(file.Path, error.Message);
            return null;
        }
    }

    private SessionFileRow? Read(SessionFile file, SessionFileRow? known, Tally tally, CancellationToken cancellation)
    {
        var stored = known is null ? null : SessionState.Read(known.State);
        var (stream, resumed, head) = file.OpenAt(known?.Offset ?? 0, stored is null ? null : known!.Head);
        using (stream)
        {
            var (state, offset) = resumed ? (stored!, known!.Offset) : (new SessionState { SessionId = file.Stem }, 0);
            var batch = new SessionBatch(file, state, offset);
            var lines = new SessionLines(stream, offset);
            while (lines.Offset is var start && lines.Next() is { } line)
            {
                cancellation.ThrowIfCancellationRequested();
                if (!batch.Read(line, start, lines.Offset)) tally.Unread++;
                if (!batch.IsFull) continue;
                Deliver(batch.Take(), tally);
                Record([Row(file, batch, head, -1)]);
            }
            var isSettled = _time.GetUtcNow() - file.WrittenAt > TurnPatience;
            if (isSettled) batch.Close();
            Deliver(batch.Take(), tally);
            tally.Files++;
            return Row(file, batch, head, batch.Holds ? -1 : file.Size);
        }
    }

    private SessionFileRow Row(SessionFile file, SessionBatch batch, byte[] head, long size) => new(file.Name, file.Client, size, file.WrittenAt, batch.Offset, head, Clean(batch.State).Write());

    // A state is stored: what looks like a secret in it is not worth the risk.
    private SessionState Clean(SessionState state) => state with
    {
        SessionId = Clean(state.SessionId) ?? "unnamed",
        WorkingDirectory = Clean(state.WorkingDirectory),
        Branch = Clean(state.Branch),
        Commit = Clean(state.Commit),
        TurnId = Clean(state.TurnId),
    };

    private string? Clean(string? text) => text is null || text.Length > 4096 || _scanner.Scan(text).Count > 0 ? null : text;

    private void Deliver(IReadOnlyList<SessionEvent> events, Tally tally)
    {
        foreach (var part in ByFolder(events))
        {
            var counts = _capture(part, Context(part[0]));
            tally.Events += part.Count;
            tally.Saved += counts.Saved;
            tally.Skipped += counts.Skipped;
            tally.Duplicates += counts.Duplicates;
        }
    }

    // A session may go on in another project, with a prompt of its own; within a turn only the shell's folder changes.
    private static IEnumerable<List<SessionEvent>> ByFolder(IReadOnlyList<SessionEvent> events)
    {
        var part = new List<SessionEvent>();
        foreach (var item in events)
        {
            if (item.Kind == SessionEventKind.UserPrompt && part.Count > 0 && part[^1].WorkingDirectory != item.WorkingDirectory)
            {
                yield return part;
                part = [];
            }
            part.Add(item);
        }
        if (part.Count > 0) yield return part;
    }

    private CallContext Context(SessionEvent first) => new()
    {
        WorkingDirectory = first.WorkingDirectory is { } folder && Path.IsPathFullyQualified(folder) && !folder.Contains('\0', StringComparison.Ordinal) ? folder : _options.HomeDirectory,
        SessionId = first.SessionId,
        Client = first.Client,
        Commit = first.Commit,
        Origin = EntryOrigin.Transcript,
    };

    private void Record(List<SessionFileRow> rows)
    {
        if (rows.Count == 0) return;
        _database.Write(scope =>
        {
            foreach (var row in rows) SessionFileStore.Put(scope, row);
            return true;
        });
        rows.Clear();
    }

    private sealed class Tally
    {
        private readonly List<SkippedSessionFile> _skipped = [];

        public int Files { get; set; }

        public int Unchanged { get; set; }

        public int Events { get; set; }

        public int Saved { get; set; }

        public int Skipped { get; set; }

        public int Duplicates { get; set; }

        public int Unread { get; set; }

        public void Skip(string path, string reason)
        {
            if (_skipped.Count < MaxShown) _skipped.Add(new SkippedSessionFile(path, reason));
        }

        public SessionImportResult Result() => new()
        {
            Files = Files,
            Unchanged = Unchanged,
            Events = Events,
            Saved = Saved,
            Skipped = Skipped,
            Duplicates = Duplicates,
            UnreadLines = Unread > 0 ? Unread : null,
            SkippedFiles = _skipped.Count > 0 ? _skipped : null,
        };
    }
}
