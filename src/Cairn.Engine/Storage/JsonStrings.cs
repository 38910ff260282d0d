using System.Text;
using System.Text.Json;

namespace Cairn.Engine.Storage;

/// <summary>Lists of strings as JSON arrays: how a list is stored in a column and handed to json_each.</summary>
internal static class JsonStrings
{
    /// <summary>The list as a JSON array.</summary>
    public static string Write(IEnumerable<string> values)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var value in values) writer.WriteStringValue(value);
            writer.WriteEndArray();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    /// <summary>A JSON array's strings, or null for none, so that an empty list is left out on the wire.</summary>
    public static IReadOnlyList<string>? Read(string? json)
    {
        if (json is null or "[]") return null;
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateArray().Select(static value => value.GetString()!)];
    }
}
