using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Faults;

/// <summary>
/// Row 17: the clock jumps under a running server: libfaketime, which reads the time to tell from a file (Linux; timers go
/// on as they did). What is saved keeps its order; retention asks before it believes such a clock.
/// </summary>
public sealed class Row17ClockJumpTests
{
    // $LIB is the loader's own: lib/x86_64-linux-gnu and the like.
    private const string Library = "/usr/$LIB/faketime/libfaketimeMT.so.1";

    [Fact]
    public void Row17_ClockSetBackAndAhead_KeepsIdsAndOrder_AndRetentionAsks()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var home = new TempHome();
        var clock = new Clock(home);
        using var server = McpProcess.StartInitialized(home);
        var ids = new List<string>();
        // To and fro within a day, as a time server or a traveller's machine does it.
        foreach (var (step, shift) in new[] { "+0", "-2", "-3600", "-1", "+1800", "-80000", "+0", "-5" }.Index())
        {
            clock.Shift(shift);
            for (var i = 0; i < 5; i++) ids.Add(ToolCalls.Save(server, $"Saved in step {step} as number {i}"));
        }
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.Equal(ids, Timeline(server, ids[20]));

        clock.Shift("@2100-01-01 00:00:00");
        var far = ToolCalls.Save(server, "Saved in the year 2100: obsidian");
        AssertAsks(home, server, ids[0]);
        clock.Shift("-400d");
        ToolCalls.Save(server, "Saved long ago: obsidian");
        AssertAsks(home, server, ids[0]);
        clock.Shift("+0");
        var last = ToolCalls.Save(server, "Saved in our time again: obsidian");

        Assert.Equal(3, ToolCalls.Search(server, "obsidian").Count);
        Assert.Equal([ids[^2], ids[^1], last, far], Timeline(server, last, before: 2, after: 2));
        server.CloseInput();
        Assert.Equal(0, server.WaitForExit());
        Assert.Equal(ids.Count + 3, DatabaseFile.Count(home.Database, "entries"));
        Assert.Equal("0", Assert.Single(DatabaseFile.Column(home.Database, "SELECT count(*) FROM entries WHERE state <> 'active'")));
        DatabaseFile.AssertIntact(home.Database);
        FaultRun.Report(17, "the clock is set back, ahead, to the year 2100 and 400 days back", "libfaketime under a running server", 11,
            $"{ids.Count + 3} ids, all different; the timeline keeps the order of saving while the clock is less than a day wrong; nothing archived",
            "a warning in retention dry-run; retention apply asks for --clock-is-right");
    }

    // A run and its application under this clock.
    private static void AssertAsks(TempHome home, McpProcess server, string oldest)
    {
        var run = server.CallTool("retention_dry_run", new JsonObject { ["max_age_days"] = 30 });
        Assert.False(run.IsError, run.Text);
        Assert.NotEmpty(run.Structured.Array("warnings"));
        var id = run.Structured.String("run_id");
        CliProcess.Run(home, ["retention", "approve", id, "--db", home.Database]).ShouldExitWith(0);
        CliProcess.AssertRefused(home, 2, "--clock-is-right", ["retention", "apply", id, "--db", home.Database]);
        Assert.False(server.CallTool("get_entries", new JsonObject { ["ids"] = new JsonArray(oldest) }).IsError);
    }

    private static IEnumerable<string> Timeline(McpProcess server, string anchor, int before = 20, int after = 20) =>
        server.CallTool("timeline", new JsonObject { ["anchor_id"] = anchor, ["depth_before"] = before, ["depth_after"] = after })
            .Structured.Array("items").Select(static item => item!.AsObject().String("id"));

    /// <summary>What time it is for the programs of a home.</summary>
    private sealed class Clock
    {
        private readonly TempHome _home;
        private readonly string _file;

        public Clock(TempHome home)
        {
            _home = home;
            if (!File.Exists("/usr/bin/faketime")) throw new FileNotFoundException("libfaketime is not installed: run eng/test once.");
            _file = Path.Combine(home.Path, "clock");
            File.WriteAllText(_file, "+0\n");
            home.Environment["LD_PRELOAD"] = Library;
            home.Environment["FAKETIME_TIMESTAMP_FILE"] = _file;
            home.Environment["FAKETIME_NO_CACHE"] = "1";
            home.Environment["FAKETIME_DONT_FAKE_MONOTONIC"] = "1";
        }

        /// <summary>Seconds or days ("-400d") from the true time, or "@" and a time of UTC.</summary>
        public void Shift(string to)
        {
            // Whole or not at all: programs read it at any moment.
            File.WriteAllText($"{_file}.new", to + "\n");
            File.Move($"{_file}.new", _file, overwrite: true);
            // Programs that start from here on are told once, which is a good deal faster.
            _home.Environment["FAKETIME"] = to;
            _home.Environment.Remove("FAKETIME_NO_CACHE");
        }
    }
}
