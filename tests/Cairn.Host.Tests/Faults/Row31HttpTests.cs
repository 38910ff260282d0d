using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Faults;

/// <summary>
/// Row 31: what a page in the user's browser, or another user of the machine, can send to a server over HTTP; and that without
/// --http nothing listens (Linux).
/// </summary>
public sealed class Row31HttpTests
{
    private const string Save = "save_memory";

    [Fact]
    public async Task Row31_RebindingCrossOriginNoToken_NothingIsServed()
    {
        using var home = new TempHome();
        using var server = HttpCairn.Start(home);
        var body = HttpCairn.Call(Save, new JsonObject { ["text"] = "Written by a page." });
        var wrong = new string('A', server.Token.Length);
        (string What, int Status, string Request)[] requests =
        [
            ("a name that leads to loopback", 403, server.Head(host: $"evil.example:{server.Url.Port}", length: body.Length)),
            ("the same, from its own page", 403, server.Head(host: "evil.example", length: body.Length, more: "Origin: http://evil.example")),
            ("a page of another origin", 403, server.Head(length: body.Length, more: "Origin: http://evil.example")),
            ("a page of another port", 403, server.Head(length: body.Length, more: "Origin: http://localhost:8080")),
            ("a page of no origin", 403, server.Head(length: body.Length, more: "Origin: null")),
            ("a page's question whether it may", 403, server.Head("OPTIONS", more: ["Origin: http://evil.example", "Access-Control-Request-Method: POST"])),
            ("a form", 415, server.Head(more: [$"Content-Length: {body.Length}", "Content-Type: text/plain"])),
            ("no token", 401, server.Head(authorization: "", length: body.Length)),
            ("a wrong token", 401, server.Head(authorization: $"Bearer {wrong}", length: body.Length)),
            ("the token twice", 401, server.Head(length: body.Length, more: $"Authorization: Bearer {server.Token}")),
            ("the token in the address", 401, server.Head(path: $"/mcp?access_token={server.Token}", authorization: "", length: body.Length)),
        ];
        foreach (var (what, status, request) in requests)
        {
            var answer = await server.ExchangeAsync(request + body) ?? throw new Xunit.Sdk.XunitException($"{what}: no answer");
            Assert.True(answer.Status == status, $"{what}: {answer.Status}");
            Assert.False(answer.HasHeader("Access-Control-Allow-Origin"), what);
            Assert.DoesNotContain(server.Token, answer.Head + answer.Body, StringComparison.Ordinal);
        }
        using (var client = server.Client())
            Assert.Equal(0, (int)(await HttpCairn.CallAsync(client, "search", new JsonObject { ["query"] = "page", ["project"] = "*" })).Structured["total"]!);
        Assert.Empty(server.Error);
        FaultRun.Report(31, "HTTP: rebinding, cross-origin, no token", "a server on loopback, and requests as a browser's page or another user can send them", requests.Length, "nothing saved; no answer lets a page read it; the server works on", "403, 401 or 415");
    }

    [Fact]
    public void Row31_WithoutHttp_NothingListens()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var home = new TempHome();
        if (!CairnBinary.IsNative) home.Environment["DOTNET_EnableDiagnostics"] = "0";
        using var server = McpProcess.StartInitialized(home);
        ToolCalls.AssertWorks(server, "serving");

        var open = Directory.GetFiles($"/proc/{server.Id}/fd").Select(static file => new FileInfo(file).LinkTarget ?? "").ToList();

        Assert.NotEmpty(open);
        Assert.DoesNotContain(open, static target => target.StartsWith("socket:", StringComparison.Ordinal));
        FaultRun.Report(31, "without --http", "the open files of a serving process", 1, "nothing listens: it has no socket at all", "-");
    }
}
