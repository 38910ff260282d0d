using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Cairn.Engine.Retention;

/// <summary>What the audit's rows say, as JSON on one line and back.</summary>
internal static class RetentionJson
{
    /// <summary>A run's inputs.</summary>
    public static string Write(RetentionInputs inputs) => Object(writer =>
    {
        writer.WriteString("now", inputs.Now!.Value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        Limits(writer, inputs.MaxAgeDays, inputs.MaxEntriesPerProject);
        if (inputs.Project is { } project) writer.WriteString("project", project);
        if (inputs.Rules is not { Count: > 0 } rules) return;
        writer.WriteStartArray("rules");
        foreach (var rule in rules)
        {
            writer.WriteStartObject();
            if (rule.Type is { } type) writer.WriteString("type", type);
            if (rule.Project is { } named) writer.WriteString("project", named);
            Limits(writer, rule.MaxAgeDays, rule.MaxEntriesPerProject);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    });

    /// <summary>A run's inputs as they were written; null when the text is none, as in a row that somebody altered.</summary>
    public static RetentionInputs? ReadInputs(JsonElement? json)
    {
        if (json is not { ValueKind: JsonValueKind.Object } row) return null;
        try
        {
            return new RetentionInputs
            {
                Now = row.GetProperty("now").GetDateTimeOffset(),
                MaxAgeDays = Number(row, "max_age_days"),
                MaxEntriesPerProject = Number(row, "max_entries_per_project"),
                Project = Text(row, "project"),
                Rules = !row.TryGetProperty("rules", out var rules) ? null
                    : [.. rules.EnumerateArray().Select(static rule => new RetentionRule
                    {
                        Type = Text(rule, "type"),
                        Project = Text(rule, "project"),
                        MaxAgeDays = Number(rule, "max_age_days"),
                        MaxEntriesPerProject = Number(rule, "max_entries_per_project"),
                    })],
            };
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException or KeyNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Counts by name, in their order.</summary>
    public static string Write(IEnumerable<KeyValuePair<string, int>> counts) => Object(writer =>
    {
        foreach (var (name, count) in counts) writer.WriteNumber(name, count);
    });

    /// <summary>Counts by name as they were written; none of a row that somebody altered.</summary>
    public static IReadOnlyDictionary<string, int> ReadCounts(JsonElement? json)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        if (json is not { ValueKind: JsonValueKind.Object } row) return counts;
        foreach (var property in row.EnumerateObject())
            if (property.Value.ValueKind == JsonValueKind.Number && property.Value.TryGetInt32(out var count)) counts[property.Name] = count;
        return counts;
    }

    /// <summary>One text under a name.</summary>
    public static string Write(string name, string text) => Object(writer => writer.WriteString(name, text));

    /// <summary>The text under a name, or null.</summary>
    public static string? ReadText(JsonElement? json, string name) => json is { ValueKind: JsonValueKind.Object } row ? Text(row, name) : null;

    private static void Limits(Utf8JsonWriter writer, int? maxAgeDays, int? maxEntriesPerProject)
    {
        if (maxAgeDays is { } days) writer.WriteNumber("max_age_days", days);
        if (maxEntriesPerProject is { } entries) writer.WriteNumber("max_entries_per_project", entries);
    }

    private static string? Text(JsonElement row, string name) => row.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static int? Number(JsonElement row, string name) => row.TryGetProperty(name, out var value) ? value.GetInt32() : null;

    private static string Object(Action<Utf8JsonWriter> properties)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            properties(writer);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }
}
