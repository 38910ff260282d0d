using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Cairn.Host.Http;
using Cairn.Host.Tests.Harness;
using CsCheck;

namespace Cairn.Host.Tests.Http;

/// <summary>What a real server answers to requests that are not in order, byte by byte over its socket.</summary>
public sealed class HttpGateTests : IClassFixture<HttpGateTests.Fixture>
{
    private const string Ping = """{"jsonrpc":"2.0","id":1,"method":"ping"}""";

    private readonly HttpCairn _server;

    public HttpGateTests(Fixture fixture) => _server = fixture.Server;

    public sealed class Fixture : IDisposable
    {
        public Fixture() => Server = HttpCairn.Start(Home);

        internal TempHome Home { get; } = new();

        internal HttpCairn Server { get; }

        public void Dispose()
        {
            Server.Dispose();
            Home.Dispose();
        }
    }

    private static Gen<string> OneOf(string[] texts) => Gen.Int[0, texts.Length - 1].Select(at => texts[at]);

    private Task<HttpAnswer?> Post(string body = Ping, string? host = null, string? authorization = null, params IEnumerable<string> more) =>
        _server.ExchangeAsync(_server.Head(host: host, authorization: authorization, length: Encoding.UTF8.GetByteCount(body), more: [.. more, "Connection: close"]) + body);

    [Fact]
    public async Task Post_InOrder_IsServed()
    {
        Assert.Equal(200, (await Post())!.Status);
        Assert.Equal(200, (await Post(host: "LocalHost"))!.Status);
        Assert.Equal(200, (await Post(host: "[::1]:1"))!.Status);
        Assert.Equal(200, (await Post(more: $"Origin: http://{_server.Url.Authority}"))!.Status);
        Assert.Equal(202, (await Post("""{"jsonrpc":"2.0","method":"notifications/initialized"}"""))!.Status);
    }

    [Fact]
    public async Task Post_OfAnyHostAndOrigin_IsServedOnlyAsLoopbackAndFromNoOtherPage()
    {
        string[] names = ["localhost", "127.0.0.1", "[::1]", "LOCALHOST", "evil.example", "localhost.evil.example", "127.0.0.1.nip.example", "127.1", "0x7f.0.0.1", "2130706433", "0.0.0.0", "[::]", "[::ffff:127.0.0.1]", "::1", "localhost.", "a@localhost", "localhost,evil.example", "127.0.0.2", ""];
        string[] ports = ["", ":80", $":{_server.Url.Port}", ":65535", ":65536", ":", ":x", ":80:80"];
        string[] origins = ["none", "same", "null", "http://evil.example", "https://localhost", "http://localhost:1", "http://127.0.0.1.evil.example", "", "file://", "http://localhost evil"];
        await Gen.Select(OneOf(names), OneOf(ports), OneOf(origins)).SampleAsync(async (name, port, origin) =>
        {
            var host = name + port;
            var answer = await Post(host: host, more: origin switch { "none" => [], "same" => [$"Origin: http://{host}"], _ => [$"Origin: {origin}"] });
            var ours = name is "localhost" or "LOCALHOST" or "127.0.0.1" or "[::1]" && (port is "" or ":80" or ":65535" || port == $":{_server.Url.Port}");
            var served = ours && (origin is "none" or "same" || origin == $"http://{host}");
            Assert.NotNull(answer);
            Assert.True(served ? answer.Status == 200 : answer.Status is 400 or 403, $"{host} {origin}: {answer.Status}");
            Assert.False(answer.HasHeader("Access-Control-Allow-Origin"));
        }, iter: 400, threads: 4);
    }

    [Fact]
    public async Task Post_OfAnyBytesAsHost_IsNeverServed() =>
        await Gen.Char[' ', '~'].Array[1, 24].Select(static chars => new string(chars)).Where(static text => text.Trim().Length > 0 && !text.TrimStart().StartsWith("localhost", StringComparison.OrdinalIgnoreCase)).SampleAsync(async text =>
        {
            var answer = await Post(host: text);
            Assert.True(answer is { Status: 400 or 403 }, $"{text}: {answer?.Status}");
        }, iter: 200, threads: 4);

    [Fact]
    public async Task Post_WithoutTheOneToken_Is401()
    {
        var wrong = _server.Token[..^1] + (_server.Token[^1] == 'A' ? 'B' : 'A');
        foreach (var authorization in new[] { "", "Bearer", $"Bearer {wrong}", $"Basic {_server.Token}", $"Bearer {_server.Token}, Bearer {_server.Token}" })
        {
            var answer = (await Post(authorization: authorization))!;
            Assert.Equal(401, answer.Status);
            Assert.True(answer.HasHeader("WWW-Authenticate"));
            Assert.DoesNotContain(_server.Token, answer.Head + answer.Body, StringComparison.Ordinal);
        }
        Assert.Equal(401, (await Post(more: $"Authorization: Bearer {_server.Token}"))!.Status);
        Assert.Equal(401, (await _server.ExchangeAsync($"POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"))!.Status);
    }

    [Fact]
    public async Task OtherMethodsAndPaths_AreRefused()
    {
        foreach (var method in new[] { "GET", "DELETE", "PUT", "OPTIONS", "HEAD", "PATCH" })
        {
            var answer = (await _server.ExchangeAsync(_server.Head(method)))!;
            Assert.Equal(405, answer.Status);
            Assert.True(answer.HasHeader("Allow"));
        }
        foreach (var path in new[] { "/", "/mcp/", "/MCP", "/mcp/..", "/health" })
            Assert.Equal(404, (await _server.ExchangeAsync(_server.Head(path: path, length: 0)))!.Status);
        // What a browser asks before it sends a page's request with a token.
        var preflight = (await _server.ExchangeAsync(_server.Head("OPTIONS", more: ["Origin: http://evil.example", "Access-Control-Request-Method: POST"])))!;
        Assert.Equal(403, preflight.Status);
        Assert.False(preflight.HasHeader("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("Content-Type: text/plain")]
    [InlineData("Content-Type: application/x-www-form-urlencoded")]
    [InlineData("Content-Type: application/json; charset=utf-16")]
    [InlineData("Content-Type: application/json\r\nContent-Type: text/plain")]
    [InlineData("Content-Type: application/json\r\nContent-Encoding: gzip")]
    [InlineData("X-Nothing: 1")]
    public async Task Post_OfAnotherType_Is415(string header) =>
        Assert.Equal(415, (await _server.ExchangeAsync(_server.Head(more: [header, $"Content-Length: {Ping.Length}"]) + Ping))!.Status);

    [Fact]
    public async Task Post_OfAVersionThatIsNotServed_Is400_AndNamesThoseThatAre()
    {
        var answer = (await Post(more: "MCP-Protocol-Version: 1999-01-01"))!;
        Assert.Equal(400, answer.Status);
        Assert.Contains("2025-06-18", answer.Body, StringComparison.Ordinal);
        Assert.Equal(200, (await Post(more: "MCP-Protocol-Version: 2025-11-25"))!.Status);
    }

    [Fact]
    public async Task Post_OfAHugeBody_Is413_WhetherItsLengthIsSaidOrNot()
    {
        Assert.Equal(413, (await _server.ExchangeAsync(_server.Head(length: HttpLimits.MaxBodyBytes + 1)))!.Status);
        var chunk = Encoding.ASCII.GetBytes($"{1 << 20:x}\r\n{new string(' ', 1 << 20)}\r\n");
        await using var connection = await HttpCairn.ConnectAsync(_server.Url);
        await HttpCairn.SendAsync(connection, Encoding.ASCII.GetBytes(_server.Head(more: ["Content-Type: application/json", "Transfer-Encoding: chunked"])));
        for (var i = 0; i < 9; i++) await HttpCairn.SendAsync(connection, chunk);
        var answer = await HttpCairn.ReadAsync(connection);
        Assert.True(answer is null or { Status: 413 }, $"{answer?.Status}"); // a reset may take the answer with it
        Assert.Equal(200, (await Post())!.Status);
    }

    [Theory]
    [InlineData("", -32700)]
    [InlineData("{", -32700)]
    [InlineData("[]", -32600)]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"method":"ping"}]""", -32600)]
    [InlineData("""{"jsonrpc":"1.0","id":1,"method":"ping"}""", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":[]}""", -32602)]
    public async Task Post_OfWhatIsNoMessage_Is400WithTheReason(string body, int code)
    {
        var answer = (await Post(body))!;
        Assert.Equal(400, answer.Status);
        Assert.Equal(code.ToString(CultureInfo.InvariantCulture), JsonNode.Parse(answer.Body)!["error"]!["code"]!.ToString());
    }

    [Fact]
    public async Task Post_OfACallWhoseTextIsNone_IsAToolsError()
    {
        var answer = (await Post("""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"save_memory","arguments":{"text":"\ud800"}}}"""))!;
        Assert.Equal(200, answer.Status);
        Assert.Equal("INVALID_ARGUMENT", McpProcess.AsToolResult(HttpCairn.Message(answer.Body).Object("result")).ErrorCode);
    }

    [Fact]
    public async Task Post_WithAHeadThatIsTooLong_IsRefused() =>
        Assert.InRange((await Post(more: $"X-Long: {new string('x', HttpLimits.MaxHeadBytes)}"))!.Status, 400, 499);
}
