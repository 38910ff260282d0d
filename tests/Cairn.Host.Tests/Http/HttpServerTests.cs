using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Http;

/// <summary><c>cairn mcp --http</c> from its start to its end.</summary>
public sealed class HttpServerTests
{
    [Fact]
    public async Task ParallelClients_EachSavesAndFinds_AllIsThere()
    {
        const int Clients = 64;
        using var home = new TempHome();
        using var server = HttpCairn.Start(home);
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async number =>
        {
            using var client = server.Client();
            var saved = await HttpCairn.CallAsync(client, "save_memory", new JsonObject { ["text"] = $"Basin marker{number} holds {number} litres.", ["project"] = "basins" });
            Assert.Equal("saved", saved.Structured.String("status"));
            var found = await HttpCairn.CallAsync(client, "search", new JsonObject { ["query"] = $"marker{number}", ["project"] = "basins" });
            Assert.Equal(saved.Structured.String("id"), found.Structured.Array("items")[0]!.AsObject().String("id"));
        }));
        using var last = server.Client();
        var all = await HttpCairn.CallAsync(last, "search", new JsonObject { ["query"] = "basin", ["project"] = "basins", ["limit"] = 100 });
        Assert.Equal(Clients, (int)all.Structured["total"]!);
        Assert.Empty(server.Error);
    }

    [Fact]
    public async Task GetEntries_WithABudget_IsNotCutAroundAnotherClientsSearch()
    {
        using var home = new TempHome();
        using var server = HttpCairn.Start(home);
        using var client = server.Client();
        var text = string.Join(' ', Enumerable.Range(0, 2000).Select(static number => $"word{number}")) + " needle " + string.Join(' ', Enumerable.Range(0, 200).Select(static number => $"tail{number}"));
        var id = (await HttpCairn.CallAsync(client, "save_memory", new JsonObject { ["text"] = text, ["project"] = "p" })).Structured.String("id");
        await HttpCairn.CallAsync(client, "search", new JsonObject { ["query"] = "needle", ["project"] = "p" });
        var cut = await HttpCairn.CallAsync(client, "get_entries", new JsonObject { ["ids"] = new JsonArray(id), ["max_tokens"] = 300 });
        Assert.DoesNotContain("needle", cut.Text, StringComparison.Ordinal);
        Assert.Contains("word0", cut.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restart_KeepsTheToken_AndStatusShowsTheServer()
    {
        using var home = new TempHome();
        using var first = HttpCairn.Start(home);
        var token = first.Token;
        using (var client = first.Client()) await HttpCairn.CallAsync(client, "search", new JsonObject { ["query"] = "anything" });
        var shown = Assert.Single(CliProcess.Json(home, ["status", "--db", home.Database]).Array("servers"))!.AsObject();
        Assert.Equal("http", shown.String("client"));
        Assert.Equal(first.Id, (int)shown["pid"]!);

        CliProcess.Run(home, ["stop", "--all", "--db", home.Database]).ShouldExitWith(0);
        if (!OperatingSystem.IsWindows()) Assert.Equal(0, first.WaitForExit());
        Assert.Empty(first.Error);
        using var second = HttpCairn.Start(home);
        Assert.Equal(token, second.Token);
        using var again = second.Client();
        await HttpCairn.CallAsync(again, "search", new JsonObject { ["query"] = "anything" });
    }

    [Fact]
    public async Task Sigterm_AnswersWhatIsUnderWay_AndEnds()
    {
        if (OperatingSystem.IsWindows()) return;
        using var home = new TempHome();
        using var server = HttpCairn.Start(home);
        // The first save makes the database, which on a busy machine may outlast what a stop leaves it.
        using (var client = server.Client()) await HttpCairn.CallAsync(client, "save_memory", new JsonObject { ["text"] = "Said before." });
        var body = HttpCairn.Call("save_memory", new JsonObject { ["text"] = "Said while the server was asked to end." });
        await using var connection = await HttpCairn.ConnectAsync(server.Url);
        await HttpCairn.SendAsync(connection, Encoding.ASCII.GetBytes(server.Head(length: body.Length, more: "Expect: 100-continue")));
        var told = new byte[1024];
        var read = await connection.ReadAsync(told, TestContext.Current.CancellationToken);
        Assert.Contains(" 100 ", Encoding.ASCII.GetString(told, 0, read), StringComparison.Ordinal);

        Signal.Send(server.Id, Signal.Terminate);
        await HttpCairn.SendAsync(connection, Encoding.ASCII.GetBytes(body));
        var answer = (await HttpCairn.ReadAsync(connection))!;

        Assert.Equal(200, answer.Status);
        Assert.Contains("saved", answer.Body, StringComparison.Ordinal);
        Assert.Equal(0, server.WaitForExit());
        Assert.Empty(server.Error);
        Assert.Contains("asked to end", CliProcess.Run(home, ["search", "asked to end", "--project", "*", "--db", home.Database]).ShouldExitWith(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnixSocket_IsItsUsersAlone_IsServed_AndGoesWithTheServer()
    {
        if (OperatingSystem.IsWindows()) return;
        using var home = new TempHome();
        var socket = Path.Combine(home.Path, "s");
        using var server = HttpCairn.Start(home, $"unix:{socket}");
        Assert.Equal(socket, server.Listening.String("socket"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(socket));
        using (var client = server.Client(socket)) Assert.False((await HttpCairn.CallAsync(client, "save_memory", new JsonObject { ["text"] = "Over a socket." })).IsError);
        AssertRefused(home, "is there already", "--http", $"unix:{socket}");

        Signal.Send(server.Id, Signal.Terminate);
        Assert.Equal(0, server.WaitForExit());
        Assert.False(File.Exists(socket));
    }

    [Fact]
    public void Start_WhereItCannotListen_SaysWhatToDo()
    {
        using var home = new TempHome();
        using var other = new TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();
        AssertRefused(home, "in use. Choose another port", "--http", other.LocalEndpoint.ToString()!);
        AssertRefused(home, "--allow-remote", "--http", "0.0.0.0:0");
        AssertRefused(home, "is no address of this machine", "--http", "203.0.113.7:0", "--allow-remote");
        AssertRefused(home, "must be an address and a port", "--http", "4100");
        AssertRefused(home, "goes with --http", "--allow-remote");
        if (OperatingSystem.IsWindows()) return;
        AssertRefused(home, "is its folder there?", "--http", $"unix:{Path.Combine(home.Path, "none", "s")}");
        File.WriteAllText(Path.Combine(home.Path, "file"), "");
        AssertRefused(home, "delete it", "--http", $"unix:{Path.Combine(home.Path, "file")}");
    }

    [Fact]
    public void Start_WithATokenThatOthersMayRead_IsRefused()
    {
        if (OperatingSystem.IsWindows()) return;
        using var home = new TempHome();
        string path;
        using (var server = HttpCairn.Start(home)) path = server.Listening.String("token_file");
        Assert.StartsWith(home.Environment["XDG_STATE_HOME"], path, StringComparison.Ordinal);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        AssertRefused(home, "chmod 600", "--http", "127.0.0.1:0");
        File.Delete(path);
        using var anew = HttpCairn.Start(home);
        Assert.Equal(43, anew.Token.Length);
    }

    [Fact]
    public async Task Token_IsInNoLogAndNoOutput()
    {
        using var home = new TempHome();
        using var server = HttpCairn.Start(home);
        using (var client = server.Client()) await HttpCairn.CallAsync(client, "save_memory", new JsonObject { ["text"] = "For the log." });
        Assert.Equal(401, (await server.ExchangeAsync(server.Head(authorization: "Bearer wrong", length: 0)))!.Status);
        CliProcess.Run(home, ["stop", "--all", "--db", home.Database]).ShouldExitWith(0);
        Assert.DoesNotContain(server.Token, server.Listening.ToJsonString() + server.Error, StringComparison.Ordinal);
        foreach (var file in Directory.GetFiles(home.Path, "*", SearchOption.AllDirectories).Where(static file => !file.EndsWith("http-token", StringComparison.Ordinal)))
            Assert.False((await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)).AsSpan().IndexOf(Encoding.ASCII.GetBytes(server.Token)) >= 0, file);
    }

    private static void AssertRefused(TempHome home, string words, params IEnumerable<string> arguments) =>
        CliProcess.AssertRefused(home, 2, words, ["mcp", .. arguments, "--db", home.Database]);
}
