using System.Runtime.CompilerServices;
using System.Text.Json;
using Cairn.Engine.Policy;

namespace Cairn.Engine.Operations;

/// <summary>Failures of the same kind in the log.</summary>
/// <param name="Code">The error's code.</param>
/// <param name="Operation">The tool, the command ("cairn save") or the event that failed.</param>
/// <param name="Count">How often.</param>
/// <param name="First">The first time.</param>
/// <param name="Last">The last time.</param>
public sealed record LogFailures(string Code, string Operation, int Count, DateTimeOffset First, DateTimeOffset Last);

/// <summary>
/// The event log beside the database: JSON lines in logs/DAY.jsonl, written by all processes that use it. It holds no
/// entry's text, no query, no argument; and it never fails whoever writes to it.
/// </summary>
public sealed class LogService : IDisposable
{
    /// <summary>The greatest number of lines that <see cref="Tail"/> gives.</summary>
    public const int MaxTail = 10_000;

    private const int MaxNameLength = 60;
    private const int MaxWordLength = 16;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    private readonly LogFiles _files;
    private readonly LogWriter _writer;
    private readonly TimeProvider _time;
    private readonly string _database;

    internal LogService(EngineOptions options, SecretScanner scanner, TimeProvider time)
    {
        _database = Path.GetFileName(options.DatabasePath);
        (Enabled, _time) = (options.Log, time);
        _files = new LogFiles(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(options.DatabasePath))!, "logs"));
        _writer = new LogWriter(_files, _database, scanner, time) { Trouble = options.Warn };
    }

    /// <summary>Whether lines are written.</summary>
    public bool Enabled { get; }

    /// <summary>Absolute path of the log's folder; it need not be there.</summary>
    public string Folder => _files.Path;

    /// <summary>Why lines of this process are lost; null when none are.</summary>
    public string? Problem => _writer.Problem;

    /// <summary>What would keep a line from being written, found by making a file in the folder and removing it; null when nothing would, or there is no folder yet.</summary>
    public string? Obstacle()
    {
        if (!Directory.Exists(Folder)) return null;
        try
        {
            using var probe = new FileStream(Path.Combine(Folder, $".probe-{Environment.ProcessId}"), FileMode.Create, FileAccess.Write, FileShare.Delete, 1, FileOptions.DeleteOnClose);
            probe.WriteByte((byte)'\n');
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"no line can be written in {Folder}: {(error is UnauthorizedAccessException ? "no permission" : "the disk is full, or the file system refuses it")}";
        }
    }

    /// <summary>Appends a line. It throws nothing: see <see cref="Problem"/>.</summary>
    public void Write(LogEvent line)
    {
        if (Enabled) _writer.Write(line);
    }

    /// <summary>
    /// A name or an id that came from outside, if it may stand in the log: short, of letters, digits and plain signs, and
    /// with no word as long as a token is. Else null.
    /// </summary>
    public static string? Clean(string? name)
    {
        if (name is not { Length: > 0 and <= MaxNameLength }) return null;
        var word = 0;
        foreach (var c in name)
        {
            word = char.IsAsciiLetterOrDigit(c) ? word + 1 : 0;
            if (word > MaxWordLength || (word == 0 && c is not (' ' or '.' or '-' or '_' or '/' or '@' or ':'))) return null;
        }
        return name;
    }

    /// <summary>The last lines about this database, oldest first.</summary>
    /// <param name="count">How many, 1 to <see cref="MaxTail"/>.</param>
    /// <exception cref="EngineException">The count is out of range, or a file cannot be read.</exception>
    public IReadOnlyList<LogEvent> Tail(int count)
    {
        RequireCount(count);
        return Last(new LogReader(), count);
    }

    /// <summary>The last lines about this database, oldest first, and then each new one of any process as it comes, for as long as it is asked.</summary>
    /// <param name="count">How many of the last ones, 1 to <see cref="MaxTail"/>.</param>
    /// <param name="cancellation">Ends it, with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="EngineException">The count is out of range, or a file cannot be read.</exception>
    public async IAsyncEnumerable<LogEvent> Follow(int count, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        RequireCount(count);
        var reader = new LogReader();
        foreach (var line in Last(reader, count)) yield return line;
        using var timer = new PeriodicTimer(LookEvery, _time);
        while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false))
            foreach (var (file, _) in _files.All())
                foreach (var line in Read(reader, file))
                    yield return line;
    }

    /// <summary>The failures since a time, grouped by code and operation, the most frequent first.</summary>
    public IReadOnlyList<LogFailures> Errors(DateTimeOffset since) =>
    [
        .. _files.All().Where(file => file.Day >= LogFiles.Midnight(since)).SelectMany(file => Read(new LogReader(), file.Path))
            .Where(line => line.Status == "error" && line.Time >= since)
            .GroupBy(static line => (Code: line.Code ?? "?", Operation: line.Tool ?? (line.Command is { } command ? $"cairn {command}" : line.Event)))
            .Select(static group => new LogFailures(group.Key.Code, group.Key.Operation, group.Count(), group.Min(static line => line.Time), group.Max(static line => line.Time)))
            .OrderByDescending(static failures => failures.Count).ThenByDescending(static failures => failures.Last),
    ];

    /// <summary>The searches of agents since a time that were answered: their shapes, for what they asked is not in the log.</summary>
    public IReadOnlyList<LogEvent> Searches(DateTimeOffset since) =>
    [
        .. _files.All().Where(file => file.Day >= LogFiles.Midnight(since)).SelectMany(file => Read(new LogReader(), file.Path))
            .Where(line => line is { Tool: "search", Terms: not null, Hits: not null, Milliseconds: not null } && line.Time >= since),
    ];

    /// <summary>Packs the days before this one into files of their own, in the folder archive; they are not pruned.</summary>
    /// <param name="before">A date, at most today's (UTC); today when null.</param>
    /// <returns>The paths of the files that were made.</returns>
    /// <exception cref="EngineException">The date is in the future, or the folder cannot be written; no line is lost.</exception>
    public IReadOnlyList<string> Archive(DateTimeOffset? before = null)
    {
        var today = LogFiles.Midnight(_time.GetUtcNow());
        if (before > today) throw EngineException.Invalid("before", "is in the future; today's log is still written");
        try
        {
            return _files.Archive(before ?? today);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(ErrorCode.StorageFailure, $"The log in {Folder} could not be archived: another process does so just now, or its folder or disk refuses it. Nothing is lost. Try again, and check its permissions.", inner: error);
        }
    }

    /// <summary>Closes the file. A line that is written later opens it again.</summary>
    public void Dispose() => _writer.Dispose();

    private static void RequireCount(int count)
    {
        if (count is < 1 or > MaxTail) throw EngineException.Invalid("lines", $"must be 1 to {MaxTail}", ("limit", MaxTail), ("size", count));
    }

    // From the newest file back, as far as it takes; what comes later is left to the reader's next look.
    private List<LogEvent> Last(LogReader reader, int count)
    {
        var lines = new List<LogEvent>();
        foreach (var (file, _) in _files.All().Reverse())
        {
            if (lines.Count == count)
            {
                reader.Skip(file);
                continue;
            }
            lines.InsertRange(0, Read(reader, file).TakeLast(count - lines.Count));
        }
        return lines;
    }

    // Half a line that a full disk left is passed over.
    private IEnumerable<LogEvent> Read(LogReader reader, string path)
    {
        foreach (var text in reader.Next(path))
            if (Parse(text.Span) is { } line && line.Database == _database) yield return line;
    }

    private static LogEvent? Parse(ReadOnlySpan<byte> text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, LogJson.Default.LogEvent);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
