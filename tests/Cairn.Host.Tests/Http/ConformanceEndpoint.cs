using System.Collections.Concurrent;
using Cairn.Host.Http;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Cairn.Host.Tests.Http;

/// <summary>An endpoint with the protocol's sessions, in which a server can ask its client back; what it serves is <see cref="ConformanceServer"/>'s.</summary>
internal sealed class ConformanceEndpoint : IHttpEndpoint, IAsyncDisposable
{
    private const string SessionHeader = "Mcp-Session-Id";

    private readonly ConcurrentDictionary<string, (StreamableHttpServerTransport Transport, Task Serving)> _sessions = new();

    public IReadOnlyList<string> Methods => [HttpMethods.Post, HttpMethods.Get, HttpMethods.Delete];

    public async Task ServeAsync(HttpContext http, JsonRpcMessage? message)
    {
        var id = http.Request.Headers[SessionHeader].ToString();
        if (id.Length == 0 && message is JsonRpcRequest { Method: RequestMethods.Initialize }) id = Begin();
        if (!_sessions.TryGetValue(id, out var session))
        {
            http.Response.StatusCode = id.Length == 0 ? StatusCodes.Status400BadRequest : StatusCodes.Status404NotFound;
            return;
        }
        http.Response.Headers[SessionHeader] = id;
        if (message is not null)
        {
            await StatelessEndpoint.AnswerAsync(http, session.Transport, message);
        }
        else if (HttpMethods.IsDelete(http.Request.Method))
        {
            if (_sessions.TryRemove(id, out _)) await EndAsync(session);
        }
        else
        {
            StatelessEndpoint.BeginEvents(http.Response);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            await session.Transport.HandleGetRequestAsync(http.Response.Body, http.RequestAborted);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var session in _sessions.Values) await EndAsync(session);
    }

    private string Begin()
    {
        var id = Guid.NewGuid().ToString("N");
        var transport = new StreamableHttpServerTransport { SessionId = id };
        _sessions[id] = (transport, RunAsync(transport));
        return id;
    }

    private static async Task RunAsync(StreamableHttpServerTransport transport)
    {
        await using var server = McpServer.Create(transport, ConformanceServer.Options());
        await server.RunAsync(CancellationToken.None);
    }

    private static async Task EndAsync((StreamableHttpServerTransport Transport, Task Serving) session)
    {
        await session.Transport.DisposeAsync();
        await session.Serving;
    }
}
