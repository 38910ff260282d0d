using System.CommandLine;
using System.Text;
using Cairn.Engine;
using Cairn.Engine.Entries;

namespace Cairn.Host.Cli;

/// <summary>What every command has at hand: the options that all share, the settings, and an engine when it asks for one.</summary>
internal sealed class CommandContext(ParseResult parsed) : IDisposable
{
    private const int MaxInputBytes = 8 * 1024 * 1024;

    private Settings? _settings;
    private CairnEngine? _engine;

    /// <summary>The database, for this call.</summary>
    public static readonly Option<string> DatabaseOption = new("--db") { Description = "The database file (else MEMORY_DB_PATH, else the configuration file, else the user's own)", HelpName = "FILE", Recursive = true };

    /// <summary>JSON instead of words.</summary>
    public static readonly Option<bool> JsonOption = new("--json") { Description = "Write JSON", Recursive = true };

    /// <summary>No hints and no progress.</summary>
    public static readonly Option<bool> QuietOption = new("--quiet") { Description = "No hints and no progress on stderr; failures and warnings stay", Recursive = true };

    /// <summary>The project, for the commands that have one.</summary>
    public static Option<string> ProjectOption() => new("--project") { Description = "The project (default: the one of this folder)", HelpName = "NAME" };

    /// <summary>The parsed command line.</summary>
    public ParseResult Parsed { get; } = parsed;

    /// <summary>Whether a client's turn waits for this: warnings are kept from stderr, and no model is loaded.</summary>
    public bool Quiet { get; init; }

    /// <summary>Whether the answer is JSON.</summary>
    public bool Json => Parsed.GetValue(JsonOption);

    /// <summary>The settings.</summary>
    public Settings Settings => _settings ??= Settings.Load(Parsed.GetValue(DatabaseOption));

    /// <summary>An engine over the database of the settings.</summary>
    public CairnEngine Engine => _engine ??= new CairnEngine(new EngineOptions
    {
        DatabasePath = Settings.DatabasePath.Value!,
        ConfigurationDirectory = Path.GetDirectoryName(Settings.ConfigPath)!,
        Policy = Settings.Policy,
        Capture = Settings.Capture,
        Log = Settings.KeepsLog,
        ModelDirectory = Path.Combine(AppContext.BaseDirectory, "model"),
        Embeddings = Settings.UsesEmbeddings && !Quiet,
        RankedIndex = Settings.UsesRankedIndex,
        RankedCacheKibibytes = Settings.RankedCacheKibibytes,
        Warn = Quiet ? static _ => { } : Output.Warn,
    });

    /// <summary>Writes how the command ended to the event log, where there is a database: a slip before the first save makes nothing.</summary>
    public void Log(LogEvent line)
    {
        if (_settings is not null && File.Exists(_settings.DatabasePath.Value)) Engine.Logs.Write(line);
    }

    /// <summary>The same also where the configuration file cannot be used: then beside the database of flag, environment or default.</summary>
    /// <exception cref="EngineException">Neither of these is of use.</exception>
    public void LogWithoutFile(LogEvent line)
    {
        try
        {
            _settings ??= Settings.Load(Parsed.GetValue(DatabaseOption));
        }
        catch (EngineException)
        {
            _settings = Settings.Load(Parsed.GetValue(DatabaseOption), withFile: false);
        }
        Log(line);
    }

    /// <summary>Where this call comes from.</summary>
    public CallContext Origin(string? project, string? sessionId = null) => new()
    {
        WorkingDirectory = Environment.CurrentDirectory,
        Project = project ?? Settings.ProjectName.Value,
        SessionId = sessionId ?? Settings.SessionId.Value,
        Origin = EntryOrigin.User,
    };

    /// <summary>A text from the command line, from a file, or from stdin when it is "-" or left out and stdin is no terminal; else null.</summary>
    public static string? ReadText(string? argument, FileInfo? file)
    {
        if (file is not null && argument is not null) throw EngineException.Invalid("--file", "goes without a text on the command line");
        if (file is not null) return ReadFile("--file", file);
        if (argument is not null && argument.Contains('\uFFFD')) throw EngineException.Invalid("text", "holds bytes that are not UTF-8; give it with --file or on stdin to see where");
        if (argument is not (null or "-")) return argument;
        if (argument is null && !Output.IsInputRedirected) return null;
        using var input = Output.StandardInput;
        return Decode("stdin", ReadAll("stdin", input));
    }

    /// <summary>The text of a file, or of stdin when the path is "-" or left out and stdin is no terminal; else null.</summary>
    public static string? ReadInput(string? path) => path is null or "-" ? ReadText(path, null) : ReadFile("file", new FileInfo(path));

    public void Dispose() => _engine?.Dispose();

    private static string ReadFile(string field, FileInfo file)
    {
        if (!file.Exists) throw EngineException.Invalid(field, Directory.Exists(file.FullName) ? "is a folder" : "there is no such file");
        try
        {
            using var stream = file.OpenRead();
            return Decode(field, ReadAll(field, stream));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw EngineException.Invalid(field, "cannot be read");
        }
    }

    private static byte[] ReadAll(string field, Stream stream)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[64 * 1024];
        for (int read; (read = stream.Read(chunk)) > 0;)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > MaxInputBytes) throw EngineException.Invalid(field, $"is longer than {MaxInputBytes} bytes");
        }
        return buffer.ToArray();
    }

    private static string Decode(string field, byte[] bytes)
    {
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
            return text is ['\uFEFF', ..] ? text[1..] : text;
        }
        catch (DecoderFallbackException error)
        {
            throw EngineException.Invalid(field, $"is not UTF-8 text (byte {error.Index})");
        }
    }
}
