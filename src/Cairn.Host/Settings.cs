using System.Text.Json;
using Cairn.Engine;

namespace Cairn.Host;

/// <summary>One setting: its value, and where that came from.</summary>
/// <param name="Name">Its name in the configuration file.</param>
/// <param name="Value">Its value; null when nothing sets it.</param>
/// <param name="Source">flag, environment, file or default.</param>
/// <param name="Variable">The environment variable that sets it.</param>
internal sealed record Setting(string Name, string? Value, string Source, string Variable);

/// <summary>
/// The settings, from flag, environment, the user's configuration file, default, in this order. The only place that
/// reads the environment for them.
/// </summary>
internal sealed class Settings
{
    private Settings(string configPath, Setting databasePath, Setting projectName, Setting sessionId)
    {
        ConfigPath = configPath;
        DatabasePath = databasePath;
        ProjectName = projectName;
        SessionId = sessionId;
    }

    /// <summary>Where the user's configuration file is, or would be.</summary>
    public string ConfigPath { get; }

    /// <summary>The database; an absolute path.</summary>
    public Setting DatabasePath { get; }

    /// <summary>A project named outright for all calls.</summary>
    public Setting ProjectName { get; }

    /// <summary>The session of all calls that name none.</summary>
    public Setting SessionId { get; }

    /// <summary>All of them.</summary>
    public IReadOnlyList<Setting> All => [DatabasePath, ProjectName, SessionId];

    /// <summary>Reads the settings.</summary>
    /// <exception cref="EngineException">The configuration file is not JSON, or holds a name that is no setting.</exception>
    public static Settings Load(string? databaseFlag)
    {
        var configPath = Path.Combine(Folder("XDG_CONFIG_HOME", ".config", Environment.SpecialFolder.ApplicationData), "config.json");
        var file = ReadFile(configPath);
        var standard = Path.Combine(Folder("XDG_DATA_HOME", Path.Combine(".local", "share"), Environment.SpecialFolder.LocalApplicationData), "memory.db");
        var database = Find("db_path", "MEMORY_DB_PATH", databaseFlag, file, standard);
        return new Settings(
            configPath,
            database with { Value = Path.GetFullPath(database.Value!) },
            Find("project_name", "MEMORY_PROJECT_NAME", null, null, null),
            Find("session_id", "MEMORY_SESSION_ID", null, null, null));
    }

    private static Setting Find(string name, string variable, string? flag, Dictionary<string, string>? file, string? standard)
    {
        if (flag is not null) return new Setting(name, flag, "flag", variable);
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value) return new Setting(name, value, "environment", variable);
        if (file is not null && file.TryGetValue(name, out var written)) return new Setting(name, written, "file", variable);
        return new Setting(name, standard, "default", variable);
    }

    private static Dictionary<string, string> ReadFile(string path)
    {
        if (!File.Exists(path)) return [];
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            var values = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.Name is "$schema") continue;
                if (property.Name is not "db_path") throw EngineException.Invalid(path, $"\"{property.Name}\" is no setting; the file may hold: db_path");
                values[property.Name] = property.Value.GetString() is { Length: > 0 } value ? value : throw EngineException.Invalid(path, "db_path must be a path");
            }
            return values;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            var line = error is JsonException { LineNumber: { } number } ? $" (line {number + 1})" : "";
            throw EngineException.Invalid(path, $"is not a JSON object of settings{line}; mend it or move it away");
        }
    }

    private static string Folder(string variable, string unixDefault, Environment.SpecialFolder windows)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } folder && Path.IsPathFullyQualified(folder)) return Path.Combine(folder, "cairn");
        return OperatingSystem.IsWindows()
            ? Path.Combine(Environment.GetFolderPath(windows), "cairn")
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), unixDefault, "cairn");
    }
}
