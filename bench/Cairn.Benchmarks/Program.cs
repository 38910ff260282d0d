using System.Globalization;
using BenchmarkDotNet.Running;
using Cairn.Benchmarks;
using Cairn.Benchmarks.Capture;
using Cairn.Benchmarks.Compare;
using Cairn.Benchmarks.Evaluation;
using Cairn.Benchmarks.Policy;
using Cairn.Benchmarks.Sessions;

const string Usage = """
    capture [--split tune|holdout|all] [--show-misses]
                                          precision and recall of what capture takes of labelled windows, a type
    compare --binary PATH --packages DIR [--starts 7] [--json]
                                          Cairn beside other memories from npm, on the same entries and questions; a
                                          table in Markdown
    eval --binary PATH [--data DIR] [--split tune|holdout|all] [--by-kind] [--show-misses] [--json]
                                          recall, MRR and nDCG of searches over the wire beside the peer's query: of the
                                          coding set, and with --data of LoCoMo and CoSQA from the user's own folder
    http --binary PATH [--minutes 10] [--clients 64] [--rate 4] [--embeddings]
                                          many clients of one server over HTTP: times, errors, memory; exit code 1 when a
                                          call failed or memory grew. A client's rate is in calls a second, 0 is all it can
    hooks --binary PATH [--entries 100000] [--calls 40]
                                          the wall time of cairn hook at each event of a session
    micro [BenchmarkDotNet's arguments]   save, search and policy scan in process
    policy [--seed 1] [--split tune|holdout|all] [--show-misses] [--secretlint]
                                          secrets found and clean texts flagged, in a made-up corpus and in real text
    sessions --binary PATH [--sessions 1000]
                                          how long a month of session files takes to import, and again with nothing new
    search [--sizes 20000,100000,1000000] [--queries 200] [--seed 1] [--keep DIR]
                                          the ranked index beside bare FTS5, query by query in one process
    wire --binary PATH --floor PATH [--sizes 2000,20000,100000] [--calls 200] [--starts 11] [--seed 1]
         [--embeddings off,on] [--embed-seconds 120] [--json]
                                          the real server over its pipes beside what SQLite and the SDK alone take
    """;

using var output = new StreamWriter(Console.OpenStandardOutput());
using var progress = new StreamWriter(Console.OpenStandardError()) { AutoFlush = true };

switch (args)
{
    case ["capture", .. var rest] when Enum.TryParse<Split>(Value(rest, "--split", "all"), ignoreCase: true, out var split):
        CaptureBenchmark.Run(output, split, rest.Contains("--show-misses"));
        return 0;

    case ["compare", .. var rest] when rest.Contains("--binary") && rest.Contains("--packages"):
        var starts = Number(Value(rest, "--starts", "7"));
        var compared = new CompareBenchmark(new ComparisonOptions(
            Executable(Value(rest, "--binary", "")), Path.GetFullPath(Value(rest, "--packages", "")), starts,
            DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime), starts == 7 ? "eng/compare --markdown" : $"eng/compare --markdown --starts {starts}"), progress).Run();
        if (rest.Contains("--json")) compared.WriteJson(output);
        else compared.WriteMarkdown(output);
        return compared.Rows[0].Failure is null ? 0 : 1;

    case ["eval", .. var rest] when rest.Contains("--binary") && Enum.TryParse<Split>(Value(rest, "--split", "all"), ignoreCase: true, out var split):
        return Evaluate(rest, split);

    case ["http", .. var rest] when rest.Contains("--binary"):
        return await new HttpBenchmark(new HttpBenchmarkOptions(
            Executable(Value(rest, "--binary", "")), double.Parse(Value(rest, "--minutes", "10"), CultureInfo.InvariantCulture), Number(Value(rest, "--clients", "64")),
            double.Parse(Value(rest, "--rate", "4"), CultureInfo.InvariantCulture), rest.Contains("--embeddings")), progress).RunAsync(output) ? 0 : 1;

    case ["hooks", .. var rest] when rest.Contains("--binary"):
        using (var hooks = new HookBenchmark(Executable(Value(rest, "--binary", "")), Number(Value(rest, "--entries", "100000")), Number(Value(rest, "--calls", "40")), progress))
            return hooks.Run(output) ? 0 : 1;

    case ["sessions", .. var rest] when rest.Contains("--binary"):
        using (var import = new ImportBenchmark(Executable(Value(rest, "--binary", "")), Number(Value(rest, "--sessions", "1000")), progress))
            return import.Run(output) ? 0 : 1;

    case ["micro", .. var rest]:
        var reports = BenchmarkRunner.Run<MicroBenchmarks>(args: rest).Reports;
        return reports.Length > 0 && reports.All(static report => report.Success) ? 0 : 1;

    case ["policy", .. var rest] when Enum.TryParse<Split>(Value(rest, "--split", "tune"), ignoreCase: true, out var split):
        new PolicyBenchmark(new PolicyOptions(
            Number(Value(rest, "--seed", "1")), split, rest.Contains("--show-misses"), rest.Contains("--secretlint"), Directory.GetCurrentDirectory()), progress).Run(output);
        return 0;

    case ["search", .. var rest]:
        return new SearchBenchmark(new SearchOptions(
            [.. Value(rest, "--sizes", "20000,100000,1000000").Split(',').Select(Number)], Number(Value(rest, "--queries", "200")), Number(Value(rest, "--seed", "1")),
            Value(rest, "--keep", "") is { Length: > 0 } folder ? Directory.CreateDirectory(folder).FullName : null), progress).Run(output) ? 0 : 1;

    case ["wire", .. var rest] when rest.Contains("--binary") && rest.Contains("--floor"):
        using (var benchmark = new WireBenchmark(new WireOptions(
            Executable(Value(rest, "--binary", "")),
            Executable(Value(rest, "--floor", "")),
            [.. Value(rest, "--sizes", "2000,20000,100000").Split(',').Select(Number)],
            Number(Value(rest, "--calls", "200")),
            Number(Value(rest, "--starts", "11")),
            Number(Value(rest, "--seed", "1")),
            [.. Value(rest, "--embeddings", "off,on").Split(',').Where(static mode => mode is "on" or "off")],
            TimeSpan.FromSeconds(Number(Value(rest, "--embed-seconds", "120")))), progress))
        {
            var report = benchmark.Run();
            if (rest.Contains("--json")) report.WriteJson(output);
            else report.WriteTable(output);
        }
        return 0;

    default:
        progress.WriteLine(Usage);
        return 2;
}

int Evaluate(string[] rest, Split split)
{
    string[] known = ["--binary", "--data", "--split", "--by-kind", "--show-misses", "--json"];
    if (rest.FirstOrDefault(word => word.StartsWith("--", StringComparison.Ordinal) && !known.Contains(word)) is { } strange)
    {
        progress.WriteLine($"{strange} is no option of eval.");
        progress.WriteLine(Usage);
        return 2;
    }
    var data = Value(rest, "--data", "");
    try
    {
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var report = new EvaluationBenchmark(new EvaluationOptions(
            Executable(Value(rest, "--binary", "")), data.Length > 0 ? data : null, split, rest.Contains("--by-kind"), rest.Contains("--show-misses"), today), progress).Run();
        if (rest.Contains("--json")) report.WriteJson(output);
        else report.WriteTable(output);
        return report.Sound ? 0 : 1;
    }
    catch (Exception error) when (error is IOException or FormatException or InvalidOperationException or System.Text.Json.JsonException)
    {
        progress.WriteLine(error.Message);
        return 1;
    }
}

static string Executable(string path) =>
    new[] { path, path + ".exe" }.Select(Path.GetFullPath).FirstOrDefault(File.Exists) ?? throw new FileNotFoundException($"There is no program {path}.");

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static string Value(string[] arguments, string name, string otherwise)
{
    var at = Array.IndexOf(arguments, name);
    return at >= 0 && at + 1 < arguments.Length ? arguments[at + 1] : otherwise;
}
