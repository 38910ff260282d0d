using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Mcp;

/// <summary>
/// A database that cannot be used is no reason to be gone: the server shakes hands and lists its tools, each tool says
/// what is wrong and what to do, nothing of the file changes, and once it is mended the same server works.
/// </summary>
public sealed class DatabaseTroubleTests
{
    [Fact]
    public void NewerSchema_EachToolSaysToUpdate_AndWorksOnceItIsMovedAway()
    {
        using var home = new TempHome();
        CliProcess.Run(home, ["migrate", "up", "--db", home.Database]).ShouldExitWith(0);
        DatabaseFile.Execute(home.Database, "PRAGMA user_version = 999");

        AssertRefusesAndMends(home, "MIGRATION_FAILURE", "This database has schema 999", "update cairn");
    }

    [Fact]
    public void FileOfAnotherProgram_EachToolSaysToNameAnother_AndWorksOnceItIsMovedAway()
    {
        using var home = new TempHome();
        DatabaseFile.Execute(home.Database, "CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)");

        AssertRefusesAndMends(home, "MIGRATION_FAILURE", "made by another program", "name another file with --db");
    }

    [Fact]
    public void TextFile_EachToolSaysToNameAnother_AndWorksOnceItIsMovedAway()
    {
        using var home = new TempHome();
        File.WriteAllText(home.Database, string.Concat(Enumerable.Repeat("Notes of mine, and no database.\n", 100)));

        AssertRefusesAndMends(home, "MIGRATION_FAILURE", "is not a SQLite database", "move this one away");
    }

    [Fact]
    public void DamagedHeader_EachToolSaysSo_AndWorksOnceItIsMovedAway()
    {
        using var home = new TempHome();
        CliProcess.Run(home, ["save", "Before the damage", "--db", home.Database]).ShouldExitWith(0);
        using (var file = File.OpenWrite(home.Database))
            file.Write(new byte[100]);

        AssertRefusesAndMends(home, "MIGRATION_FAILURE", "is not a SQLite database", "move this one away");
    }

    [Fact]
    public void FolderInPlaceOfTheFile_EachToolSaysSo_AndWorksOnceItIsMovedAway()
    {
        using var home = new TempHome();
        Directory.CreateDirectory(home.Database);

        AssertRefusesAndMends(home, "STORAGE_FAILURE", home.Database, "Name another file");
    }

    [Fact]
    public void FileInPlaceOfItsFolder_EachToolSaysSo_AndWorksOnceItIsMovedAway()
    {
        using var home = new TempHome();
        var folder = Path.Combine(home.Path, "data");
        File.WriteAllText(folder, "");
        var database = Path.Combine(folder, "memory.db");
        using var server = McpProcess.StartInitialized(home, ["mcp", "--db", database]);

        AssertEachToolRefuses(server, "STORAGE_FAILURE", database, "Name another file");
        File.Delete(folder);

        AssertEachToolWorks(server);
    }

    [Fact]
    public void FolderThatMayNotBeWritten_EachToolSaysSo_AndWorksOnceItMay()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess) return; // a mode holds nobody back there
        using var home = new TempHome();
        var folder = Directory.CreateDirectory(Path.Combine(home.Path, "data"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using var server = McpProcess.StartInitialized(home, ["mcp", "--db", Path.Combine(folder.FullName, "memory.db")]);

        AssertEachToolRefuses(server, "STORAGE_FAILURE", folder.FullName, "Name another file");
        folder.UnixFileMode |= UnixFileMode.UserWrite;

        AssertEachToolWorks(server);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void BrokenConfigurationFile_EachToolSaysSo_AndWorksOnceItIsMended(bool databaseIsNamed)
    {
        using var home = new TempHome();
        home.WriteConfig("{ \"db_path\": ");
        using var server = McpProcess.StartInitialized(home, databaseIsNamed ? ["mcp", "--db", home.Database] : ["mcp"]);

        AssertEachToolRefuses(server, "INVALID_ARGUMENT", home.ConfigFile, "mend it or move it away");
        Assert.Contains(home.ConfigFile, server.Error, StringComparison.Ordinal);
        home.WriteConfig("{}");

        AssertEachToolWorks(server);
        server.CloseInput();
        Assert.Equal(0, server.WaitForExit());
        DatabaseFile.AssertIntact(databaseIsNamed ? home.Database : home.DefaultDatabase);
    }

    [Fact]
    public void BrokenConfigurationFile_UntilTheEnd_EndsAsOtherServersDo()
    {
        using var home = new TempHome();
        home.WriteConfig("[]");
        using var server = McpProcess.StartInitialized(home);

        server.CloseInput();

        Assert.Equal(0, server.WaitForExit());
        Assert.False(File.Exists(home.Database));
    }

    [Fact]
    public void FileMovedAwayFromAServerThatUsesIt_TheNextCallMakesAnother_AndNothingIsSavedInTheMovedOne()
    {
        if (OperatingSystem.IsWindows()) return; // there an open file cannot be moved
        using var home = new TempHome();
        using var server = McpProcess.StartInitialized(home);
        ToolCalls.Save(server, "Before it was moved.");
        foreach (var file in Directory.EnumerateFiles(home.Path, "memory.db*"))
            File.Move(file, Path.Combine(home.Project, Path.GetFileName(file)));

        ToolCalls.AssertWorks(server, "afterthemove");

        server.CloseInput();
        Assert.Equal(0, server.WaitForExit());
        Assert.Equal(["Before it was moved."], DatabaseFile.Column(Path.Combine(home.Project, "memory.db"), "SELECT body FROM entries"));
        Assert.Equal(1, DatabaseFile.Count(home.Database, "entries"));
        DatabaseFile.AssertIntact(home.Database);
    }

    [Fact]
    public void FullTextIndexIsGone_SavesGoOn_AndTheNextSearchMakesItAnew()
    {
        using var home = new TempHome();
        using var server = McpProcess.StartInitialized(home);
        var before = ToolCalls.Save(server, "Saved before the index was lost: basalt");
        DatabaseFile.Execute(home.Database, "DROP TABLE entries_fts");

        var without = ToolCalls.Save(server, "Saved without an index: basalt");

        Assert.Equal(new[] { before, without }.Order(), ToolCalls.Search(server, "basalt").Order());
        server.CloseInput();
        Assert.Equal(0, server.WaitForExit());
        DatabaseFile.AssertIntact(home.Database);
    }

    private static void AssertRefusesAndMends(TempHome home, string code, params string[] words)
    {
        var bytes = File.Exists(home.Database) ? File.ReadAllBytes(home.Database) : null;
        using var server = McpProcess.StartInitialized(home);

        AssertEachToolRefuses(server, code, words);
        if (bytes is not null) Assert.Equal(bytes, File.ReadAllBytes(home.Database));

        Directory.Move(home.Database, $"{home.Database}.away");
        AssertEachToolWorks(server);
        server.CloseInput();
        Assert.Equal(0, server.WaitForExit());
        DatabaseFile.AssertIntact(home.Database);
    }

    private static void AssertEachToolRefuses(McpProcess server, string code, params string[] words)
    {
        Assert.Equal(ToolCalls.Names, server.ListTools().Select(static tool => tool.String("name")));
        foreach (var tool in ToolCalls.Names)
        {
            var result = server.CallTool(tool, ToolCalls.Valid(tool, "06BQ1Z7K3M9XWVTD"));
            Assert.True(result.ErrorCode == code, $"{tool}: {result.Text}");
            var message = result.Structured.Object("error").String("message");
            Assert.All(words, word => Assert.Contains(word, message, StringComparison.Ordinal));
        }
        Assert.DoesNotContain(" at ", server.Error, StringComparison.Ordinal);
    }

    private static void AssertEachToolWorks(McpProcess server)
    {
        var id = ToolCalls.Save(server, "It is mended.");
        foreach (var tool in ToolCalls.Names)
        {
            var result = server.CallTool(tool, ToolCalls.Valid(tool, id));
            Assert.False(result.IsError, $"{tool}: {result.Text}");
        }
    }
}
