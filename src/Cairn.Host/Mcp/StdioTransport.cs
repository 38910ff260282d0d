using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
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
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(1);
    private static readonly JsonTypeInfo<JsonRpcMessage> MessageType = (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));

    private readonly PipeReader _input;
    private readonly Stream _output;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly ConcurrentDictionary<RequestId, bool> _unanswered = new();
    private readonly TaskCompletionSource _stopRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _allAnswered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Begins to read.</summary>
    public StdioTransport(Stream input, Stream output)
        : base("stdio", null)
    {
        _input = PipeReader.Create(input, new StreamPipeReaderOptions(bufferSize: 64 * 1024));
        _output = output;
        SetConnected();
        _ = Task.Run(RunAsync);
    }

    /// <summary>Reads no more; what was read is answered, and then the session ends.</summary>
    public void Stop() => _stopRequested.TrySetResult();

    public override async Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
    {
        await WriteAsync(JsonSerializer.SerializeToUtf8Bytes(message, MessageType)).ConfigureAwait(false);
        if (message is JsonRpcResponse or JsonRpcError) Answered(((JsonRpcMessageWithId)message).Id);
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
            if (!_unanswered.IsEmpty) await Task.WhenAny(_allAnswered.Task, Task.Delay(DrainTime)).ConfigureAwait(false);
        }
        catch (IOException failure)
        {
            error = failure;
        }
        finally
        {
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
                if (tooLong) await RefuseAsync(InvalidRequest, $"The line is longer than {MaxLineBytes} bytes; it was not read.").ConfigureAwait(false);
                else await ReadLineAsync(buffer.Slice(0, newline)).ConfigureAwait(false);
                tooLong = false;
                buffer = buffer.Slice(buffer.GetPosition(1, newline));
            }
            if (buffer.Length > MaxLineBytes) tooLong = true;
            if (tooLong) buffer = buffer.Slice(buffer.End);
            if (result.IsCompleted)
            {
                if (!buffer.IsEmpty) await ReadLineAsync(buffer).ConfigureAwait(false);
                return;
            }
            _input.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private async Task ReadLineAsync(ReadOnlySequence<byte> line)
    {
        if (IsBlank(line)) return;
        JsonRpcMessage? message;
        try
        {
            var reader = new Utf8JsonReader(line);
            message = JsonSerializer.Deserialize(ref reader, MessageType);
        }
        catch (JsonException)
        {
            await (IsJson(line)
                ? RefuseAsync(InvalidRequest, "The line is not a JSON-RPC 2.0 message. Batches are not part of this protocol.")
                : RefuseAsync(ParseError, "The line is not JSON that this server reads.")).ConfigureAwait(false);
            return;
        }
        if (message is null) return;
        if (message is JsonRpcRequest request) Expect(request.Id);
        if (message is JsonRpcNotification { Method: NotificationMethods.CancelledNotification } cancelled) Forget(cancelled);
        await WriteMessageAsync(message).ConfigureAwait(false);
    }

    private void Expect(RequestId id)
    {
        if (_allAnswered.Task.IsCompleted) _allAnswered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _unanswered[id] = true;
    }

    private void Answered(RequestId id)
    {
        _unanswered.TryRemove(id, out _);
        if (_unanswered.IsEmpty) _allAnswered.TrySetResult();
    }

    // A cancelled request is never answered.
    private void Forget(JsonRpcNotification notification)
    {
        if (notification.Params?["requestId"] is not { } id) return;
        Answered(id.GetValueKind() == JsonValueKind.Number ? new RequestId(id.GetValue<long>()) : new RequestId(id.ToString()));
    }

    private Task RefuseAsync(int code, string message)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("jsonrpc", "2.0");
            writer.WriteNull("id");
            writer.WriteStartObject("error");
            writer.WriteNumber("code", code);
            writer.WriteString("message", message);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        return WriteAsync(buffer.ToArray());
    }

    private async Task WriteAsync(byte[] json)
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
