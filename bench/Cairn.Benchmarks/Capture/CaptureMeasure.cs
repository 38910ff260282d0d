namespace Cairn.Benchmarks.Capture;

/// <summary>What was remembered of labelled windows: of each type how many should have been, were, and were rightly.</summary>
internal sealed class CaptureMeasure
{
    private readonly SortedDictionary<string, (int Expected, int Taken, int Right)> _types = new(StringComparer.Ordinal);
    private readonly List<string> _misses = [];

    /// <summary>Each type with its counts.</summary>
    public IEnumerable<(string Type, int Expected, int Taken, int Right)> Types => _types.Select(static type => (type.Key, type.Value.Expected, type.Value.Taken, type.Value.Right));

    /// <summary>The same of all types.</summary>
    public (int Expected, int Taken, int Right) All => (_types.Values.Sum(static type => type.Expected), _types.Values.Sum(static type => type.Taken), _types.Values.Sum(static type => type.Right));

    /// <summary>The share of what was taken that was right, 0 to 1.</summary>
    public double Precision => All is var (_, taken, right) && taken > 0 ? (double)right / taken : 1;

    /// <summary>The share of what should have been taken that was, 0 to 1.</summary>
    public double Recall => All is var (expected, _, right) && expected > 0 ? (double)right / expected : 1;

    /// <summary>What was missed or taken wrongly, by window.</summary>
    public IReadOnlyList<string> Misses => _misses;

    /// <summary>Counts a window.</summary>
    /// <param name="window">The window.</param>
    /// <param name="taken">What was remembered of it: types, titles with texts.</param>
    public void Add(LabelledWindow window, IEnumerable<(string Type, string Text)> taken)
    {
        var left = window.Expected.ToList();
        foreach (var type in left) Count(type.Type, expected: 1);
        foreach (var (type, text) in taken)
        {
            var met = left.FindIndex(expected => expected.IsMetBy(type, text));
            Count(type, taken: 1, right: met >= 0 ? 1 : 0);
            if (met >= 0) left.RemoveAt(met);
            else _misses.Add($"{window.Name}: wrongly {type}: {text.Split('\n')[0]}");
        }
        _misses.AddRange(left.Select(missed => $"{window.Name}: missed {missed.Type}{(missed.Word is null ? "" : $" {missed.Word}")}"));
    }

    private void Count(string type, int expected = 0, int taken = 0, int right = 0)
    {
        var before = _types.GetValueOrDefault(type);
        _types[type] = (before.Expected + expected, before.Taken + taken, before.Right + right);
    }
}
