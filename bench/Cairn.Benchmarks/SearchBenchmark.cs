using System.Diagnostics;
using System.Globalization;
using Cairn.Engine;
using Cairn.Engine.Search;
using Cairn.Engine.Search.RankedIndex;
using Cairn.Engine.Storage;
using SearchText = Cairn.Engine.SearchText;

namespace Cairn.Benchmarks;

/// <summary>What is measured of the ranked index.</summary>
/// <param name="Sizes">How many entries the databases have.</param>
/// <param name="Queries">How many queries of each kind.</param>
/// <param name="Seed">Of the corpus.</param>
/// <param name="Folder">Where databases are kept for the next time; null for a temporary folder.</param>
internal sealed record SearchOptions(IReadOnlyList<int> Sizes, int Queries, int Seed, string? Folder);

/// <summary>
/// The ranked index beside bare FTS5, on one database in one process, query by query in random order: the best 20 by bm25
/// over queries of plain words. The newest entries, fewer than 1,024, are in no segment, as in a database that is in use.
/// </summary>
internal sealed class SearchBenchmark(SearchOptions options, TextWriter progress)
{
    private const int Best = 20, Deep = 300, Batch = 2_000;

    private readonly Corpus _corpus = new(options.Seed);

    /// <summary>Measures, and writes the table. False when an answer was another one.</summary>
    public bool Run(TextWriter output)
    {
        var same = true;
        output.WriteLine("| entries | queries | bare p50 ms | p50 ratio | p99 ratio | same top 20 | door, depth 300: p50 ratio |");
        output.WriteLine("|---|---|---|---|---|---|---|");
        var notes = new List<string>();
        foreach (var size in options.Sizes)
        {
            var folder = options.Folder ?? Directory.CreateTempSubdirectory("cairn-bench-").FullName;
            try
            {
                same &= Run(output, notes, Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"search-{size}.db")), size);
            }
            finally
            {
                if (options.Folder is null) Directory.Delete(folder, recursive: true);
            }
        }
        output.WriteLine();
        foreach (var note in notes) output.WriteLine(note);
        return same;
    }

    private bool Run(TextWriter output, List<string> notes, string path, int size)
    {
        var engineOptions = new EngineOptions { DatabasePath = path, Embeddings = false };
        using var engine = new CairnEngine(engineOptions);
        Fill(engine, path, size);
        using var connection = DatabaseConnection.Open(path, engineOptions.CacheKibibytes);
        var before = connection.Number("SELECT page_count * 4096 FROM pragma_page_count")!.Value;
        progress.WriteLine($"{size}: making segments");
        var begun = Environment.CpuUsage.TotalTime; // beside other work the time of the wall says nothing
        var built = engine.Ranking.Build(CancellationToken.None);
        var took = Environment.CpuUsage.TotalTime - begun;
        var status = engine.Ranking.Status();
        var reader = engine.Ranking.Reader!;
        reader.ReadNew();
        connection.ExecuteScript("BEGIN");
        var project = connection.Number("SELECT key FROM projects WHERE name = 'project-3'")!.Value;
        var cold = Cold(path, engineOptions);
        notes.Add(string.Create(CultureInfo.InvariantCulture,
            $"{size}: {status.Segments} segments, {status.Of - status.Covered} entries in none; {status.Bytes / (double)status.Of:F0} bytes an entry of {before / (double)status.Of:F0}; built {built} at {(built > 0 ? took.TotalMicroseconds / built : 0):F0} µs of processor time an entry; first query of a process {cold.First:F1} ms, with what is in no segment read before in {cold.Read:F1} ms"));
        var same = true;
        foreach (var (name, stopWords, filter) in new[]
                 {
                     ("mixed", true, new SearchFilter()), ("rare", false, new SearchFilter()),
                     ("mixed, project", true, new SearchFilter { ProjectKey = project }), ("rare, project", false, new SearchFilter { ProjectKey = project }),
                 })
        {
            progress.WriteLine($"{size}: {name}");
            same &= Measure(output, connection, reader, size, name, stopWords, filter);
        }
        return same;
    }

    private bool Measure(TextWriter output, DatabaseConnection connection, RankedReader reader, int size, string name, bool stopWords, SearchFilter filter)
    {
        var random = new Random(options.Seed);
        var (bare, ranked, deepBare, deepRanked) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        var (same, all) = (0, 0);
        for (var number = -5; all < options.Queries; number++)
        {
            var words = _corpus.Search(Math.Abs(number), size, stopWords).Words.Where(static word => word.All(char.IsLetter)).ToList();
            if (words.Count < 2) continue;
            var match = string.Join(" OR ", words.Select(static word => $"\"{word}\""));
            List<Candidate> expected = [];
            List<(long Key, double Score)> found = [];
            var (times, steps) = (new double[4], new[] { 0, 1, 2, 3 });
            random.Shuffle(steps);
            foreach (var step in steps)
            {
                var begun = Stopwatch.GetTimestamp();
                switch (step)
                {
                    case 0:
                        expected = Bare(connection, match, filter);
                        break;
                    case 1:
                        found = reader.Best(connection, match, filter, Best) ?? throw new InvalidOperationException("The ranked index did not answer.");
                        break;
                    case 2:
                        FullTextIndex.Best(connection, match, filter, Deep);
                        break;
                    default:
                        FullTextIndex.Best(connection, match, filter, Deep, reader);
                        break;
                }
                times[step] = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
            }
            if (number < 0) continue; // the first few warm up
            all++;
            if (IsSame(expected, found)) same++;
            bare.Add(times[0]);
            ranked.Add(times[1]);
            deepBare.Add(times[2]);
            deepRanked.Add(times[3]);
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {size:N0} | {name} | {At(bare, .5):F2} | {At(ranked, .5) / At(bare, .5):F3} | {At(ranked, .99) / At(bare, .99):F3} | {same} of {all} | {At(deepRanked, .5) / At(deepBare, .5):F3} |"));
        output.Flush();
        return same == all;
    }

    // The same keys in the same order, or others with the same scores: of equal ones either may come first.
    private static bool IsSame(List<Candidate> expected, List<(long Key, double Score)> found) =>
        expected.Count == found.Count && expected.Zip(found).All(static pair => Math.Abs(pair.First.FullText - pair.Second.Score) <= 1e-9 * pair.Second.Score);

    private static List<Candidate> Bare(DatabaseConnection connection, string match, SearchFilter filter) => filter.ProjectKey is { } project
        ? connection.Query(
            """
            SELECT e.key, bm25(entries_fts, 1.5, 1.0, 1.0) AS score FROM entries_fts CROSS JOIN entries e INDEXED BY entries_filter ON e.key = entries_fts.rowid
            WHERE entries_fts MATCH ?1 AND e.project_key = ?2 AND e.state = 'active' ORDER BY score, e.key DESC LIMIT 20
            """, static row => new Candidate(row.GetInt64(0), -row.GetDouble(1), 0), match, project)
        : connection.Query(
            "SELECT rowid, bm25(entries_fts, 1.5, 1.0, 1.0) AS score FROM entries_fts WHERE entries_fts MATCH ?1 ORDER BY score, rowid DESC LIMIT 20",
            static row => new Candidate(row.GetInt64(0), -row.GetDouble(1), 0), match);

    private static (double Read, double First) Cold(string path, EngineOptions options)
    {
        using var connection = DatabaseConnection.Open(path, options.CacheKibibytes);
        using var engine = new CairnEngine(options);
        var begun = Stopwatch.GetTimestamp();
        engine.Ranking.Reader!.ReadNew();
        var read = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        begun = Stopwatch.GetTimestamp();
        FullTextIndex.Best(connection, "\"the\" OR \"cache\"", new SearchFilter(), Best, engine.Ranking.Reader);
        return (read, Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
    }

    private static double At(List<double> times, double part)
    {
        var sorted = times.Order().ToList();
        return sorted[Math.Min(sorted.Count - 1, (int)(part * sorted.Count))];
    }

    private void Fill(CairnEngine engine, string path, int size)
    {
        engine.Maintenance.Migrate();
        using var connection = DatabaseConnection.Open(path, 64 * 1024);
        var there = (int)(connection.Number("SELECT count(*) FROM entries") ?? 0);
        if (there >= size) return;
        connection.ExecuteScript("PRAGMA synchronous = OFF");
        for (var i = 0; i < 10; i++) connection.Execute("INSERT OR IGNORE INTO projects (name, created_at) VALUES (?1, 0)", Corpus.Project(i));
        var projects = connection.Query("SELECT name, key FROM projects", static row => (Name: row.GetString(0), Key: row.GetInt64(1))).ToDictionary(static row => row.Name, static row => row.Key);
        while (there < size)
        {
            connection.ExecuteScript("BEGIN IMMEDIATE");
            for (var end = Math.Min(size, there + Batch); there < end; there++)
            {
                var (title, body, project) = _corpus[there];
                connection.Execute(
                    """
                    INSERT INTO entries (id, project_key, occurred_at, recorded_at, changed_at, origin, entry_type, content_hash, title, search_text, body)
                    VALUES (?1, ?2, ?3, ?3, ?3, 'user', 'note', randomblob(32), ?4, ?5, ?6)
                    """, there.ToString("D16", CultureInfo.InvariantCulture), projects[project], 1_700_000_000_000 + (there * 1000L), title,
                    SearchText.Of("note", [], null, DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000 + (there * 1000L)), null, title, body), body);
            }
            connection.ExecuteScript("COMMIT");
            if (there % 50_000 == 0) progress.WriteLine($"{there} of {size} entries");
        }
        connection.FoldIn();
    }
}
