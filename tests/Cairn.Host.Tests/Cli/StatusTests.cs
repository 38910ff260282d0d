using System.Globalization;
using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Cli;

/// <summary>cairn status and cairn stop: the servers that are live, and how they end.</summary>
[Collection(typeof(Alone))]
public sealed class StatusTests
{
    private static readonly int Some = CairnBinary.IsNative ? 10 : 3;

    [Fact]
    public void Status_ManyServers_ShowsEachWithItsClient_UntilStopEndsThemAll()
    {
        using var home = new TempHome();
        using var fleet = new ServerFleet(home);
        fleet.StartIdle(Some);
        ToolCalls.Save(fleet.Idle[0], "The database is there.");

        var status = Status(home);

        Assert.Equal(fleet.Idle.Select(static server => server.Id).Order(), Servers(status).Select(static server => (int)server["pid"]!).Order());
        Assert.All(Servers(status), static server => Assert.Equal(("cairn-tests", "1", "idle"), (server.String("client"), server.String("client_version"), server.String("state"))));
        Assert.Equal((true, false, 1L), ((bool)status["exists"]!, (bool)status["frozen"]!, (long)status["counts"]!["active_entries"]!));
        Assert.Matches($"(?m)^{fleet.Idle[0].Id} +cairn-tests 1 .* idle", CliProcess.Run(home, ["status", "--db", home.Database]).ShouldExitWith(0).Output);

        var stop = CliProcess.Json(home, ["stop", "--all", "--db", home.Database]);

        Assert.Equal("stopped", stop.String("status"));
        Assert.All(stop.Array("servers"), static server => Assert.True((bool)server!["gone"]!));
        Assert.All(fleet.Idle, static server => Assert.Equal(0, server.WaitForExit()));
        Assert.Empty(Servers(Status(home)));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(home.Path, "servers")));
    }

    [Fact]
    public void Stop_OneOfTwo_LeavesTheOther()
    {
        using var home = new TempHome();
        using var fleet = new ServerFleet(home);
        fleet.StartIdle(2);

        var words = CliProcess.Run(home, ["stop", Id(fleet.Idle[0]), "--db", home.Database]).ShouldExitWith(0).Output;

        Assert.Contains($"gone {fleet.Idle[0].Id}", words, StringComparison.Ordinal);
        Assert.Equal(fleet.Idle[1].Id, (int)Assert.Single(Servers(Status(home)))["pid"]!);
        ToolCalls.AssertWorks(fleet.Idle[1], "theother");
    }

    [Fact]
    public void Stop_ServerOfAnotherDatabase_IsRefusedAndLeftAlone()
    {
        using var home = new TempHome();
        using var fleet = new ServerFleet(home);
        fleet.StartIdle(1);

        CliProcess.AssertRefused(home, 2, "is no live server of this database", ["stop", Id(fleet.Idle[0]), "--db", Path.Combine(home.Path, "other.db")]);
        CliProcess.AssertRefused(home, 2, "is no live server of this database", ["stop", Environment.ProcessId.ToString(CultureInfo.InvariantCulture), "--db", home.Database]);

        ToolCalls.AssertWorks(fleet.Idle[0], "leftalone");
    }

    [Fact]
    public void Stop_ServerThatHangs_SaysThatItStaysAndEndsWithOne()
    {
        if (OperatingSystem.IsWindows()) return;
        using var home = new TempHome();
        using var fleet = new ServerFleet(home);
        fleet.StartIdle(1);
        const int halt = 19, go = 18; // SIGSTOP, SIGCONT on Linux
        if (!OperatingSystem.IsLinux()) return;
        Signal.Send(fleet.Idle[0].Id, halt);

        var stop = CliProcess.Json(home, ["stop", "--all", "--timeout", "1", "--db", home.Database], exitCode: 1);

        Assert.Equal("still-running", stop.String("status"));
        Signal.Send(fleet.Idle[0].Id, go);
        Assert.Equal(0, fleet.Idle[0].WaitForExit());
    }

    [Theory]
    [InlineData]
    [InlineData("--all", "12345")]
    [InlineData("--all", "--timeout", "0")]
    public void Stop_MistakenCommandLine_IsRefused(params string[] arguments)
    {
        using var home = new TempHome();

        CliProcess.AssertRefused(home, 2, "INVALID_ARGUMENT", ["stop", .. arguments]);
    }

    [Fact]
    public void Stop_NoServers_IsDone()
    {
        using var home = new TempHome();

        Assert.Contains("No live servers", CliProcess.Run(home, ["stop", "--all"]).ShouldExitWith(0).Output, StringComparison.Ordinal);
        Assert.Contains("not there yet", CliProcess.Run(home, ["status"]).ShouldExitWith(0).Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.GetDirectoryName(home.DefaultDatabase)));
    }

    [Fact]
    public void Status_ServerThatWasKilled_IsNotShown_AndItsFileIsSwept()
    {
        using var home = new TempHome();
        using var fleet = new ServerFleet(home);
        fleet.StartIdle(1);
        ToolCalls.Save(fleet.Idle[0], "x");
        fleet.Idle[0].Kill();
        Assert.Single(Directory.GetFiles(Path.Combine(home.Path, "servers")));
        Assert.Contains(CliProcess.Json(home, ["health", "--db", home.Database]).Array("checks"),
            static check => (string?)check!["name"] == "servers" && (string?)check["status"] == "warn" && (string?)check["fix"] == "cairn doctor --fix");

        Assert.Empty(Servers(Status(home)));

        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(home.Path, "servers")));
    }

    [Fact]
    public void Status_DatabaseThatCannotBeRead_StillShowsTheServers()
    {
        using var home = new TempHome();
        File.WriteAllText(home.Database, string.Concat(Enumerable.Repeat("no database at all\n", 100)));
        using var fleet = new ServerFleet(home);
        fleet.StartIdle(1);

        var status = Status(home);

        Assert.Single(Servers(status));
        Assert.Contains("is not a SQLite database", status.String("problem"), StringComparison.Ordinal);
    }

    private static string Id(McpProcess server) => server.Id.ToString(CultureInfo.InvariantCulture);

    private static JsonObject Status(TempHome home) => CliProcess.Json(home, ["status", "--db", home.Database]);

    private static List<JsonObject> Servers(JsonObject status) => [.. status.Array("servers").Select(static server => server!.AsObject())];
}
