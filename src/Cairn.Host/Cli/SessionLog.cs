using System.CommandLine;
using System.Globalization;
using System.Text;
using Cairn.Engine;

namespace Cairn.Host.Cli;

/// <summary>
/// A Markdown log of what was done to an installation, a dated line each. Lines name files, numbers and commands, never
/// an entry's text. Several processes may append at once: each line is written whole.
/// </summary>
internal sealed class SessionLog(string path)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The option of every command that can be recorded.</summary>
    public static Option<string> RecordOption() => new("--record") { Description = "Append a dated line to this Markdown file", HelpName = "FILE" };

    /// <summary>The file that was named, if one was. Asked for before anything is done.</summary>
    /// <exception cref="EngineException">It is one of the live database's own: a plain open and close would drop its locks.</exception>
    public static string? Named(CommandContext context, Option<string> record)
    {
        if (context.Parsed.GetValue(record) is not { Length: > 0 } file) return null;
        var path = System.IO.Path.GetFullPath(file);
        var target = new FileInfo(path) is { LinkTarget: not null } link && link.ResolveLinkTarget(returnFinalTarget: true) is { } final ? final.FullName : path;
        foreach (var own in (ReadOnlySpan<string>)["", "-wal", "-shm", "-journal", ".frozen", ".restoring"])
        {
            if (string.Equals(target, context.Settings.DatabasePath.Value + own, StringComparison.OrdinalIgnoreCase))
                throw EngineException.Invalid("--record", $"{path} is the database itself. Nothing was done");
        }
        return file;
    }

    /// <summary>Records what was done, if a file was named.</summary>
    /// <param name="file">The log; null for none.</param>
    /// <param name="time">When it was done.</param>
    /// <param name="what">The line.</param>
    /// <param name="done">What to say was done all the same, should the log not be writable.</param>
    /// <returns>The log's absolute path; null when none was named.</returns>
    public static string? Record(string? file, DateTimeOffset time, string what, string done)
    {
        if (file is null) return null;
        var log = new SessionLog(file);
        try
        {
            log.Append(time, what);
            return log.Path;
        }
        catch (EngineException error)
        {
            throw new EngineException(error.Code, $"{done}, but not recorded: {error.Message}", inner: error);
        }
    }

    /// <summary>Does something, and records when it fails, if a file was named.</summary>
    public static T RecordFailure<T>(string? file, string what, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (EngineException error) when (file is not null)
        {
            var line = $"{what} failed: {error.Message}";
            var log = Record(file, TimeProvider.System.GetUtcNow(), line, line);
            Output.Hint($"Recorded in {Output.Safe(log!)}");
            throw;
        }
    }

    /// <summary>Absolute path of the log.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>Appends "- 2026-11-24 18:25 UTC: WHAT", and makes the file when there is none.</summary>
    /// <exception cref="EngineException">The file cannot be written; it is as it was.</exception>
    public void Append(DateTimeOffset time, string what)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"- {time.UtcDateTime:yyyy-MM-dd HH:mm} UTC: {OneLine(what)}\n");
        try
        {
            using var stream = Open();
            var start = stream.Length == 0 ? "# Session log\n\n" : EndsWithNewline(stream) ? "" : "\n";
            stream.Seek(0, SeekOrigin.End);
            stream.Write(Encoding.UTF8.GetBytes(start + line)); // one write, not buffered: the whole line or none
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(ErrorCode.StorageFailure, $"{Path} cannot be written. Check that it is a file in an existing folder, its permissions, and the disk.", inner: error);
        }
    }

    // One process has the file at a time, for the moment of a write: the others wait.
    private FileStream Open()
    {
        FileStream? stream = null;
        IOException? busy = null;
        SpinWait.SpinUntil(() =>
        {
            try
            {
                stream = new FileStream(Path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException error) when (error.GetType() == typeof(IOException))
            {
                busy = error;
            }
            return stream is not null;
        }, Patience);
        return stream ?? throw busy!;
    }

    private static bool EndsWithNewline(FileStream stream)
    {
        stream.Seek(-1, SeekOrigin.End);
        return stream.ReadByte() == '\n';
    }

    private static string OneLine(string text) => string.Concat(text.Select(static c => char.IsControl(c) ? '?' : c));
}
