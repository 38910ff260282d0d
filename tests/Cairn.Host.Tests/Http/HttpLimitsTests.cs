using System.Text;
using Cairn.Host.Http;
using Cairn.Host.Tests.Harness;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Protocol;

namespace Cairn.Host.Tests.Http;

/// <summary>Slow and many clients, on a server whose patience is a second or two.</summary>
public sealed class HttpLimitsTests : IDisposable
{
    private static readonly HttpLimits Short = new() { Connections = 2, AtWork = 1, Head = TimeSpan.FromSeconds(1), Body = TimeSpan.FromSeconds(2), LeastRate = 1, Grace = TimeSpan.FromSeconds(30) };

    private readonly TempFolder _folder = new();
    private readonly BearerToken _token;
    private readonly string _authorization;

    public HttpLimitsTests()
    {
        _token = BearerToken.Of(_folder.Path);
        _authorization = $"Authorization: Bearer {File.ReadAllText(_token.FilePath).TrimEnd('\n')}";
    }

    [Fact]
    public async Task SlowHead_IsAnswered408_OrClosed()
    {
        using var server = await StartAsync(Short, new Endpoint());
        var answer = await HttpCairn.ExchangeAsync(new Uri(server.Url), Encoding.ASCII.GetBytes("POST /mcp HTTP/1.1\r\nHost: local"));
        Assert.True(answer is null or { Status: 408 }, $"{answer?.Status}");
    }

    [Fact]
    public async Task SlowBody_IsAnswered408_AndGivesItsTurnBack()
    {
        using var server = await StartAsync(Short, new Endpoint());
        Assert.Equal(408, (await HttpCairn.ExchangeAsync(new Uri(server.Url), Request(100, "{")))!.Status);
        Assert.Equal(204, (await PingAsync(server))!.Status);
    }

    [Fact]
    public async Task BodyBelowTheLeastRate_IsAnswered408_OrClosed()
    {
        using var server = await StartAsync(Short with { Body = TimeSpan.FromMinutes(5), LeastRate = 1024, Grace = TimeSpan.FromSeconds(1.5) }, new Endpoint());
        var answer = await HttpCairn.ExchangeAsync(new Uri(server.Url), Request(100, "{"));
        Assert.True(answer is null or { Status: 408 }, $"{answer?.Status}");
        Assert.Equal(204, (await PingAsync(server))!.Status);
    }

    [Fact]
    public async Task OneConnectionTooMany_IsClosedUnanswered_AndRoomComesBack()
    {
        using var server = await StartAsync(Short with { Head = TimeSpan.FromMinutes(5) }, new Endpoint());
        var url = new Uri(server.Url);
        var first = await HttpCairn.ConnectAsync(url);
        await using var second = await HttpCairn.ConnectAsync(url);
        // Both are known to be counted once one request on each was answered.
        foreach (var connection in new[] { first, second })
        {
            await HttpCairn.SendAsync(connection, Ping(close: false));
            await connection.ReadExactlyAsync(new byte[12], TestContext.Current.CancellationToken);
        }
        Assert.Null(await PingAsync(server));
        await first.DisposeAsync();
        HttpAnswer? answer = null;
        while (answer is null) answer = await PingAsync(server); // until the server has seen the close
        Assert.Equal(204, answer.Status);
    }

    [Fact]
    public async Task EndpointThatFails_Is500_WithoutItsWords_AndTheServerGoesOn()
    {
        var endpoint = new Endpoint { Failure = new InvalidOperationException("what was sent") };
        using var server = await StartAsync(Short, endpoint);
        var answer = (await PingAsync(server))!;
        Assert.Equal(500, answer.Status);
        Assert.DoesNotContain("what was sent", answer.Body, StringComparison.Ordinal);
        endpoint.Failure = null;
        Assert.Equal(204, (await PingAsync(server))!.Status);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<HttpServer> StartAsync(HttpLimits limits, Endpoint endpoint)
    {
        var server = new HttpServer(HttpAddress.Parse("127.0.0.1:0", allowRemote: false), _token, endpoint, limits);
        await server.StartAsync();
        return server;
    }

    private Task<HttpAnswer?> PingAsync(HttpServer server) => HttpCairn.ExchangeAsync(new Uri(server.Url), Ping(close: true));

    private byte[] Ping(bool close)
    {
        const string Body = """{"jsonrpc":"2.0","id":1,"method":"ping"}""";
        return Request(Body.Length, Body, close ? "Connection: close\r\n" : "");
    }

    private byte[] Request(int length, string body, string more = "") =>
        Encoding.ASCII.GetBytes($"POST /mcp HTTP/1.1\r\nHost: localhost\r\n{_authorization}\r\nAccept: {HttpCairn.Accepted}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{more}\r\n{body}");

    private sealed class Endpoint : IHttpEndpoint
    {
        public Exception? Failure { get; set; }

        public IReadOnlyList<string> Methods => ["POST"];

        public Task ServeAsync(HttpContext http, JsonRpcMessage? message)
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return Failure is null ? Task.CompletedTask : Task.FromException(Failure);
        }
    }
}
