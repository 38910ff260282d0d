using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cairn.Engine.Capture;

/// <summary>Session events as JSON, one a line, with names in snake_case: for simulations, and for whoever has another client.</summary>
internal static class EventLines
{
    /// <summary>The events of a text.</summary>
    /// <exception cref="EngineException">INVALID_ARGUMENT: a line is no event; it is named by its number.</exception>
    public static IEnumerable<SessionEvent> Read(TextReader lines)
    {
        var number = 0;
        while (lines.ReadLine() is { } line)
        {
            number++;
            if (line.Length > 0 && !string.IsNullOrWhiteSpace(line)) yield return Parse(line, number);
        }
    }

    /// <summary>An event as its line.</summary>
    public static string Write(SessionEvent item) => JsonSerializer.Serialize(item, EventJson.Default.SessionEvent);

    private static SessionEvent Parse(string line, int number)
    {
        try
        {
            // What a line leaves out, or says to be null, comes out as null also where the type knows none.
            return JsonSerializer.Deserialize(line, EventJson.Default.SessionEvent) is { Id: not null, Client: not null, SessionId: not null } item
                ? item with { Paths = [.. (item.Paths ?? []).Where(static path => path is not null)] }
                : throw new JsonException();
        }
        catch (JsonException)
        {
            throw EngineException.Invalid("file", $"line {number} is no session event: a JSON object with id, client, session_id, kind and occurred_at");
        }
    }
}

/// <summary>How events look as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(EventKindConverter)])]
[JsonSerializable(typeof(SessionEvent))]
internal sealed partial class EventJson : JsonSerializerContext;

/// <summary>Kinds as user_prompt, final_answer and so on.</summary>
internal sealed class EventKindConverter() : JsonStringEnumConverter<SessionEventKind>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);
