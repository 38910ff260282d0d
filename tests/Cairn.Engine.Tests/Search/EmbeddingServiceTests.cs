using System.Globalization;
using Cairn.Engine.Embeddings;
using Cairn.Engine.Entries;
using Cairn.Engine.Search;
using Cairn.Engine.Storage;
using Cairn.Engine.Tests.Embeddings;

namespace Cairn.Engine.Tests.Search;

public sealed class EmbeddingServiceTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly EngineFixture _cairn = new(static options => options with { ModelDirectory = ModelFiles.Folder });

    [Fact]
    public void Search_InOtherWords_FindsWhatIsMeant()
    {
        var backups = _cairn.Save("The nightly job dumps PostgreSQL into object storage");
        _cairn.Save("The cat sleeps on the sofa");
        Rebuild();

        Assert.Equal(backups, Ask("where do copies of our database go")[0]);
    }

    [Fact]
    public void Search_ByMeaning_KeepsToProjectStateAndFilters()
    {
        var old = _cairn.Save("The nightly job dumps PostgreSQL into object storage");
        _cairn.Save("Dumps of the database are kept for a year", _cairn.In("other"));
        var gone = _cairn.Save("Copies of the database are tested each month");
        var now = Assert.IsType<SaveOutcome.Stored>(_cairn.Entries.Update(new EntryChange { Id = old, Action = EntryAction.Revise, Text = "Backups of the database go to another site each night" }, _cairn.Context)).Receipt.Id;
        _cairn.Update(gone, EntryAction.Forget);
        Rebuild();

        Assert.Equal([now], Ask("keeping a spare copy of the tables"));
        Assert.Empty(Search(new SearchQuery { Query = "database backup", Type = "decision" }).Items);
    }

    [Fact]
    public void Search_BeforeTheModelIsThere_GoesByWords_AndSaysWhatIsCovered()
    {
        var found = _cairn.Save("The nightly job dumps PostgreSQL into object storage");

        var result = _cairn.Search("nightly dumps");

        Assert.Equal([found], EngineFixture.Ids(result));
        Assert.Equal(new SemanticCoverage(0, 1), result.Semantic);
    }

    [Fact]
    public void Search_OfALongEntry_GoesByItsBestPassage()
    {
        var filler = string.Join(' ', Enumerable.Repeat("The garden has roses, tulips and a bench beside the pond.", 60));
        var entry = _cairn.Save(new NewEntry { Title = "Garden", Text = $"{filler}\n\n{string.Join(' ', Enumerable.Repeat("The nightly job dumps the PostgreSQL database into object storage, where copies stay for a year.", 14))}\n\n{filler}" });
        _cairn.Save("Lunch is at noon");
        Rebuild();

        Assert.True(_cairn.Engine.Embeddings.Status().Vectors > 5);
        Assert.Equal(entry, Ask("where do copies of our database go")[0]);
        // No word of this stands in it: what is shown is the passage that is meant.
        var snippet = Search(new SearchQuery { Query = "saving spare tables elsewhere" }).Items[0].Snippet;
        Assert.Contains("PostgreSQL", snippet, StringComparison.Ordinal);
    }

    [Fact]
    public void Rebuild_Twice_MakesTheSameVectors()
    {
        for (var i = 0; i < 20; i++) _cairn.Save($"Fact {i} about the deployment");
        Rebuild();
        var first = _cairn.Rows("SELECT entry_key, passage, hex(vector) FROM embeddings ORDER BY 1, 2");
        var again = Rebuild();

        Assert.Equal((20, 20), (again.Entries, again.Vectors));
        Assert.Equal(first, _cairn.Rows("SELECT entry_key, passage, hex(vector) FROM embeddings ORDER BY 1, 2"));
    }

    [Fact]
    public void Rebuild_WithAModelThatCannotBeLoaded_CostsNoVector()
    {
        _cairn.Save("The nightly job dumps PostgreSQL into object storage");
        Rebuild();
        var damaged = Directory.CreateDirectory(Path.Combine(_cairn.Folder, "model")).FullName;
        File.WriteAllBytes(Path.Combine(damaged, "model.onnx"), new byte[1000]);
        File.WriteAllBytes(Path.Combine(damaged, "vocab.txt"), File.ReadAllBytes(Path.Combine(ModelFiles.Folder, "vocab.txt")));
        using var other = new CairnEngine(_cairn.Options with { ModelDirectory = damaged });

        Assert.Equal(ErrorCode.StorageFailure, Assert.Throws<EngineException>(() => other.Embeddings.Rebuild(null, TestContext.Current.CancellationToken)).Code);

        Assert.Equal((1L, 1L), (_cairn.Engine.Embeddings.Status().Covered, _cairn.Engine.Embeddings.Status().Of));
    }

    [Fact]
    public void Switch_OffAndOn_LosesNothing()
    {
        var backups = _cairn.Save("The nightly job dumps PostgreSQL into object storage");
        Rebuild();
        using var off = new CairnEngine(_cairn.Options with { Embeddings = false });
        var later = EngineFixture.Stored(off.Entries.Save(new NewEntry { Text = "Copies of the database are tested each month" }, _cairn.Context)).Id;

        Assert.Equal("off", off.Embeddings.Status().State);
        Assert.Empty(off.Search.Search(new SearchQuery { Query = "backup", ModelPatience = Patience }, _cairn.Context).Items);
        var partly = Search(new SearchQuery { Query = "backup", ModelPatience = Patience });
        Assert.Equal([backups], EngineFixture.Ids(partly));
        Assert.Equal(new SemanticCoverage(1, 2), partly.Semantic);
        Rebuild();
        Assert.Equal(new[] { backups, later }.Order(), Ask("backup").Order());
    }

    [Fact]
    public void Vectors_OfPurgedAndRewrittenText_AreGone_AndNotUsed()
    {
        var purged = _cairn.Save("The nightly job dumps PostgreSQL into object storage");
        var rewritten = _cairn.Save("Copies of the database are tested each month");
        var kept = _cairn.Save("Restores of the database take an hour");
        Rebuild();
        Assert.Equal(3, Ask("database backup").Count);

        _cairn.Age(rewritten, "Copies of the database are tested", "The cat is fed");
        _cairn.Purge(purged);

        Assert.Equal([$"{_cairn.Rows($"SELECT key FROM entries WHERE id = '{kept}'")[0]}"], _cairn.Rows("SELECT entry_key FROM embeddings"));
        Assert.Equal([kept], Ask("database backup"));
        Rebuild();
        Assert.Equal(2, _cairn.Engine.Embeddings.Status().Covered);
    }

    [Fact]
    public void Entries_MovedToAnotherProject_AreFoundThere()
    {
        var entry = _cairn.Save("The nightly job dumps PostgreSQL into object storage", _cairn.In("old"));
        _cairn.Save("The cat sleeps on the sofa");
        Rebuild();
        Ask("database backup");

        _cairn.Entries.MergeProjects("old", EngineFixture.Project);

        Assert.Equal(entry, Ask("copies of the database")[0]);
    }

    [Fact]
    public void Worker_AfterASave_EmbedsIt()
    {
        _cairn.Engine.Embeddings.Start();
        for (var i = 0; i < 100; i++) _cairn.Save($"Fact {i} about the deployment");

        Await(_cairn, 100);
        Assert.Null(Search(new SearchQuery { Query = "deployment", ModelPatience = Patience }).Semantic);
    }

    [Fact]
    public void Workers_OfManyEngines_EmbedNothingTwice()
    {
        using var cairn = new EngineFixture(static options => options with { ModelDirectory = ModelFiles.Folder, Log = true });
        var engines = Enumerable.Range(0, 10).Select(_ => cairn.Another()).ToList();
        engines.ForEach(static engine => engine.Embeddings.Start());
        Parallel.For(0, 200, i => engines[i % 10].Entries.Save(new NewEntry { Text = $"Fact {i} about the deployment" }, cairn.Context));

        Await(cairn, 200);
        engines.ForEach(static engine => engine.Dispose());

        Assert.Equal(200, cairn.Engine.Logs.Tail(1_000).Where(static line => line.Event == "embeddings").Sum(static line => line.Entries));
        Assert.DoesNotContain(cairn.Engine.Logs.Tail(1_000), static line => line.Status == "error");
    }

    [Fact]
    public void Database_ThatIsFrozen_GetsNoVectors_AndStatusSaysSo()
    {
        _cairn.Save("The nightly job dumps PostgreSQL into object storage");
        _cairn.Engine.Freezes.Freeze("a look at it");

        Assert.Equal("the database is frozen", _cairn.Engine.Embeddings.Status().Problem);
        Assert.Throws<EngineException>(() => Rebuild());
        Assert.Equal(0, _cairn.Engine.Embeddings.Status().Vectors);
    }

    [Fact]
    public void Model_ThatIsNotThere_IsUnavailable_AndWordsGoOn()
    {
        using var cairn = new EngineFixture(static options => options with { ModelDirectory = Path.Combine(Path.GetTempPath(), "no-such-model") });
        var entry = cairn.Save("The nightly job dumps PostgreSQL into object storage");

        Assert.Equal("unavailable", cairn.Engine.Embeddings.Status().State);
        Assert.Equal([entry], cairn.Find("nightly"));
        Assert.Contains("unavailable", Assert.Throws<EngineException>(() => cairn.Engine.Embeddings.Rebuild(null, CancellationToken.None)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Entry_OnWhichTheModelFails_IsPassedOver_CountedAndTriedAgain()
    {
        // A word that the vocabulary has and the model has no room for: it fails on texts with that word, and on no other.
        var folder = Directory.CreateDirectory(Path.Combine(_cairn.Folder, "model")).FullName;
        File.WriteAllBytes(Path.Combine(folder, "model.onnx"), File.ReadAllBytes(Path.Combine(ModelFiles.Folder, "model.onnx")));
        File.WriteAllLines(Path.Combine(folder, "vocab.txt"), [.. File.ReadAllLines(Path.Combine(ModelFiles.Folder, "vocab.txt")), "qwalrusq"]);
        foreach (var text in new[] { "The first fact", "The second qwalrusq", "The third fact" }) _cairn.Save(text);
        using (var failing = new CairnEngine(_cairn.Options with { ModelDirectory = folder }))
        {
            Assert.Equal(2, failing.Embeddings.Rebuild(null, CancellationToken.None).Entries);
            var status = failing.Embeddings.Status();
            Assert.Equal((2, 3, 1), (status.Covered, status.Of, status.PassedOver));
        }

        Assert.Equal(3, Rebuild().Entries);
        Assert.Null(_cairn.Engine.Embeddings.Status().PassedOver);
    }

    [Fact]
    public void Rebuild_WithADamagedModel_KeepsTheVectors()
    {
        _cairn.Save("The nightly job dumps PostgreSQL into object storage");
        Rebuild();
        var folder = Directory.CreateDirectory(Path.Combine(_cairn.Folder, "model")).FullName;
        File.WriteAllText(Path.Combine(folder, "model.onnx"), "no model");
        File.WriteAllText(Path.Combine(folder, "vocab.txt"), "[UNK]");
        using var damaged = new CairnEngine(_cairn.Options with { ModelDirectory = folder });

        Assert.Contains("cannot be loaded", Assert.Throws<EngineException>(() => damaged.Embeddings.Rebuild(null, CancellationToken.None)).Message, StringComparison.Ordinal);
        Assert.Equal(1, _cairn.Engine.Embeddings.Status().Covered);
    }

    [Fact]
    public void Lease_IsItsOwnersAlone()
    {
        _cairn.Save("The nightly job dumps PostgreSQL into object storage");
        Rebuild();

        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode($"{_cairn.DatabasePath}.embedding"));
    }

    [Fact]
    public async Task Vectors_AskedByAnOlderView_AreNotLostToNewerOnes()
    {
        _cairn.Save("The nightly job dumps PostgreSQL into object storage");
        Rebuild();
        using var database = new Database(_cairn.Options, _cairn.Time);
        var vectors = new VectorMemory(database, Embedder.ModelName);
        await vectors.Prepare();

        database.Read(older =>
        {
            var before = VectorIndex.Progress(older, Embedder.ModelName);
            _cairn.Save("Copies of the database are tested each month");
            Rebuild();
            Assert.Equal(2, Newer());
            return vectors.Of(older, before);
        });

        Assert.Equal(2, Newer());
        int? Newer() => database.Read(connection => vectors.Of(connection, VectorIndex.Progress(connection, Embedder.ModelName)))?.Entries;
    }

    [Fact]
    public void Schema_OfTheVersionBefore_IsBroughtUp_AndItsEntriesGetVectors()
    {
        OlderDatabase.Make(_cairn);

        Assert.Equal(1, Rebuild().Entries);
    }

    public void Dispose() => _cairn.Dispose();

    // The clock of the fixture stands still: it is moved until the workers' delays are over.
    private static void Await(EngineFixture cairn, int entries) => Assert.True(SpinWait.SpinUntil(() =>
    {
        cairn.Time.Advance(TimeSpan.FromSeconds(1));
        return cairn.Engine.Embeddings.Status() is var status && status.Covered == entries && !status.Working;
    }, Patience), string.Create(CultureInfo.InvariantCulture, $"{cairn.Engine.Embeddings.Status().Covered} of {entries} were embedded in time."));

    private EmbeddingRebuild Rebuild() => _cairn.Engine.Embeddings.Rebuild(null, CancellationToken.None);

    private SearchResult Search(SearchQuery query) => _cairn.Search(query);

    private IReadOnlyList<string> Ask(string query) => EngineFixture.Ids(Search(new SearchQuery { Query = query, ModelPatience = Patience }));
}
