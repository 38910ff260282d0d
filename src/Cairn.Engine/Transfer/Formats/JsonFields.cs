using System.Globalization;
using System.Text.Json;

namespace Cairn.Engine.Transfer.Formats;

/// <summary>The members of a JSON object from outside, each of the kind that it should be.</summary>
internal readonly struct JsonFields(JsonElement value)
{
    /// <summary>An object parsed from UTF-8; metadata may be nested as deep as the engine stores it, and is one level down.</summary>
    /// <exception cref="EngineException">It is not JSON, or not an object.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> json, string field)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 128 });
        }
        catch (JsonException error)
        {
            throw EngineException.Invalid(field, $"is not JSON (byte {error.BytePositionInLine})");
        }
        if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
        document.Dispose();
        throw EngineException.Invalid(field, "is not a JSON object");
    }

    /// <summary>The same members, kept after the document they were read from is gone.</summary>
    public JsonFields Copy() => new(value.Clone());

    /// <summary>A text; null when it is absent or null.</summary>
    public string? Text(string name) => Member(name) is { } member ? Text(name, member) : null;

    /// <summary>A text that must be there.</summary>
    public string RequireText(string name) => Text(name) ?? throw EngineException.Invalid(name, "is missing");

    /// <summary>A time that must be there.</summary>
    public DateTimeOffset RequireTime(string name) => Time(name, RequireText(name));

    /// <summary>A whole number; null when it is absent.</summary>
    public long? Number(string name) => Member(name) is { } member
        ? member.ValueKind == JsonValueKind.Number && member.TryGetInt64(out var number) ? number : throw EngineException.Invalid(name, "is not a whole number")
        : null;

    /// <summary>True or false; false when it is absent.</summary>
    public bool Flag(string name) => Member(name) is { } member
        && (member.ValueKind is JsonValueKind.True or JsonValueKind.False ? member.GetBoolean() : throw EngineException.Invalid(name, "is neither true nor false"));

    /// <summary>A list of texts; empty when it is absent.</summary>
    public List<string> Texts(string name) => [.. Items(name).Select(item => Text(name, item))];

    /// <summary>A list of objects; empty when it is absent.</summary>
    public List<JsonFields> Objects(string name) => [.. Items(name).Select(item =>
        item.ValueKind == JsonValueKind.Object ? new JsonFields(item) : throw EngineException.Invalid(name, "holds something else than objects"))];

    /// <summary>A member as its JSON text; null when it is absent or null.</summary>
    public string? Json(string name) => Member(name)?.GetRawText();

    /// <summary>A text, number or truth as text, for what people write; null when it is absent or something else.</summary>
    public string? Loose(string name) => Member(name) is { } member ? LooseText(name, member) : null;

    /// <summary>A list of what <see cref="Loose"/> takes, or one text with commas.</summary>
    public IReadOnlyList<string> LooseList(string name) => Member(name) is not { } member ? []
        : member.ValueKind == JsonValueKind.Array ? [.. member.EnumerateArray().Select(item => LooseText(name, item)).OfType<string>()]
        : LooseText(name, member)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>The object without some of its members, as JSON text; null when none is left.</summary>
    public string? Without(IReadOnlyList<string> names)
    {
        var members = value.EnumerateObject().Where(member => !names.Contains(member.Name)).Select(static member => member.ToString()).ToList();
        return members.Count == 0 ? null : $"{{{string.Join(',', members)}}}";
    }

    private static string? LooseText(string name, JsonElement member) => member.ValueKind switch
    {
        JsonValueKind.String => Text(name, member),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => member.GetRawText(),
        _ => null,
    };

    private static DateTimeOffset Time(string name, string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time : throw EngineException.Invalid(name, "is not an ISO 8601 time");

    private JsonElement.ArrayEnumerator Items(string name) => Member(name) is not { } member ? default
        : member.ValueKind == JsonValueKind.Array ? member.EnumerateArray() : throw EngineException.Invalid(name, "is not a list");

    private JsonElement? Member(string name) =>
        value.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : null;

    // JSON can spell half a surrogate pair, which no string of UTF-8 can hold: reading it throws.
    private static string Text(string name, JsonElement member)
    {
        if (member.ValueKind != JsonValueKind.String) throw EngineException.Invalid(name, "is not text");
        try { return member.GetString()!; }
        catch (InvalidOperationException) { throw EngineException.Invalid(name, "holds half a surrogate pair"); }
    }
}
