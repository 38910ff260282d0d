using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Faults;

/// <summary>
/// Row 27: a client that asks a thousand times and reads nothing, so that the server's pipe is full. It costs bounded
/// memory, holds no lock, disturbs no other server, is answered in full once it reads, and ends its server when it goes.
/// </summary>
[Collection(typeof(Alone))]
public sealed class Row27SlowReaderTests
{
    private const int Requests = 1_000;
    private const long MemoryLimit = 400L * 1024 * 1024;

    private enum End
    {
        ReadAll,
        EndOfInput,
        Terminate,
        Kill,
    }

    [Fact]
    public void Row27_ClientThatReadsNothing_CostsBoundedMemory_AndDisturbsNobody()
    {
        using var home = new TempHome();
        using var other = McpProcess.StartInitialized(home);
        var id = ToolCalls.Save(other, $"{string.Concat(Enumerable.Repeat("word ", 50_000))} needle");
        foreach (var end in OperatingSystem.IsWindows() ? [End.ReadAll, End.EndOfInput] : Enum.GetValues<End>())
        {
            using var slow = ChildProcess.Start(CairnBinary.Path, ["mcp", "--db", home.Database], home);
            for (var i = 0; i < Requests; i++) slow.StandardInput.WriteLine(Call(i, id));
            // The last thing sent was taken in before this is: the server reads in order, also while its output is full.
            slow.StandardInput.Flush();

            var watch = Stopwatch.StartNew();
            for (var i = 0; i < 20; i++) ToolCalls.AssertWorks(other, $"beside{end}{i}".ToLowerInvariant());
            var beside = watch.Elapsed.TotalMilliseconds / 20;
            DatabaseFile.Execute(home.Database, "BEGIN IMMEDIATE; ROLLBACK"); // no lock is held

            var memory = Memory(slow);
            Assert.InRange(memory, 0, MemoryLimit);
            watch.Restart();
            var answered = Ended(slow, end);
            Assert.Equal(end == End.ReadAll ? Requests : 0, answered);
            FaultRun.Report(27, $"a client that reads nothing, then {Words(end)}", $"{Requests} requests for 250 kB each, standard output not read", 1,
                string.Create(CultureInfo.InvariantCulture, $"{memory / 1048576} MiB at most (limit {MemoryLimit / 1048576}); another server saves and searches meanwhile ({beside:0} ms a pair); {(end == End.ReadAll ? "all answered, and the server ended" : "ended")} after {watch.Elapsed.TotalMilliseconds:0} ms"),
                "nothing");
        }
        other.CloseInput();
        Assert.Equal(0, other.WaitForExit());
        Assert.Empty(ProcessTable.Find($"cairn mcp --db {home.Database}"));
        DatabaseFile.AssertIntact(home.Database);
    }

    // Ends the session in this way, and gives how many answers were read.
    private static int Ended(Process slow, End end)
    {
        var answers = 0;
        switch (end)
        {
            case End.ReadAll:
                for (; answers < Requests; answers++) Assert.NotNull(slow.StandardOutput.ReadLineAsync().WaitAsync(ChildProcess.Limit).GetAwaiter().GetResult());
                slow.StandardInput.Close();
                break;
            case End.EndOfInput:
                slow.StandardInput.Close();
                break;
            case End.Terminate when !OperatingSystem.IsWindows():
                Signal.Send(slow.Id, Signal.Terminate);
                break;
            default:
                slow.Kill();
                break;
        }
        // An end that waited for its reader would be seen here.
        Assert.True(slow.WaitForExit(ChildProcess.Limit), $"{end}: the server went on without a reader.");
        return answers;
    }

    private static string Words(End end) => end switch
    {
        End.ReadAll => "reads all of it",
        End.EndOfInput => "closes its input",
        End.Terminate => "a SIGTERM",
        _ => "kill -9",
    };

    private static long Memory(Process process)
    {
        if (OperatingSystem.IsLinux()) return ProcessTable.Memory(process.Id, "VmHWM:");
        process.Refresh();
        return process.PeakWorkingSet64;
    }

    private static string Call(int number, string id) => new JsonObject
    {
        ["jsonrpc"] = "2.0",
        ["id"] = number,
        ["method"] = "tools/call",
        ["params"] = new JsonObject { ["name"] = "get_entries", ["arguments"] = new JsonObject { ["ids"] = new JsonArray(id) } },
    }.ToJsonString();
}
