using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Cli;

public sealed class RestoreCommandTests : IDisposable
{
    private readonly TempHome _home = new();

    private string Standard => Path.Combine(_home.Path, "backups");

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Restore_TwoServersRun_BothGoOnWithTheRestoredDatabase()
    {
        using var first = McpProcess.StartInitialized(_home);
        using var second = McpProcess.StartInitialized(_home);
        var kept = ToolCalls.Save(first, "A needle from before");
        var backup = Backup();
        var lost = ToolCalls.Save(second, "Another needle, saved after the backup");
        Assert.Equal(2, ToolCalls.Search(first, "needle").Count);

        var restored = Cairn("restore", backup, "--record", "log.md").ShouldExitWith(0);

        Assert.Contains($"Restored {backup} (1 entry, ", restored.Output, StringComparison.Ordinal);
        Assert.Contains("Checked: integrity, count, get, search, timeline, server", restored.Output, StringComparison.Ordinal);
        Assert.Contains("1 entry was saved after the backup, and is in that one alone", restored.Output, StringComparison.Ordinal);
        Assert.Matches($@"UTC: restore of {Regex.Escape(backup)} \(1 entry, sha256 [0-9a-f]{{8}}…\) over .*memory\.db; the former database: .*\.db\n$", File.ReadAllText(Path.Combine(_home.Project, "log.md")));
        foreach (var server in new[] { first, second })
        {
            Assert.Equal([kept], ToolCalls.Search(server, "needle"));
            Assert.Equal([lost], server.CallTool("get_entries", new JsonObject { ["ids"] = new JsonArray(lost) }).Structured.Array("missing").Select(id => (string)id!));
            ToolCalls.AssertWorks(server, $"written by {server.Id}");
        }
        var safety = Regex.Match(restored.Output, "cairn export --db \"(.*)\" --output later.jsonl").Groups[1].Value;
        CliProcess.Run(_home, ["export", "--db", safety, "--output", "later.jsonl"]).ShouldExitWith(0);
        Cairn("import", "later.jsonl").ShouldExitWith(0);
        Assert.Contains(lost, ToolCalls.Search(second, "needle"));
        Cairn("backup", "verify", "--all").ShouldExitWith(0);
        foreach (var server in new[] { first, second })
        {
            server.CloseInput();
            Assert.Equal(0, server.WaitForExit());
        }
        DatabaseFile.AssertIntact(_home.Database);
    }

    [Fact]
    public void Restore_RuinedHeaderWhileAServerRuns_MendsItForThatServer()
    {
        using var server = McpProcess.StartInitialized(_home);
        var id = ToolCalls.Save(server, "A needle from before");
        var backup = Backup();
        server.CloseInput();
        server.WaitForExit();
        using (var file = File.OpenWrite(_home.Database)) file.Write(new byte[100]);
        using var later = McpProcess.StartInitialized(_home);
        Assert.Equal("MIGRATION_FAILURE", later.CallTool("search", new JsonObject { ["query"] = "needle" }).ErrorCode);

        var restored = Cairn("restore", backup).ShouldExitWith(0);

        Assert.Matches(@"The former database was damaged; its bytes are kept at .*\.damaged", restored.Output);
        Assert.Equal([id], ToolCalls.Search(later, "needle"));
        ToolCalls.AssertWorks(later, "mended");
    }

    // The header goes while a server has the file and its log open. The copy goes through that log; when it is empty, SQLite
    // does not know of it, and the server has to end first.
    [Theory]
    [InlineData("PASSIVE")]
    [InlineData("TRUNCATE")]
    public void Restore_HeaderIsRuinedUnderAServer_ThatServerGoesOnOrIsToBeEnded(string checkpoint)
    {
        if (OperatingSystem.IsWindows()) return; // an open file cannot be written by others there
        using var server = McpProcess.StartInitialized(_home);
        var id = ToolCalls.Save(server, "A needle from before");
        var backup = Backup();
        Assert.Equal([id], ToolCalls.Search(server, "needle"));
        DatabaseFile.Execute(_home.Database, $"PRAGMA wal_checkpoint({checkpoint})");
        using (var file = new FileStream(_home.Database, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) file.Write(new byte[100]);
        Assert.True(File.Exists(_home.Database + "-wal"));
        Cairn("search", "needle").ShouldExitWith(1);

        if (checkpoint == "PASSIVE")
        {
            Cairn("restore", backup).ShouldExitWith(0);
            Assert.Equal([id], ToolCalls.Search(server, "needle"));
            ToolCalls.AssertWorks(server, "mended");
            server.Kill();
        }
        else
        {
            Assert.Contains("End the clients and servers that use it", Cairn("restore", backup).ShouldExitWith(1).Error, StringComparison.Ordinal);
            Assert.False(File.Exists(_home.Database + ".restoring"));
            server.Kill();
            Cairn("restore", backup).ShouldExitWith(0);
        }
        DatabaseFile.AssertIntact(_home.Database);
    }

    [Fact]
    public void Restore_FileIsMissingWhileAServerRuns_GivesItBackToThatServer()
    {
        if (OperatingSystem.IsWindows()) return; // an open file cannot be removed there
        using var server = McpProcess.StartInitialized(_home);
        var id = ToolCalls.Save(server, "A needle from before");
        var backup = Backup();
        foreach (var file in Directory.GetFiles(_home.Path, "memory.db*")) File.Delete(file);

        var restored = Json("restore", backup);

        Assert.Equal("none", restored.Object("restore").Object("safety").String("kind"));
        Assert.Equal([id], ToolCalls.Search(server, "needle"));
        ToolCalls.AssertWorks(server, "back again");
    }

    [Fact]
    public void Restore_DamagedBackup_ChangesNothing()
    {
        Save("Of the present");
        var backup = Backup();
        using (var file = new FileStream(Path.Combine(Standard, backup), FileMode.Open))
        {
            file.Seek(-1, SeekOrigin.End);
            file.WriteByte(0xAA);
        }
        Save("Of the present as well");

        AssertRefused(1, "its content is not that of its manifest (SHA-256). Nothing was changed", backup);
    }

    [Fact]
    public void Restore_WrongFile_ChangesNothing()
    {
        Save("Of the present");
        var text = Path.Combine(_home.Path, "notes.txt");
        File.WriteAllText(text, "no database");

        AssertRefused(1, "it has no manifest", text);
        AssertRefused(2, "is the database itself", _home.Database);
        AssertRefused(2, "there is none of this name", "memory-20250101T000000000Z.db");
        AssertRefused(2, "name the backup to restore");
        AssertRefused(2, "no restore was interrupted", "--resume");
        AssertRefused(2, "name the backup to restore", "x.db", "--resume");
    }

    [Fact]
    public void Restore_NewerSchema_ChangesNothing()
    {
        Save("Of the present");
        DatabaseFile.Execute(_home.Database, "PRAGMA user_version = 999");
        File.Move(_home.Database, Path.Combine(_home.Path, "newer.db"));
        Save("Of the present");
        var backup = Backup();
        var manifest = Path.Combine(Standard, Path.ChangeExtension(backup, ".json"));
        var newer = File.ReadAllBytes(Path.Combine(_home.Path, "newer.db"));
        File.WriteAllBytes(Path.Combine(Standard, backup), newer);
        var json = JsonNode.Parse(File.ReadAllText(manifest))!.AsObject();
        json["schema"] = 999;
        json["size_bytes"] = newer.Length;
        json["sha256"] = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(newer));
        File.WriteAllText(manifest, json.ToJsonString());

        AssertRefused(1, "has schema 999", backup);
    }

    [Fact]
    public void Restore_DatabaseOfAnotherProgram_IsNotReplaced()
    {
        Save("Of the present");
        var backup = Backup();
        File.Delete(_home.Database);
        DatabaseFile.Execute(_home.Database, "CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)");

        Assert.Contains("made by another program", Cairn("restore", backup).ShouldExitWith(1).Error, StringComparison.Ordinal);

        Assert.Equal(1, DatabaseFile.Number(_home.Database, "SELECT CAST(count(*) AS TEXT) FROM theirs"));
        Assert.Empty(Directory.GetFiles(_home.Path, "*.restoring*"));
    }

    [Fact]
    public void Restore_Frozen_RestoresAndStaysFrozen()
    {
        Save("Entry");
        var backup = Backup();
        Cairn("freeze", "--reason", "entries are missing").ShouldExitWith(0);

        Assert.Contains("Still frozen, as it was before (entries are missing)", Cairn("restore", backup).ShouldExitWith(0).Error, StringComparison.Ordinal);

        Cairn("save", "x").ShouldExitWith(1);
        Cairn("unfreeze").ShouldExitWith(0);
        Save("Saves go on");
    }

    [Fact]
    public void Restore_Fails_IsRecorded()
    {
        Cairn("restore", "memory-20250101T000000000Z.db", "--record", "log.md").ShouldExitWith(2);

        Assert.Contains("UTC: restore of memory-20250101T000000000Z.db failed: backup: there is none of this name", File.ReadAllText(Path.Combine(_home.Project, "log.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void MigrateUp_Fails_IsRecorded()
    {
        Save("Entry");
        DatabaseFile.Execute(_home.Database, "PRAGMA user_version = 999");

        Cairn("migrate", "up", "--record", "log.md").ShouldExitWith(1);

        Assert.Contains("UTC: migrate up failed: This database has schema 999", File.ReadAllText(Path.Combine(_home.Project, "log.md")), StringComparison.Ordinal);
    }

    private void AssertRefused(int code, string words, params string[] arguments)
    {
        var before = DatabaseFile.Column(_home.Database, "SELECT id FROM entries");
        Assert.Contains(words, Cairn(["restore", .. arguments]).ShouldExitWith(code).Error, StringComparison.Ordinal);
        Assert.Equal(before, DatabaseFile.Column(_home.Database, "SELECT id FROM entries"));
        Assert.Empty(Directory.GetFiles(_home.Path, "*.restoring*"));
        Save($"Saves go on {Guid.NewGuid()}");
    }

    private string Backup() => Path.GetFileName(Json("backup", "create").Object("backup").String("path"));

    private void Save(string text) => Cairn("save", text).ShouldExitWith(0);

    private ProcessResult Cairn(params string[] arguments) => CliProcess.Run(_home, [.. arguments, "--db", _home.Database]);

    private JsonObject Json(params string[] arguments) => JsonNode.Parse(Cairn([.. arguments, "--json"]).ShouldExitWith(0).Output)!.AsObject();
}
