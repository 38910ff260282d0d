using System.Text.Json;
using Cairn.Engine;
using ModelContextProtocol.Protocol;

namespace Cairn.Host.Mcp;

/// <summary>
/// Holds a call's arguments to the tool's schema, and says which field is wrong and why: the SDK's own errors say
/// neither. Reading tools pass over fields they do not know; writing ones refuse them, since what is dropped would be lost.
/// </summary>
internal static class ToolArguments
{
    /// <summary>Refuses arguments that do not fit.</summary>
    /// <exception cref="EngineException">INVALID_ARGUMENT with field and reason.</exception>
    public static void Require(Tool tool, IDictionary<string, JsonElement>? arguments)
    {
        var properties = tool.InputSchema.GetProperty("properties");
        foreach (var (name, value) in arguments ?? new Dictionary<string, JsonElement>())
        {
            if (properties.TryGetProperty(name, out var schema)) Require(name, value, schema);
            else if (tool.Annotations?.ReadOnlyHint is not true)
                throw EngineException.Invalid("arguments", $"{tool.Name} has no field of one of the names given; it has: {string.Join(", ", properties.EnumerateObject().Select(p => p.Name))}", Unknown(name));
        }
        if (!tool.InputSchema.TryGetProperty("required", out var required)) return;
        foreach (var name in required.EnumerateArray().Select(static name => name.GetString()!))
            if (arguments is null || !arguments.ContainsKey(name)) throw EngineException.Invalid(name, "is missing");
    }

    private static void Require(string name, JsonElement value, JsonElement schema)
    {
        if (value.ValueKind == JsonValueKind.Null) throw EngineException.Invalid(name, "is null; leave the field out instead");
        var type = schema.GetProperty("type").GetString();
        var fits = type switch
        {
            "string" => value.ValueKind == JsonValueKind.String && IsText(name, value),
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _),
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "array" => value.ValueKind == JsonValueKind.Array,
            _ => value.ValueKind == JsonValueKind.Object,
        };
        if (!fits) throw EngineException.Invalid(name, $"must be {Words(type)}, not {Words(value)}");
        if (schema.TryGetProperty("enum", out var allowed) && !allowed.EnumerateArray().Any(word => word.GetString() == value.GetString()))
            throw EngineException.Invalid(name, $"must be one of: {string.Join(", ", allowed.EnumerateArray().Select(word => word.GetString()))}");
        if (type != "array") return;
        var index = 0;
        foreach (var item in value.EnumerateArray()) Require($"{name}[{index++}]", item, schema.GetProperty("items"));
    }

    // JSON can spell a lone surrogate ("\ud800") that no string of UTF-8 can hold: reading it throws.
    private static bool IsText(string name, JsonElement value)
    {
        try
        {
            return value.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            throw EngineException.Invalid(name, "holds half a surrogate pair");
        }
    }

    // A name is shown back only when it is a plain word: anything else might be text that went astray.
    private static (string, object) Unknown(string name) =>
        ("unknown", name.Length <= 40 && name.All(static c => char.IsAsciiLetterLower(c) || c is '_') ? name : "(not a plain word)");

    private static string Words(string? type) => type switch
    {
        "string" => "a string",
        "integer" => "a whole number",
        "boolean" => "true or false",
        "array" => "an array",
        _ => "an object",
    };

    private static string Words(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "a string",
        JsonValueKind.Number => value.TryGetInt64(out _) ? "a number of that size" : "a fraction",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        JsonValueKind.Array => "an array",
        JsonValueKind.Null => "null",
        _ => "an object",
    };
}
