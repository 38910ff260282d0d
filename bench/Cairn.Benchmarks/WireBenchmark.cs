using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Cairn.Benchmarks;

/// <summary>What the wire benchmark is asked for.</summary>
/// <param name="Binary">The product.</param>
/// <param name="FloorBinary">The floor server.</param>
/// <param name="Sizes">How many entries there are, one series each.</param>
/// <param name="Calls">Calls a row.</param>
/// <param name="Starts">Starts of each server.</param>
/// <param name="Seed">Of the notes.</param>
/// <param name="Modes">Of "off" (by words alone) and "on" (by meaning as well), those to measure, in their order.</param>
/// <param name="EmbedPatience">How long the entries of a size may take to get their vectors before they are measured as far as they are.</param>
internal sealed record WireOptions(string Binary, string FloorBinary, IReadOnlyList<int> Sizes, int Calls, int Starts, int Seed, IReadOnlyList<string> Modes, TimeSpan EmbedPatience);

/// <summary>
/// The real server over its pipes, as a client sees it, beside what SQLite alone takes for the same work in the same
/// run. The two take turns, call by call, so that whatever else the machine does falls on both.
/// </summary>
internal sealed class WireBenchmark(WireOptions options, TextWriter progress) : IDisposable
{
    private const int WarmUp = 30;
    private const double SaveBar = 2, SearchBar = 1.1, HybridBar = 1.5, StartBar = 2, MemoryBar = 1.5;
    private const string Off = "off";
    private const int SearchBarSize = 20_000;
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(300);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("cairn-bench-");
    private readonly Corpus _corpus = new(options.Seed);
    private readonly List<string> _ids = [];   // of note 0, 1, …
    private readonly List<long> _keys = [];    // of the same notes, in both databases
    private readonly List<Row> _rows = [];
    private long _textBytes;

    private string DatabasePath => Path.Combine(_directory.FullName, "memory.db");
    private string FloorPath => Path.Combine(_directory.FullName, "floor.db");

    public Report Run()
    {
        var sizes = options.Sizes.Order().ToArray();
        Fill(sizes[0]);
        MeasureStart();
        using var floor = new SqliteFloor(FloorPath, DatabasePath);
        foreach (var size in sizes)
        {
            Fill(size);
            floor.Fill(_ids.Skip(_keys.Count), _keys);
            MeasureSize(size, floor);
        }
        return new Report(Environment(), Notes(), _rows);
    }

    public void Dispose() => _directory.Delete(recursive: true);

    /// <summary>Saves notes over the wire until there are as many as asked for: the product's own way in, whatever its schema.</summary>
    private void Fill(int size)
    {
        if (_ids.Count >= size) return;
        progress.WriteLine($"saving up to {size} entries …");
        using var server = StartCairn(Off);
        server.Initialize();
        while (_ids.Count < size) Save(server);
    }

    private void MeasureStart()
    {
        progress.WriteLine($"{options.Starts} starts of each server …");
        Samples cairn = new(), floor = new(), cairnMemory = new(), floorMemory = new();
        for (var i = -1; i < options.Starts; i++)
        {
            // The first of each only brings the programs into memory.
            var (start, memory) = StartAndStop(() => StartCairn("on"));
            var (floorStart, floorRss) = StartAndStop(StartFloor);
            if (i < 0) continue;
            cairn.Add(start);
            floor.Add(floorStart);
            cairnMemory.Add(memory);
            floorMemory.Add(floorRss);
        }
        _rows.Add(Row.Of(0, "cold start to tools/list", "ms", cairn, floor, StartBar));
        _rows.Add(Row.Of(0, "memory, idle", "MiB", cairnMemory, floorMemory, MemoryBar));
    }

    private void MeasureSize(int size, SqliteFloor floor)
    {
        floor.Checkpoint();
        _rows.Add(new Row(size, "disk per entry", "bytes", Bytes(DatabasePath) / _ids.Count, null, Bytes(FloorPath) / _ids.Count, null, null,
            $"{_textBytes / _ids.Count} bytes of text"));

        foreach (var mode in options.Modes) MeasureMode(size, mode, floor);
    }

    private void MeasureMode(int size, string mode, SqliteFloor floor)
    {
        using var server = StartCairn(mode);
        using var empty = StartFloor();
        server.Initialize();
        empty.Initialize();
        if (mode != Off) Embed(size, server);

        progress.WriteLine($"{size} entries, embeddings {mode}: saves …");
        MeasureSaves(size, $"save, embeddings {mode}", server, empty, floor);
        var covered = mode == Off ? "" : $"; covered {Embed(size, server)}";
        foreach (var (kind, stopWords, inProject) in new[] { ("mixed", true, false), ("rare", false, false), ("mixed, one project", true, true) })
        {
            progress.WriteLine($"{size} entries, embeddings {mode}: search {kind} …");
            MeasureSearches(size, (kind, stopWords, inProject), mode, covered, server, floor);
        }

        progress.WriteLine($"{size} entries, embeddings {mode}: saves beside another server …");
        using var other = StartCairn(mode);
        other.Initialize();
        other.Call("search", ("query", _corpus.Search(0, size, stopWords: true).Text), ("project", "*"));
        MeasureSaves(size, $"save, embeddings {mode}, 2nd server open", server, empty, floor);
        _rows.Add(new Row(size, $"memory, embeddings {mode}, after these calls", "MiB", server.MemoryMebibytes));
    }

    /// <summary>Has the model loaded, and waits until all entries have vectors, or for as long as was said; tells how far it is.</summary>
    private string Embed(int size, McpProcess server)
    {
        var begun = Stopwatch.GetTimestamp();
        var memory = 0.0;
        while (true)
        {
            server.Call("search", ("query", "anything"), ("project", "*")); // loads the model, and asks for what has no vectors
            memory = Math.Max(memory, server.MemoryMebibytes);
            var (covered, of) = McpProcess.Covered(options.Binary, DatabasePath, _directory.FullName);
            if (covered < of && Stopwatch.GetElapsedTime(begun) < options.EmbedPatience)
            {
                Task.Delay(Settle).Wait();
                continue;
            }
            if (Stopwatch.GetElapsedTime(begun) > Settle) _rows.Add(new Row(size, "memory while embedding, the most seen", "MiB", memory, Check: $"{covered} of {of} entries"));
            return $"{covered} of {of}";
        }
    }

    private void MeasureSaves(int size, string measure, McpProcess server, McpProcess empty, SqliteFloor floor)
    {
        Samples cairn = new(), bare = new(), wire = new();
        for (var i = -WarmUp; i < options.Calls; i++)
        {
            var note = _corpus[_ids.Count];
            var saved = Save(server);
            var (key, inserted) = floor.Insert(_ids[^1]);
            _keys.Add(key);
            var (_, round) = empty.Call("save_memory", ("text", note.Body), ("title", note.Title), ("project", note.Project));
            if (i < 0) continue;
            cairn.Add(saved);
            bare.Add(inserted);
            wire.Add(round);
        }
        _rows.Add(Row.Of(size, measure, "ms", cairn, bare, SaveBar, $"the wire alone {wire.Percentile(0.5):0.000}"));
    }

    private void MeasureSearches(int size, (string Name, bool StopWords, bool InProject) kind, string mode, string covered, McpProcess server, SqliteFloor floor)
    {
        Samples cairn = new(), bare = new();
        int found = 0, foundBare = 0;
        for (var i = -WarmUp; i < options.Calls; i++)
        {
            var query = _corpus.Search(i + WarmUp, size, kind.StopWords);
            var project = kind.InProject ? _corpus[query.Source].Project : null;
            var (result, milliseconds) = server.Call("search", ("query", query.Text), ("project", project ?? "*"));
            var (keys, bareMilliseconds) = floor.Search(query.Match, project);
            if (i < 0) continue;
            cairn.Add(milliseconds);
            bare.Add(bareMilliseconds);
            if (result.GetProperty("items").EnumerateArray().Any(item => item.GetProperty("id").GetString() == _ids[query.Source])) found++;
            if (keys.Contains(_keys[query.Source])) foundBare++;
        }
        double? bar = size < SearchBarSize ? null : mode == Off ? SearchBar : HybridBar;
        _rows.Add(Row.Of(size, $"search {kind.Name}, embeddings {mode}", "ms", cairn, bare, bar, $"source found {found}, floor {foundBare}, of {options.Calls}{covered}"));
    }

    private double Save(McpProcess server)
    {
        var note = _corpus[_ids.Count];
        var (result, milliseconds) = server.Call("save_memory", ("text", note.Body), ("title", note.Title), ("project", note.Project));
        if (result.GetProperty("status").GetString() != "saved") throw new InvalidOperationException($"Note {_ids.Count} was not saved: {result}");
        _ids.Add(result.GetProperty("id").ToString());
        _textBytes += note.Title.Length + note.Body.Length;
        return milliseconds;
    }

    private static (double Milliseconds, double Mebibytes) StartAndStop(Func<McpProcess> start)
    {
        using var server = start();
        server.Initialize();
        var milliseconds = server.SinceSpawn;
        Task.Delay(Settle).Wait(); // whatever it does by itself after the handshake belongs to an idle server
        return (milliseconds, server.MemoryMebibytes);
    }

    private McpProcess StartCairn(string embeddings) => new(options.Binary, ["mcp", "--db", DatabasePath], _directory.FullName, ("MEMORY_EMBEDDINGS", embeddings));

    private McpProcess StartFloor() => new(options.FloorBinary, [], _directory.FullName);

    private static double Bytes(string path) =>
        new[] { path, path + "-wal" }.Select(name => new FileInfo(name)).Where(file => file.Exists).Sum(file => file.Length);

    private static string Environment() =>
        $"{System.Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}, "
        + $"{RuntimeInformation.FrameworkDescription}, SQLite {SqliteFloor.Version}";

    private string[] Notes() =>
    [
        $"cairn is `{Path.GetFileName(options.Binary)} mcp` ({new FileInfo(options.Binary).Length / 1e6:0.0} MB) in a process of its own over pipes, from a request's first byte written to its answer's last byte read; {options.Calls} calls a row after {WarmUp} to warm up, so p99 is near the maximum.",
        "The floor of save is one INSERT of the same row with its full-text triggers, the floor of search a bare FTS5 OR query by bm25, LIMIT 20: in process, prepared, the same rows, WAL, synchronous FULL, the same cache.",
        $"With embeddings on, the model is loaded first, and entries get up to {options.EmbedPatience.TotalSeconds:0} s for their vectors before the saves and again before the searches; 'covered' is what had them then.",
        "The floor of cold start and memory is a server of the same SDK, built alike, that stores nothing; 'the wire alone' is the p50 of the same save sent to it.",
        "Cairn and its floor take turns call by call, start by start, on one machine in one run: compare ratios, not milliseconds, between machines.",
        $"Synthetic notes, seed {options.Seed}: Zipf words, stop words, identifiers, 10 projects. Queries have 2-5 words of one entry (rare), and 2-4 stop words more (mixed).",
    ];
}
