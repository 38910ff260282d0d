using System.Buffers;
using Cairn.Host.Cli;
using Cairn.Host.Mcp;
using Microsoft.AspNetCore.Http;

namespace Cairn.Host.Http;

/// <summary>
/// Stands before the protocol: lets a request through whose head is in order, when its turn has come, with its body read and
/// found to be a message. Here is the one edge where an unforeseen failure of HTTP becomes an answer.
/// </summary>
/// <param name="guard">Looks at the head.</param>
/// <param name="endpoint">Serves what is let through.</param>
/// <param name="limits">How much is let through at once, and how long a body may take.</param>
/// <param name="time">Measures that.</param>
internal sealed class RequestGate(RequestGuard guard, IHttpEndpoint endpoint, HttpLimits limits, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _turns = new(limits.AtWork, limits.AtWork);

    /// <summary>Answers what is refused, and passes on the rest.</summary>
    public async Task PassAsync(HttpContext http)
    {
        try
        {
            if (guard.Check(http.Request) is { } refusal) await RefuseAsync(http, refusal).ConfigureAwait(false);
            else if (HttpMethods.IsPost(http.Request.Method)) await TakeTurnAsync(http).ConfigureAwait(false);
            else await endpoint.ServeAsync(http, null).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client is gone, or the server ends: nobody waits for an answer.
        }
        catch (IOException) when (http.RequestAborted.IsCancellationRequested)
        {
            // As above, told by the connection.
        }
        catch (Exception error)
        {
            Output.Unexpected(error);
            if (http.Response.HasStarted) http.Abort();
            else await RefuseAsync(http, new(StatusCodes.Status500InternalServerError, $"Cairn failed in a way it should not ({error.GetType().Name}). Report this with the lines on its stderr.")).ConfigureAwait(false);
        }
    }

    public void Dispose() => _turns.Dispose();

    private async Task TakeTurnAsync(HttpContext http)
    {
        // Before the body is read, so that those who wait hold no more than their head.
        await _turns.WaitAsync(http.RequestAborted).ConfigureAwait(false);
        try
        {
            var (body, refusal) = await ReadAsync(http).ConfigureAwait(false);
            if (refusal is not null)
            {
                await RefuseAsync(http, refusal).ConfigureAwait(false);
                return;
            }
            var incoming = IncomingMessage.Read(new ReadOnlySequence<byte>(body!));
            if (incoming.Refusal is { } answer)
            {
                await WriteAsync(http, incoming.IsToolResult ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest, answer).ConfigureAwait(false);
                return;
            }
            if (incoming.Message is not { } message)
            {
                await RefuseAsync(http, new(StatusCodes.Status400BadRequest, "The body holds no message that this server reads.")).ConfigureAwait(false);
                return;
            }
            await endpoint.ServeAsync(http, message).ConfigureAwait(false);
        }
        finally
        {
            _turns.Release();
        }
    }

    private async Task<(byte[]? Body, Refusal? Refusal)> ReadAsync(HttpContext http)
    {
        using var patience = new CancellationTokenSource(limits.Body, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, http.RequestAborted);
        using var body = new MemoryStream((int)(http.Request.ContentLength ?? 0));
        try
        {
            await http.Request.Body.CopyToAsync(body, either.Token).ConfigureAwait(false);
            return (body.ToArray(), null);
        }
        catch (BadHttpRequestException error)
        {
            return (null, error.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => RequestGuard.TooLarge,
                StatusCodes.Status408RequestTimeout => TooSlow,
                var status => new(status, "The body is not what its head says."),
            });
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            return (null, TooSlow);
        }
    }

    private Refusal TooSlow => new(StatusCodes.Status408RequestTimeout, $"The body did not come within {limits.Body.TotalSeconds} s, or more slowly than {limits.LeastRate} bytes a second.");

    // What was not read is not waited for.
    private static Task RefuseAsync(HttpContext http, Refusal refusal)
    {
        http.Response.Headers.Connection = "close";
        if (refusal.Status == StatusCodes.Status401Unauthorized) http.Response.Headers.WWWAuthenticate = "Bearer";
        if (refusal.Status == StatusCodes.Status405MethodNotAllowed) http.Response.Headers.Allow = HttpMethods.Post;
        return WriteAsync(http, refusal.Status, IncomingMessage.Error(refusal.Code, refusal.Message));
    }

    private static async Task WriteAsync(HttpContext http, int status, byte[] json)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = json.Length;
        await http.Response.Body.WriteAsync(json, http.RequestAborted).ConfigureAwait(false);
    }
}
