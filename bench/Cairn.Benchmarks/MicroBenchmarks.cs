using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Cairn.Engine;
using Cairn.Engine.Entries;
using Cairn.Engine.Policy;
using Cairn.Engine.Search;

namespace Cairn.Benchmarks;

/// <summary>The engine in process: no wire, no server. What a change costs or saves, before the wire benchmark says what a client sees.</summary>
[MemoryDiagnoser, Config(typeof(InProcess))]
public class MicroBenchmarks : IDisposable
{
    private const int Size = 2_000;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("cairn-micro-");
    private readonly Corpus _corpus = new(seed: 1);
    private readonly SecretScanner _scanner = new();
    private CairnEngine _engine = null!;
    private Query[] _mixed = [];
    private Query[] _rare = [];
    private string _note = "";
    private string _long = "";
    private string _disguises = "";
    private int _saved;
    private int _searched;

    [GlobalSetup]
    public void Fill()
    {
        _engine = new CairnEngine(new EngineOptions { DatabasePath = Path.Combine(_directory.FullName, "memory.db") });
        while (_saved < Size) Save();
        _mixed = [.. Enumerable.Range(0, 256).Select(i => _corpus.Search(i, Size, stopWords: true))];
        _rare = [.. Enumerable.Range(0, 256).Select(i => _corpus.Search(i, Size, stopWords: false))];
        _note = _corpus[0].Body;
        _long = string.Concat(Enumerable.Range(0, 8).Select(i => _corpus[i].Body))[..4096];
        _disguises = string.Concat(Enumerable.Repeat("%41\u200B&#65;\\u0041ab12cd34\nQUJDREVGQUJDREVGQUJDREVGQUJDREVG \"a1\" + \"b2\" sk-=3D", 1 << 14));
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _engine.Dispose();
        _directory.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>A new entry each time, committed and fsynced; making its text is part of it (some microseconds).</summary>
    [Benchmark]
    public SaveOutcome Save()
    {
        var note = _corpus[_saved++];
        return _engine.Entries.Save(new NewEntry { Text = note.Body, Title = note.Title }, Context(note.Project));
    }

    [Benchmark]
    public SearchResult SearchMixed() => Search(_mixed);

    [Benchmark]
    public SearchResult SearchRare() => Search(_rare);

    /// <summary>One body of about 880 bytes through every secret rule.</summary>
    [Benchmark]
    public int PolicyScan() => _scanner.Scan(_note).Count;

    /// <summary>A body of 4 kB as notes have it.</summary>
    [Benchmark]
    public int PolicyScanOfFourKilobytes() => _scanner.Scan(_long).Count;

    /// <summary>A megabyte that gives cause to look at it in every way.</summary>
    [Benchmark]
    public int PolicyScanOfDisguises() => _scanner.Scan(_disguises).Count;

    private SearchResult Search(Query[] queries) =>
        _engine.Search.Search(new SearchQuery { Query = queries[_searched++ % queries.Length].Text }, Context("*"));

    private CallContext Context(string project) => new() { WorkingDirectory = _directory.FullName, Project = project };

    // In process: BenchmarkDotNet's own projects would need exceptions from this repository's build rules.
    private sealed class InProcess : ManualConfig
    {
        public InProcess() => AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance));
    }
}
