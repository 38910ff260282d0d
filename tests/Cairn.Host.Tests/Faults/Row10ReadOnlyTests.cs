using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Faults;

/// <summary>The database may be read and not written: a file system that is mounted so, a folder without permission.</summary>
[Collection(typeof(Alone))]
public sealed class Row10ReadOnlyTests : IDisposable
{
    private readonly TempHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Row10_ReadOnlyFileSystem_IsReadAndRefusesSavesUntilItIsWritable()
    {
        if (!OperatingSystem.IsLinux()) return; // file systems in memory are mounted otherwise there
        using var disk = new SmallDisk(_home, Path.Combine(_home.Path, "small"), 8_000_000);
        var database = Path.Combine(disk.Path, "memory.db");
        var id = SaveOn(database);
        disk.SetWritable(false);
        using var server = McpProcess.StartInitialized(_home, ["mcp", "--db", database]);

        var message = AssertReadsAlone(server, id);
        var cli = CliProcess.Run(_home, ["save", "Not to be saved", "--db", database]).ShouldExitWith(1);
        Assert.Contains("STORAGE_FAILURE The database is read-only", cli.Error, StringComparison.Ordinal);
        var health = CliProcess.Json(_home, ["health", "--db", database], exitCode: 1);
        Assert.Contains("read-only", Check(health, "writable", "fail"), StringComparison.Ordinal);

        disk.SetWritable(true);
        ToolCalls.AssertWorks(server, "afterwards");
        server.CloseInput();
        Assert.Equal(0, server.WaitForExit());
        DatabaseFile.AssertIntact(database);
        FaultRun.Report(10, "read-only file system", "a tmpfs, mounted read-only, then writable", 1, "read-only file system: the server starts, search and get work, save is refused; once it is writable the same server saves", $"STORAGE_FAILURE \"{message.Replace(disk.Path, "…", StringComparison.Ordinal)}\"");
    }

    [Fact]
    public void Row10_ReadOnlyFileSystemWithALogFromAKilledServer_IsReadWithTheLog()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var disk = new SmallDisk(_home, Path.Combine(_home.Path, "small"), 8_000_000);
        var database = Path.Combine(disk.Path, "memory.db");
        string id;
        using (var killed = McpProcess.StartInitialized(_home, ["mcp", "--db", database]))
        {
            id = ToolCalls.Save(killed, "The heron, in the log alone");
            killed.Kill();
        }
        Assert.True(new FileInfo($"{database}-wal").Length > 0);
        disk.SetWritable(false);
        using var server = McpProcess.StartInitialized(_home, ["mcp", "--db", database]);

        AssertReadsAlone(server, id);

        server.CloseInput();
        Assert.Equal(0, server.WaitForExit());
        FaultRun.Report(10, "read-only file system", "the tmpfs with the log of a killed server", 1, "what stands in the log of a killed server alone is read as well", "");
    }

    [Fact]
    public void Row10_NoPermissionToWrite_IsReadAndRefusesSaves()
    {
        if (!OperatingSystem.IsLinux()) return;
        var (server, folder, id) = StartWithoutPermission();
        using (server)
        {
            var message = AssertReadsAlone(server, id);
            server.CloseInput();
            Assert.Equal(0, server.WaitForExit());
            Assert.Empty(Directory.GetFiles(folder).Select(Path.GetFileName).Except(["memory.db", "memory.db.lock"]));
            FaultRun.Report(10, "no permission to write", "another user (setpriv), a folder that is not theirs", 1, "another user: search and get work, save is refused, no file is left", $"STORAGE_FAILURE \"{message.Replace(folder, "…", StringComparison.Ordinal)}\"");
        }
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void Row10_FolderThatMayNotBeWritten_EachToolSaysSo_AndWorksOnceItMay()
    {
        if (OperatingSystem.IsWindows()) return; // modes hold nobody back there
        var folder = Directory.CreateDirectory(Path.Combine(_home.Path, "data")).FullName;
        using var server = StartAsAnother(Path.Combine(folder, "memory.db"));
        UnusableDatabase.AssertEachToolRefuses(server, "STORAGE_FAILURE", folder, "Name another file");

        File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);

        UnusableDatabase.AssertEachToolWorks(server);
        server.CloseInput();
        Assert.Equal(0, server.WaitForExit());
        FaultRun.Report(10, "no permission to make a database", "a folder that is not theirs, without a database", 1, "no database yet: each tool says why, and works once it may", "STORAGE_FAILURE \"… cannot be created or opened (…): no permission …\"");
    }

    private string SaveOn(string database) => CliProcess.Json(_home, ["save", "The heron stands", "--db", database]).String("id");

    private static string AssertReadsAlone(McpProcess server, string id)
    {
        Assert.Equal([id], ToolCalls.Search(server, "heron"));
        Assert.Single(server.CallTool("get_entries", new JsonObject { ["ids"] = new JsonArray(id) }).Structured.Array("items"));
        Assert.False(server.CallTool("timeline", new JsonObject { ["anchor_id"] = id }).IsError);
        var refused = server.CallTool("save_memory", new JsonObject { ["text"] = "Not to be saved" });
        Assert.Equal("STORAGE_FAILURE", refused.ErrorCode);
        var message = refused.Structured.Object("error").String("message");
        Assert.StartsWith("The database is read-only", message, StringComparison.Ordinal);
        Assert.Equal([id], ToolCalls.Search(server, "heron"));
        Assert.DoesNotContain("   at ", server.Error, StringComparison.Ordinal);
        return message;
    }

    private static string Check(JsonObject health, string name, string status)
    {
        var check = health.Array("checks").Select(static check => check!.AsObject()).Single(check => check.String("name") == name);
        Assert.Equal(status, check.String("status"));
        return check.String("detail");
    }

    [UnsupportedOSPlatform("windows")]
    private (McpProcess Server, string Folder, string Id) StartWithoutPermission()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_home.Path, "data")).FullName;
        var database = Path.Combine(folder, "memory.db");
        _home.Environment["MEMORY_LOG"] = "off";
        var id = SaveOn(database);
        File.SetUnixFileMode(database, (UnixFileMode)0b100_100_100);
        File.SetUnixFileMode(folder, (UnixFileMode)0b101_101_101);
        return (StartAsAnother(database), folder, id);
    }

    // A mode holds root back from nothing, so root becomes nobody, who must be able to reach the program.
    [UnsupportedOSPlatform("windows")]
    private McpProcess StartAsAnother(string database)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            if (!File.Exists(database)) File.SetUnixFileMode(Path.GetDirectoryName(database)!, (UnixFileMode)0b101_101_101);
            return McpProcess.StartInitialized(_home, ["mcp", "--db", database]);
        }
        File.SetUnixFileMode(_home.Path, (UnixFileMode)0b111_101_101);
        var program = Path.Combine(_home.Path, "program");
        ChildProcess.Run("cp", ["-r", Path.GetDirectoryName(CairnBinary.Path)!, program], _home).ShouldExitWith(0);
        return McpProcess.StartUnder(_home, ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"], database, Path.Combine(program, Path.GetFileName(CairnBinary.Path)));
    }
}
