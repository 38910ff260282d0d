using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Cli;

/// <summary>Damage and a lost index, as an operator meets them: the real program, from the message to the recovered database.</summary>
public sealed class IntegrityCommandTests
{
    private const int PageSize = 4096;

    [Fact]
    public void IntegrityCheck_HealthyDatabase_Passes()
    {
        using var home = new TempHome();
        CliProcess.Save(home, "Something to check");

        Assert.Equal("pass", CliProcess.Json(home, ["integrity", "check"]).String("status"));
        Assert.Equal("pass", CliProcess.Json(home, ["integrity", "check", "--quick"]).String("status"));
        Assert.Equal("pass", CliProcess.Json(home, ["index", "check"]).String("status"));
        Assert.Contains("texts", CliProcess.Run(home, ["integrity", "check"]).ShouldExitWith(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void IntegrityCheck_NoDatabase_IsRefused()
    {
        using var home = new TempHome();

        CliProcess.AssertRefused(home, 1, "nothing to check", ["integrity", "check"]);
        CliProcess.AssertRefused(home, 1, "nothing to recover", ["recover"]);
        Assert.False(File.Exists(home.DefaultDatabase));
    }

    [Fact]
    public void Damage_FromTheMessageToTheRecoveredDatabase()
    {
        using var home = new TempHome();
        for (var i = 0; i < 12; i++) CliProcess.Save(home, $"Basalt number {i} {new string('x', 900)}");
        var backup = Path.GetFileName(CliProcess.Json(home, ["backup", "create"]).Object("backup").String("path"));
        Damage(home.DefaultDatabase);
        var bytes = File.ReadAllBytes(home.DefaultDatabase);

        var check = CliProcess.Run(home, ["integrity", "check"]).ShouldExitWith(1);
        Assert.Contains("cairn recover", check.Output, StringComparison.Ordinal);
        Assert.Contains(backup, check.Output, StringComparison.Ordinal);
        var export = CliProcess.Run(home, ["export", "--output", Path.Combine(home.Path, "out.jsonl")]).ShouldExitWith(1);
        Assert.Contains("run cairn integrity check", export.Error, StringComparison.Ordinal);
        Assert.Contains($"the last good backup is {backup}", export.Error, StringComparison.Ordinal);

        var recovered = CliProcess.Json(home, ["recover"]).Object("recovery");

        var file = recovered.Object("database").String("path");
        Assert.Equal(bytes, File.ReadAllBytes(home.DefaultDatabase));
        Assert.NotEmpty(recovered["lost_ids"]!.AsArray());
        Assert.Equal("pass", CliProcess.Json(home, ["integrity", "check", "--db", file]).String("status"));
        Assert.True(DatabaseFile.Count(file, "entries") >= 6);
        CliProcess.Run(home, ["backup", "verify", file]).ShouldExitWith(0);
    }

    [Fact]
    public void RecoverReplace_Refused_LeavesAnInterruptedRestoreToBeGoneOnWith()
    {
        using var home = new TempHome();
        CliProcess.Save(home, "Something to recover");
        var (journal, taken) = (home.DefaultDatabase + ".restoring", Path.Combine(home.Path, "taken.db"));
        File.WriteAllText(journal, "");
        File.WriteAllText(taken, "");

        CliProcess.AssertRefused(home, 2, "is there already", ["recover", "--replace", "--into", taken]);

        Assert.True(File.Exists(journal));
        Assert.False(File.Exists(home.DefaultDatabase + ".frozen"));
    }

    [Fact]
    public void RecoverReplace_DamagedUnderAServer_PutsWhatIsLeftInPlaceAndKeepsTheFormer()
    {
        using var home = new TempHome();
        for (var i = 0; i < 12; i++) CliProcess.Save(home, $"Basalt number {i} {new string('x', 900)}");
        Damage(home.DefaultDatabase);
        using var server = McpProcess.StartInitialized(home, ["mcp", "--db", home.DefaultDatabase]);
        Assert.False(server.CallTool("save_memory", new() { ["text"] = "Saved beside the damage" }).IsError);
        var log = Path.Combine(home.Path, "log.md");

        var report = CliProcess.Json(home, ["recover", "--replace", "--record", log]);

        Assert.Equal(("replaced", "damaged"), (report.String("status"), report.Object("restore").Object("safety").String("kind")));
        Assert.Equal(2, File.ReadAllLines(log).Count(static line => line.Contains("recover of", StringComparison.Ordinal) || line.Contains("restore of", StringComparison.Ordinal)));
        Assert.False(File.Exists(home.DefaultDatabase + ".frozen"));
        Assert.Single(ToolCalls.Search(server, "beside"));
        ToolCalls.AssertWorks(server, "afterwards");
        server.CloseInput();
        Assert.Equal(0, server.WaitForExit());
        Assert.Equal("pass", CliProcess.Json(home, ["integrity", "check"]).String("status"));
    }

    [Fact]
    public void Recover_RuinedHeader_KeepsAllAndVerifiesAsABackup()
    {
        using var home = new TempHome();
        CliProcess.Save(home, "Before the damage: basalt");
        using (var file = File.OpenWrite(home.DefaultDatabase)) file.Write(new byte[100]);
        Assert.Contains("cairn recover reads the rest", CliProcess.Run(home, ["search", "basalt"]).ShouldExitWith(1).Error, StringComparison.Ordinal);

        var into = Path.Combine(home.Path, "new.db");
        var words = CliProcess.Run(home, ["recover", "--into", into]).ShouldExitWith(0).Output;

        Assert.Contains("header is ruined", words, StringComparison.Ordinal);
        Assert.Contains(into, words, StringComparison.Ordinal);
        CliProcess.Run(home, ["backup", "verify", into]).ShouldExitWith(0);
        Assert.Equal(["Before the damage: basalt"], DatabaseFile.Column(into, "SELECT body FROM entries"));
        CliProcess.AssertRefused(home, 2, "never overwritten", ["recover", "--into", into]);
    }

    [Fact]
    public void IndexRebuild_LostIndex_BacksUpFirstAndMeasures()
    {
        using var home = new TempHome();
        CliProcess.Save(home, "A needle of basalt");
        DatabaseFile.Execute(home.DefaultDatabase, "DROP TABLE entries_fts");
        Assert.Contains("cairn index rebuild", CliProcess.Run(home, ["index", "check"]).ShouldExitWith(1).Output, StringComparison.Ordinal);

        var rebuilt = CliProcess.Json(home, ["index", "rebuild"]);

        Assert.False(rebuilt.ContainsKey("before"));
        Assert.Equal("before-index-rebuild", rebuilt.Object("backup").Object("manifest").String("reason"));
        Assert.Contains("median", CliProcess.Run(home, ["index", "rebuild"]).ShouldExitWith(0).Output, StringComparison.Ordinal);
        CliProcess.Run(home, ["index", "check"]).ShouldExitWith(0);
        DatabaseFile.AssertIntact(home.DefaultDatabase);
    }

    [Fact]
    public void IndexStats_LogLines_AreShapesWithoutWords()
    {
        using var home = new TempHome();
        CliProcess.Save(home, "Entry");
        var time = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
        var logs = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(home.DefaultDatabase)!, "logs")).FullName;
        File.AppendAllText(Path.Combine(logs, $"{time[..10]}.jsonl"),
            $$"""{"event":"tool","time":"{{time}}","pid":1,"database":"memory.db","tool":"search","milliseconds":321,"status":"ok","terms":3,"filters":["path"],"hits":0}""" + "\n");

        var words = CliProcess.Run(home, ["index", "stats"]).ShouldExitWith(0).Output;

        Assert.Matches(@"3\s+path\s+1\s+1\s+1\s+321", words);
        CliProcess.AssertRefused(home, 2, "must be 1 to", ["index", "stats", "--days", "0"]);
    }

    [Fact]
    public void Server_LostIndex_SaysOnceThatItWasMadeAnew()
    {
        using var home = new TempHome();
        using var server = McpProcess.StartInitialized(home);
        ToolCalls.Save(server, "A needle of basalt");
        DatabaseFile.Execute(home.Database, "DROP TABLE entries_fts");

        var first = server.CallTool("search", new() { ["query"] = "basalt", ["project"] = "*" });
        var second = server.CallTool("search", new() { ["query"] = "basalt", ["project"] = "*" });

        Assert.Equal(1, (int)first.Structured["total"]!);
        Assert.True((bool)first.Structured["index_rebuilt"]!);
        Assert.False(second.Structured.ContainsKey("index_rebuilt"));
    }

    // Zeros over a page in the middle of the entries: the one on which the sixth stands.
    private static void Damage(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var at = bytes.AsSpan().IndexOf("Basalt number 6 "u8);
        bytes.AsSpan(at / PageSize * PageSize, PageSize).Clear();
        File.WriteAllBytes(path, bytes);
    }
}
