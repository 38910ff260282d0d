using System.Globalization;
using Cairn.Benchmarks.Policy;
using Cairn.Engine;
using Cairn.Engine.Capture;

namespace Cairn.Benchmarks.Capture;

/// <summary>
/// What capture remembers of windows whose entries are known, by mode and type. Of the held-out half the numbers alone are
/// shown; --show-misses names what went wrong in the other, and in the turns of real sessions.
/// </summary>
internal static class CaptureBenchmark
{
    /// <summary>The sets: name, file and whether it is held out.</summary>
    public static IReadOnlyList<(string Name, bool HeldOut)> Sets { get; } = [("tune", false), ("holdout", true)];

    /// <summary>Measures and writes the table.</summary>
    public static void Run(TextWriter output, Split split, bool showMisses)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Capture");
        foreach (var (name, heldOut) in Sets.Where(set => split == Split.All || (split == Split.Holdout) == set.HeldOut))
        {
            var windows = LabelledWindow.Read(Path.Combine(folder, "Data", $"{name}.txt"))
                .Select(static window => (window, (IReadOnlyList<SessionWindow>)[.. SessionWindow.Of(WindowText.Read(window.Events))])).ToList();
            Write(output, $"{name}, {Number(windows.Count)} windows", windows, showMisses && !heldOut);
        }
        if (split == Split.Tune) return;
        var turns = LabelledRollout.Read(Path.Combine(folder, "Rollouts"));
        Write(output, $"rollouts of the real Codex, {Number(turns.Count)} turns", turns, showMisses);
    }

    private static void Write(TextWriter output, string name, IReadOnlyList<(LabelledWindow Label, IReadOnlyList<SessionWindow> Windows)> set, bool showMisses)
    {
        foreach (var mode in (CaptureMode[])[CaptureMode.Assist, CaptureMode.Full])
        {
            var measure = Of(set, mode);
            output.WriteLine($"{name}, {mode.ToString().ToLowerInvariant()}");
            Table.Write(output, ["type", "expected", "taken", "right", "precision", "recall"],
                measure.Types.Append(("all", measure.All.Expected, measure.All.Taken, measure.All.Right)).Select(static row => Cells(row.Item1, row.Item2, row.Item3, row.Item4)));
            output.WriteLine();
            if (!showMisses) continue;
            foreach (var miss in measure.Misses) output.WriteLine($"  {miss}");
            output.WriteLine();
        }
    }

    /// <summary>What a mode takes of windows, by the rules alone: policy and duplicates play no part.</summary>
    private static CaptureMeasure Of(IReadOnlyList<(LabelledWindow Label, IReadOnlyList<SessionWindow> Windows)> set, CaptureMode mode)
    {
        var measure = new CaptureMeasure();
        foreach (var (label, windows) in set)
            measure.Add(label, windows.SelectMany(CaptureRules.Find)
                .Where(candidate => candidate.Doubt is null && candidate.Confidence >= CaptureScore.Least(mode)).Select(static candidate => (candidate.Rule.Type, $"{candidate.Title}\n{candidate.Body}")));
        return measure;
    }

    private static string[] Cells(string type, int expected, int taken, int right) =>
        [type, Number(expected), Number(taken), Number(right), Share(right, taken), Share(right, expected)];

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Share(int part, int whole) => whole == 0 ? "" : (100.0 * part / whole).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
