using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Faults;

/// <summary>A database on another machine's disk, where SQLite's write-ahead log may lose what was saved, is refused before anything is written there.</summary>
public sealed class Row32NetworkFileSystemTests
{
    [Fact]
    public void Database_OnANetworkFileSystem_IsRefusedBeforeAnythingIsWritten()
    {
        using var mount = NetworkMount.TryMake();
        if (mount is null) return; // only root on Linux may mount one; which names are refused is the engine's own test
        using var home = new TempHome();
        var database = Path.Combine(mount.Path, "cairn", "memory.db");
        var rounds = FaultRun.Rounds(2);

        for (var round = 0; round < rounds; round++)
        {
            CliProcess.AssertRefused(home, 1, "needs a local disk", ["--db", database, "save", "Not here"]);
            CliProcess.AssertRefused(home, 1, NetworkMount.FileSystem, ["--db", database, "migrate", "up"]);
            using var server = McpProcess.StartInitialized(home, ["mcp", "--db", database]);
            var refused = server.CallTool("save_memory", new JsonObject { ["text"] = "Not here" });
            Assert.True(refused.IsError);
            Assert.Contains("STORAGE_FAILURE", refused.Text, StringComparison.Ordinal);
            Assert.Contains("--db", refused.Text, StringComparison.Ordinal);
            server.CloseInput();
            Assert.Equal(0, server.WaitForExit());
        }

        Assert.DoesNotContain(mount.Tried, static name => name.StartsWith("memory.db", StringComparison.Ordinal));
        FaultRun.Report(32, "network file system", "a mount of type fuse.sshfs, served by the test; nfs, cifs, 9p and others by name alone", rounds,
            "the server starts and answers; save and migrate are refused before a file of the database is made", "STORAGE_FAILURE \"the database needs a local disk ...\", and where to put it");
    }
}
