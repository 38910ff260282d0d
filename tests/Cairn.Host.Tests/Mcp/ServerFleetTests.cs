using System.Globalization;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Mcp;

/// <summary>
/// Servers by the dozen on one database: none is left behind, each ends and starts soon. CAIRN_FLEET sets how many there
/// are; the bars are those of the native program, and code that is compiled as it goes gets some grace.
/// </summary>
[Collection(typeof(Alone))]
public sealed class ServerFleetTests(ITestOutputHelper output)
{
    private static readonly int Count = Environment.GetEnvironmentVariable("CAIRN_FLEET") is { Length: > 0 } set ? int.Parse(set, CultureInfo.InvariantCulture) : CairnBinary.IsNative ? 24 : 6;

    [Fact]
    public async Task Servers_EndedInEveryWay_AreGoneSoon_AndLeaveNothing()
    {
        using var home = new TempHome();
        using var fleet = new ServerFleet(home);

        var lives = await fleet.LiveAndEndAsync(Count, atOnce: 3);

        foreach (var way in lives.GroupBy(static life => life.Ending))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{way.Key}: {way.Count()} servers, the slowest gone after {way.Max(static life => life.Ended.TotalMilliseconds):0} ms"));
        Assert.All(lives, static life => Assert.InRange(life.Ended, TimeSpan.Zero, TimeSpan.FromSeconds(CairnBinary.IsNative ? 2 : 6)));
        Assert.Empty(fleet.Running());
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(home.Path, "servers")));
        Assert.Equal(Count, DatabaseFile.Count(home.Database, "entries"));
        DatabaseFile.AssertIntact(home.Database);
    }

    [Fact]
    public void Servers_IdleOnOneDatabase_EachAnswersSoonAfterItsStart()
    {
        using var home = new TempHome();
        CliProcess.Run(home, ["migrate", "up", "--db", home.Database]).ShouldExitWith(0);
        using var fleet = new ServerFleet(home);

        var times = fleet.StartIdle(Count);

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Count} servers, the slowest answered after {times.Max().TotalMilliseconds:0} ms"));
        Assert.All(times, static time => Assert.InRange(time, TimeSpan.Zero, TimeSpan.FromSeconds(CairnBinary.IsNative ? 0.5 : 10)));
        foreach (var server in fleet.Idle) ToolCalls.Search(server, "anything");
    }
}
