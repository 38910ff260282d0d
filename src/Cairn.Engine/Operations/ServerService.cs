using System.Diagnostics;
using System.Globalization;

namespace Cairn.Engine.Operations;

/// <summary>
/// The servers that are live on this database: each says so in a file beside it, which it removes at its end. Whoever
/// looks tells the living from those that were killed, and sweeps what these left.
/// </summary>
public sealed class ServerService : IDisposable
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    private readonly string _folder;
    private readonly string _database;
    private readonly TimeProvider _time;
    private readonly Lock _changing = new();
    private ServerNote? _note;
    private ServerFile? _file;
    private bool _writing;
    private IDisposable? _stop;

    internal ServerService(EngineOptions options, TimeProvider time)
    {
        _folder = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(options.DatabasePath))!, "servers");
        _database = Path.GetFileName(options.DatabasePath);
        _time = time;
    }

    /// <summary>Makes this process one of the servers. Where its file cannot be written, it serves without being seen.</summary>
    /// <param name="version">The program's version.</param>
    /// <param name="stop">Run when another process asks this one to end, where signals do not do that (Windows).</param>
    public void Join(string version, Action stop)
    {
        var (pid, started) = (Environment.ProcessId, ProcessIdentity.StartOf(Environment.ProcessId) ?? 0);
        Put(new ServerNote { Writing = 0, Pid = pid, Started = started, Machine = Environment.MachineName, Database = _database, Since = _time.GetUtcNow(), Version = version });
        _stop = StopSignal.Await(pid, started, stop);
    }

    /// <summary>Says which client this server serves.</summary>
    public void Name(string? client, string? clientVersion)
    {
        lock (_changing)
            if (_note is { } note) Put(note with { Client = client, ClientVersion = clientVersion });
    }

    /// <summary>The live servers, oldest first.</summary>
    public IReadOnlyList<ServerInfo> List() =>
    [
        .. Notes().Where(static note => note.Live).OrderBy(static found => found.Note!.Since).Select(static found => new ServerInfo
        {
            Pid = found.Note!.Pid,
            State = !found.Here ? "elsewhere" : found.Note.Writing == 1 ? "writing" : "idle",
            Since = found.Note.Since,
            Version = found.Note.Version,
            Client = found.Note.Client,
            ClientVersion = found.Note.ClientVersion,
        }),
    ];

    /// <summary>How many files are there whose servers are gone.</summary>
    public int Stale() => Left().Count;

    /// <summary>Removes the files of servers that are gone, and says how many.</summary>
    public int Sweep()
    {
        var removed = 0;
        foreach (var path in Left())
        {
            try
            {
                File.Delete(path);
                removed++;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Another user's: it stays, and health goes on to show it.
            }
        }
        return removed;
    }

    /// <summary>
    /// Asks servers of this database to end and waits until they are gone. A server first answers what it was asked, and
    /// finishes the write that it is at.
    /// </summary>
    /// <param name="pids">Which; null means all of this machine.</param>
    /// <param name="patience">How long to wait for all of them together.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="EngineException">One of them is no live server of this database: none was asked to end.</exception>
    public async Task<IReadOnlyList<ServerStop>> StopAsync(IReadOnlyList<int>? pids, TimeSpan patience, CancellationToken cancellation)
    {
        var live = Notes().Where(static found => found is { Live: true, Here: true }).Select(static found => found.Note!).Where(static note => note.Pid != Environment.ProcessId).ToList();
        if (pids?.Except(live.Select(static note => note.Pid)).ToList() is [var stranger, ..])
            throw EngineException.Invalid("pid", string.Create(CultureInfo.InvariantCulture, $"{stranger} is no live server of this database, so it was left alone, and so were the others; see: cairn status"));
        var asked = live.Where(note => pids is null || pids.Contains(note.Pid)).ToList();
        var begun = Stopwatch.GetTimestamp();
        foreach (var note in asked)
            if (IsLive(note)) StopSignal.Send(note.Pid, note.Started);
        var stops = new List<ServerStop>();
        while (true)
        {
            var elapsed = Stopwatch.GetElapsedTime(begun);
            foreach (var note in asked.Where(static note => !IsLive(note)).ToList())
            {
                stops.Add(new ServerStop(note.Pid, true, Math.Round(elapsed.TotalMilliseconds)));
                asked.Remove(note);
            }
            if (asked.Count == 0 || elapsed >= patience) return [.. stops, .. asked.Select(note => new ServerStop(note.Pid, false, Math.Round(elapsed.TotalMilliseconds)))];
            await Task.Delay(Glance, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Says whether this server writes.</summary>
    internal void Mark(bool writing)
    {
        lock (_changing)
        {
            _writing = writing;
            _file?.Mark(writing);
        }
    }

    /// <summary>This process is no server any more.</summary>
    public void Dispose()
    {
        lock (_changing)
        {
            _stop?.Dispose();
            _file?.Dispose();
            (_file, _note) = (null, null);
        }
    }

    private void Put(ServerNote note)
    {
        lock (_changing)
        {
            _note = note;
            try
            {
                var former = _file;
                _file = ServerFile.Put(_folder, note with { Writing = _writing ? 1 : 0 });
                former?.Release();
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                // A folder that cannot be written is no reason not to serve; health says so.
            }
        }
    }

    // A process of another machine or container cannot be looked at from here: it counts as live.
    private List<(string Path, ServerNote? Note, bool Here, bool Live)> Notes()
    {
        var found = new List<(string, ServerNote?, bool, bool)>();
        if (!Directory.Exists(_folder)) return found;
        foreach (var path in Directory.EnumerateFiles(_folder, "*.json"))
        {
            var note = ServerFile.Read(path);
            if (note is null || note.Database != _database) continue;
            var here = note.Machine == Environment.MachineName;
            found.Add((path, note, here, !here || IsLive(note)));
        }
        return found;
    }

    private List<string> Left()
    {
        var left = Notes().Where(static found => !found.Live).Select(static found => found.Path).ToList();
        if (Directory.Exists(_folder)) left.AddRange(Directory.EnumerateFiles(_folder, "*" + ServerFile.Unfinished).Where(static path => !IsBeingMade(path)));
        return left;
    }

    private static bool IsBeingMade(string path) =>
        int.TryParse(Path.GetFileName(path).Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && ProcessIdentity.StartOf(pid) is not null;

    private static bool IsLive(ServerNote note) => ProcessIdentity.StartOf(note.Pid) == note.Started;
}
