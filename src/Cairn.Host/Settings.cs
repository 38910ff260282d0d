using System.Globalization;
using System.Text.Json;
using Cairn.Engine;
using Cairn.Engine.Retention;

namespace Cairn.Host;

/// <summary>One setting: its value, and where that came from.</summary>
/// <param name="Name">Its name in the configuration file.</param>
/// <param name="Value">Its value; null when nothing sets it.</param>
/// <param name="Source">flag, environment, file or default.</param>
/// <param name="Variable">The environment variable that sets it; null when none does.</param>
internal sealed record Setting(string Name, string? Value, string Source, string? Variable)
{
    /// <summary>Its value as a whole number, or null when nothing sets it.</summary>
    /// <exception cref="EngineException">INVALID_ARGUMENT, naming what set it: the value is no number of this range.</exception>
    public int? WholeNumber(int least, int most)
    {
        if (Value is null) return null;
        if (int.TryParse(Value, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        throw EngineException.Invalid(Source is "environment" ? Variable! : Name, string.Create(CultureInfo.InvariantCulture, $"is set in the {Source}, and must be a whole number from {least} to {most}"), ("limit", most));
    }
}

/// <summary>
/// The settings, from flag, environment, the user's configuration file, default, in this order. The only place that
/// reads the environment for them.
/// </summary>
internal sealed class Settings
{
    private const string DatabaseName = "db_path", RetentionAgeName = "retention_max_age_days", RetentionCountName = "retention_max_entries_per_project", RetentionGraceName = "retention_grace_days";
    private const string PolicyName = "policy", PolicyModeName = "policy_mode", CaptureName = "capture", CaptureModeName = "capture_mode", LogName = "log";

    /// <summary>The name of the setting whether entries are found by their meaning.</summary>
    public const string EmbeddingsName = "embeddings";

    /// <summary>The name of the setting whether searches go by the ranked index.</summary>
    public const string RankedIndexName = "ranked_index";

    /// <summary>The name of the setting how much of the ranked index a process keeps in memory.</summary>
    public const string RankedCacheName = "ranked_index_memory_mb";

    private static readonly string[] Names = [.. FileSetting.All.Select(static setting => setting.Name)];

    private Settings(string configPath, Setting databasePath, Setting projectName, Setting sessionId, Setting retentionMaxAgeDays, Setting retentionMaxEntriesPerProject, Setting retentionGraceDays, IReadOnlyList<RetentionRule> retentionRules,
        Setting policyMode, IReadOnlyDictionary<string, PolicyMode> policyProjects, Setting captureMode, CaptureOptions capture, Setting log, Setting embeddings, Setting rankedIndex, Setting rankedCache)
    {
        ConfigPath = configPath;
        DatabasePath = databasePath;
        ProjectName = projectName;
        SessionId = sessionId;
        RetentionMaxAgeDays = retentionMaxAgeDays;
        RetentionMaxEntriesPerProject = retentionMaxEntriesPerProject;
        RetentionGraceDays = retentionGraceDays;
        RetentionRules = retentionRules;
        PolicyMode = policyMode;
        Policy = new PolicyOptions { Mode = policyMode.Value is { } mode ? PolicySettings.Mode(policyMode.Source is "environment" ? policyMode.Variable! : PolicyModeName, mode) : null, Projects = policyProjects };
        CaptureMode = captureMode;
        Capture = CaptureSettings.With(capture, captureMode);
        Log = log;
        Embeddings = embeddings;
        RankedIndex = rankedIndex;
        RankedCache = rankedCache;
    }

    /// <summary>Nothing is set: for tools that are shown and not called.</summary>
    public static Settings None { get; } = new("", Unset(DatabaseName), Unset("project_name"), Unset("session_id"), Unset(RetentionAgeName), Unset(RetentionCountName), Unset(RetentionGraceName), [],
        Unset(PolicyModeName), new Dictionary<string, PolicyMode>(), Unset(CaptureModeName), new CaptureOptions(), Unset(LogName), Unset(EmbeddingsName), Unset(RankedIndexName), Unset(RankedCacheName));

    /// <summary>Where the user's configuration file is, or would be.</summary>
    public string ConfigPath { get; }

    /// <summary>The database; an absolute path.</summary>
    public Setting DatabasePath { get; }

    /// <summary>A project named outright for all calls.</summary>
    public Setting ProjectName { get; }

    /// <summary>The session of all calls that name none.</summary>
    public Setting SessionId { get; }

    /// <summary>The age, in days, beyond which entries are retention candidates.</summary>
    public Setting RetentionMaxAgeDays { get; }

    /// <summary>The number of a project's entries beyond which the oldest are retention candidates.</summary>
    public Setting RetentionMaxEntriesPerProject { get; }

    /// <summary>How many days what a retention run archived stays before a purge may remove it.</summary>
    public Setting RetentionGraceDays { get; }

    /// <summary>The file's retention rules for single projects and types.</summary>
    public IReadOnlyList<RetentionRule> RetentionRules { get; }

    /// <summary>What is done with what looks like a secret: block or redact; null leaves each writer its own.</summary>
    public Setting PolicyMode { get; }

    /// <summary>The same, with the projects that have a mode of their own.</summary>
    public PolicyOptions Policy { get; }

    /// <summary>How much of sessions is captured: off, assist or full.</summary>
    public Setting CaptureMode { get; }

    /// <summary>The same, with the projects and paths that are set.</summary>
    public CaptureOptions Capture { get; }

    /// <summary>Whether the event log is kept: on or off.</summary>
    public Setting Log { get; }

    /// <summary>Whether the event log is kept.</summary>
    /// <exception cref="EngineException">INVALID_ARGUMENT: the value is neither on nor off.</exception>
    public bool KeepsLog => IsOn(Log);

    /// <summary>Whether entries are found by their meaning as well: on or off.</summary>
    public Setting Embeddings { get; }

    /// <summary>Whether entries are found by their meaning as well.</summary>
    /// <exception cref="EngineException">INVALID_ARGUMENT: the value is neither on nor off.</exception>
    public bool UsesEmbeddings => IsOn(Embeddings);

    /// <summary>Whether searches go by the ranked index: on or off.</summary>
    public Setting RankedIndex { get; }

    /// <summary>Whether searches go by the ranked index.</summary>
    /// <exception cref="EngineException">INVALID_ARGUMENT: the value is neither on nor off.</exception>
    public bool UsesRankedIndex => IsOn(RankedIndex);

    /// <summary>How many MiB of the ranked index a process keeps in memory at most.</summary>
    public Setting RankedCache { get; }

    /// <summary>The same in KiB.</summary>
    /// <exception cref="EngineException">INVALID_ARGUMENT: the value is no number from 1 to 4096.</exception>
    public int RankedCacheKibibytes => RankedCache.WholeNumber(1, 4096)!.Value * 1024;

    /// <summary>All of them.</summary>
    public IReadOnlyList<Setting> All =>
    [
        DatabasePath, ProjectName, SessionId, RetentionMaxAgeDays, RetentionMaxEntriesPerProject, RetentionGraceDays, PolicyMode, CaptureMode, Log, Embeddings, RankedIndex, RankedCache,
        .. RetentionSettings.Shown(RetentionRules), .. PolicySettings.Shown(Policy), .. CaptureSettings.Shown(Capture),
    ];

    /// <summary>Reads the settings.</summary>
    /// <param name="databaseFlag">The database that the command line names.</param>
    /// <param name="withFile">Whether the configuration file counts; without it flag and environment alone do.</param>
    /// <exception cref="EngineException">The configuration file is not JSON, or holds a name that is no setting; or a value is none.</exception>
    public static Settings Load(string? databaseFlag, bool withFile = true)
    {
        var configPath = Path.Combine(Folder("XDG_CONFIG_HOME", ".config", Environment.SpecialFolder.ApplicationData), "config.json");
        if (databaseFlag is { Length: 0 }) throw EngineException.Invalid("--db", "is empty");
        var projectModes = new Dictionary<string, PolicyMode>(StringComparer.Ordinal);
        var (file, rules, capture) = withFile ? ReadFile(configPath, projectModes) : ([], [], new CaptureOptions());
        var standard = Path.Combine(Folder("XDG_DATA_HOME", Path.Combine(".local", "share"), Environment.SpecialFolder.LocalApplicationData), "memory.db");
        var database = Find(DatabaseName, "MEMORY_DB_PATH", databaseFlag, file, standard);
        if (database.Source == "file") database = database with { Value = FromFile(configPath, database.Value!) };
        return new Settings(
            configPath,
            database with { Value = Path.GetFullPath(database.Value!) },
            Find("project_name", "MEMORY_PROJECT_NAME", null, file, null),
            Find("session_id", "MEMORY_SESSION_ID", null, file, null),
            Find(RetentionAgeName, "RETENTION_MAX_AGE_DAYS", null, file, null),
            Find(RetentionCountName, "RETENTION_MAX_ENTRIES_PER_PROJECT", null, file, null),
            Find(RetentionGraceName, "RETENTION_GRACE_DAYS", null, file, RetentionService.DefaultGraceDays.ToString(CultureInfo.InvariantCulture)),
            rules,
            Find(PolicyModeName, "MEMORY_POLICY_MODE", null, file, null),
            projectModes,
            Find(CaptureModeName, "MEMORY_CAPTURE_MODE", null, file, CaptureSettings.Word(CaptureOptions.DefaultMode)),
            capture,
            Find(LogName, "MEMORY_LOG", null, file, "on"),
            Find(EmbeddingsName, "MEMORY_EMBEDDINGS", null, file, "on"),
            Find(RankedIndexName, "MEMORY_RANKED_INDEX", null, file, "on"),
            Find(RankedCacheName, "MEMORY_RANKED_INDEX_MEMORY_MB", null, file, "32"));
    }

    // A relative path in the file is meant from the file's own folder; ~ is the home, as a shell would have it.
    private static string FromFile(string configPath, string value) => value is "~" || value.StartsWith("~/", StringComparison.Ordinal)
        ? Path.Combine(Home, value.TrimStart('~').TrimStart('/'))
        : Path.Combine(Path.GetDirectoryName(configPath)!, value);

    private static bool IsOn(Setting setting) => setting.Value switch
    {
        "on" => true,
        "off" => false,
        _ => throw EngineException.Invalid(setting.Variable!, "is set in the environment, and must be on or off"),
    };

    private static Setting Unset(string name) => new(name, null, "default", "");

    private static Setting Find(string name, string variable, string? flag, Dictionary<string, string>? file, string? standard)
    {
        if (flag is not null) return new Setting(name, flag, "flag", variable);
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value) return new Setting(name, value, "environment", variable);
        if (file is not null && file.TryGetValue(name, out var written)) return new Setting(name, written, "file", variable);
        return new Setting(name, standard, "default", variable);
    }

    private static (Dictionary<string, string> Values, IReadOnlyList<RetentionRule> RetentionRules, CaptureOptions Capture) ReadFile(string path, Dictionary<string, PolicyMode> projectModes)
    {
        if (!File.Exists(path)) return ([], [], new CaptureOptions());
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            var values = new Dictionary<string, string>(StringComparer.Ordinal);
            IReadOnlyList<RetentionRule> rules = [];
            var capture = new CaptureOptions();
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.Name is "$schema") continue;
                if (!Names.Contains(property.Name)) throw EngineException.Invalid(path, $"{Shown(property.Name)} is no setting; the file may hold: {string.Join(", ", Names)}");
                if (property.Name is RetentionSettings.Name) rules = RetentionSettings.Read(path, property.Value, values);
                else if (property.Name is PolicyName) PolicySettings.Read(path, property.Value, values, PolicyModeName, projectModes);
                else if (property.Name is CaptureName) capture = CaptureSettings.Read(path, property.Value, values, CaptureModeName);
                else if (!values.TryAdd(property.Name, Value(path, property))) throw EngineException.Invalid(path, $"{property.Name} is given twice");
            }
            return (values, rules, capture);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw EngineException.Invalid(path, "cannot be read: mend its permissions or move it away");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            var line = error is JsonException { LineNumber: { } number } ? $" (line {number + 1})" : "";
            throw EngineException.Invalid(path, $"is not a JSON object of settings{line}; mend it or move it away");
        }
    }

    private static string Value(string path, JsonProperty property) => FileSetting.Find(property.Name)!.Shape switch
    {
        SettingShape.WholeNumber => WholeNumber(path, property),
        SettingShape.OnOrOff => OnOrOff(path, property),
        _ => Text(path, property),
    };

    private static string Text(string path, JsonProperty property) =>
        property.Value.GetString() is { Length: > 0 } text ? text : throw EngineException.Invalid(path, $"{property.Name} must be a text");

    private static string WholeNumber(string path, JsonProperty property) => property.Value is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number)
        ? number.ToString(CultureInfo.InvariantCulture)
        : throw EngineException.Invalid(path, $"{property.Name} must be a whole number");

    private static string OnOrOff(string path, JsonProperty property) => property.Value.ValueKind switch
    {
        JsonValueKind.True => "on",
        JsonValueKind.False => "off",
        _ => throw EngineException.Invalid(path, $"{property.Name} must be true or false"),
    };

    // A name is shown back only when it is a plain word.
    private static string Shown(string name) => name.Length <= 40 && name.All(static c => char.IsAsciiLetterLower(c) || c == '_') ? $"\"{name}\"" : "a name in it";

    /// <summary>The folder of what a server keeps between its runs that is no setting and no entry; an absolute path. It need not be there.</summary>
    /// <exception cref="EngineException">There is no telling where it is.</exception>
    public static string StateFolder => Folder("XDG_STATE_HOME", Path.Combine(".local", "state"), Environment.SpecialFolder.LocalApplicationData);

    private static string Folder(string variable, string unixDefault, Environment.SpecialFolder windows)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } folder && Path.IsPathFullyQualified(folder)) return Path.Combine(folder, "cairn");
        return OperatingSystem.IsWindows()
            ? Path.Combine(Environment.GetFolderPath(windows), "cairn")
            : Path.Combine(Home, unixDefault, "cairn");
    }

    /// <summary>The user's home; it need not be there.</summary>
    /// <exception cref="EngineException">There is no telling where it is.</exception>
    public static string Home => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } home
        ? home
        : throw EngineException.Invalid("HOME", "is not set, so there is no place for the database: set it, or name a database with --db");
}
