using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Operations;

/// <summary>When a client last ran a hook of ours.</summary>
/// <param name="Client">The client.</param>
/// <param name="Event">Its event.</param>
/// <param name="At">When.</param>
public sealed record HookRun(string Client, string Event, DateTimeOffset At);

/// <summary>
/// What a hook leaves for the next one, in small files of the folder hooks beside the database: when each ran last, and the
/// ids of the entries that a session has been shown. No text. None of it is worth a turn: what cannot be written is not
/// remembered, and what cannot be read was not there.
/// </summary>
public sealed class HookNoteService
{
    /// <summary>How long it is kept what a session was shown.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private const string Ran = ".ran";
    private const string Shown = ".shown";
    private const int MaxShownBytes = 64 * 1024;
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    private readonly string _folder;
    private readonly string _database;
    private readonly TimeProvider _time;

    internal HookNoteService(EngineOptions options, TimeProvider time)
    {
        _folder = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(options.DatabasePath))!, "hooks");
        _database = Path.GetFileName(options.DatabasePath);
        _time = time;
    }

    /// <summary>Notes that a hook runs now. Client and event are plain words.</summary>
    public void Note(string client, string eventName) => Try(() =>
    {
        DatabaseFile.CreateDirectory(_folder);
        using var file = DatabaseFile.OpenOrCreate(Path.Combine(_folder, $"{_database}.{Word(client)}.{Word(eventName)}{Ran}"), FileShare.ReadWrite | FileShare.Delete);
        // Always as long: a reader sees the old time or the new one.
        RandomAccess.Write(file.SafeFileHandle, Encoding.ASCII.GetBytes(_time.GetUtcNow().UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)), 0);
        return true;
    });

    /// <summary>When each hook ran last, by client and event.</summary>
    public IReadOnlyList<HookRun> LastRuns() => Try(() =>
    {
        var runs = new List<HookRun>();
        foreach (var path in Files(Ran).Order(StringComparer.Ordinal))
        {
            if (Path.GetFileName(path)[(_database.Length + 1)..^Ran.Length].Split('.') is not [var client, var eventName]) continue;
            if (DateTimeOffset.TryParseExact(Read(path), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)) runs.Add(new HookRun(client, eventName, at));
        }
        return runs;
    }) ?? [];

    /// <summary>The entries that a session was shown and still has before it.</summary>
    public IReadOnlyCollection<string> ShownTo(string client, string session) =>
        Try(() => Read(PathOf(client, session)).Split('\n', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal)) ?? [];

    /// <summary>Notes that a session is shown these entries.</summary>
    public void Show(string client, string session, IEnumerable<string> ids) => Try(() =>
    {
        DatabaseFile.CreateDirectory(_folder);
        using var file = AppendFile.Open(PathOf(client, session));
        file.Append(Encoding.ASCII.GetBytes(string.Concat(ids.Select(static id => id + '\n'))));
        return true;
    });

    /// <summary>What the session was shown is no longer before it: it was compacted, cleared, or is new.</summary>
    public void Forget(string client, string session) => Try(() =>
    {
        File.Delete(PathOf(client, session));
        var old = _time.GetUtcNow() - Kept;
        foreach (var path in Files(Shown).Where(path => File.GetLastWriteTimeUtc(path) < old.UtcDateTime)) File.Delete(path);
        return true;
    });

    private IEnumerable<string> Files(string ending) => Directory.Exists(_folder) ? Directory.EnumerateFiles(_folder, $"*{ending}").Where(path => Path.GetFileName(path).StartsWith(_database + '.', StringComparison.Ordinal)) : [];

    // A session's id is the client's: any text.
    private string PathOf(string client, string session) =>
        Path.Combine(_folder, $"{_database}.{Word(client)}.{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(session)).AsSpan(0, 12))}{Shown}");

    private static string Word(string word) => word.Length is > 0 and <= 40 && word.All(char.IsAsciiLetterOrDigit) ? word : throw new ArgumentException("It is no plain word.", nameof(word));

    private static string Read(string path)
    {
        if (!File.Exists(path)) return "";
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var content = new byte[Math.Min(stream.Length, MaxShownBytes)];
        return Encoding.ASCII.GetString(content, 0, stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false));
    }

    private static T? Try<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return default; // the folder cannot be written, or somebody else is at it
        }
    }
}
