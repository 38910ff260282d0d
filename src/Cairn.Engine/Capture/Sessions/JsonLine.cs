using System.Globalization;
using System.Text.Json;

namespace Cairn.Engine.Capture.Sessions;

/// <summary>Looks into a line of JSON that may hold anything: what is missing, or of another kind, is null.</summary>
internal static class JsonLine
{
    // A text is kept as far as anything is made of it.
    private const int MaxText = 32 * 1024;
    private const int MaxName = 4096;

    /// <summary>A line's object, or null when it is none. The caller disposes it.</summary>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> line)
    {
        try
        {
            var document = JsonDocument.Parse(line);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
            document.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A member, when it is an object.</summary>
    public static JsonElement? Object(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.Object } value ? value : null;

    /// <summary>A member's items, when it is an array.</summary>
    public static IEnumerable<JsonElement> Items(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.Array } value ? value.EnumerateArray() : [];

    /// <summary>A member, when it is a text.</summary>
    public static string? Text(JsonElement parent, string name) => Member(parent, name) is { } value ? Text(value) : null;

    /// <summary>A value, when it is a text; half a surrogate pair, which JSON can spell and no text can hold, makes it none.</summary>
    public static string? Text(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String) return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A member, when it is a whole number that fits.</summary>
    public static int? Number(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) ? number : null;

    /// <summary>Whether a member is true.</summary>
    public static bool Is(JsonElement parent, string name) => Member(parent, name) is { ValueKind: JsonValueKind.True };

    /// <summary>A member, when it is a time.</summary>
    public static DateTimeOffset? Time(JsonElement parent, string name) =>
        Text(parent, name) is { } text
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    /// <summary>A member that is a name, an id or a path: null also when it is too long to be one.</summary>
    public static string? Name(JsonElement parent, string name) => Short(Text(parent, name));

    /// <summary>A text, unless it is too long to be a name, an id or a path.</summary>
    public static string? Short(string? text) => text is { Length: <= MaxName } ? text : null;

    /// <summary>A member that is a folder's path.</summary>
    public static string? Folder(JsonElement parent, string name) => Name(parent, name) is { } folder && !folder.Contains('\0', StringComparison.Ordinal) ? folder : null;

    /// <summary>A member, whatever it is; null as well where half a surrogate pair in some key of the object cannot be read past.</summary>
    public static JsonElement? Member(JsonElement parent, string name)
    {
        if (parent.ValueKind != JsonValueKind.Object) return null;
        try
        {
            return parent.TryGetProperty(name, out var value) ? value : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The beginning of a long text.</summary>
    public static string Head(string text) =>
        text.Length <= MaxText ? text : text[..(MaxText - (char.IsHighSurrogate(text[MaxText - 1]) ? 1 : 0))];

    /// <summary>The end of a long text, of at most so many characters.</summary>
    public static string Tail(string text, int most) =>
        text.Length <= most ? text : text[(text.Length - most + (char.IsLowSurrogate(text[^most]) ? 1 : 0))..];
}
