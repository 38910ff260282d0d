using System.Text.Json;

namespace Cairn.Engine.Entries;

/// <summary>The texts inside a JSON value: its strings and the names of its members.</summary>
internal static class JsonTexts
{
    /// <summary>The value with every text put through <paramref name="map"/>. A member whose name becomes empty goes.</summary>
    public static JsonElement Map(JsonElement value, Func<string, string> map)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer)) Write(writer, value, map);
        return JsonElement.Parse(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value, Func<string, string> map)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in value.EnumerateObject())
                {
                    var name = map(property.Name);
                    if (name.Length == 0 && property.Name.Length > 0) continue;
                    writer.WritePropertyName(name);
                    Write(writer, property.Value, map);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray()) Write(writer, item, map);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(map(value.GetString()!));
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
