using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Mcp;

/// <summary>
/// How a server ends: soon, whatever it is doing, with all that it acknowledged on disk and no process left behind.
/// </summary>
[Collection(typeof(Alone))]
public sealed class LifetimeTests
{
    private const int Burst = 60;

    // The bar is the native program's; code that is compiled as it goes gets some grace.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(CairnBinary.IsNative ? 2 : 4);

    [Fact]
    public void EndOfInput_RightAfterABurstOfRequests_AnswersThemAllAndEndsSoon()
    {
        using var home = new TempHome();
        using var server = McpProcess.StartInitialized(home);
        ToolCalls.Save(server, "The database is there.");

        var ids = Enumerable.Range(0, Burst).Select(i => SendSave(server, $"burst{i:00}")).ToList();
        var watch = Stopwatch.StartNew();
        server.CloseInput();

        var saved = ids.Select(_ => server.ReadMessage()).ToDictionary(static answer => (int)answer["id"]!, Saved);
        Assert.Equal(0, server.WaitForExit(Left(watch)));
        Assert.Equal(ids, saved.Keys.Order());
        AssertKept(home, saved.Values);
    }

    [Fact]
    public void EndOfInput_BeforeTheHandshake_EndsSoon()
    {
        using var home = new TempHome();
        using var server = McpProcess.Start(home);
        server.Sync();

        server.CloseInput();

        Assert.Equal(0, server.WaitForExit(Soon));
    }

    [Theory]
    [InlineData(15)] // SIGTERM
    [InlineData(2)] // SIGINT
    [InlineData(1)] // SIGHUP
    public void Signal_InTheMiddleOfSaves_EndsSoonWithAllThatWasAcknowledged(int signal)
    {
        if (OperatingSystem.IsWindows()) return;
        using var home = new TempHome();
        using var server = McpProcess.StartInitialized(home);
        var saved = new List<string> { ToolCalls.Save(server, "The database is there.") };
        for (var i = 0; i < Burst; i++)
            SendSave(server, $"signalled{i:00}");
        saved.Add(Saved(server.ReadMessage()));

        Signal.Send(server.Id, signal);
        var watch = Stopwatch.StartNew();

        while (server.ReadLine(Soon) is { } line)
            if (JsonNode.Parse(line)!["result"] is JsonObject)
                saved.Add(Saved(JsonNode.Parse(line)!.AsObject()));
        Assert.Equal(0, server.WaitForExit(Left(watch)));
        AssertKept(home, saved);
    }

    [Fact]
    public void Signal_WhileNothingIsGoingOn_EndsSoon()
    {
        if (OperatingSystem.IsWindows()) return;
        using var home = new TempHome();
        using var server = McpProcess.StartInitialized(home);
        ToolCalls.Save(server, "Idle from here on.");

        Signal.Send(server.Id, Signal.Terminate);

        Assert.Equal(0, server.WaitForExit(Soon));
        DatabaseFile.AssertIntact(home.Database);
    }

    [Fact]
    public void Signal_WhileASaveWaitsForALock_EndsSoonAndSavesNothing()
    {
        if (OperatingSystem.IsWindows()) return;
        using var home = new TempHome();
        using var server = McpProcess.StartInitialized(home);
        ToolCalls.Save(server, "Before the lock.");
        using var other = DatabaseFile.Open(home.Database);
        DatabaseFile.Execute(other, "BEGIN IMMEDIATE");
        SendSave(server, "waits for the lock");
        Assert.Empty(server.Sync());

        Signal.Send(server.Id, Signal.Terminate);
        var watch = Stopwatch.StartNew();

        var answer = McpProcess.AsToolResult(server.ReadMessage().Object("result"));
        Assert.Equal("STORAGE_FAILURE", answer.ErrorCode);
        Assert.Equal(0, server.WaitForExit(Left(watch)));
        DatabaseFile.Execute(other, "ROLLBACK");
        other.Dispose();
        Assert.Equal(1, DatabaseFile.Count(home.Database, "entries"));
        DatabaseFile.AssertIntact(home.Database);
    }

    [Fact]
    public void EndOfInput_WhileASaveWaitsForALock_EndsSoon()
    {
        using var home = new TempHome();
        using var server = McpProcess.StartInitialized(home);
        ToolCalls.Save(server, "Before the lock.");
        using var other = DatabaseFile.Open(home.Database);
        DatabaseFile.Execute(other, "BEGIN IMMEDIATE");
        SendSave(server, "waits for the lock");
        Assert.Empty(server.Sync());

        server.CloseInput();

        Assert.Equal(0, server.WaitForExit(Soon));
    }

    [Fact]
    public void Search_WhileManySavesWaitForALock_IsAnsweredSoon()
    {
        using var home = new TempHome();
        using var server = McpProcess.StartInitialized(home);
        var id = ToolCalls.Save(server, "Before the lock.");
        using var other = DatabaseFile.Open(home.Database);
        DatabaseFile.Execute(other, "BEGIN IMMEDIATE");
        for (var i = 0; i < 6; i++)
            SendSave(server, $"waits {i}");

        var watch = Stopwatch.StartNew();
        Assert.Equal([id], ToolCalls.Search(server, "before"));

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        DatabaseFile.Execute(other, "ROLLBACK");
        for (var i = 0; i < 6; i++)
            Saved(server.ReadMessage());
    }

    [Fact]
    public void ClosedOutput_AtTheNextAnswer_EndsTheServerSoon()
    {
        using var home = new TempHome();
        using var process = ChildProcess.Start(CairnBinary.Path, ["mcp", "--db", home.Database], home);
        process.StandardInput.WriteLine("""{"jsonrpc":"2.0","id":1,"method":"ping"}""");
        Assert.Contains("\"id\":1", process.StandardOutput.ReadLine(), StringComparison.Ordinal);

        process.StandardOutput.Close();
        process.StandardInput.WriteLine("""{"jsonrpc":"2.0","id":2,"method":"ping"}""");

        Assert.True(process.WaitForExit(Soon), "The server went on without a reader.");
    }

    [Fact]
    public void KilledClient_LeavesNoServer()
    {
        using var home = new TempHome();
        using var client = StartClient(home);
        client.StandardInput.WriteLine("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"save_memory","arguments":{"text":"Said before the client was killed."}}}""");
        Assert.Contains("saved", client.StandardOutput.ReadLine(), StringComparison.Ordinal);
        using var server = Process.GetProcessById(Assert.Single(Servers(home).Except([client.Id])));

        client.Kill();

        Assert.True(server.WaitForExit(Soon), "The server outlived its client.");
        Assert.Empty(Servers(home));
        DatabaseFile.AssertIntact(home.Database);
    }

    [Fact]
    public void ManySessions_OneAfterTheOther_LeaveNoServer()
    {
        using var home = new TempHome();
        for (var i = 0; i < 5; i++)
        {
            using var server = McpProcess.StartInitialized(home);
            ToolCalls.Save(server, string.Create(CultureInfo.InvariantCulture, $"Session {i}."));
            server.CloseInput();
            Assert.Equal(0, server.WaitForExit(Soon));
        }

        Assert.Empty(Servers(home));
        Assert.Equal(5, DatabaseFile.Count(home.Database, "entries"));
        // The last one to leave folds the log into the file.
        Assert.False(File.Exists($"{home.Database}-wal"));
    }

    private static TimeSpan Left(Stopwatch watch) => watch.Elapsed < Soon ? Soon - watch.Elapsed : TimeSpan.Zero;

    // A client of its own process, so that its death is what closes the pipes: it only passes lines on.
    private static Process StartClient(TempHome home) => ChildProcess.Start("node",
    [
        "-e",
        "const s = require('node:child_process').spawn(process.argv[1], process.argv.slice(2), { stdio: ['pipe', 'pipe', 'inherit'] });"
            + "process.stdin.pipe(s.stdin); s.stdout.pipe(process.stdout);",
        CairnBinary.Path, "mcp", "--db", home.Database,
    ], home);

    private static IReadOnlyList<int> Servers(TempHome home) => ProcessTable.Find($"cairn mcp --db {home.Database}");

    private static int SendSave(McpProcess server, string text) =>
        server.SendRequest("tools/call", new JsonObject { ["name"] = "save_memory", ["arguments"] = new JsonObject { ["text"] = text } });

    private static string Saved(JsonObject answer)
    {
        var saved = McpProcess.AsToolResult(answer.Object("result"));
        Assert.False(saved.IsError, saved.Text);
        return saved.Structured.String("id");
    }

    private static void AssertKept(TempHome home, IEnumerable<string> ids)
    {
        var kept = DatabaseFile.Column(home.Database, "SELECT id FROM entries").ToHashSet();
        Assert.All(ids, id => Assert.Contains(id, kept));
        DatabaseFile.AssertIntact(home.Database);
    }
}
