using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cairn.Engine;
using Cairn.Engine.Retention;

namespace Cairn.Host;

/// <summary>The JSON schema (draft 2020-12) of config.json, by which an editor completes and checks it. Made from <see cref="FileSetting.All"/>.</summary>
internal static class ConfigSchema
{
    /// <summary>The schema's text, indented, without a line end.</summary>
    public static string Text()
    {
        var properties = new JsonObject { ["$schema"] = new JsonObject { ["type"] = "string", ["description"] = "Where this schema is; Cairn does not read it." } };
        foreach (var setting in FileSetting.All)
        {
            var schema = Of(setting);
            schema.Insert(0, "description", setting.Description);
            properties[setting.Name] = schema;
        }
        var root = Object(properties);
        root.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        root.Insert(1, "title", "Cairn configuration (config.json)");
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" })) root.WriteTo(writer);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>The object "retention".</summary>
    public static JsonObject Retention() => Object(new JsonObject
    {
        ["max_age_days"] = Number(0, int.MaxValue),
        ["max_entries_per_project"] = Number(0, int.MaxValue),
        ["grace_days"] = Number(0, int.MaxValue),
        ["projects"] = Each(Object(new JsonObject { ["max_age_days"] = Number(1, RetentionService.MaxAgeDays), ["max_entries_per_project"] = Number(1, RetentionService.MaxEntriesPerProject) })),
        ["types"] = Each(Object(new JsonObject { ["max_age_days"] = Number(1, RetentionService.MaxAgeDays) })),
    });

    /// <summary>The object "policy".</summary>
    public static JsonObject Policy()
    {
        static JsonObject Mode() => Words(Enum.GetNames<PolicyMode>());
        var project = Object(new JsonObject { ["mode"] = Mode() });
        project["required"] = new JsonArray("mode");
        return Object(new JsonObject { ["mode"] = Mode(), ["projects"] = Each(project) });
    }

    /// <summary>The object "capture".</summary>
    public static JsonObject Capture()
    {
        static JsonObject Globs() => new() { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string", ["minLength"] = 1 } };
        static JsonObject Scope() => new() { ["mode"] = Words(Enum.GetNames<CaptureMode>()), ["allow"] = Globs(), ["deny"] = Globs() };
        var all = Scope();
        all["projects"] = Each(Object(Scope()));
        return Object(all);
    }

    private static JsonObject Of(FileSetting setting) => setting.Shape switch
    {
        SettingShape.WholeNumber => Number(0, int.MaxValue),
        SettingShape.OnOrOff => new JsonObject { ["type"] = "boolean" },
        SettingShape.Part => setting.Part!(),
        _ => new JsonObject { ["type"] = "string", ["minLength"] = 1 },
    };

    private static JsonObject Object(JsonObject properties) => new() { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };

    private static JsonObject Each(JsonObject schema) => new() { ["type"] = "object", ["additionalProperties"] = schema };

    private static JsonObject Number(int least, int most) => new() { ["type"] = "integer", ["minimum"] = least, ["maximum"] = most };

    private static JsonObject Words(IEnumerable<string> names)
    {
        var words = new JsonArray();
        foreach (var name in names) words.Add((JsonNode?)name.ToLowerInvariant());
        return new JsonObject { ["enum"] = words };
    }
}
