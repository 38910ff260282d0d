using System.Globalization;
using System.Text.Json;

namespace Cairn.Benchmarks;

/// <summary>Measurements of one thing, in one unit.</summary>
internal sealed class Samples
{
    private readonly List<double> _values = [];

    /// <summary>How many there are.</summary>
    public int Count => _values.Count;

    public void Add(double value) => _values.Add(value);

    /// <summary>The smallest measurement that at least this share (0-1) of all does not exceed; 0.5 is the median.</summary>
    public double Percentile(double share)
    {
        var sorted = _values.Order().ToArray();
        return sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
    }
}

/// <summary>One line of the result: Cairn beside its floor. A size of 0 means that it does not depend on one; null is not measured.</summary>
internal sealed record Row(int Size, string Measure, string Unit, double P50, double? P99 = null, double? FloorP50 = null, double? FloorP99 = null, double? Bar = null, string? Check = null)
{
    /// <summary>Cairn's median divided by the floor's.</summary>
    public double? Ratio => P50 / FloorP50;

    public static Row Of(int size, string measure, string unit, Samples cairn, Samples floor, double? bar = null, string? check = null) =>
        new(size, measure, unit, cairn.Percentile(0.5), cairn.Percentile(0.99), floor.Percentile(0.5), floor.Percentile(0.99), bar, check);
}

/// <summary>The result as one table for people, or as JSON for programs.</summary>
internal sealed record Report(string Environment, IReadOnlyList<string> Notes, IReadOnlyList<Row> Rows)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public void WriteJson(TextWriter output) => output.WriteLine(JsonSerializer.Serialize(this, Json));

    public void WriteTable(TextWriter output)
    {
        output.WriteLine(Environment);
        foreach (var note in Notes) output.WriteLine($"- {note}");
        output.WriteLine();

        string[] header = ["entries", "measure", "unit", "cairn p50", "p99", "floor p50", "p99", "ratio", "bar", "check"];
        Table.Write(output, header, Rows.Select(Cells));
    }

    private static string[] Cells(Row row) =>
    [
        row.Size == 0 ? "" : row.Size.ToString("N0", CultureInfo.InvariantCulture), row.Measure, row.Unit,
        Figure(row.P50), Figure(row.P99), Figure(row.FloorP50), Figure(row.FloorP99),
        Figure(row.Ratio, "0.00"), row.Bar is null ? "" : "<= " + Figure(row.Bar, "0.0"), row.Check ?? "",
    ];

    private static string Figure(double? value, string? format = null) =>
        value?.ToString(format ?? (value >= 100 ? "0" : value >= 10 ? "0.0" : "0.000"), CultureInfo.InvariantCulture) ?? "";
}
