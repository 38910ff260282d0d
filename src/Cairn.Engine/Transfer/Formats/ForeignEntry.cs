using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Cairn.Engine.Entries;

namespace Cairn.Engine.Transfer.Formats;

/// <summary>
/// An entry of another system, as far as that one knows it. Its id here follows from its id and time there, so that a
/// second import finds it again; where it came from is kept in metadata.imported_from.
/// </summary>
internal sealed record ForeignEntry
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The system's name.</summary>
    public required string System { get; init; }

    /// <summary>Its id there.</summary>
    public required string Id { get; init; }

    public string? Title { get; init; }

    public required string Body { get; init; }

    public string? Type { get; init; }

    public string? Project { get; init; }

    public string? SessionId { get; init; }

    public string? SourceRef { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>A JSON object's text.</summary>
    public string? Metadata { get; init; }

    public bool Pinned { get; init; }

    /// <summary>When it happened; null when that system does not say.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it happened at the latest, for want of better.</summary>
    public required DateTimeOffset Latest { get; init; }

    /// <summary>The entry as it is imported.</summary>
    public ImportItem ToItem(string where)
    {
        var (metadata, note) = WithOrigin();
        return new ImportItem.OfEntry(where, new EntryRecord
        {
            Id = EntryId.Derived($"{System}\0{Id}", CreatedAt),
            Project = Project,
            Title = Title,
            Body = Body,
            EntryType = Type ?? EntryType.Default,
            Tags = Tags,
            SourceRef = SourceRef,
            Metadata = metadata,
            Origin = EntryOrigin.Import,
            Pinned = Pinned,
            SessionId = SessionId,
            CreatedAt = CreatedAt ?? Latest,
        }, IsForeign: true, note);
    }

    /// <summary>A time from a number of seconds or milliseconds since 1970; null when it is none that a calendar has.</summary>
    public static DateTimeOffset? Epoch(long? value) => value switch
    {
        null or <= 0 => null,
        < 100_000_000_000 => DateTimeOffset.FromUnixTimeSeconds(value.Value),
        <= 253_402_300_799_999 => DateTimeOffset.FromUnixTimeMilliseconds(value.Value),
        _ => null,
    };

    /// <summary>A time as text, in UTC unless it says otherwise; null when it is none.</summary>
    public static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    /// <summary>A list that is kept as a JSON array of texts; any other text is the one item.</summary>
    public static IReadOnlyList<string> List(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return [];
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind != JsonValueKind.Array) return [text];
            return [.. document.RootElement.EnumerateArray().Select(static item => item.ValueKind == JsonValueKind.String ? item.GetString()! : item.GetRawText()).Where(static item => item.Length > 0)];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return [text];
        }
    }

    /// <summary>A JSON object for <see cref="Metadata"/>.</summary>
    public static string Object(Action<Utf8JsonWriter> members)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private (string Metadata, string? Note) WithOrigin()
    {
        string? note = null;
        var metadata = Object(json =>
        {
            json.WriteStartObject("imported_from");
            json.WriteString("system", System);
            json.WriteString("id", Id);
            json.WriteEndObject();
            if (Metadata is { } own && !TryCopy(json, own)) note = "metadata was no JSON object and was left out";
        });
        return (metadata, note);
    }

    private static bool TryCopy(Utf8JsonWriter json, string metadata)
    {
        try
        {
            using var document = JsonDocument.Parse(metadata);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return false;
            foreach (var property in document.RootElement.EnumerateObject().Where(static property => !property.NameEquals("imported_from")))
            {
                json.WritePropertyName(property.Name);
                json.WriteRawValue(property.Value.GetRawText(), skipInputValidation: true);
            }
            return true;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
