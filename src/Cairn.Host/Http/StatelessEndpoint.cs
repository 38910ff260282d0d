using Cairn.Host.Mcp;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Cairn.Host.Http;

/// <summary>
/// Serves each request by itself: a server of the SDK lives as long as the request. So nothing is kept of a client, any
/// number of them costs nothing, and one goes on after a restart as if there had been none.
/// </summary>
internal sealed class StatelessEndpoint : IHttpEndpoint
{
    private const int MaxNameLength = 64;

    private readonly McpServerPrimitiveCollection<McpServerTool> _tools = [];

    /// <summary>An endpoint with these tools.</summary>
    public StatelessEndpoint(IReadOnlyList<McpServerTool> tools)
    {
        foreach (var tool in tools) _tools.Add(tool);
    }

    public IReadOnlyList<string> Methods { get; } = [HttpMethods.Post];

    public async Task ServeAsync(HttpContext http, JsonRpcMessage? message)
    {
        var options = new McpServerOptions { ToolCollection = _tools, ScopeRequests = false, KnownClientInfo = ClientOf(http.Request) };
        McpHost.Introduce(options);
        await using var transport = new StreamableHttpServerTransport { Stateless = true };
        await using var server = McpServer.Create(transport, options);
        var serving = server.RunAsync(CancellationToken.None);
        try
        {
            await AnswerAsync(http, transport, message!).ConfigureAwait(false);
        }
        finally
        {
            await transport.DisposeAsync().ConfigureAwait(false);
            await serving.ConfigureAwait(false);
        }
    }

    /// <summary>Hands a message to its server, and writes what that says to it as events; what needs no answer is accepted (202).</summary>
    public static async Task AnswerAsync(HttpContext http, StreamableHttpServerTransport transport, JsonRpcMessage message)
    {
        if (http.Request.Headers[RequestGuard.VersionHeader] is [{ } version]) (message.Context ??= new()).ProtocolVersion = version;
        BeginEvents(http.Response);
        if (await transport.HandlePostRequestAsync(message, http.Response.Body, http.RequestAborted).ConfigureAwait(false)) return;
        http.Response.Headers.Remove("Content-Type");
        http.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    /// <summary>Says that events follow, each to be passed on at once.</summary>
    public static void BeginEvents(HttpResponse response)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache,no-store";
        response.HttpContext.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
    }

    // A request without a session does not say in the protocol who calls, but in its User-Agent: the first product there is
    // the client's name and version (RFC 9110, 10.1.5).
    private static Implementation? ClientOf(HttpRequest request)
    {
        var product = request.Headers.UserAgent is [{ } agent, ..] ? agent.Split(' ', 2)[0].Split('/', 2) : [];
        return product is [{ Length: > 0 and <= MaxNameLength } name, ..]
            ? new Implementation { Name = name, Version = product is [_, { Length: <= MaxNameLength } version] ? version : "" }
            : null;
    }
}
