using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Faults;

/// <summary>The full-text index is gone, damaged or out of step: no save is refused, and a search makes it anew or a check says so.</summary>
public sealed class Row13FullTextIndexTests : IDisposable
{
    private readonly TempHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("gone", "DROP TABLE entries_fts")]
    [InlineData("damaged", "UPDATE entries_fts_data SET block = zeroblob(length(block))")]
    [InlineData("damaged in its structure", "DELETE FROM entries_fts_data WHERE id = 10")]
    [InlineData("without its triggers", "DROP TRIGGER entries_fts_insert; DROP TRIGGER entries_fts_update")]
    public void Row13_IndexLost_SavesGoOnAndTheNextSearchMakesItAnew(string how, string sql)
    {
        using var server = McpProcess.StartInitialized(_home);
        var before = ToolCalls.Save(server, "Saved before the index was lost: basalt");
        DatabaseFile.Execute(_home.Database, sql);

        var without = ToolCalls.Save(server, "Saved without an index: basalt");
        var found = server.CallTool("search", new System.Text.Json.Nodes.JsonObject { ["query"] = "basalt" });

        Assert.False(found.IsError, found.Text);
        Assert.Equal(new[] { before, without }.Order(), found.Structured.Array("items").Select(static item => item!.AsObject().String("id")).Order());
        Assert.NotNull(found.Structured["index_rebuilt"]);
        Assert.Null(server.CallTool("search", new System.Text.Json.Nodes.JsonObject { ["query"] = "basalt" }).Structured["index_rebuilt"]);
        server.CloseInput();
        Assert.Equal(0, server.WaitForExit());
        DatabaseFile.AssertIntact(_home.Database);
        Assert.Contains("index.rebuilt", string.Concat(Directory.GetFiles(Path.Combine(_home.Path, "logs")).Select(File.ReadAllText)), StringComparison.Ordinal);
        FaultRun.Report(13, $"full-text index {how}", "SQL behind Cairn's back", 1, "gone, damaged or without triggers: the save goes on, the next search makes the index anew, once, finds all, and the event log says so", "search: \"index_rebuilt\"");
    }

    [Fact]
    public void Row13_IndexOutOfStep_IsFoundByItsCheckAndMendedByRebuild()
    {
        using var server = McpProcess.StartInitialized(_home);
        var kept = ToolCalls.Save(server, "A basalt column");
        ToolCalls.Save(server, "A basalt floor");
        var trigger = DatabaseFile.Column(_home.Database, "SELECT sql FROM sqlite_schema WHERE name = 'entries_fts_delete'")[0];
        DatabaseFile.Execute(_home.Database, $"DROP TRIGGER entries_fts_delete; DELETE FROM entries WHERE id <> '{kept}'; {trigger};");

        var found = server.CallTool("search", new System.Text.Json.Nodes.JsonObject { ["query"] = "basalt" }).Structured;
        Assert.Equal([kept], found.Array("items").Select(static item => item!.AsObject().String("id")));
        if (found["index_rebuilt"] is null) CliProcess.Run(_home, ["index", "check", "--db", _home.Database]).ShouldExitWith(1);
        var later = ToolCalls.Save(server, "Basalt again");
        Assert.Equal(new[] { kept, later }.Order(), ToolCalls.Search(server, "basalt").Order());
        CliProcess.Run(_home, ["index", "rebuild", "--db", _home.Database]).ShouldExitWith(0);
        CliProcess.Run(_home, ["index", "check", "--db", _home.Database]).ShouldExitWith(0);

        server.CloseInput();
        Assert.Equal(0, server.WaitForExit());
        DatabaseFile.AssertIntact(_home.Database);
        FaultRun.Report(13, "full-text index out of step", "rows deleted behind the triggers", 1, "out of step: no missing entry is found, saves and searches go on, index rebuild mends it", "index check: what is out of step");
    }
}
