using Cairn.Engine.Search;
using Cairn.Engine.Storage;
using CsCheck;

namespace Cairn.Engine.Tests.Search.RankedIndex;

/// <summary>The ranked index answers as FTS5 does, whatever was done to the entries, and whatever became of it.</summary>
public sealed class RankedIndexTests
{
    [Fact]
    public void Best_RandomEntriesThatChange_AreThoseOfFts5InEveryScore() => Gen.Int[0, 1_000_000].Sample(static seed =>
    {
        using var corpus = new RankedCorpus(seed);
        var random = new Random(seed);
        for (var step = 0; step < 5; step++)
        {
            corpus.Add(random.Next(20, 500));
            if (random.Next(2) == 0) corpus.Change(random.Next(1, 12));
            if (random.Next(3) > 0) corpus.Cairn.Engine.Ranking.Build(TestContext.Current.CancellationToken);
            corpus.Compare(12);
        }
        corpus.Cairn.Engine.Ranking.Build(TestContext.Current.CancellationToken);
        Assert.Empty(corpus.Compare(15));
        AssertSound(corpus);
    }, iter: 6, threads: 1);

    [Fact]
    public void Build_ManyEntries_AreMergedIntoFewSegments()
    {
        using var corpus = new RankedCorpus(1);
        for (var i = 0; i < 20; i++)
        {
            corpus.Add(100);
            corpus.Cairn.Engine.Ranking.Build(TestContext.Current.CancellationToken);
        }

        var status = corpus.Cairn.Engine.Ranking.Status();
        Assert.Equal("on", status.State);
        Assert.InRange(status.Segments, 2, 9);
        Assert.InRange(status.Of - status.Covered, 0, 64);
        Assert.Equal(["whole"], corpus.Cairn.Rows("SELECT DISTINCT state FROM ranked_segments"));
        Assert.Empty(corpus.Compare(20));
    }

    [Fact]
    public void Best_Phrase_IsLeftToFts5()
    {
        using var corpus = Built(300);
        using var connection = corpus.View();

        Assert.Null(corpus.Reader.Best(connection, "\"cache page\" OR \"lock\"", new SearchFilter(), 20));
        Assert.Null(corpus.Reader.Best(connection, "\"lock\"", new SearchFilter { Path = "src" }, 20));
        Assert.True(corpus.Compare(connection, "\"lock\" OR \"lock\"*", new SearchFilter(), 20));
    }

    [Fact]
    public void Best_ReaderThatBeganBeforeAMergeAndAPurge_AnswersAsItsViewHasIt()
    {
        using var corpus = Built(250);
        using var connection = corpus.View();
        Assert.True(corpus.Compare(connection, "\"cache\"", new SearchFilter(), 20));

        corpus.Add(400);
        corpus.Cairn.Engine.Ranking.Build(TestContext.Current.CancellationToken);
        corpus.Cairn.Sql("DELETE FROM entries WHERE key = 100");
        corpus.Cairn.Engine.Ranking.Build(TestContext.Current.CancellationToken);

        corpus.Compare(connection, "\"cache\" OR \"wal\"", new SearchFilter { ProjectKey = 1 }, 20);
        connection.ExecuteScript("COMMIT");
        Assert.Empty(corpus.Compare(10));
    }

    [Fact]
    public void Purge_OfAnEntryInASegment_LeavesNoTraceOfItsWords()
    {
        using var corpus = new RankedCorpus(3);
        var word = string.Concat("zanzi", "barword");
        var id = corpus.Cairn.Save($"{word} stands here alone");
        corpus.Add(600);
        corpus.Cairn.Engine.Ranking.Build(TestContext.Current.CancellationToken);
        Assert.True(corpus.Cairn.Holds(word));

        corpus.Cairn.Purge(id);

        Assert.False(corpus.Cairn.Holds(word));
        Assert.False(corpus.Cairn.Holds(word[..^4]));
        corpus.Cairn.Engine.Ranking.Build(TestContext.Current.CancellationToken);
        Assert.False(corpus.Cairn.Holds(word[..^4]));
        Assert.Empty(corpus.Compare(10));
    }

    [Theory]
    [InlineData("UPDATE ranked_pages SET data = zeroblob(length(data))")]
    [InlineData("UPDATE ranked_pages SET data = substr(data, 1, length(data) / 2) WHERE key % 3 = 0")]
    [InlineData("DELETE FROM ranked_pages WHERE key % 2 = 0")]
    [InlineData("UPDATE ranked_segments SET entries = entries - 1")]
    [InlineData("DROP TABLE ranked_pages")]
    [InlineData("DROP TABLE ranked_segments")]
    [InlineData("DROP TRIGGER ranked_index_gone")]
    public void Search_DamagedSegment_IsAnsweredByFts5AndTheSegmentIsMadeAnew(string damage)
    {
        using var corpus = Built(600);
        var healthy = corpus.Cairn.Find("cache pages retries");
        corpus.Cairn.Sql(damage);
        corpus.Cairn.Reopen();

        Assert.Equal(healthy, corpus.Cairn.Find("cache pages retries"));
        Assert.Contains(corpus.Cairn.Engine.Integrity.Check(quick: true).Checks, static check => check.Status == "fail" && check.Fix == "cairn index rebuild");
        corpus.Compare(10);
        for (var i = 0; i < 12; i++)
        {
            corpus.Cairn.Engine.Ranking.Build(TestContext.Current.CancellationToken);
            if (corpus.Compare(5).Count == 0) break;
        }

        Assert.Empty(corpus.Compare(10));
        AssertSound(corpus);
        Assert.Equal(healthy, corpus.Cairn.Find("cache pages retries"));
    }

    [Fact]
    public void Build_EndedAnywhere_LeavesAValidSetAndGoesOn()
    {
        using var corpus = new RankedCorpus(5);
        corpus.Add(1500);
        for (var writes = 1; writes < 40; writes++)
        {
            using var stop = new CancellationTokenSource();
            var left = writes;
            using var another = corpus.Cairn.Another();
            another.Ranking.Stepped = () => { if (--left <= 0) stop.Cancel(); };
            another.Ranking.Build(stop.Token);
            corpus.Compare(1);
        }
        corpus.Cairn.Engine.Ranking.Build(TestContext.Current.CancellationToken);
        Assert.Empty(corpus.Compare(10));
        Assert.Equal(["whole"], corpus.Cairn.Rows("SELECT DISTINCT state FROM ranked_segments"));
        Assert.Equal(["0"], corpus.Cairn.Rows("SELECT count(*) FROM ranked_pages WHERE key >> 20 NOT IN (SELECT key FROM ranked_segments)"));
    }

    [Fact]
    public void Search_RankedIndexOff_GivesTheSame()
    {
        using var corpus = Built(400);
        using var off = new CairnEngine(corpus.Cairn.Options with { RankedIndex = false });
        foreach (var query in (string[])["cache", "caching the locks", "記憶 café", "nothing of this"])
            Assert.Equal(corpus.Cairn.Find(query), EngineFixture.Ids(off.Search.Search(new SearchQuery { Query = query }, corpus.Cairn.Context)));
        Assert.Equal("off", off.Ranking.Status().State);
        Assert.Equal(0, off.Ranking.Build(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Tokenizer_IsTheTables()
    {
        using var corpus = Built(10);

        Assert.Contains($"tokenize = '{FullTextTokenizer.Definition}'", Assert.Single(corpus.Cairn.Rows("SELECT sql FROM sqlite_schema WHERE name = 'entries_fts'")), StringComparison.Ordinal);
    }

    [Fact]
    public void IndexRebuild_MakesSegmentsAtOnce()
    {
        using var corpus = new RankedCorpus(8);
        corpus.Add(300);

        corpus.Cairn.Engine.Index.Rebuild();

        Assert.InRange(corpus.Cairn.Engine.Ranking.Status().Covered, 200, 302);
        Assert.Empty(corpus.Compare(5));
    }

    // What the corpus does past the services is not all as they would do it.
    private static void AssertSound(RankedCorpus corpus) => Assert.All(
        corpus.Cairn.Engine.Integrity.Check(quick: true).Checks.Where(static check => check.Name is "ranked_index" or "index" or "schema" or "sqlite"), static check => Assert.Equal("pass", check.Status));

    private static RankedCorpus Built(int entries)
    {
        var corpus = new RankedCorpus(entries);
        corpus.Add(entries);
        corpus.Cairn.Engine.Ranking.Build(TestContext.Current.CancellationToken);
        return corpus;
    }
}
