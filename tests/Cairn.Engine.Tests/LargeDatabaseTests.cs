using Cairn.Engine.Entries;
using Cairn.Engine.Search;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Tests;

/// <summary>What only shows with many entries: the log stays small, a search's plan stays the same, totals become estimates.</summary>
public sealed class LargeDatabaseTests(LargeDatabaseTests.Corpus corpus) : IClassFixture<LargeDatabaseTests.Corpus>
{
    private readonly EngineFixture _cairn = corpus.Cairn;

    [Fact]
    public void Save_TwoThousandEntries_TheLogStaysBounded() => Assert.InRange(corpus.LargestLog, 1, 20_000_000);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Compose_AllFilters_TheIndexDrivesAndEntriesAreLookedUpByKey(bool analysed)
    {
        if (analysed) _cairn.Sql("ANALYZE");
        var filter = new SearchFilter
        {
            ProjectKey = 1,
            Type = "decision",
            After = corpus.Start,
            Before = corpus.Start.AddHours(1),
            SessionId = "session",
            Path = "src",
        };

        foreach (var (includeSuperseded, narrow) in new[] { (false, filter), (true, filter), (false, new SearchFilter()), (false, new SearchFilter { ProjectKey = 1 }) })
        {
            var (sql, arguments) = FullTextIndex.Compose("\"common\" OR \"text\"", narrow with { IncludeSuperseded = includeSuperseded }, 300);
            using var connection = DatabaseConnection.Open(_cairn.DatabasePath, 1024);
            var plan = connection.Query($"EXPLAIN QUERY PLAN {sql}", static row => row.GetString(3), arguments);

            Assert.StartsWith("SCAN entries_fts VIRTUAL TABLE INDEX", plan[0], StringComparison.Ordinal);
            Assert.Matches(@"^SEARCH e USING (COVERING )?INDEX entries_filter \(key=\?", plan[1]);
            Assert.DoesNotContain(plan, step => step.StartsWith("SCAN e ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Search_MoreMatchesThanAreLookedAt_TotalIsAnEstimate()
    {
        var result = _cairn.Search(new SearchQuery { Query = "common", Limit = 100 });

        Assert.Equal((300, true, 100), (result.Total, result.TotalIsEstimate, result.Items.Count));
    }

    [Fact]
    public void Rarest_OfFrequentWords_AreThoseThatFewEntriesHold()
    {
        var rarest = _cairn.Engine.Search.Rarest(["text", "common", "hundredth", "nowhere"], Corpus.Size / 100);

        Assert.Equal([("nowhere", 0), ("hundredth", Corpus.Size / 100)], rarest);
        Assert.Equal(2, _cairn.Engine.Search.Rarest(["text", "common"], 5).Count);
        Assert.Equal(6, _cairn.Engine.Search.Rarest(["text", "common"], 5)[0].Count);
    }

    [Fact]
    public void Search_FewerMatchesThanAreLookedAt_TotalIsExact()
    {
        var result = _cairn.Search("hundredth");

        Assert.Equal((Corpus.Size / 100, null), (result.Total, result.TotalIsEstimate));
    }

    [Fact]
    public void Search_DeepOffset_ReachesAllMatches()
    {
        var query = new SearchQuery { Query = "common", Limit = 100 };
        var ids = Enumerable.Range(0, 21).SelectMany(page => EngineFixture.Ids(_cairn.Search(query with { Offset = page * 100 }))).ToList();

        Assert.Equal(Corpus.Size, ids.Count);
        Assert.Equal(Corpus.Size, ids.Distinct().Count());
        Assert.Equal((Corpus.Size, null), (_cairn.Search(query with { Offset = Corpus.Size - 50 }).Total, _cairn.Search(query with { Offset = Corpus.Size - 50 }).TotalIsEstimate));
    }

    [Fact]
    public void Search_PathThatIsFound_IsNotAskedForByTheCommonPartsOfIt()
    {
        var query = new SearchQuery { Query = "lib/tenth.py" };

        Assert.Equal(Corpus.Size / 10, _cairn.Search(query).Total);
        Assert.Equal(0, _cairn.Search(query with { Type = "question" }).Total);
        Assert.Equal(1, _cairn.Search(query with { Query = "main/src.py", Type = "question" }).Total);
    }

    /// <summary>Two thousand entries of about a kilobyte, the last of them a question about a part of a path.</summary>
    public sealed class Corpus : IDisposable
    {
        public const int Size = 2000;

        public Corpus()
        {
            var log = new FileInfo(Cairn.DatabasePath + "-wal");
            for (var i = 0; i < Size; i++)
            {
                Cairn.Save(new NewEntry
                {
                    Text = $"Entry {i} of a common text, {(i % 100 == 0 ? "hundredth" : "other")}, see {(i % 10 == 0 ? "lib/tenth.py" : i == Size - 1 ? "py" : "it")}. {string.Join(' ', Enumerable.Range(0, 120).Select(j => $"w{(i * 7919 + j * 104_729) % 5000}"))}",
                    Type = i == Size - 1 ? "question" : i % 5 == 0 ? "decision" : null,
                    SourceRef = $"src/file{i % 50}.cs",
                });
                log.Refresh();
                LargestLog = Math.Max(LargestLog, log.Length);
            }
        }

        internal EngineFixture Cairn { get; } = new();

        internal DateTimeOffset Start => Cairn.Time.Start;

        internal long LargestLog { get; }

        public void Dispose() => Cairn.Dispose();
    }
}
