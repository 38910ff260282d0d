using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Cairn.Engine;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Cairn.Host.Mcp;

/// <summary>
/// What a client sent, as a message or as the answer that refuses it. Both are null for what is passed over in silence:
/// a notification that is wrong.
/// </summary>
/// <param name="Message">The message, when nothing is wrong with it.</param>
/// <param name="Refusal">The JSON of the answer to what is none.</param>
/// <param name="IsToolResult">Whether that answer is a tool's, and not an error of the protocol.</param>
internal readonly record struct IncomingMessage(JsonRpcMessage? Message, byte[]? Refusal = null, bool IsToolResult = false)
{
    private const int ParseError = -32700;
    private const int InvalidRequest = -32600;
    private const int InvalidParams = -32602;
    private static readonly JsonTypeInfo<JsonRpcMessage> MessageType = (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));
    private static readonly JsonTypeInfo<CallToolResult> ResultType = (JsonTypeInfo<CallToolResult>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(CallToolResult));

    /// <summary>Reads the bytes of one message.</summary>
    public static IncomingMessage Read(ReadOnlySequence<byte> bytes)
    {
        JsonRpcMessage? message;
        try
        {
            var reader = new Utf8JsonReader(bytes);
            message = JsonSerializer.Deserialize(ref reader, MessageType);
            reader.Read(); // throws when it goes on
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException or NotSupportedException or FormatException)
        {
            return IsJson(bytes)
                ? Refused(InvalidRequest, "This is not a JSON-RPC 2.0 message. Batches are not part of this protocol.")
                : Refused(ParseError, "This is not JSON that this server reads.");
        }
        if (message is null) return default;
        var request = message as JsonRpcRequest;
        if (MessageShape.FaultOfTexts(bytes) is { } textFault) return request is null ? default : RefusedText(request, textFault);
        if (MessageShape.FaultOfParameters(message) is { } fault) return request is null ? default : Refused(InvalidParams, fault, request.Id);
        return new(message);
    }

    /// <summary>What is too long to be read.</summary>
    public static IncomingMessage TooLong(string what, int limit) => Refused(InvalidRequest, $"The {what} is longer than {limit} bytes; it was not read.");

    /// <summary>The JSON of a JSON-RPC error.</summary>
    public static byte[] Error(int code, string message, RequestId? id = null)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("jsonrpc", "2.0");
            switch (id?.Id)
            {
                case string text: writer.WriteString("id", text); break;
                case long number: writer.WriteNumber("id", number); break;
                default: writer.WriteNull("id"); break;
            }
            writer.WriteStartObject("error");
            writer.WriteNumber("code", code);
            writer.WriteString("message", message);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        return buffer.ToArray();
    }

    private static IncomingMessage Refused(int code, string message, RequestId? id = null) => new(null, Error(code, message, id));

    // A client shows its model a tool's error; a protocol's error it shows as a crash.
    private static IncomingMessage RefusedText(JsonRpcRequest request, string fault)
    {
        if (request.Method != RequestMethods.ToolsCall) return Refused(InvalidParams, fault, request.Id);
        var result = ToolResults.Failed(ToolErrors.From(EngineException.Invalid("arguments", fault)));
        JsonRpcMessage response = new JsonRpcResponse { Id = request.Id, Result = JsonSerializer.SerializeToNode(result, ResultType) };
        return new(null, JsonSerializer.SerializeToUtf8Bytes(response, MessageType), IsToolResult: true);
    }

    private static bool IsJson(ReadOnlySequence<byte> bytes)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = 64 });
            while (reader.Read()) { }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
