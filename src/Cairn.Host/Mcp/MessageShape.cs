using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using ModelContextProtocol.Protocol;

namespace Cairn.Host.Mcp;

/// <summary>
/// What is wrong with a JSON-RPC message before any tool sees it. The SDK would answer these with "An error occurred.", or
/// make other text of bytes that are none.
/// </summary>
internal static class MessageShape
{
    /// <summary>What is wrong with a message's parameters, in words for its sender; null when nothing is. Its texts must be in order: a name that stands twice cannot be looked up.</summary>
    public static string? FaultOfParameters(JsonRpcMessage message)
    {
        var parameters = message switch
        {
            JsonRpcRequest request => request.Params,
            JsonRpcNotification notification => notification.Params,
            _ => null,
        };
        if (parameters is not (null or JsonObject)) return "params must be an object.";
        if (parameters?["_meta"] is not (null or JsonObject)) return "params._meta must be an object.";
        return message is JsonRpcRequest { Method: RequestMethods.ToolsCall } ? Fault(parameters as JsonObject) : null;
    }

    private static string? Fault(JsonObject? call)
    {
        if (call?["name"]?.GetValueKind() != JsonValueKind.String) return "params.name must be the name of a tool.";
        return call["arguments"] is null or JsonObject ? null : "params.arguments must be an object.";
    }

    /// <summary>What is wrong with the texts of a message, in words for its sender; null when nothing is.</summary>
    /// <param name="line">The bytes of the message, which are JSON.</param>
    public static string? FaultOfTexts(ReadOnlySequence<byte> line)
    {
        if (!Utf8.IsValid(line.IsSingleSegment ? line.FirstSpan : line.ToArray())) return "The message is not UTF-8.";
        var reader = new Utf8JsonReader(line);
        var names = new Stack<HashSet<string>>();
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.StartObject) names.Push(new(StringComparer.Ordinal));
                else if (reader.TokenType == JsonTokenType.EndObject) names.Pop();
                else if (reader.TokenType == JsonTokenType.PropertyName && !names.Peek().Add(reader.GetString()!))
                    return "The message holds an object with one name twice: one of the values would be lost.";
                else if (reader.ValueIsEscaped) reader.GetString();
            }
            return null;
        }
        catch (InvalidOperationException)
        {
            // JSON can spell one half of a pair (\ud800) that no UTF-8 can hold: reading it throws.
            return "The message holds half a surrogate pair, which is no character.";
        }
    }
}
