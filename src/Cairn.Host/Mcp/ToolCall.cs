using System.Text.Json;
using System.Text.Json.Nodes;
using Cairn.Engine;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Cairn.Host.Mcp;

/// <summary>
/// A call whose arguments have been held to the tool's fields. The SDK's own binding is lenient, and its errors name
/// neither field nor reason; here both are said, and null is refused like every other wrong type.
/// </summary>
internal sealed class ToolCall
{
    private readonly RequestContext<CallToolRequestParams> _request;

    private ToolCall(RequestContext<CallToolRequestParams> request, CancellationToken cancellation) => (_request, Cancellation) = (request, cancellation);

    /// <summary>Called off when the client cancels the call.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>What the client sent beside the arguments.</summary>
    public JsonObject? Meta => _request.Params?.Meta;

    /// <summary>The client's name.</summary>
    public string? Client => _request.Server.ClientInfo?.Name;

    /// <summary>
    /// Checks a call. Reading tools pass over fields they do not know; writing ones refuse them, since what is dropped
    /// would be lost.
    /// </summary>
    /// <exception cref="EngineException">INVALID_ARGUMENT with field and reason.</exception>
    public static ToolCall Check(RequestContext<CallToolRequestParams> request, IReadOnlyList<ToolField> fields, bool reads, CancellationToken cancellation)
    {
        var call = new ToolCall(request, cancellation);
        foreach (var field in fields)
        {
            if (call.Find(field.Name) is { } value) Require(field, value);
            else if (field.Required) throw EngineException.Invalid(field.Name, "is missing");
        }
        if (reads || request.Params?.Arguments is not { } arguments) return call;
        foreach (var name in arguments.Keys)
            if (!fields.Any(field => field.Name == name)) throw Unknown(name, fields);
        return call;
    }

    /// <summary>A text, or null when the call has none.</summary>
    public string? Text(string name) => Find(name)?.GetString();

    /// <summary>A text that the tool requires.</summary>
    public string RequiredText(string name) => Text(name)!;

    /// <summary>A whole number, or null when the call has none.</summary>
    public int? Number(string name) => Find(name)?.GetInt32();

    /// <summary>A flag; false when the call has none.</summary>
    public bool Flag(string name) => Find(name)?.GetBoolean() ?? false;

    /// <summary>A list of texts, or null when the call has none.</summary>
    public IReadOnlyList<string>? Texts(string name) => Find(name) is { } list ? [.. list.EnumerateArray().Select(static item => item.GetString()!)] : null;

    /// <summary>An object as it was sent, or null when the call has none.</summary>
    public JsonElement? Object(string name) => Find(name);

    /// <summary>Tells the client how far the call is, where it asked to be told. It waits until that is written.</summary>
    public void Report(int done, int total)
    {
        if (_request.Params?.ProgressToken is not { } token) return;
        var progress = new ProgressNotificationValue { Progress = done, Total = total };
        _request.Server.NotifyProgressAsync(token, progress, cancellationToken: Cancellation).GetAwaiter().GetResult();
    }

    private JsonElement? Find(string name) => _request.Params?.Arguments is { } arguments && arguments.TryGetValue(name, out var value) ? value : null;

    private static void Require(ToolField field, JsonElement value)
    {
        Require(field.Name, field.Type, value);
        if (field.Words is { } words && !words.Contains(value.GetString())) throw EngineException.Invalid(field.Name, $"must be one of: {string.Join(", ", words)}");
        if (field.Type != "array") return;
        var index = 0;
        foreach (var item in value.EnumerateArray()) Require($"{field.Name}[{index++}]", "string", item);
    }

    private static void Require(string name, string type, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null) throw EngineException.Invalid(name, "is null; leave the field out instead");
        var fits = type switch
        {
            "string" => value.ValueKind == JsonValueKind.String && IsText(name, value),
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _),
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "array" => value.ValueKind == JsonValueKind.Array,
            _ => value.ValueKind == JsonValueKind.Object,
        };
        if (!fits) throw EngineException.Invalid(name, $"must be {Expected(type)}, not {Found(value)}");
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
    private static EngineException Unknown(string name, IReadOnlyList<ToolField> fields)
    {
        var shown = name.Length is > 0 and <= 40 && name.All(static c => char.IsAsciiLetterLower(c) || c is '_') ? name : "(not a plain word)";
        return EngineException.Invalid(shown, $"is no field of this tool; it has: {string.Join(", ", fields.Select(static field => field.Name))}");
    }

    private static string Expected(string type) => type switch
    {
        "string" => "a string",
        "integer" => "a whole number",
        "boolean" => "true or false",
        "array" => "an array of strings",
        _ => "an object",
    };

    private static string Found(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number like that",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        JsonValueKind.Array => "an array",
        _ => "an object",
    };
}
