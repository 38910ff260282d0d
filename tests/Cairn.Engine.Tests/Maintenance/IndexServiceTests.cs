using Cairn.Engine.Maintenance;
using Cairn.Engine.Search;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Tests.Maintenance;

/// <summary>The full-text index by itself and on request made anew, and what was asked of it.</summary>
public sealed class IndexServiceTests : IDisposable
{
    private readonly EngineFixture _cairn = new();

    public void Dispose() => _cairn.Dispose();

    [Fact]
    public void Rebuild_HealthyIndex_BacksUpAndMeasuresTheSameQueriesTwice()
    {
        for (var i = 0; i < 20; i++) _cairn.Save($"Entry {i} about an error in the configuration");
        var steps = new List<string>();

        var rebuilt = _cairn.Engine.Index.Rebuild(steps.Add);

        Assert.Equal(["backing up", "measuring", "rebuilding", "ranking", "measuring"], steps);
        Assert.Equal((BackupReason.BeforeIndexRebuild, 20), (rebuilt.Backup.Manifest!.Reason, rebuilt.Entries));
        Assert.Equal((rebuilt.Before!.Queries, rebuilt.Before.Hits), (rebuilt.After.Queries, rebuilt.After.Hits));
        Assert.True(rebuilt.After.Hits >= 40);
        Assert.Equal("pass", _cairn.Engine.Integrity.CheckIndex().Status);
    }

    [Fact]
    public void Rebuild_BrokenIndex_MakesItAnewAndHasNoLatencyBefore()
    {
        _cairn.Save("A needle");
        _cairn.Sql("DROP TABLE entries_fts_data");
        Assert.Equal("fail", _cairn.Engine.Integrity.CheckIndex().Status);
        _cairn.Sql("DROP TABLE entries_fts_idx; DROP TABLE entries_fts_docsize");

        var rebuilt = _cairn.Engine.Index.Rebuild();

        Assert.Null(rebuilt.Before);
        Assert.Equal(1, rebuilt.Entries);
        Assert.Single(_cairn.Find("needle"));
        Assert.Equal("pass", _cairn.Engine.Integrity.Check().Status);
    }

    [Fact]
    public void Search_IndexIsLost_SaysOnceThatItWasMadeAnew()
    {
        var id = _cairn.Save("A needle");
        _cairn.Sql("DROP TABLE entries_fts");

        var first = _cairn.Search("needle");

        Assert.Equal([id], EngineFixture.Ids(first));
        Assert.True(first.IndexRebuilt);
        Assert.Null(_cairn.Search("needle").IndexRebuilt);
    }

    [Theory]
    [InlineData("DROP TABLE entries_fts")]
    [InlineData("UPDATE entries_fts_data SET block = zeroblob(length(block)) WHERE id > 10")]
    public async Task Search_IndexIsLostAndTenSearchAtOnce_OneMakesItAnew(string fault)
    {
        for (var i = 0; i < 50; i++) _cairn.Save($"A needle, number {i}");
        _cairn.Sql(fault);
        _cairn.Engine.Dispose();
        var engines = Enumerable.Range(0, 10).Select(_ => _cairn.Another()).ToList();

        var results = await Task.WhenAll(engines.Select(engine => EngineFixture.Start(() => engine.Search.Search(new SearchQuery { Query = "needle" }, _cairn.Context))));

        engines.ForEach(static engine => engine.Dispose());
        Assert.All(results, static result => Assert.Equal(50, result.Total));
        Assert.Single(results, static result => result.IndexRebuilt is true);
        _cairn.Reopen();
    }

    [Fact]
    public void Search_IndexCannotBeMadeAnew_IsAnErrorThatNamesTheCommand()
    {
        _cairn.Save("A needle");
        // A table of the name stands where the index would be made.
        _cairn.Sql("DROP TABLE entries_fts; CREATE VIEW entries_fts AS SELECT 1 AS title");

        var error = Assert.Throws<EngineException>(() => _cairn.Search("needle"));

        Assert.Equal(ErrorCode.StorageFailure, error.Code);
        Assert.Contains("cairn integrity check", error.Message, StringComparison.Ordinal);
        Assert.Equal("saved", _cairn.Store(new() { Text = "Saves go on" }).Status);
    }

    [Fact]
    public void Statistics_Log_GroupsByShapeWithTheSlowAndEmptyFirst()
    {
        var logs = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(_cairn.DatabasePath)!, "logs")).FullName;
        File.WriteAllLines(Path.Combine(logs, "2026-03-13.jsonl"),
        [
            Line("2026-03-13T10:00:00.000Z", 2, "", 5, 3), Line("2026-03-13T10:00:01.000Z", 2, "", 7, 4), Line("2026-03-13T10:00:02.000Z", 4, "\"path\",\"type\"", 250, 0),
            Line("2025-01-01T10:00:00.000Z", 9, "", 1, 1),
            Line("2026-03-13T10:00:03.000Z", 8, "", 1, 1).Replace("memory.db", "another.db", StringComparison.Ordinal),
            """{"event":"tool","tool":"save_memory","time":"2026-03-13T10:00:00.000Z","milliseconds":1}""",
            """{"event":"tool","tool":"search","time":"2026-03""",
        ]);

        var statistics = _cairn.Engine.Index.Statistics(14);

        Assert.Equal(3, statistics.Searches);
        Assert.Equal([new SearchShape(4, "path, type", 1, 1, 1, 250, 250), new SearchShape(2, "", 2, 0, 0, 7, 7)], statistics.Shapes);

        static string Line(string time, int terms, string filters, double milliseconds, int hits) => FormattableString.Invariant(
            $"{{\"event\":\"tool\",\"time\":\"{time}\",\"pid\":1,\"database\":\"memory.db\",\"tool\":\"search\",\"milliseconds\":{milliseconds},\"status\":\"ok\",\"terms\":{terms},\"filters\":[{filters}],\"hits\":{hits}}}");
    }

    [Fact]
    public void Statistics_NoLog_IsEmpty() => Assert.Equal(0, _cairn.Engine.Index.Statistics(1).Searches);

    [Theory]
    [InlineData(0)]
    [InlineData(IndexService.MaxDays + 1)]
    public void Statistics_DaysOutOfRange_AreRefused(int days) =>
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<EngineException>(() => _cairn.Engine.Index.Statistics(days)).Code);

    [Fact]
    public void SchemaObjects_OfAFreshDatabase_AreThoseOfTheMigrations()
    {
        _cairn.Save("Entry");
        using var connection = DatabaseConnection.Open(_cairn.DatabasePath, 1024);

        Assert.Empty(SchemaObjects.Differences(connection));
    }
}
