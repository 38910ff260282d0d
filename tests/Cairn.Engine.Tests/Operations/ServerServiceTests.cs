using System.Text.Json.Nodes;
using Cairn.Engine.Operations;
using Cairn.Engine.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Cairn.Engine.Tests.Operations;

public sealed class ServerServiceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cairn-test-").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 20, 12, 0, 0, TimeSpan.Zero));

    private string Servers => Path.Combine(_folder, "servers");

    private string Own => Path.Combine(Servers, $"{Environment.ProcessId}.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Join_Server_IsSeenByOthersUntilItEnds()
    {
        using var looker = Open();
        using (var server = Open())
        {
            server.Join("1.2.3", static () => { });

            Assert.Equal(new ServerInfo { Pid = Environment.ProcessId, State = "idle", Since = _time.GetUtcNow(), Version = "1.2.3" }, Assert.Single(looker.List()));
            server.Name("codex", "0.55");
            Assert.Equal(("codex", "0.55"), (looker.List()[0].Client, looker.List()[0].ClientVersion));
        }

        Assert.Empty(looker.List());
        Assert.Empty(Directory.GetFileSystemEntries(Servers));
    }

    [Fact]
    public void Join_Server_MakesAFileForThisUserAlone()
    {
        if (OperatingSystem.IsWindows()) return; // has no such modes
        using var server = Open();

        server.Join("1.2.3", static () => { });

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Servers));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Own));
    }

    [Fact]
    public void Mark_Writing_IsSeenWhileItLasts_AlsoWhenTheClientIsNamedMeanwhile()
    {
        using var looker = Open();
        using var server = Open();
        server.Join("1.2.3", static () => { });

        server.Mark(true);
        Assert.Equal("writing", looker.List()[0].State);
        server.Name("codex", null);
        Assert.Equal("writing", looker.List()[0].State);
        server.Mark(false);
        Assert.Equal("idle", looker.List()[0].State);
    }

    [Fact]
    public void Database_WriteTransaction_IsMarkedFromItsStartToItsEnd_AndAlsoWhenItFails()
    {
        var seen = new List<bool>();
        using var database = new Database(new EngineOptions { DatabasePath = Path.Combine(_folder, "memory.db") }, _time) { Writing = seen.Add };
        database.Migrate();
        seen.Clear();

        database.Write(_ => { Assert.Equal([true], seen); return 0; });
        Assert.Equal([true, false], seen);
        Assert.Throws<EngineException>(() => database.Write<int>(_ => throw EngineException.Invalid("x", "y")));

        Assert.Equal([true, false, true, false], seen);
    }

    [Fact]
    public void List_ServerThatWasKilled_IsNotShown_AndItsFileIsSwept()
    {
        Leave("999999999", pid: 999_999_999, started: 1);
        File.WriteAllText(Path.Combine(Servers, "999999999.json.new"), "{");
        using var looker = Open();

        Assert.Equal((0, 2), (looker.List().Count, looker.Stale()));
        Assert.Equal(2, looker.Sweep());
        Assert.Empty(Directory.GetFileSystemEntries(Servers));
    }

    [Fact]
    public void List_NumberThatAnotherProcessHasNow_IsNotThatServer()
    {
        Leave($"{Environment.ProcessId}", pid: Environment.ProcessId, started: 1);
        using var looker = Open();

        Assert.Equal((0, 1), (looker.List().Count, looker.Stale()));
    }

    [Fact]
    public void List_ServerOfAnotherMachine_IsShownAsElsewhereAndLeftAlone()
    {
        Leave("1", pid: 1, started: 1, machine: "another-machine");
        using var looker = Open();

        Assert.Equal("elsewhere", Assert.Single(looker.List()).State);
        Assert.Equal(0, looker.Sweep());
    }

    [Fact]
    public void List_ServerOfAnotherDatabaseInTheFolder_IsNotOurs()
    {
        using var server = Open("other.db");
        server.Join("1.2.3", static () => { });
        using var looker = Open();

        Assert.Empty(looker.List());
        Assert.Equal(0, looker.Sweep());
        Assert.True(File.Exists(Own));
    }

    [Fact]
    public void Join_FolderCannotBeMade_ServesUnseen()
    {
        File.WriteAllText(Servers, "in the way");
        using var server = Open();

        server.Join("1.2.3", static () => { });
        server.Mark(true);

        Assert.Empty(server.List());
    }

    [Fact]
    public async Task Stop_ProcessThatIsNoServerOfThisDatabase_IsRefusedAndLeftAlone()
    {
        Leave($"{Environment.ProcessId}", pid: Environment.ProcessId, started: 1);
        using var looker = Open();

        var refused = await Assert.ThrowsAsync<EngineException>(() => looker.StopAsync([Environment.ProcessId], TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCode.InvalidArgument, refused.Code);
        Assert.Empty(await looker.StopAsync(null, TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken));
    }

    private ServerService Open(string database = "memory.db") => new(new EngineOptions { DatabasePath = Path.Combine(_folder, database) }, _time);

    private void Leave(string name, int pid, long started, string? machine = null)
    {
        Directory.CreateDirectory(Servers);
        File.WriteAllText(Path.Combine(Servers, $"{name}.json"), new JsonObject
        {
            ["writing"] = 0,
            ["pid"] = pid,
            ["started"] = started,
            ["machine"] = machine ?? Environment.MachineName,
            ["database"] = "memory.db",
            ["since"] = "2026-05-20T12:00:00.000Z",
            ["version"] = "1",
        }.ToJsonString());
    }
}
