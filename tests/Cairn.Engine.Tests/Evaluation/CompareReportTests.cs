using Cairn.Benchmarks.Compare;

namespace Cairn.Engine.Tests.Evaluation;

/// <summary>The table of eng/compare.</summary>
public sealed class CompareReportTests
{
    private static readonly CompareRow Cairn = new()
    {
        Name = CompareReport.Base, StartMilliseconds = 20, IdleMebibytes = 20, AfterMebibytes = 100, SaveMilliseconds = 0.5, SearchMilliseconds = 2, Found = 0.824, BytesAnEntry = 1_000, ToolTokens = 1_500,
    };

    [Fact]
    public void Table_ShowsRatiosToCairn_AndTheFiguresThemselves()
    {
        var cells = Row(Table(Cairn, Cairn with { Name = "other", Version = "1.2.3", StartMilliseconds = 240, IdleMebibytes = 15, SaveMilliseconds = 0.75, Found = 0.1 }), "other 1.2.3");

        Assert.Equal(["other 1.2.3", "×12 (240 ms)", "×0.75 (15 MiB)", "100 MiB", "×1.5 (0.8 ms)", "2.0 ms", "10%", "1,000 bytes", "1,500 tokens"], cells);
    }

    [Fact]
    public void Table_NamesWhatFailed_AndWhy()
    {
        var table = Table(Cairn, new CompareRow { Name = "broken", Version = "9", Failure = "not installed: no network", Remark = "not installed: no network" });

        Assert.Equal(["broken 9", "—", "—", "—", "—", "—", "—", "—", "—"], Row(table, "broken 9"));
        Assert.Contains("- broken: not installed: no network.", table, StringComparison.Ordinal);
    }

    [Fact]
    public void Table_OfACairnThatFailed_HasNoRatios() =>
        Assert.Equal("250 ms", Row(Table(new CompareRow { Name = CompareReport.Base, Failure = "it ended" }, Cairn with { Name = "other", StartMilliseconds = 250 }), "other")[1]);

    [Fact]
    public void Table_SaysWhenAndHowItWasMeasured() =>
        Assert.StartsWith("Measured on 2026-12-01 with `eng/compare --markdown`", Table(Cairn), StringComparison.Ordinal);

    private static string Table(params CompareRow[] rows)
    {
        using var output = new StringWriter();
        new CompareReport(new DateOnly(2026, 12, 1), "eng/compare --markdown", "2 cores", 2_000, 400, 7, 288, rows).WriteMarkdown(output);
        return output.ToString();
    }

    private static string[] Row(string table, string name) =>
        [.. table.Split('\n').Single(line => line.StartsWith($"| {name}", StringComparison.Ordinal)).Trim().Trim('|').Split('|').Select(static cell => cell.Trim())];
}
