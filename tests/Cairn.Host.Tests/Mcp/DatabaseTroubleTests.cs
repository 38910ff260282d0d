using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Mcp;

/// <summary>
/// A database that cannot be used is no reason to be gone: the server shakes hands and lists its tools, each tool says
/// what is wrong and what to do, nothing of the file changes, and once it is mended the same server works.
/// </summary>
public sealed class DatabaseTroubleTests
{
    [Fact]
    public void TextFile_EachToolSaysToNameAnother_AndWorksOnceItIsMovedAway()
    {
        using var home = new TempHome();
        File.WriteAllText(home.Database, string.Concat(Enumerable.Repeat("Notes of mine, and no database.\n", 100)));

        UnusableDatabase.AssertRefusesAndMends(home, "MIGRATION_FAILURE", "is not a SQLite database", "move this one away");
    }

    [Fact]
    public void DamagedHeader_EachToolSaysSo_AndWorksOnceItIsMovedAway()
    {
        using var home = new TempHome();
        CliProcess.Run(home, ["save", "Before the damage", "--db", home.Database]).ShouldExitWith(0);
        using (var file = File.OpenWrite(home.Database))
            file.Write(new byte[100]);

        UnusableDatabase.AssertRefusesAndMends(home, "MIGRATION_FAILURE", "is not a SQLite database", "move this one away");
    }

    [Fact]
    public void FolderInPlaceOfTheFile_EachToolSaysSo_AndWorksOnceItIsMovedAway()
    {
        using var home = new TempHome();
        Directory.CreateDirectory(home.Database);

        UnusableDatabase.AssertRefusesAndMends(home, "STORAGE_FAILURE", home.Database, "Name another file");
    }

    [Fact]
    public void FileInPlaceOfItsFolder_EachToolSaysSo_AndWorksOnceItIsMovedAway()
    {
        using var home = new TempHome();
        var folder = Path.Combine(home.Path, "data");
        File.WriteAllText(folder, "");
        var database = Path.Combine(folder, "memory.db");
        using var server = McpProcess.StartInitialized(home, ["mcp", "--db", database]);

        UnusableDatabase.AssertEachToolRefuses(server, "STORAGE_FAILURE", database, "Name another file");
        File.Delete(folder);

        UnusableDatabase.AssertEachToolWorks(server);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void BrokenConfigurationFile_EachToolSaysSo_AndWorksOnceItIsMended(bool databaseIsNamed)
    {
        using var home = new TempHome();
        home.WriteConfig("{ \"db_path\": ");
        using var server = McpProcess.StartInitialized(home, databaseIsNamed ? ["mcp", "--db", home.Database] : ["mcp"]);

        UnusableDatabase.AssertEachToolRefuses(server, "INVALID_ARGUMENT", home.ConfigFile, "mend it or move it away");
        Assert.Contains(home.ConfigFile, server.Error, StringComparison.Ordinal);
        home.WriteConfig("{}");

        UnusableDatabase.AssertEachToolWorks(server);
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
}
