using ModelContextProtocol.Protocol;

namespace Cairn.Host.Mcp;

/// <summary>
/// The requests that came and were not answered. Of the tool calls among them only a few are worked on at once, since each
/// holds its answer until the client has read it: one that asks a thousand times and reads nothing costs little memory.
/// </summary>
internal sealed class RequestQueue
{
    /// <summary>How many tool calls are worked on, or have an answer that is not written yet.</summary>
    public const int MaxAtWork = 16;

    /// <summary>How many bytes of requests may wait for their turn before no more is read.</summary>
    public const long MaxHeldBytes = 2L * StdioTransport.MaxLineBytes;

    private readonly Lock _gate = new();
    private readonly HashSet<RequestId> _unanswered = [];
    private readonly HashSet<RequestId> _atWork = [];
    private readonly Queue<(JsonRpcRequest Request, long Bytes)> _held = [];
    private long _heldBytes;
    private TaskCompletionSource? _allAnswered;
    private TaskCompletionSource? _room;

    /// <summary>Takes note of a request that is this many bytes long; false when it is held until <see cref="Remove"/> gives it back.</summary>
    public bool Add(JsonRpcRequest request, long bytes)
    {
        lock (_gate)
        {
            _unanswered.Add(request.Id);
            if (request.Method != RequestMethods.ToolsCall) return true;
            if (_atWork.Count < MaxAtWork)
            {
                _atWork.Add(request.Id);
                return true;
            }
            _held.Enqueue((request, bytes));
            _heldBytes += bytes;
            return false;
        }
    }

    /// <summary>Takes note that a request was answered, or that its answer is not wanted any more; gives the held one whose turn it is now.</summary>
    public JsonRpcRequest? Remove(RequestId id)
    {
        lock (_gate)
        {
            _unanswered.Remove(id);
            if (_unanswered.Count == 0) _allAnswered?.TrySetResult();
            _atWork.Remove(id);
            JsonRpcRequest? next = null;
            while (next is null && _atWork.Count < MaxAtWork && _held.TryDequeue(out var held))
            {
                _heldBytes -= held.Bytes;
                if (!_unanswered.Contains(held.Request.Id)) continue; // not wanted any more
                next = held.Request;
                _atWork.Add(next.Id);
            }
            if (_heldBytes <= MaxHeldBytes) _room?.TrySetResult();
            return next;
        }
    }

    /// <summary>Completes when every request is answered.</summary>
    public Task AllAnswered()
    {
        lock (_gate)
        {
            if (_unanswered.Count == 0) return Task.CompletedTask;
            _allAnswered ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _allAnswered.Task;
        }
    }

    /// <summary>Completes when another request may be read.</summary>
    public Task Room()
    {
        lock (_gate)
        {
            if (_heldBytes <= MaxHeldBytes) return Task.CompletedTask;
            if (_room is null or { Task.IsCompleted: true }) _room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task;
        }
    }
}
