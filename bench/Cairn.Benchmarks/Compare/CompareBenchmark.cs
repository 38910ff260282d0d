using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Cairn.Benchmarks.Evaluation;
using Cairn.Engine.Tokens;

namespace Cairn.Benchmarks.Compare;

/// <summary>What the comparison is asked for.</summary>
internal sealed record ComparisonOptions(string Binary, string Packages, int Starts, DateOnly Today, string Command);

/// <summary>
/// Cairn beside other memories, each over its pipes, on the same entries and questions in one run. They take turns, entry
/// by entry and question by question, and who begins changes each time, so that whatever else the machine does falls on all.
/// </summary>
internal sealed class CompareBenchmark(ComparisonOptions options, TextWriter progress)
{
    /// <summary>How many hits a search may give.</summary>
    public const int Hits = 10;

    private const int WarmUp = 15;
    private static readonly TimeSpan Budget = TimeSpan.FromMinutes(4);

    public CompareReport Run()
    {
        var set = CodingSet.Read(Path.Combine(AppContext.BaseDirectory, "Evaluation", "Data"), options.Today);
        var documents = Documents(set).ToArray();
        var questions = set.Portions.SelectMany(static portion => portion.Questions).ToArray();
        var root = Directory.CreateTempSubdirectory("cairn-compare-");
        var contenders = Memories.All.Select((memory, i) => new Contender(memory, options.Binary, options.Packages, Path.Combine(root.FullName, i.ToString(CultureInfo.InvariantCulture)))).ToArray();
        try
        {
            foreach (var one in contenders)
            {
                progress.WriteLine($"{one.Memory.Name}: installing and starting …");
                one.Prepare();
                one.Open();
            }
            progress.WriteLine($"saving {documents.Length} entries …");
            TakeTurns(contenders, documents, static (one, document) => one.Save(document), "saved");
            foreach (var one in contenders) one.Finish();
            progress.WriteLine($"asking {questions.Length} questions …");
            foreach (var question in questions.Take(WarmUp))
                foreach (var one in contenders) one.Ask(question, measured: false);
            TakeTurns(contenders, questions, static (one, question) => one.Ask(question, measured: true), "asked");
            foreach (var one in contenders) one.Close();
            progress.WriteLine($"{options.Starts} starts of each …");
            for (var i = -1; i < options.Starts; i++)
                foreach (var one in contenders) one.StartAndStop(measured: i >= 0); // the first only brings the programs into memory
            var bytes = documents.Sum(static document => System.Text.Encoding.UTF8.GetByteCount(document.Title) + System.Text.Encoding.UTF8.GetByteCount(document.Text));
            return new CompareReport(options.Today, options.Command, Machine(), documents.Length, questions.Length, options.Starts, (double)bytes / documents.Length, [.. contenders.Select(one => Row(one, documents.Length, questions.Length))]);
        }
        finally
        {
            foreach (var one in contenders) one.Dispose();
            root.Delete(recursive: true);
        }
    }

    // The others know no projects, no times and no replacements: all is one project's, and saved as it stands. Some know an
    // entry by its title, which is therefore made its own.
    private static IEnumerable<Document> Documents(EvaluationSet set)
    {
        var titles = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var document in set.Portions.SelectMany(static portion => portion.Documents).Where(static document => !document.Project.EndsWith("-fork", StringComparison.Ordinal)))
        {
            var count = titles[document.Title] = titles.GetValueOrDefault(document.Title) + 1;
            yield return count == 1 ? document : document with { Title = string.Create(CultureInfo.InvariantCulture, $"{document.Title} ({count})") };
        }
    }

    private static void TakeTurns<T>(Contender[] contenders, IReadOnlyList<T> items, Action<Contender, T> act, string done)
    {
        var spent = new TimeSpan[contenders.Length];
        for (var i = 0; i < items.Count; i++)
        {
            for (var turn = 0; turn < contenders.Length; turn++)
            {
                var at = (i + turn) % contenders.Length;
                var begun = Stopwatch.GetTimestamp();
                act(contenders[at], items[i]);
                spent[at] += Stopwatch.GetElapsedTime(begun);
                if (spent[at] > Budget) contenders[at].Stop(string.Create(CultureInfo.InvariantCulture, $"left out after {i + 1} of {items.Count} were {done}, in {Budget.TotalMinutes:0} minutes"));
            }
        }
    }

    private static CompareRow Row(Contender one, int documents, int questions) => new()
    {
        Name = one.Memory.Name,
        Version = one.Memory.Package?.Version,
        Package = one.Memory.Package?.Name,
        StartMilliseconds = Median(one.Starts),
        IdleMebibytes = Median(one.IdleMemory),
        AfterMebibytes = one.MemoryAfter,
        SaveMilliseconds = Median(one.Saves),
        SaveP99Milliseconds = one.Saves.Count == 0 ? null : one.Saves.Percentile(0.99),
        SearchMilliseconds = Median(one.Searches),
        SearchP99Milliseconds = one.Searches.Count == 0 ? null : one.Searches.Percentile(0.99),
        Found = one.Quality.Count == questions ? (double)one.Quality.Count(static metrics => metrics.Hit10 > 0) / questions : null,
        Mrr = one.Quality.Count == questions ? RankingMetrics.Mean(one.Quality).Mrr : null,
        BytesAnEntry = one.BytesAnEntry,
        Tools = one.Tools == 0 ? null : one.Tools,
        ToolTokens = one.Tools == 0 ? null : TokenCount.Of(one.ToolList),
        Failure = one.Failure,
        NotSaved = one.NotSaved,
        Remark = Remark(one, documents),
    };

    private static string? Remark(Contender one, int documents)
    {
        var parts = new[]
        {
            one.Failure,
            one.NotSaved > 0 ? string.Create(CultureInfo.InvariantCulture, $"{one.NotSaved} of {documents} entries were not taken, the first with: {one.FirstRefusal}") : null,
            one.Memory.Remark,
        };
        return parts.OfType<string>().ToArray() is { Length: > 0 } said ? string.Join("; ", said) : null;
    }

    private static double? Median(Samples samples) => samples.Count == 0 ? null : samples.Percentile(0.5);

    private static string Machine() => $"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}";
}
