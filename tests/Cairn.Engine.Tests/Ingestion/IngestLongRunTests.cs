using Cairn.Engine.Ingestion;
using Microsoft.Extensions.Time.Testing;

namespace Cairn.Engine.Tests.Ingestion;

/// <summary>Runs that take long, are interrupted, or meet another.</summary>
public sealed class IngestLongRunTests
{
    // Every look at this clock is a second later.
    private static FakeTimeProvider Hurried() => new() { AutoAdvanceAmount = TimeSpan.FromSeconds(1) };

    [Fact]
    public void Ingest_LongRun_TellsHowFarItIs()
    {
        using var folder = new DocumentFolder(Hurried());
        for (var i = 0; i < 5; i++) folder.Write($"{i}.md", "Text");
        var told = new List<IngestionProgress>();

        folder.Ingest(new IngestionRequest { Sources = ["."] }, progress: told.Add);

        Assert.NotEmpty(told);
        Assert.All(told, progress => Assert.Equal(5, progress.Total));
        Assert.Equal(told.Select(progress => progress.Done).Order(), told.Select(progress => progress.Done));
    }

    [Fact]
    public void Ingest_Interrupted_GoesOnWhereItWas()
    {
        using var folder = new DocumentFolder(Hurried());
        for (var i = 0; i < 40; i++) folder.Write($"{i:00}.md", string.Concat(Enumerable.Range(0, 10).Select(n => $"# H{n}\n\nText {n}\n\n")));
        using var stop = new CancellationTokenSource();

        Assert.Throws<OperationCanceledException>(() => folder.Fixture.Engine.Ingestion.Ingest(
            new IngestionRequest { Sources = ["."] }, folder.Context, progress => { if (progress.Done >= 25) stop.Cancel(); }, stop.Token));
        Assert.Equal(["200"], folder.Fixture.Rows("SELECT count(*) FROM entries"));

        Assert.Equal((200, 200, 0), folder.Counts("."));
        Assert.Equal(["400|400"], folder.Fixture.Rows("SELECT count(*), count(DISTINCT source_ref) FROM entries WHERE state = 'active'"));
    }

    [Fact]
    public void Ingest_InterruptedWithinAFile_TakesTheRestOfIt()
    {
        using var folder = new DocumentFolder();
        folder.Write("big.md", string.Concat(Enumerable.Range(0, 250).Select(n => $"# H{n}\n\nText {n}\n\n")));
        folder.Fixture.Store(new() { Text = "The database is there." });
        folder.Fixture.Sql("CREATE TRIGGER stop BEFORE INSERT ON entries WHEN new.source_ref = 'big.md#h150' BEGIN SELECT RAISE(ABORT, 'no more'); END");

        Assert.Throws<EngineException>(() => folder.Ingest("big.md"));
        Assert.Empty(folder.Events());
        folder.Fixture.Sql("DROP TRIGGER stop");

        Assert.Equal((150, 100, 0), folder.Counts("big.md"));
        Assert.Equal(["big.md imported 250"], folder.Events());
    }

    [Fact]
    public async Task Ingest_BySeveralAtOnce_WritesEverySectionOnce()
    {
        using var folder = new DocumentFolder();
        for (var i = 0; i < 30; i++) folder.Write($"{i:00}.md", string.Concat(Enumerable.Range(0, 10).Select(n => $"# H{n}\n\nText {n}\n\n")));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            using var engine = folder.Fixture.Another();
            engine.Ingestion.Ingest(new IngestionRequest { Sources = ["."] }, folder.Context, cancellation: TestContext.Current.CancellationToken);
        }, TestContext.Current.CancellationToken)));

        Assert.Equal(["300|300"], folder.Fixture.Rows("SELECT count(*), count(DISTINCT source_ref) FROM entries"));
    }

    [Fact]
    public void Ingest_Journal_HasARowAFileAndRun()
    {
        using var folder = new DocumentFolder();
        folder.Write("x.md", "# A\n\nText");
        folder.Ingest("x.md", "../y.md");
        folder.Write("x.md", "# A\n\nOther");
        folder.Ingest("x.md");

        Assert.Equal(["../y.md skipped 0", "x.md imported 1", "x.md superseded 1"], folder.Events());
        Assert.Equal(["2"], folder.Fixture.Rows("SELECT count(DISTINCT run_id) FROM ingestion_events"));
        Assert.Equal(["1"], folder.Fixture.Rows("SELECT count(*) FROM ingestion_events WHERE reason IS NOT NULL AND content_hash IS NULL"));
    }
}
