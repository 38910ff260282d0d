using System.Globalization;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Faults;

/// <summary>Row 29: servers by the dozen on one database: each serves, in little memory; however they end, none is left behind.</summary>
[Collection(typeof(Alone))]
public sealed class Row29ManyServersTests
{
    private static readonly int Quick = CairnBinary.IsNative ? 24 : 6;

    [Fact]
    public async Task Row29_ServersEndedInEveryWay_LeaveNothing()
    {
        var count = FaultRun.Rounds(Quick);
        using var home = new TempHome();
        using var fleet = new ServerFleet(home);

        var lives = await fleet.LiveAndEndAsync(count, atOnce: 3);

        Assert.Empty(fleet.Running());
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(home.Path, "servers")));
        Assert.Equal(count, DatabaseFile.Count(home.Database, "entries"));
        DatabaseFile.AssertIntact(home.Database);
        var ends = lives.GroupBy(static life => life.Ending).Select(static way =>
            string.Create(CultureInfo.InvariantCulture, $"{way.Key} {way.Count()}, the slowest gone after {way.Max(static life => life.Ended.TotalMilliseconds):0} ms"));
        FaultRun.Report(29, "servers started and ended in every way", "end of input, SIGTERM, parent killed; three at a time", count, $"no process and no file left; {string.Join("; ", ends)}", "nothing");
    }

    [Fact]
    public void Row29_ServersIdleOnOneDatabase_EachServes()
    {
        var count = FaultRun.Rounds(CairnBinary.IsNative ? 50 : 6);
        using var home = new TempHome();
        CliProcess.Run(home, ["migrate", "up", "--db", home.Database]).ShouldExitWith(0);
        using var fleet = new ServerFleet(home);

        var times = fleet.StartIdle(count);

        var memory = OperatingSystem.IsLinux() ? fleet.Idle.Select(static server => server.Memory()).ToList() : [0L];
        foreach (var (number, server) in fleet.Idle.Index()) ToolCalls.AssertWorks(server, string.Create(CultureInfo.InvariantCulture, $"server{number:000}"));
        Assert.Equal(count, DatabaseFile.Count(home.Database, "entries"));
        Assert.InRange(memory.Max(), 0, (CairnBinary.IsNative ? 60 : 160) * 1024L * 1024);
        FaultRun.Report(29, "many servers on one database at once", "started one after the other, all left running", count,
            string.Create(CultureInfo.InvariantCulture, $"each answers, saves and finds; tools/list after {Median(times):0} ms (median), {times.Max().TotalMilliseconds:0} ms (slowest) from the start; {memory.Max() / 1048576} MiB each when idle (most)"), "nothing");
    }

    private static double Median(IReadOnlyList<TimeSpan> times) => times.Order().ElementAt(times.Count / 2).TotalMilliseconds;
}
