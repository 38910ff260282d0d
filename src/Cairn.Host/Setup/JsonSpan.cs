using System.Text.Json;

namespace Cairn.Host.Setup;

/// <summary>A value in a JSON text: where it stands, in bytes of UTF-8 (the end is exclusive), and what it holds.</summary>
internal sealed record JsonSpan(int Start, int End, JsonTokenType Kind, IReadOnlyList<JsonItem> Items)
{
    /// <summary>Reads a text, which may hold comments and trailing commas and must not begin with a byte order mark.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static JsonSpan Parse(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        reader.Read();
        var root = Value(ref reader);
        reader.Read(); // what follows must be nothing
        return root;
    }

    /// <summary>The member of this name, the last one if there are several, as most readers have it; null when there is none.</summary>
    public JsonItem? Member(string key) => Kind == JsonTokenType.StartObject ? Items.LastOrDefault(item => item.Key == key) : null;

    private static JsonSpan Value(ref Utf8JsonReader reader)
    {
        var (start, kind) = ((int)reader.TokenStartIndex, reader.TokenType);
        var items = new List<JsonItem>();
        if (kind is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray))
            {
                var (key, at) = (default(string), (int)reader.TokenStartIndex);
                if (reader.TokenType == JsonTokenType.PropertyName)
                {
                    key = reader.GetString();
                    reader.Read();
                }
                items.Add(new JsonItem(key, at, Value(ref reader)));
            }
        }
        return new JsonSpan(start, (int)reader.BytesConsumed, kind, items);
    }
}

/// <summary>A member of an object, or an element of an array (its key is null).</summary>
internal sealed record JsonItem(string? Key, int Start, JsonSpan Value)
{
    /// <summary>Just behind its value.</summary>
    public int End => Value.End;
}
