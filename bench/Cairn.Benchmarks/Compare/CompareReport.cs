using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cairn.Benchmarks.Compare;

/// <summary>The figures of one memory; what could not be measured is null, and the remark says why.</summary>
internal sealed record CompareRow
{
    public required string Name { get; init; }
    public string? Package { get; init; }
    public string? Version { get; init; }
    public double? StartMilliseconds { get; init; }
    public double? IdleMebibytes { get; init; }
    public double? AfterMebibytes { get; init; }
    public double? SaveMilliseconds { get; init; }
    public double? SaveP99Milliseconds { get; init; }
    public double? SearchMilliseconds { get; init; }
    public double? SearchP99Milliseconds { get; init; }

    /// <summary>The share of the questions with an answer among the first ten hits, 0 to 1.</summary>
    public double? Found { get; init; }
    public double? Mrr { get; init; }
    public double? BytesAnEntry { get; init; }
    public int? Tools { get; init; }
    public int? ToolTokens { get; init; }
    public int NotSaved { get; init; }
    public string? Failure { get; init; }
    public string? Remark { get; init; }
}

/// <summary>The comparison as a table, for people or in Markdown, or as JSON for programs.</summary>
internal sealed record CompareReport(
    DateOnly Date, string Command, string Machine, int Entries, int Questions, int Starts, double TextBytesAnEntry, IReadOnlyList<CompareRow> Rows)
{
    /// <summary>The memory that all others are divided by.</summary>
    public const string Base = "Cairn";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public void WriteJson(TextWriter output) => output.WriteLine(JsonSerializer.Serialize(this, Json));

    /// <summary>The table, with what is to be known of it before and behind.</summary>
    public void WriteMarkdown(TextWriter output)
    {
        var of = Rows.First(static row => row.Name == Base);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Measured on {Date:yyyy-MM-dd} with `{Command}`, all in turns in one run ({Machine}). × is the figure divided by Cairn's."));
        output.WriteLine();
        Table.Write(output, ["", "start", "memory, idle", "memory, in use", "save", "search", "found in 10 hits", "disk an entry", "list of tools"], Rows.Select(row => new[]
        {
            row.Version is { } version ? $"{row.Name} {version}" : row.Name,
            Cell(row.StartMilliseconds, of.StartMilliseconds, "ms"),
            Cell(row.IdleMebibytes, of.IdleMebibytes, "MiB"),
            Cell(row.AfterMebibytes, of.AfterMebibytes, "MiB"),
            Cell(row.SaveMilliseconds, of.SaveMilliseconds, "ms"),
            Cell(row.SearchMilliseconds, of.SearchMilliseconds, "ms"),
            row.Found is { } found ? string.Create(CultureInfo.InvariantCulture, $"{found:P0}").Replace(" ", "", StringComparison.Ordinal) : "—",
            Cell(row.BytesAnEntry, of.BytesAnEntry, "bytes"),
            Cell(row.ToolTokens, of.ToolTokens, "tokens"),
        }));
        output.WriteLine();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"- {Entries:N0} entries of made-up projects, {TextBytesAnEntry:0} bytes of text each, saved one by one, and {Questions} questions whose answers are known (`bench/Cairn.Benchmarks/Evaluation/Data`). Medians; start is spawn to an answered `tools/list`, over those entries ({Starts} each); in use is after those saves and questions."));
        output.WriteLine("- Entries and questions are those by which Cairn's own search is judged, and half of them those by which it was tuned: what is found flatters Cairn.");
        output.WriteLine("- Cairn answers a save once it is on disk (fsync); that the others do was not looked into. Tokens are o200k_base.");
        foreach (var row in Rows.Where(static row => row.Remark is not null)) output.WriteLine($"- {row.Name}: {row.Remark}.");
    }

    private static string Cell(double? value, double? of, string unit)
    {
        if (value is not { } figure) return "—";
        var shown = $"{figure.ToString(figure >= 100 ? "N0" : figure >= 10 ? "0" : "0.0", CultureInfo.InvariantCulture)} {unit}";
        return of is { } divisor && divisor > 0 && Math.Abs(figure - divisor) > double.Epsilon ? string.Create(CultureInfo.InvariantCulture, $"×{Ratio(figure / divisor)} ({shown})") : shown;
    }

    private static string Ratio(double ratio) => ratio.ToString(ratio >= 10 ? "0" : ratio >= 1 ? "0.0" : "0.00", CultureInfo.InvariantCulture);
}
