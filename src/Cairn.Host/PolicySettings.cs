using System.Text.Json;
using Cairn.Engine;

namespace Cairn.Host;

/// <summary>The part "policy" of the configuration file: {"mode": "block", "projects": {"billing": {"mode": "redact"}}}.</summary>
internal static class PolicySettings
{
    /// <summary>Reads it.</summary>
    /// <param name="path">The file, for errors.</param>
    /// <param name="policy">The part.</param>
    /// <param name="values">Gets the mode of all others, under <paramref name="modeName"/>.</param>
    /// <param name="modeName">What that setting is called.</param>
    /// <param name="projects">Gets the modes of single projects.</param>
    /// <exception cref="EngineException">A name is no setting, or a mode is none.</exception>
    /// <exception cref="InvalidOperationException">Something that must be an object is none.</exception>
    public static void Read(string path, JsonElement policy, Dictionary<string, string> values, string modeName, Dictionary<string, PolicyMode> projects)
    {
        foreach (var property in policy.EnumerateObject())
        {
            if (property.NameEquals("mode"u8)) values[modeName] = Text(path, "policy.mode", property.Value);
            else if (!property.NameEquals("projects"u8)) throw EngineException.Invalid(path, "policy may hold mode and projects, and nothing else");
            else foreach (var project in property.Value.EnumerateObject()) projects[project.Name.Trim()] = OfProject(path, project.Value);
        }
    }

    /// <summary>The modes of single projects, as cairn config shows them.</summary>
    public static IEnumerable<Setting> Shown(PolicyOptions policy) =>
        policy.Projects.Select(static project => new Setting($"policy of {project.Key}", project.Value.ToString().ToLowerInvariant(), "file", null));

    /// <summary>A mode by its word.</summary>
    public static PolicyMode Mode(string field, string word) => word.Trim() switch
    {
        "block" => PolicyMode.Block,
        "redact" => PolicyMode.Redact,
        _ => throw EngineException.Invalid(field, "must be block or redact"),
    };

    private static PolicyMode OfProject(string path, JsonElement project) => project.EnumerateObject().ToList() is [var mode] && mode.NameEquals("mode"u8)
        ? Mode(path, Text(path, "policy.projects", mode.Value))
        : throw EngineException.Invalid(path, "each of policy.projects must be {\"mode\": \"block\"} or {\"mode\": \"redact\"}");

    private static string Text(string path, string field, JsonElement value) =>
        value.ValueKind == JsonValueKind.String && value.GetString() is "block" or "redact" ? value.GetString()! : throw EngineException.Invalid(path, $"{field} must be \"block\" or \"redact\"");
}
