using System.Globalization;
using System.Text.Json;
using Cairn.Engine;
using Cairn.Engine.Retention;

namespace Cairn.Host;

/// <summary>
/// The object "retention" of the configuration file: the general numbers, and rules for single projects and types.
/// <see cref="Settings"/> reads the file.
/// </summary>
internal static class RetentionSettings
{
    /// <summary>The object's name in the file.</summary>
    public const string Name = "retention";

    private const string Age = "max_age_days", Count = "max_entries_per_project", Grace = "grace_days", Projects = "projects", Types = "types";

    /// <summary>Takes the general numbers over as settings, and gives the rules, types first.</summary>
    /// <exception cref="EngineException">A name is no setting here, a number is none or out of range, or a setting is given twice.</exception>
    public static IReadOnlyList<RetentionRule> Read(string path, JsonElement retention, Dictionary<string, string> values)
    {
        var (projects, types) = (new List<RetentionRule>(), new List<RetentionRule>());
        foreach (var property in Properties(path, Name, retention))
        {
            switch (property.Name)
            {
                case Age or Count or Grace:
                    if (!values.TryAdd($"{Name}_{property.Name}", Number(path, $"{Name}.{property.Name}", property.Value, 0, int.MaxValue).ToString(CultureInfo.InvariantCulture)))
                        throw EngineException.Invalid(path, $"{Name}.{property.Name} is given twice; {Name}_{property.Name} is the same setting");
                    break;
                case Projects:
                    projects.AddRange(Properties(path, $"{Name}.{Projects}", property.Value).Select(rule => Rule(path, Projects, rule, Age, Count) with { Project = rule.Name }));
                    break;
                case Types:
                    types.AddRange(Properties(path, $"{Name}.{Types}", property.Value).Select(rule => Rule(path, Types, rule, Age) with { Type = rule.Name }));
                    break;
                default:
                    throw EngineException.Invalid(path, $"{Name} may hold: {Age}, {Count}, {Grace}, {Projects}, {Types}");
            }
        }
        return [.. types, .. projects];
    }

    /// <summary>The rules as settings, for people to look at.</summary>
    public static IEnumerable<Setting> Shown(IEnumerable<RetentionRule> rules) =>
        from rule in rules
        let name = rule.Type is { } type ? $"{Name}.{Types}.{type}" : $"{Name}.{Projects}.{rule.Project}"
        from limit in new[] { (Name: Age, Value: rule.MaxAgeDays), (Name: Count, Value: rule.MaxEntriesPerProject) }
        where limit.Value is not null
        select new Setting($"{name}.{limit.Name}", limit.Value?.ToString(CultureInfo.InvariantCulture), "file", null);

    private static RetentionRule Rule(string path, string group, JsonProperty rule, params string[] allowed)
    {
        var (age, count) = ((int?)null, (int?)null);
        foreach (var limit in Properties(path, $"a rule in {Name}.{group}", rule.Value))
        {
            if (!allowed.Contains(limit.Name)) throw EngineException.Invalid(path, $"a rule in {Name}.{group} may hold: {string.Join(", ", allowed)}");
            if (limit.Name is Age) age = Number(path, $"{Age} in {Name}.{group}", limit.Value, 1, RetentionService.MaxAgeDays);
            else count = Number(path, $"{Count} in {Name}.{group}", limit.Value, 1, RetentionService.MaxEntriesPerProject);
        }
        return new RetentionRule { MaxAgeDays = age, MaxEntriesPerProject = count };
    }

    private static JsonElement.ObjectEnumerator Properties(string path, string name, JsonElement value) => value.ValueKind == JsonValueKind.Object
        ? value.EnumerateObject()
        : throw EngineException.Invalid(path, $"{name} must be an object");

    private static int Number(string path, string name, JsonElement value, int least, int most) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most
            ? number
            : throw EngineException.Invalid(path, string.Create(CultureInfo.InvariantCulture, $"{name} must be a whole number from {least} to {most}"));
}
