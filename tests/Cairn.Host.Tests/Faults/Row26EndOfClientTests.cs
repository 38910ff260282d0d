using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Faults;

/// <summary>Row 26: the client is gone: end of input, killed, or its reading end closed; idle, in mid-save, and in a wait for a lock.</summary>
[Collection(typeof(Alone))]
public sealed class Row26EndOfClientTests
{
    private const int Burst = 60;

    [Fact]
    public void Row26_EndOfInputAfterABurst_AnswersThemAll_AndEnds()
    {
        using var home = new TempHome();
        using var server = McpProcess.StartInitialized(home);
        ToolCalls.Save(server, "The database is there.");

        var ids = Enumerable.Range(0, Burst).Select(i => SendSave(server, $"burst{i:00}")).ToList();
        var watch = Stopwatch.StartNew();
        server.CloseInput();

        var saved = ids.Select(_ => server.ReadMessage()).ToDictionary(static answer => (int)answer["id"]!, Saved);
        Assert.Equal(0, server.WaitForExit());
        Assert.Equal(ids, saved.Keys.Order());
        var kept = DatabaseFile.Column(home.Database, "SELECT id FROM entries").ToHashSet();
        Assert.All(saved.Values, id => Assert.Contains(id, kept));
        DatabaseFile.AssertIntact(home.Database);
        Report("end of input right after saves", $"the pipe closed behind {Burst} saves", Burst, "all answered and kept", watch);
    }

    [Fact]
    public void Row26_EndOfInputBeforeTheHandshake_Ends()
    {
        using var home = new TempHome();
        using var server = McpProcess.Start(home);
        server.Sync();
        var watch = Stopwatch.StartNew();

        server.CloseInput();

        Assert.Equal(0, server.WaitForExit());
        Report("end of input before the handshake", "the pipe closed", 1, "exit code 0", watch);
    }

    // More saves than are worked on at once: the end of input must be seen behind those that wait.
    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void Row26_EndOfInputWhileSavesWaitForALock_Ends(int saves)
    {
        using var home = new TempHome();
        using var server = McpProcess.StartInitialized(home);
        ToolCalls.Save(server, "Before the lock.");
        using var other = DatabaseFile.Open(home.Database);
        DatabaseFile.Execute(other, "BEGIN IMMEDIATE");
        for (var i = 0; i < saves; i++) SendSave(server, $"waits for the lock {i}");
        Assert.Empty(server.Sync());
        var watch = Stopwatch.StartNew();

        server.CloseInput();

        Assert.Equal(0, server.WaitForExit());
        watch.Stop();
        DatabaseFile.Execute(other, "ROLLBACK");
        other.Dispose();
        Assert.Equal(1, DatabaseFile.Count(home.Database, "entries"));
        Report("end of input while saves wait for another process's lock", "the pipe closed", saves, "nothing written, exit code 0", watch);
    }

    [Fact]
    public void Row26_ClosedOutput_EndsAtTheNextAnswer()
    {
        using var home = new TempHome();
        using var process = ChildProcess.Start(CairnBinary.Path, ["mcp", "--db", home.Database], home);
        process.StandardInput.WriteLine("""{"jsonrpc":"2.0","id":1,"method":"ping"}""");
        Assert.Contains("\"id\":1", process.StandardOutput.ReadLine(), StringComparison.Ordinal);
        var watch = Stopwatch.StartNew();

        process.StandardOutput.Close();
        process.StandardInput.WriteLine("""{"jsonrpc":"2.0","id":2,"method":"ping"}""");

        Assert.True(process.WaitForExit(ChildProcess.Limit), "The server went on without a reader.");
        Report("nobody reads any more (EPIPE)", "standard output closed, standard input open", 1, "ended at the next answer", watch);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Row26_KilledClient_LeavesNoServer(bool locked)
    {
        using var home = new TempHome();
        using var client = StartClient(home);
        client.StandardInput.WriteLine(Call(1, "Said before the client was killed."));
        Assert.Contains("saved", client.StandardOutput.ReadLine(), StringComparison.Ordinal);
        using var server = Process.GetProcessById(Assert.Single(Servers(home).Except([client.Id])));
        using var other = DatabaseFile.Open(home.Database);
        if (locked)
        {
            DatabaseFile.Execute(other, "BEGIN IMMEDIATE");
            client.StandardInput.WriteLine(Call(2, "Waits for the lock."));
            client.StandardInput.WriteLine("""{"jsonrpc":"2.0","id":3,"method":"ping"}""");
            Assert.Contains("\"id\":3", client.StandardOutput.ReadLine(), StringComparison.Ordinal);
        }
        var watch = Stopwatch.StartNew();

        client.Kill();

        Assert.True(server.WaitForExit(ChildProcess.Limit), "The server outlived its client.");
        watch.Stop();
        Assert.Empty(Servers(home));
        if (locked) DatabaseFile.Execute(other, "ROLLBACK");
        other.Dispose();
        Assert.Equal(1, DatabaseFile.Count(home.Database, "entries"));
        DatabaseFile.AssertIntact(home.Database);
        Report(locked ? "the client is killed while a save waits for a lock" : "the client is killed", "kill -9 of the parent", 1, "no process left, what was acknowledged kept", watch);
    }

    [Fact]
    public void Row26_ManySessions_LeaveNoServer()
    {
        var sessions = FaultRun.Rounds(5);
        using var home = new TempHome();
        var slowest = 0.0;
        for (var i = 0; i < sessions; i++)
        {
            using var server = McpProcess.StartInitialized(home);
            ToolCalls.Save(server, string.Create(CultureInfo.InvariantCulture, $"Session {i}."));
            var watch = Stopwatch.StartNew();
            server.CloseInput();
            Assert.Equal(0, server.WaitForExit());
            slowest = Math.Max(slowest, watch.Elapsed.TotalMilliseconds);
        }
        Assert.Empty(Servers(home));
        Assert.Equal(sessions, DatabaseFile.Count(home.Database, "entries"));
        // The last one to leave folds the log into the file.
        Assert.False(File.Exists($"{home.Database}-wal"));
        FaultRun.Report(26, "session after session", "the pipe closed after a save", sessions,
            string.Create(CultureInfo.InvariantCulture, $"no process and no write-ahead log left; the slowest end {slowest:0} ms"), "nothing");
    }

    private static void Report(string fault, string injectedBy, int rounds, string held, Stopwatch watch) => FaultRun.Report(26, fault, injectedBy, rounds,
        string.Create(CultureInfo.InvariantCulture, $"{held}; gone after {watch.Elapsed.TotalMilliseconds:0} ms"), "nothing");

    // A client of its own process, so that its death is what closes the pipes: it only passes lines on.
    private static Process StartClient(TempHome home) => ChildProcess.Start("node",
    [
        "-e",
        "const s = require('node:child_process').spawn(process.argv[1], process.argv.slice(2), { stdio: ['pipe', 'pipe', 'inherit'] });"
            + "process.stdin.pipe(s.stdin); s.stdout.pipe(process.stdout);",
        CairnBinary.Path, "mcp", "--db", home.Database,
    ], home);

    private static string Call(int id, string text) => new JsonObject
    {
        ["jsonrpc"] = "2.0",
        ["id"] = id,
        ["method"] = "tools/call",
        ["params"] = new JsonObject { ["name"] = "save_memory", ["arguments"] = new JsonObject { ["text"] = text } },
    }.ToJsonString();

    private static IReadOnlyList<int> Servers(TempHome home) => ProcessTable.Find($"cairn mcp --db {home.Database}");

    private static int SendSave(McpProcess server, string text) =>
        server.SendRequest("tools/call", new JsonObject { ["name"] = "save_memory", ["arguments"] = new JsonObject { ["text"] = text } });

    private static string Saved(JsonObject answer)
    {
        var saved = McpProcess.AsToolResult(answer.Object("result"));
        Assert.False(saved.IsError, saved.Text);
        return saved.Structured.String("id");
    }
}
