using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Faults;

/// <summary>Row 25: SIGTERM, SIGINT and SIGHUP, in the middle of saves and of a wait for a lock.</summary>
[Collection(typeof(Alone))]
public sealed class Row25SignalTests
{
    private const int Burst = 60;

    [Theory]
    [InlineData(15, "SIGTERM")]
    [InlineData(2, "SIGINT")]
    [InlineData(1, "SIGHUP")]
    public void Row25_SignalInTheMiddleOfSaves_KeepsWhatWasAcknowledged_AndEnds(int signal, string name)
    {
        if (OperatingSystem.IsWindows()) return;
        var (rounds, acknowledged, slowest) = (FaultRun.Rounds(3), 0, 0.0);
        using var home = new TempHome();
        for (var round = 0; round < rounds; round++)
        {
            using var server = McpProcess.StartInitialized(home);
            var saved = new List<string> { ToolCalls.Save(server, $"{name} {round}: the database is there.") };
            for (var i = 0; i < Burst; i++) SendSave(server, $"{name} {round}: number {i}");
            // Another moment of the stream each time.
            for (var i = 0; i <= round % 10; i++) saved.Add(Saved(server.ReadMessage())!);

            Signal.Send(server.Id, signal);
            var watch = Stopwatch.StartNew();

            while (server.ReadLine() is { } line)
                if (JsonNode.Parse(line)!.AsObject() is var answer && answer["result"] is JsonObject && Saved(answer) is { } id) saved.Add(id);
            Assert.Equal(0, server.WaitForExit());
            slowest = Math.Max(slowest, watch.Elapsed.TotalMilliseconds);
            var kept = DatabaseFile.Column(home.Database, "SELECT id FROM entries").ToHashSet();
            Assert.All(saved, id => Assert.Contains(id, kept));
            acknowledged += saved.Count;
            DatabaseFile.AssertIntact(home.Database);
        }
        FaultRun.Report(25, $"{name} in the middle of saves", $"kill, {Burst} saves under way", rounds,
            string.Create(CultureInfo.InvariantCulture, $"{acknowledged} acknowledged, all kept, exit code 0; the slowest end {slowest:0} ms"), "nothing, or STORAGE_FAILURE for a save that was not made");
    }

    [Fact]
    public void Row25_SignalWhileASaveWaitsForALock_SavesNothing_AndEnds()
    {
        if (OperatingSystem.IsWindows()) return;
        var slowest = 0.0;
        foreach (var signal in new[] { Signal.Terminate, Signal.Interrupt, Signal.Hangup })
        {
            using var home = new TempHome();
            using var server = McpProcess.StartInitialized(home);
            ToolCalls.Save(server, "Before the lock.");
            using var other = DatabaseFile.Open(home.Database);
            DatabaseFile.Execute(other, "BEGIN IMMEDIATE");
            SendSave(server, "waits for the lock");
            Assert.Empty(server.Sync());

            Signal.Send(server.Id, signal);
            var watch = Stopwatch.StartNew();

            var answer = McpProcess.AsToolResult(server.ReadMessage().Object("result"));
            Assert.Equal("STORAGE_FAILURE", answer.ErrorCode);
            Assert.Contains("nothing was saved", answer.Text, StringComparison.Ordinal);
            Assert.Equal(0, server.WaitForExit());
            slowest = Math.Max(slowest, watch.Elapsed.TotalMilliseconds);
            DatabaseFile.Execute(other, "ROLLBACK");
            other.Dispose();
            Assert.Equal(1, DatabaseFile.Count(home.Database, "entries"));
            DatabaseFile.AssertIntact(home.Database);
        }
        FaultRun.Report(25, "a signal while a save waits for another process's lock", "kill with SIGTERM, SIGINT, SIGHUP", 3,
            string.Create(CultureInfo.InvariantCulture, $"the save refused, nothing written; the slowest end {slowest:0} ms"), "STORAGE_FAILURE: asked to end while this waited; nothing was saved");
    }

    [Fact]
    public void Row25_SignalWhileNothingIsGoingOn_Ends()
    {
        if (OperatingSystem.IsWindows()) return;
        using var home = new TempHome();
        using var server = McpProcess.StartInitialized(home);
        ToolCalls.Save(server, "Idle from here on.");

        Signal.Send(server.Id, Signal.Terminate);

        Assert.Equal(0, server.WaitForExit());
        DatabaseFile.AssertIntact(home.Database);
        FaultRun.Report(25, "SIGTERM while idle", "kill", 1, "exit code 0, the log folded in", "nothing");
    }

    private static void SendSave(McpProcess server, string text) =>
        server.SendRequest("tools/call", new JsonObject { ["name"] = "save_memory", ["arguments"] = new JsonObject { ["text"] = text } });

    // The id of a save that was acknowledged; null when it was refused because the server ends.
    private static string? Saved(JsonObject answer)
    {
        var saved = McpProcess.AsToolResult(answer.Object("result"));
        if (!saved.IsError) return saved.Structured.String("id");
        Assert.Contains("asked to end", saved.Text, StringComparison.Ordinal);
        return null;
    }
}
