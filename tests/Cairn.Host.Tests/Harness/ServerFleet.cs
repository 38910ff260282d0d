using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Cairn.Host.Tests.Harness;

/// <summary>How a server's life ends.</summary>
internal enum Ending
{
    /// <summary>The client closes its pipe.</summary>
    EndOfInput,

    /// <summary>SIGTERM.</summary>
    Terminate,

    /// <summary>The client is killed, and the pipe with it.</summary>
    ParentKilled,
}

/// <summary>One server's life: how it ended, how long it took from its start to its answered tools/list, and from its end's cause to its end.</summary>
internal sealed record ServerLife(Ending Ending, TimeSpan Started, TimeSpan Ended);

/// <summary>
/// Many servers on one database, as clients start and end them: a few at once, or one beside the other. For tests with a
/// small number and for runs with a large one.
/// </summary>
internal sealed class ServerFleet(TempHome home) : IDisposable
{
    private readonly List<McpProcess> _idle = [];

    /// <summary>The ways to end that this machine has.</summary>
    public static IReadOnlyList<Ending> Endings { get; } = OperatingSystem.IsWindows() ? [Ending.EndOfInput] : [Ending.EndOfInput, Ending.Terminate, Ending.ParentKilled];

    /// <summary>Starts and ends servers, <paramref name="atOnce"/> at a time, each after a save, and in each way by turns.</summary>
    public async Task<IReadOnlyList<ServerLife>> LiveAndEndAsync(int count, int atOnce)
    {
        var lives = new List<ServerLife>();
        foreach (var wave in Enumerable.Range(0, count).Chunk(atOnce))
            lives.AddRange(await Task.WhenAll(wave.Select(number => Task.Factory.StartNew(
                () => Live(number), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))));
        return lives;
    }

    /// <summary>Starts servers one after the other that stay, and gives each one's time from its start to its answered tools/list.</summary>
    public IReadOnlyList<TimeSpan> StartIdle(int count)
    {
        var times = new List<TimeSpan>();
        for (var i = 0; i < count; i++)
        {
            var watch = Stopwatch.StartNew();
            var server = McpProcess.StartInitialized(home);
            Assert.NotEmpty(server.ListTools());
            times.Add(watch.Elapsed);
            _idle.Add(server);
        }
        return times;
    }

    /// <summary>The servers that stay.</summary>
    public IReadOnlyList<McpProcess> Idle => _idle;

    /// <summary>The servers of this home that run, as the system knows them.</summary>
    public IReadOnlyList<int> Running() => ProcessTable.Find($"cairn mcp --db {home.Database}");

    public void Dispose()
    {
        foreach (var server in _idle) server.Dispose();
    }

    private ServerLife Live(int number)
    {
        var ending = Endings[number % Endings.Count];
        return ending == Ending.ParentKilled ? LiveWithAClient(number) : LiveAlone(number, ending);
    }

    private ServerLife LiveAlone(int number, Ending ending)
    {
        var watch = Stopwatch.StartNew();
        using var server = McpProcess.StartInitialized(home);
        server.ListTools();
        var started = watch.Elapsed;
        Assert.False(server.CallTool("save_memory", new JsonObject { ["text"] = Text(number) }).IsError);
        watch.Restart();
        if (ending == Ending.EndOfInput || OperatingSystem.IsWindows()) server.CloseInput();
        else Signal.Send(server.Id, Signal.Terminate);
        Assert.Equal(0, server.WaitForExit());
        return new ServerLife(ending, started, watch.Elapsed);
    }

    // A client of its own process, so that its death is what closes the pipes: it says the server's number, and passes lines on.
    private ServerLife LiveWithAClient(int number)
    {
        var watch = Stopwatch.StartNew();
        using var client = ChildProcess.Start("node",
        [
            "-e",
            "const s = require('node:child_process').spawn(process.argv[1], process.argv.slice(2), { stdio: ['pipe', 'pipe', 'inherit'] });"
                + "console.log(s.pid); process.stdin.pipe(s.stdin); s.stdout.pipe(process.stdout);",
            CairnBinary.Path, "mcp", "--db", home.Database,
        ], home);
        var server = int.Parse(client.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
        client.StandardInput.WriteLine("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""");
        Assert.Contains("\"save_memory\"", client.StandardOutput.ReadLine(), StringComparison.Ordinal);
        var started = watch.Elapsed;
        client.StandardInput.WriteLine(new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = 2,
            ["method"] = "tools/call",
            ["params"] = new JsonObject { ["name"] = "save_memory", ["arguments"] = new JsonObject { ["text"] = Text(number) } },
        }.ToJsonString());
        Assert.Contains("\"saved\"", client.StandardOutput.ReadLine(), StringComparison.Ordinal);
        watch.Restart();
        client.Kill();
        Assert.True(SpinWait.SpinUntil(() => !ProcessTable.IsRunning(server), ChildProcess.Limit), "The server outlived its client.");
        return new ServerLife(Ending.ParentKilled, started, watch.Elapsed);
    }

    private static string Text(int number) => string.Create(CultureInfo.InvariantCulture, $"Said by server {number}.");
}
