using System.Text.Json;

namespace Cairn.Host.Mcp;

/// <summary>One field of a tool's input: what the client is told of it, and what a call is held to.</summary>
/// <param name="Name">Its name on the wire.</param>
/// <param name="Type">Its JSON type: string, integer, boolean, object, or array (of strings).</param>
/// <param name="Description">What the model is told; null when the name says it all, since every word is paid for in tokens.</param>
internal sealed record ToolField(string Name, string Type, string? Description = null)
{
    /// <summary>Whether a call must have it.</summary>
    public bool Required { get; init; }

    /// <summary>The only words that it may hold; null when any text will do.</summary>
    public IReadOnlyList<string>? Words { get; init; }

    public static ToolField Text(string name, string? description = null) => new(name, "string", description);

    public static ToolField Number(string name, string? description = null) => new(name, "integer", description);

    public static ToolField Flag(string name, string? description = null) => new(name, "boolean", description);

    public static ToolField Texts(string name, string? description = null) => new(name, "array", description);

    public static ToolField Object(string name, string? description = null) => new(name, "object", description);

    /// <summary>The JSON Schema of an object with these fields.</summary>
    public static JsonElement Schema(IReadOnlyList<ToolField> fields)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("type", "object");
            writer.WriteStartObject("properties");
            foreach (var field in fields) field.Write(writer);
            writer.WriteEndObject();
            if (fields.Any(static field => field.Required))
            {
                writer.WriteStartArray("required");
                foreach (var field in fields.Where(static field => field.Required)) writer.WriteStringValue(field.Name);
                writer.WriteEndArray();
            }
            writer.WriteEndObject();
        }
        return JsonElement.Parse(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject(Name);
        writer.WriteString("type", Type);
        if (Description is not null) writer.WriteString("description", Description);
        if (Words is not null)
        {
            writer.WriteStartArray("enum");
            foreach (var word in Words) writer.WriteStringValue(word);
            writer.WriteEndArray();
        }
        if (Type == "array")
        {
            writer.WriteStartObject("items");
            writer.WriteString("type", "string");
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }
}
