using System.Globalization;
using Cairn.Engine.Policy;

namespace Cairn.Benchmarks.Policy;

/// <summary>What the policy benchmark is asked for.</summary>
internal sealed record PolicyOptions(int Seed, Split Split, bool ShowMisses, bool Secretlint, string Root);

/// <summary>
/// How many secrets the scanner finds in texts that were not made with it in view, how often it stops a clean text, and
/// how long it takes. Of the held-out half the report gives numbers; with --show-misses also the names of its kinds, never a text.
/// </summary>
internal sealed class PolicyBenchmark(PolicyOptions options, TextWriter progress)
{
    private readonly SecretScanner _scanner = new();
    private readonly List<string> _misses = [];

    public void Run(TextWriter output)
    {
        var times = new ScanTimes(options.Seed, options.Root);
        var first = times.First();
        var texts = PolicyCorpus.Texts(options.Seed, options.Split);
        progress.WriteLine($"{texts.Count} texts of {texts.DistinctBy(text => text.Kind.Name).Count()} kinds …");

        var detections = texts.Select(text => new Detection(text, Scan(text.Text))).ToArray();
        List<DetectionRow> rows = [.. DetectionRow.Of("cairn", detections), .. RealText.Of(options.Root).Select(RealRow)];
        if (options.Secretlint) rows.AddRange(DetectionRow.Of("secretlint", WithSecretlint(texts)));

        output.WriteLine($"seed {options.Seed}, {options.Split.ToString().ToLowerInvariant()} kinds; found: a finding lies on the secret; covered: no letter or digit of it is left when the findings are taken out");
        Table.Write(output, ["detector", "group", "kinds", "texts", "found", "rate", "covered", "rate"], rows.Select(Cells));
        output.WriteLine();
        Table.Write(output, ["scan", "characters", "first ms", "p50 ms", "p99 ms"], first.Concat(times.Run(texts)).Select(Cells));
        if (options.ShowMisses) WriteMisses(output, detections);
    }

    private IReadOnlyList<(int, int)> Scan(string text) => [.. _scanner.Scan(text).Select(finding => (finding.Start, finding.End))];

    private DetectionRow RealRow((string Name, IReadOnlyList<Piece> Pieces) set)
    {
        var flagged = set.Pieces.Where(piece => _scanner.Scan(piece.Text).Count > 0).ToArray();
        _misses.AddRange(flagged.Select(piece =>
            $"real text flagged: {piece.Path}, from line {piece.Line}: {string.Join(", ", _scanner.Scan(piece.Text).Select(finding => finding.RuleId))}"));
        return new DetectionRow("cairn", $"{set.Name} (flagged)", 0, set.Pieces.Count, flagged.Length, null);
    }

    private List<Detection> WithSecretlint(IReadOnlyList<LabelledText> texts)
    {
        progress.WriteLine("secretlint …");
        var secretlint = new Secretlint(new DirectoryInfo(Path.Combine(options.Root, "bench", "Cairn.Benchmarks", "obj", "secretlint")));
        secretlint.Install();
        return [.. texts.Zip(secretlint.Scan([.. texts.Select(text => text.Text)]), (text, findings) => new Detection(text, findings))];
    }

    private void WriteMisses(TextWriter output, IEnumerable<Detection> detections)
    {
        output.WriteLine();
        foreach (var kind in detections.GroupBy(one => one.Text.Kind))
        {
            var wrong = kind.Where(one => kind.Key.Group is null ? one.Flagged : !one.Covered).ToArray();
            if (wrong.Length == 0) continue;
            var what = kind.Key.Group is null ? $"{wrong.Length} flagged" : $"{wrong.Count(one => !one.Found)} missed, {wrong.Count(one => one.Found)} found in part";
            output.WriteLine($"{kind.Key.Name}: {what}, of {kind.Count()}");
            if (!kind.Key.HeldOut) foreach (var one in wrong) output.WriteLine($"    {Excerpt(one)}");
        }
        foreach (var miss in _misses) output.WriteLine(miss);
    }

    /// <summary>The text on one line around the secret, or around what was flagged; it was made here, so it may be shown.</summary>
    private static string Excerpt(Detection detection)
    {
        const int around = 60, most = 260;
        var (text, secret) = (detection.Text.Text, detection.Text.Length > 0);
        var (start, end) = secret ? (detection.Text.Start, detection.Text.End) : detection.Findings[0];
        var from = Math.Max(0, start - around);
        var shown = text[from..Math.Min(text.Length, Math.Min(end + around, from + most))];
        return shown.Replace("\n", "⏎").Replace("\r", "␍").Replace("\u001b", "␛");
    }

    private static string[] Cells(DetectionRow row) =>
    [
        row.Detector, row.Group, row.Kinds == 0 ? "" : Count(row.Kinds), Count(row.Texts), Count(row.Found), Share(row.Found, row.Texts),
        row.Covered is { } covered ? Count(covered) : "", row.Covered is { } all ? Share(all, row.Texts) : "",
    ];

    private static string[] Cells(TimeRow row) => [row.Measure, Count(row.Characters), Time(row.First), Time(row.Median), Time(row.P99)];

    private static string Count(int value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Share(int part, int whole) => whole == 0 ? "" : (100.0 * part / whole).ToString("0.00", CultureInfo.InvariantCulture) + " %";

    private static string Time(double? milliseconds) => milliseconds?.ToString(milliseconds >= 10 ? "0.0" : "0.000", CultureInfo.InvariantCulture) ?? "";
}
