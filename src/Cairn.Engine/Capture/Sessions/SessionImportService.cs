using Cairn.Engine.Entries;
using Cairn.Engine.Policy;
using Cairn.Engine.Projects;
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

    private static readonly TimeSpan TurnsPatience = TimeSpan.FromMilliseconds(1500);

    private readonly EngineOptions _options;
    private readonly Database _database;
    private readonly ProjectResolver _projects;
    private readonly SecretScanner _scanner;
    private readonly TimeProvider _time;
    private readonly Func<IReadOnlyList<SessionEvent>, CallContext, CaptureResult> _capture;

    internal SessionImportService(EngineOptions options, Database database, ProjectResolver projects, SecretScanner scanner, TimeProvider time, Func<IReadOnlyList<SessionEvent>, CallContext, CaptureResult> capture)
    {
        _options = options;
        _database = database;
        _projects = projects;
        _scanner = scanner;
        _time = time;
        _capture = capture;
    }

    /// <summary>The clients whose files are known.</summary>
    public static IReadOnlyList<string> Clients { get; } = [CodexRollout.Client, ClaudeTranscript.Client];

    /// <summary>Imports what is new. One import runs at a time, over all processes; another one gives up, with named files after a while.</summary>
    /// <param name="request">Which files.</param>
    /// <param name="progress">Told about once a second, within the call.</param>
    /// <param name="cancellation">Ends the run; what was captured stays, and how far it came.</param>
    /// <exception cref="EngineException">A client is not known, or the storage failed.</exception>
    public SessionImportResult Import(SessionImportRequest request, Action<SessionImportProgress>? progress = null, CancellationToken cancellation = default)
    {
        foreach (var client in request.Clients)
            if (!Clients.Contains(client)) throw EngineException.Invalid("sessions", $"is none of {string.Join(", ", Clients)}");
        using var turn = ImportTurn.Take(_database.Path, request.Files is null ? TimeSpan.Zero : TurnsPatience, cancellation);
        if (turn is null) return new SessionImportResult { Busy = true };

        var files = Files(request).Where(file => request.Since is not { } since || file.WrittenAt >= since).ToList();
        if (request.SmallFirst) files = [.. files.OrderBy(static file => file.Size)];
        var read = _database.Read(connection => SessionFileStore.Read(connection, files.Select(static file => file.Name)));
        var run = new Run(request.Project, cancellation);
        var told = _time.GetTimestamp();
        try
        {
            for (var i = 0; i < files.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (progress is not null && _time.GetElapsedTime(told) >= TimeSpan.FromSeconds(1))
                {
                    told = _time.GetTimestamp();
                    progress(new SessionImportProgress(i, files.Count, run.Events));
                }
                // To the millisecond, as it is stored.
                if (read.TryGetValue(files[i].Name, out var known) && known.Size == files[i].Size && known.WrittenAt.ToUnixTimeMilliseconds() == files[i].WrittenAt.ToUnixTimeMilliseconds())
                {
                    run.Unchanged++;
                    continue;
                }
                if (Import(files[i], run) is { } row) run.Finished.Add(row);
                if (run.Finished.Count >= FilesAWrite) Record(run.Finished);
            }
        }
        catch (OperationCanceledException)
        {
            Record(run.Finished);
            throw;
        }
        Record(run.Finished);
        return run.Result();
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
        var codex = request.CodexHome ?? Path.Combine(_options.HomeDirectory, ".codex");
        if (clients.Contains(CodexRollout.Client)) files.AddRange(SessionFile.In(CodexRollout.Client, Path.Combine(codex, "sessions")).Concat(SessionFile.In(CodexRollout.Client, Path.Combine(codex, "archived_sessions"))).DistinctBy(static file => file.Name, StringComparer.Ordinal));
        if (clients.Contains(ClaudeTranscript.Client)) files.AddRange(SessionFile.In(ClaudeTranscript.Client, Path.Combine(request.ClaudeHome ?? Path.Combine(_options.HomeDirectory, ".claude"), "projects")));
        return files;
    }

    private SessionFileRow? Import(SessionFile file, Run run)
    {
        if (_scanner.Scan(file.Path).Count > 0)
        {
            run.Skip("(a path)", "its path looks like it holds a secret");
            return null;
        }
        try
        {
            return Read(file, _database.Read(connection => SessionFileStore.Find(connection, file.Name)), run);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException or ZstdSharp.ZstdException)
        {
            run.Skip(file.Path, "cannot be read, or is no whole compressed file");
            return null;
        }
        catch (EngineException error) when (error.Code is ErrorCode.InvalidArgument or ErrorCode.PolicyBlocked)
        {
            run.Skip(file.Path, error.Message);
            return null;
        }
    }

    private SessionFileRow? Read(SessionFile file, SessionFileRow? known, Run run)
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
                if (!batch.Read(line, start, lines.Offset)) run.Unread++;
                var isOver = run.Cancellation.IsCancellationRequested;
                if (!batch.IsFull && !batch.IsFar && !isOver) continue;
                Deliver(file, batch.Take(), run);
                Record([Row(file, batch, head, -1)]);
                run.Cancellation.ThrowIfCancellationRequested();
            }
            var isSettled = _time.GetUtcNow() - file.WrittenAt > TurnPatience;
            if (isSettled) batch.Close();
            Deliver(file, batch.Take(), run);
            run.Files++;
            return Row(file, batch, head, batch.Holds ? -1 : file.Size);
        }
    }

    private SessionFileRow Row(SessionFile file, SessionBatch batch, byte[] head, long size) => new(file.Name, file.Client, size, file.WrittenAt, batch.Offset, head, Clean(batch.State).Write());

    // A state is stored: what looks like a secret in it is not worth the risk.
    private SessionState Clean(SessionState state) => state with
    {
        SessionId = Clean(state.SessionId) ?? "unnamed",
        WorkingDirectory = Clean(state.WorkingDirectory),
        Repository = Clean(state.Repository),
        Branch = Clean(state.Branch),
        Commit = Clean(state.Commit),
        TurnId = Clean(state.TurnId),
    };

    private string? Clean(string? text) => text is null || text.Length > 4096 || _scanner.Scan(text).Count > 0 ? null : text;

    private void Deliver(SessionFile file, IReadOnlyList<SessionEvent> events, Run run)
    {
        foreach (var part in ByFolder(events))
        {
            var context = Context(part[0], run.Project);
            if (IsLost(context))
            {
                run.Skip(file.Path, "its folder is gone and belongs to no known project, so which of the projects' capture settings hold cannot be told");
                continue;
            }
            var counts = _capture(part, context);
            run.Events += part.Count;
            run.Saved += counts.Saved;
            run.Skipped += counts.Skipped;
            run.Duplicates += counts.Duplicates;
        }
    }

    // Where the user has set projects apart, what was said in a folder that is gone may be of one for which capture is off.
    private bool IsLost(CallContext context)
    {
        if (_options.Capture.Projects.Count == 0 || Directory.Exists(context.WorkingDirectory)) return false;
        var identity = _projects.Identify(context);
        return _database.Read(connection => ProjectStore.Find(connection, identity)) is null;
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

    private CallContext Context(SessionEvent first, string? project) => new()
    {
        WorkingDirectory = first.WorkingDirectory is { } folder && Path.IsPathFullyQualified(folder) ? folder : _options.HomeDirectory,
        Project = project,
        Repository = Clean(first.Repository),
        SessionId = Clean(first.SessionId) is { Length: <= 200 } session ? session : null, // capture names it by a hash
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

    private sealed class Run(string? project, CancellationToken cancellation)
    {
        private readonly List<SkippedSessionFile> _skipped = [];
        private int _skips;

        public string? Project => project;

        public CancellationToken Cancellation => cancellation;

        public List<SessionFileRow> Finished { get; } = [];

        public int Files { get; set; }

        public int Unchanged { get; set; }

        public int Events { get; set; }

        public int Saved { get; set; }

        public int Skipped { get; set; }

        public int Duplicates { get; set; }

        public int Unread { get; set; }

        public void Skip(string path, string reason)
        {
            _skips++;
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
            SkippedTotal = _skips > _skipped.Count ? _skips : null,
        };
    }
}
