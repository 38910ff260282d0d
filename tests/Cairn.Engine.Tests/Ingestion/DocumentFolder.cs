using Cairn.Engine.Ingestion;

namespace Cairn.Engine.Tests.Ingestion;

/// <summary>An engine, and a project folder with documents to ingest.</summary>
internal sealed class DocumentFolder : IDisposable
{
    public DocumentFolder(TimeProvider? time = null)
    {
        Fixture = new EngineFixture(time: time);
        Root = Directory.CreateDirectory(Path.Combine(Fixture.Folder, "project")).FullName;
        Context = Fixture.Context with { WorkingDirectory = Root, Project = null };
    }

    public EngineFixture Fixture { get; }

    /// <summary>The project's root folder.</summary>
    public string Root { get; }

    /// <summary>A call from the root folder.</summary>
    public CallContext Context { get; }

    public string FullPath(string path) => Path.Combine(Root, path);

    /// <summary>Writes a file below the root.</summary>
    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FullPath(path))!);
        File.WriteAllText(FullPath(path), text);
    }

    public void Delete(string path) => File.Delete(FullPath(path));

    public IngestionResult Ingest(params string[] sources) => Ingest(Context, sources);

    public IngestionResult Ingest(CallContext context, params string[] sources) =>
        Ingest(new IngestionRequest { Sources = sources }, context);

    public IngestionResult Ingest(IngestionRequest request, CallContext? context = null, Action<IngestionProgress>? progress = null) =>
        Fixture.Engine.Ingestion.Ingest(request, context ?? Context, progress, TestContext.Current.CancellationToken);

    /// <summary>Ingests, and gives new or changed, unchanged and archived sections.</summary>
    public (int Imported, int Duplicate, int Archived) Counts(params string[] sources)
    {
        var result = Ingest(sources);
        return (result.ImportedEntries, result.DuplicateEntries, result.ArchivedEntries ?? 0);
    }

    /// <summary>Ingests, and gives the reason for which the one thing was skipped.</summary>
    public string Refusal(string source)
    {
        var result = Ingest(source);
        Assert.Equal((0, 0), (result.ProcessedSources, result.ImportedEntries));
        return Assert.Single(result.Skipped).Reason;
    }

    /// <summary>All entries as "source_ref state title", by source_ref and age.</summary>
    public List<string> Entries() => Fixture.Rows("SELECT source_ref || ' ' || coalesce(state_reason, state) || ' ' || title FROM entries ORDER BY source_ref, key");

    /// <summary>The journal as "source outcome count", in order.</summary>
    public List<string> Events() => Fixture.Rows("SELECT source || ' ' || outcome || ' ' || entry_count FROM ingestion_events ORDER BY key");

    public string IdOf(string sourceRef) => Assert.Single(Fixture.Rows($"SELECT id FROM entries WHERE state = 'active' AND source_ref = '{sourceRef}'"));

    public void Dispose() => Fixture.Dispose();
}
