using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Nodes;
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

    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(1.5);
    private static readonly JsonTypeInfo<JsonRpcMessage> MessageType = (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));

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
            await WriteAsync(IncomingMessage.TooLong("line", MaxLineBytes).Refusal!).ConfigureAwait(false);
            return;
        }
        if (IsBlank(line)) return;
        var incoming = IncomingMessage.Read(line);
        if (incoming.Refusal is { } refusal) await WriteAsync(refusal).ConfigureAwait(false);
        if (incoming.Message is not { } message) return;
        var request = message as JsonRpcRequest;
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
}
