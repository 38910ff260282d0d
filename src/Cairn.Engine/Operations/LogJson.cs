using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cairn.Engine.Operations;

/// <summary>Lines of the log and files of the servers as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcMilliseconds)])]
[JsonSerializable(typeof(LogEvent))]
[JsonSerializable(typeof(ServerNote))]
internal sealed partial class LogJson : JsonSerializerContext;

/// <summary>Times as 2026-05-31T09:30:00.000Z.</summary>
internal sealed class UtcMilliseconds : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[24];
        value.UtcDateTime.TryFormat(text, out var length, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..length]);
    }
}
