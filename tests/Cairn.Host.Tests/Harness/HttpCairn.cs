using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Cairn.Host.Tests.Harness;

/// <summary>An answer as it came over the socket.</summary>
internal sealed record HttpAnswer(int Status, string Head, string Body)
{
    public bool HasHeader(string name) => Head.Contains($"\r\n{name}:", StringComparison.OrdinalIgnoreCase);
}

/// <summary>A real <c>cairn mcp --http</c> process on a free port, and clients of it.</summary>
internal sealed class HttpCairn : IDisposable
{
    public const string Json = "application/json";
    public const string Accepted = "application/json, text/event-stream";

    private readonly Process _process;
    private readonly StringBuilder _error = new();

    private HttpCairn(Process process)
    {
        _process = process;
        _process.ErrorDataReceived += (_, line) => { lock (_error) if (line.Data is not null) _error.AppendLine(line.Data); };
        _process.BeginErrorReadLine();
        var told = _process.StandardOutput.ReadLineAsync();
        Assert.True(told.Wait(ChildProcess.Limit), "The server said nothing in time.");
        Listening = JsonNode.Parse(told.Result ?? throw new Xunit.Sdk.XunitException($"The server ended.\n{Error}"))!.AsObject();
        Url = new Uri(Listening.String("url"));
        Token = File.ReadAllText(Listening.String("token_file")).TrimEnd('\n');
    }

    public static HttpCairn Start(TempHome home, string address = "127.0.0.1:0", string? workingDirectory = null) =>
        new(ChildProcess.Start(CairnBinary.Path, ["mcp", "--http", address, "--json", "--db", home.Database], home, workingDirectory));

    public int Id => _process.Id;

    public JsonObject Listening { get; }

    public Uri Url { get; }

    public string Token { get; }

    public string Error
    {
        get { lock (_error) return _error.ToString(); }
    }

    public HttpClient Client(string? socket = null)
    {
        var handler = new SocketsHttpHandler();
        if (socket is not null)
            handler.ConnectCallback = async (_, cancellation) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellation);
                return new NetworkStream(connection, ownsSocket: true);
            };
        var client = new HttpClient(handler) { BaseAddress = Url, Timeout = ChildProcess.Limit };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        client.DefaultRequestHeaders.TryAddWithoutValidation("Accept", Accepted);
        return client;
    }

    /// <summary>Calls a tool, as a client does that keeps no session.</summary>
    public static async Task<ToolResult> CallAsync(HttpClient client, string tool, JsonObject arguments)
    {
        using var content = new StringContent(Call(tool, arguments), Encoding.UTF8, new MediaTypeHeaderValue(Json));
        using var answer = await client.PostAsync(client.BaseAddress, content, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{answer.StatusCode}: {text}");
        return McpProcess.AsToolResult(Message(text).Object("result"));
    }

    public static string Call(string tool, JsonObject arguments) => new JsonObject
    {
        ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = "tools/call",
        ["params"] = new JsonObject { ["name"] = tool, ["arguments"] = arguments },
    }.ToJsonString();

    /// <summary>The last message of an answer, be it events or JSON.</summary>
    public static JsonObject Message(string text)
    {
        var data = text.Split('\n').LastOrDefault(static line => line.StartsWith("data: ", StringComparison.Ordinal));
        return JsonNode.Parse(data is null ? text : data["data: ".Length..])!.AsObject();
    }

    /// <summary>A request's head, as it goes over the socket.</summary>
    public string Head(string method = "POST", string path = "/mcp", string? host = null, string? authorization = null, int? length = null, params IEnumerable<string> more) =>
        string.Join("\r\n", [$"{method} {path} HTTP/1.1", $"Host: {host ?? Url.Authority}", $"Authorization: {authorization ?? $"Bearer {Token}"}",
            $"Accept: {Accepted}", .. length is null ? Array.Empty<string>() : [$"Content-Type: {Json}", $"Content-Length: {length}"], .. more, "", ""]);

    /// <summary>A connection of its own, for bytes that no client would send.</summary>
    public static async Task<NetworkStream> ConnectAsync(Uri url)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(url.Host, url.Port);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>Sends bytes on a connection of their own, and reads until the server closes it.</summary>
    public Task<HttpAnswer?> ExchangeAsync(string text) => ExchangeAsync(Url, Encoding.Latin1.GetBytes(text));

    /// <summary>The answer; null when the connection was closed without one.</summary>
    public static async Task<HttpAnswer?> ExchangeAsync(Uri url, byte[] bytes)
    {
        await using var connection = await ConnectAsync(url);
        await SendAsync(connection, bytes);
        return await ReadAsync(connection);
    }

    public static async Task SendAsync(NetworkStream connection, byte[] bytes)
    {
        try
        {
            await connection.WriteAsync(bytes);
        }
        catch (IOException)
        {
            // It was answered and closed before all was sent, as it may be.
        }
    }

    public static async Task<HttpAnswer?> ReadAsync(NetworkStream connection)
    {
        using var limit = new CancellationTokenSource(ChildProcess.Limit);
        var text = new StringBuilder();
        var buffer = new byte[16 * 1024];
        try
        {
            for (int read; (read = await connection.ReadAsync(buffer, limit.Token)) > 0;) text.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
        catch (IOException)
        {
            // Reset: what came before counts.
        }
        var parts = text.ToString().Split("\r\n\r\n", 2);
        return parts[0].Split(' ') is [_, var status, ..] && int.TryParse(status, out var code) ? new HttpAnswer(code, parts[0], parts[1]) : null;
    }

    public int WaitForExit()
    {
        Assert.True(_process.WaitForExit(ChildProcess.Limit), "The server did not end in time.");
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
