using System.Globalization;
using System.Text.Json;

namespace Cairn.Benchmarks.Evaluation;

/// <summary>
/// What one question brought in one mode; whether something replaced stands before what replaced it; and how many hits
/// are strangers, of other projects than the one asked about.
/// </summary>
internal sealed record Outcome(Question Question, string Mode, RankingMetrics Metrics, bool OutdatedFirst, int Strangers, double Milliseconds);

/// <summary>
/// One line of the table: a set of questions in one mode. Metrics from 0 to 1; times in milliseconds, and the median's ratio
/// to the peer's in the same run. OutdatedFirst counts questions, and is null where nothing is replaced; Strangers, hits.
/// </summary>
internal sealed record EvaluationRow(string Set, string Mode, int Questions, RankingMetrics Metrics, int? OutdatedFirst, int Strangers, double P50, double P99, double Ratio)
{
    /// <summary>A row for each mode, over outcomes of the same questions.</summary>
    public static IEnumerable<EvaluationRow> Of(string set, IReadOnlyCollection<Outcome> outcomes)
    {
        var peer = Times(outcomes.Where(static one => one.Mode == EvaluationBenchmark.Peer)).Percentile(0.5);
        foreach (var mode in outcomes.GroupBy(static one => one.Mode))
        {
            var times = Times(mode);
            yield return new EvaluationRow(
                set, mode.Key, mode.Count(), RankingMetrics.Mean([.. mode.Select(static one => one.Metrics)]),
                mode.Any(static one => one.Question.Outdated.Count > 0) ? mode.Count(static one => one.OutdatedFirst) : null,
                mode.Sum(static one => one.Strangers), times.Percentile(0.5), times.Percentile(0.99), times.Percentile(0.5) / peer);
        }
    }

    private static Samples Times(IEnumerable<Outcome> outcomes)
    {
        var samples = new Samples();
        foreach (var one in outcomes) samples.Add(one.Milliseconds);
        return samples;
    }
}

/// <summary>A question whose answers are not all among the first ten, with the place of each; null is not among the first hundred.</summary>
internal sealed record Miss(Question Question, string Mode, IReadOnlyList<(string Answer, int? Place)> Places, string? FirstHit);

/// <summary>The result as one table for people, or as JSON for programs.</summary>
internal sealed record EvaluationReport(IReadOnlyList<string> Notes, IReadOnlyList<EvaluationRow> Rows, IReadOnlyList<Miss> Misses)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Neither is anything replaced shown before its replacement by Cairn, nor another project's entry.</summary>
    public bool Sound => Rows.Where(static row => row.Mode != EvaluationBenchmark.Peer).All(static row => row is { OutdatedFirst: null or 0, Strangers: 0 });

    public void WriteJson(TextWriter output) => output.WriteLine(JsonSerializer.Serialize(
        new { Notes, Rows, Misses = Misses.Select(static miss => new { miss.Question.Set, miss.Mode, miss.Question.Kind, Question = Shown(miss), Places = miss.Places.Select(static one => one.Place) }) }, Json));

    public void WriteTable(TextWriter output)
    {
        foreach (var note in Notes) output.WriteLine($"- {note}");
        output.WriteLine();
        string[] header = ["questions", "mode", "n", "R@5", "R@10", "R@20", "H@10", "MRR", "nDCG@10", "outdated first", "other projects", "p50 ms", "p99", "x peer"];
        Table.Write(output, header, Rows.Select(Cells));
        if (Misses.Count > 0) output.WriteLine();
        foreach (var miss in Misses)
        {
            output.WriteLine($"{miss.Mode} | {miss.Question.Set} | {miss.Question.Kind} | {Shown(miss)}");
            if (miss.Question.HeldOut) output.WriteLine($"    {string.Join(", ", miss.Places.Select(static one => Place(one.Place)))}");
            else
            {
                foreach (var (answer, place) in miss.Places) output.WriteLine($"    {Place(place)}: {answer}");
                output.WriteLine($"    first: {miss.FirstHit ?? "nothing"}");
            }
        }
    }

    private static string Place(int? place) => place is null ? "not in 100" : $"at {Count(place.Value)}";

    // Who reads what is held out will tune to it.
    private static string Shown(Miss miss) => miss.Question.HeldOut ? "(held out)" : miss.Question.Text;

    private static string[] Cells(EvaluationRow row) =>
    [
        row.Set, row.Mode, Count(row.Questions),
        Share(row.Metrics.Recall5), Share(row.Metrics.Recall10), Share(row.Metrics.Recall20), Share(row.Metrics.Hit10), Share(row.Metrics.Mrr), Share(row.Metrics.Ndcg10),
        row.OutdatedFirst is { } outdated ? Count(outdated) : "", Count(row.Strangers), Figure(row.P50), Figure(row.P99), Figure(row.Ratio),
    ];

    private static string Count(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Share(double value) => (100 * value).ToString("0.0", CultureInfo.InvariantCulture);

    private static string Figure(double value) => value.ToString(value >= 10 ? "0.0" : "0.00", CultureInfo.InvariantCulture);
}
