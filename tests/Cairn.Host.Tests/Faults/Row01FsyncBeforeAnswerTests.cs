using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Faults;

/// <summary>What no kill can show, as the system's own memory survives it: a save is on disk before it is answered.</summary>
[Collection(typeof(Alone))]
public sealed partial class Row01FsyncBeforeAnswerTests : IDisposable
{
    private readonly TempHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Row01_EachSave_IsSyncedBeforeItsAnswerIsWritten()
    {
        if (!OperatingSystem.IsLinux()) return; // strace is Linux's
        var saves = FaultRun.Rounds(25);
        var lines = Trace(server =>
        {
            for (var i = 0; i < saves; i++) ToolCalls.Save(server, string.Create(CultureInfo.InvariantCulture, $"Save {i}"));
        });

        var (written, synced, answers) = (0, 0, 0);
        foreach (var line in lines)
        {
            if (WritesLog().IsMatch(line)) (written, synced) = (written + 1, 0);
            else if (SyncsLog(line)) synced++;
            else if (Answers(line) > 0)
            {
                answers++;
                Assert.True(written > 0, $"Answer {answers} came before anything was written to the log: {line}");
                Assert.True(synced > 0, $"Answer {answers} came before the log was synced: {line}");
                (written, synced) = (0, 0);
            }
        }
        Assert.Equal(saves, answers);
        FaultRun.Report(1, "acknowledged before it is on disk", "strace of a server's writes, syncs and answers, in order", saves,
            string.Create(CultureInfo.InvariantCulture, $"fsync of the log came between its last write and the answer in {answers} of {answers} saves: 0 acknowledged and not synced"), "nothing");
    }

    [Fact]
    public void Row01_ManySavesUnderWay_NoMoreAnswersThanSyncs()
    {
        if (!OperatingSystem.IsLinux()) return;
        const int saves = 40;
        var lines = Trace(server =>
        {
            for (var i = 0; i < saves; i++)
                server.SendRequest("tools/call", new JsonObject { ["name"] = "save_memory", ["arguments"] = new JsonObject { ["text"] = $"Save {i}" } });
            for (var i = 0; i < saves; i++) Assert.False(McpProcess.AsToolResult(server.ReadMessage().Object("result")).IsError);
        });

        var (syncs, answers) = (0, 0);
        foreach (var line in lines)
        {
            if (SyncsLog(line)) syncs++;
            answers += Answers(line);
            Assert.True(answers <= syncs, $"Answer {answers} came after {syncs} syncs: {line}");
        }
        Assert.Equal(saves, answers);
    }

    private string[] Trace(Action<McpProcess> work)
    {
        var report = Path.Combine(_home.Path, "strace.txt");
        CliProcess.Run(_home, ["migrate", "up", "--db", _home.Database]).ShouldExitWith(0);
        using var server = McpProcess.StartUnder(_home, Strace.Under(report, "fsync,fdatasync,pwrite64,write,writev"));
        work(server);
        server.CloseInput();
        Assert.Equal(0, server.WaitForExit());
        return File.ReadAllLines(report);
    }

    // A call that another thread's interrupts stands on two lines; it is done with the second, which names no file.
    private static bool SyncsLog(string line) => Synced().IsMatch(line) || Resumed().IsMatch(line);

    // Several may be written at once.
    private static int Answers(string line) => WritesAnswers().IsMatch(line) ? Saved().Count(line) : 0;

    [GeneratedRegex(@"pwrite64\(\d+<[^>]*memory\.db-wal>")]
    private static partial Regex WritesLog();

    [GeneratedRegex(@"f(data)?sync\(\d+<[^>]*memory\.db-wal>\) += 0")]
    private static partial Regex Synced();

    [GeneratedRegex(@"<\.\.\. f(data)?sync resumed>\) += 0")]
    private static partial Regex Resumed();

    [GeneratedRegex(@"writev?\(\d+<(pipe|socket|UNIX)")]
    private static partial Regex WritesAnswers();

    // As the text of a result says it, within a JSON string.
    [GeneratedRegex("u0022saved")]
    private static partial Regex Saved();
}
