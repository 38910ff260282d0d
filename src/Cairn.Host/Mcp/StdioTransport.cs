using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Cairn.Engine;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Cairn.Host.Mcp;

/// <summary>
/// JSON-RPC messages as lines over two streams. Beside what the SDK's own transport does, it holds no more than
/// <see cref="MaxLineBytes"/> of a line, answers lines that are no request, and at the end of input or when asked to stop
/// lets the requests that came be answered before the session ends.
/// </summary>
internal sealed class StdioTransport : TransportBase
{
    /// <summary>The greatest length of a line; a longer one is passed over and answered with an error of id null.</summary>
    public const int MaxLineBytes = 8 * 1024 * 1024;

    private const int ParseError = -32700;
    private const int InvalidRequest = -32600;
    private const int InvalidParams = -32602;
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(1.5);
    private static readonly JsonTypeInfo<JsonRpcMessage> MessageType = (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));

    private static readonly JsonTypeInfo<CallToolResult> ResultType = (JsonTypeInfo<CallToolResult>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(CallToolResult));

    private readonly PipeReader _input;
    private readonly Stream _output;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly TaskCompletionSource _stopRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RequestQueue _requests = new();

    /// <summary>Begins to read.</summary>
    public StdioTransport(Stream input, Stream output)
        : base("stdio", null)
    {
        _input = PipeReader.Create(input, new StreamPipeReaderOptions(bufferSize: 64 * 1024));
        _output = output;
        SetConnected();
        Ended = Task.Run(RunAsync);
    }

    /// <summary>Completes when the input has ended or a stop was asked for, and the time for the last answers is over.</summary>
    public Task Ended { get; }

    /// <summary>Reads no more; what was read is answered, and then the session ends.</summary>
    public void Stop() => _stopRequested.TrySetResult();

    public override async Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
    {
        await WriteAsync(JsonSerializer.SerializeToUtf8Bytes(message, MessageType)).ConfigureAwait(false);
        if (message is JsonRpcResponse or JsonRpcError) await DoneAsync(((JsonRpcMessageWithId)message).Id).ConfigureAwait(false);
    }

    public override ValueTask DisposeAsync()
    {
        Stop();
        SetDisconnected();
        return ValueTask.CompletedTask;
    }

    private async Task RunAsync()
    {
        Exception? error = null;
        try
        {
            // A read from a terminal or pipe cannot be cancelled: a stop goes on without waiting for it.
            var reading = ReadLinesAsync();
            await Task.WhenAny(reading, _stopRequested.Task).ConfigureAwait(false);
            if (reading.IsFaulted) await reading.ConfigureAwait(false);
            await Task.WhenAny(_requests.AllAnswered(), Task.Delay(DrainTime)).ConfigureAwait(false);
        }
        catch (IOException failure)
        {
            error = failure;
        }
        finally
        {
            _over.TrySetResult();
            SetDisconnected(error);
        }
    }

    private async Task ReadLinesAsync()
    {
        var tooLong = false;
        while (true)
        {
            var result = await _input.ReadAsync().ConfigureAwait(false);
            var buffer = result.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } newline)
            {
                await ReadLineAsync(buffer.Slice(0, newline), tooLong).ConfigureAwait(false);
                tooLong = false;
                buffer = buffer.Slice(buffer.GetPosition(1, newline));
            }
            if (buffer.Length > MaxLineBytes) tooLong = true;
            if (tooLong) buffer = buffer.Slice(buffer.End);
            if (result.IsCompleted)
            {
                await ReadLineAsync(buffer, tooLong).ConfigureAwait(false);
                return;
            }
            _input.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private async Task ReadLineAsync(ReadOnlySequence<byte> line, bool tooLong)
    {
        if (tooLong || line.Length > MaxLineBytes)
        {
            await RefuseAsync(InvalidRequest, $"The line is longer than {MaxLineBytes} bytes; it was not read.").ConfigureAwait(false);
            return;
        }
        if (IsBlank(line)) return;
        JsonRpcMessage? message;
        try
        {
            var reader = new Utf8JsonReader(line);
            message = JsonSerializer.Deserialize(ref reader, MessageType);
            reader.Read(); // throws when the line goes on
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException or NotSupportedException or FormatException)
        {
            await (IsJson(line)
                ? RefuseAsync(InvalidRequest, "The line is not a JSON-RPC 2.0 message. Batches are not part of this protocol.")
                : RefuseAsync(ParseError, "The line is not JSON that this server reads.")).ConfigureAwait(false);
            return;
        }
        if (message is null) return;
        var request = message as JsonRpcRequest;
        if (MessageShape.FaultOfTexts(line) is { } textFault)
        {
            if (request is not null) await RefuseTextAsync(request, textFault).ConfigureAwait(false);
            return;
        }
        if (MessageShape.FaultOfParameters(message) is { } fault)
        {
            if (request is not null) await RefuseAsync(InvalidParams, fault, request.Id).ConfigureAwait(false);
            return;
        }
        if (message is JsonRpcNotification { Method: NotificationMethods.CancelledNotification } cancelled && RequestIn(cancelled) is { } id) await DoneAsync(id).ConfigureAwait(false);
        if (request is null || _requests.Add(request, line.Length)) await WriteMessageAsync(message).ConfigureAwait(false);
        await _requests.Room().ConfigureAwait(false);
    }

    // It was answered, or never will be: one that waited has its turn.
    private async Task DoneAsync(RequestId id)
    {
        if (_requests.Remove(id) is { } next) await WriteMessageAsync(next).ConfigureAwait(false);
    }

    // A cancelled request is never answered.
    private static RequestId? RequestIn(JsonRpcNotification cancelled) => (cancelled.Params as JsonObject)?["requestId"] switch
    {
        JsonValue id when id.TryGetValue(out long number) => new RequestId(number),
        JsonValue id when id.TryGetValue(out string? text) => new RequestId(text),
        _ => null,
    };

    // A client shows its model a tool's error; a protocol's error it shows as a crash.
    private Task RefuseTextAsync(JsonRpcRequest request, string fault)
    {
        if (request.Method != RequestMethods.ToolsCall) return RefuseAsync(InvalidParams, fault, request.Id);
        var result = ToolResults.Failed(ToolErrors.From(EngineException.Invalid("arguments", fault)));
        return SendMessageAsync(new JsonRpcResponse { Id = request.Id, Result = JsonSerializer.SerializeToNode(result, ResultType) });
    }

    private Task RefuseAsync(int code, string message, RequestId? id = null)
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
        return WriteAsync(buffer.ToArray());
    }

    // A client that reads nothing holds a write for ever, but not the session's end.
    private async Task WriteAsync(byte[] json)
    {
        var writing = WriteLineAsync(json);
        if (await Task.WhenAny(writing, _over.Task).ConfigureAwait(false) == writing) await writing.ConfigureAwait(false);
    }

    private async Task WriteLineAsync(byte[] json)
    {
        await _sending.WaitAsync().ConfigureAwait(false);
        try
        {
            await _output.WriteAsync(json).ConfigureAwait(false);
            await _output.WriteAsync("\n"u8.ToArray()).ConfigureAwait(false);
            await _output.FlushAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            Stop(); // the client is gone
        }
        finally
        {
            _sending.Release();
        }
    }

    private static bool IsBlank(ReadOnlySequence<byte> line)
    {
        foreach (var segment in line)
            if (segment.Span.ContainsAnyExcept(" \t\r"u8)) return false;
        return true;
    }

    private static bool IsJson(ReadOnlySequence<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = 64 });
            while (reader.Read()) { }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
