using System.Text.Json;
using Cairn.Engine;

namespace Cairn.Host;

/// <summary>The part "capture" of the configuration file: {"mode": "assist", "deny": ["clients/**"], "projects": {"billing": {"mode": "off"}}}.</summary>
internal static class CaptureSettings
{
    /// <summary>Reads it.</summary>
    /// <param name="path">The file, for errors.</param>
    /// <param name="capture">The part.</param>
    /// <param name="values">Gets the mode of all others, under <paramref name="modeName"/>.</param>
    /// <param name="modeName">What that setting is called.</param>
    /// <exception cref="EngineException">A name is no setting, or a mode is none.</exception>
    /// <exception cref="InvalidOperationException">Something that must be an object is none.</exception>
    public static CaptureOptions Read(string path, JsonElement capture, Dictionary<string, string> values, string modeName)
    {
        var all = Scope(path, capture, withProjects: true);
        if (all.Mode is { } mode) values[modeName] = Word(mode);
        var projects = new Dictionary<string, CaptureScope>(StringComparer.Ordinal);
        if (capture.TryGetProperty("projects", out var named))
            foreach (var project in named.EnumerateObject()) projects[project.Name.Trim()] = Scope(path, project.Value, withProjects: false);
        return new CaptureOptions { All = all, Projects = projects };
    }

    /// <summary>The part with the mode of all projects; one that the environment sets is also the most for those that have their own, so that off is off.</summary>
    /// <exception cref="EngineException">The mode is none.</exception>
    public static CaptureOptions With(CaptureOptions capture, Setting mode)
    {
        if (mode.Value is not { } word) return capture;
        var isEnvironment = mode.Source is "environment";
        var set = Mode(isEnvironment ? mode.Variable! : mode.Name, word);
        return capture with { All = capture.All with { Mode = set }, Most = isEnvironment ? set : null };
    }

    /// <summary>The settings of single projects, and the globs of all, as cairn config shows them.</summary>
    public static IEnumerable<Setting> Shown(CaptureOptions capture)
    {
        foreach (var (name, globs) in Globs(capture.All)) yield return new Setting($"capture {name}", globs, "file", null);
        foreach (var (project, scope) in capture.Projects)
        {
            if (scope.Mode is { } mode) yield return new Setting($"capture of {project}", Word(mode), "file", null);
            foreach (var (name, globs) in Globs(scope)) yield return new Setting($"capture {name} of {project}", globs, "file", null);
        }
    }

    /// <summary>A mode by its word.</summary>
    public static CaptureMode Mode(string field, string word) => word.Trim() switch
    {
        "off" => CaptureMode.Off,
        "assist" => CaptureMode.Assist,
        "full" => CaptureMode.Full,
        _ => throw EngineException.Invalid(field, "must be off, assist or full"),
    };

    /// <summary>A mode's word.</summary>
    public static string Word(CaptureMode mode) => mode.ToString().ToLowerInvariant();

    private static CaptureScope Scope(string path, JsonElement scope, bool withProjects)
    {
        var read = new CaptureScope();
        foreach (var property in scope.EnumerateObject())
        {
            if (property.NameEquals("mode"u8)) read = read with { Mode = Mode(path, property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : "") };
            else if (property.NameEquals("allow"u8)) read = read with { Allow = Globs(path, "allow", property.Value) };
            else if (property.NameEquals("deny"u8)) read = read with { Deny = Globs(path, "deny", property.Value) };
            else if (!withProjects || !property.NameEquals("projects"u8)) throw EngineException.Invalid(path, $"capture may hold mode, allow, deny{(withProjects ? " and projects" : "")}, and nothing else");
        }
        return read;
    }

    private static List<string> Globs(string path, string field, JsonElement globs) =>
        globs.ValueKind == JsonValueKind.Array && globs.EnumerateArray().All(static glob => glob.ValueKind == JsonValueKind.String && glob.GetString()!.Length > 0)
            ? [.. globs.EnumerateArray().Select(static glob => glob.GetString()!)]
            : throw EngineException.Invalid(path, $"capture.{field} must be a list of globs");

    private static IEnumerable<(string Name, string Globs)> Globs(CaptureScope scope)
    {
        if (scope.Allow.Count > 0) yield return ("allow", string.Join(", ", scope.Allow));
        if (scope.Deny.Count > 0) yield return ("deny", string.Join(", ", scope.Deny));
    }
}
