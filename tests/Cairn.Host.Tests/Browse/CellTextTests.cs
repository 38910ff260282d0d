using Cairn.Host.Browse;
using CsCheck;

namespace Cairn.Host.Tests.Browse;

/// <summary>Text in a terminal's cells: its width, where it is cut, where it is broken.</summary>
public sealed class CellTextTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("abc", 3)]
    [InlineData("漢字", 4)]
    [InlineData("한글", 4)]
    [InlineData("e\u0301", 1)]
    [InlineData("😀!", 3)]
    [InlineData("🇩🇪", 2)]
    [InlineData("❤️", 2)]
    [InlineData("👨‍👩‍👧", 6)] // where nothing is joined, three are shown
    [InlineData("👍🏽", 4)]
    public void Width_CountsCells(string text, int cells) => Assert.Equal(cells, CellText.Width(text));

    [Theory]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abcdef", 5, "abcd…")]
    [InlineData("漢字漢字", 5, "漢字…")]
    [InlineData("漢字漢字", 6, "漢字…")]
    [InlineData("ae\u0301o\u0308u", 3, "ae\u0301…")]
    [InlineData("漢", 1, "…")]
    [InlineData("abc", 0, "")]
    public void Cut_EndsInAnEllipsis(string text, int width, string expected) => Assert.Equal(expected, CellText.Cut(text, width));

    [Theory]
    [InlineData("one two three", 7, "one two|three")]
    [InlineData("one  two", 5, "one|two")]
    [InlineData("abcdefgh ij", 3, "abc|def|gh|ij")]
    [InlineData("a 漢字漢字 b", 4, "a|漢字|漢字|b")]
    [InlineData("漢字", 1, "?|?|")]
    [InlineData("one\n\n two", 9, "one|| two")]
    [InlineData("", 4, "")]
    public void Wrap_BreaksBetweenWords(string text, int width, string expected) => Assert.Equal(expected.Split('|'), CellText.Wrap(text, width));

    [Fact]
    public void EveryText_StaysWithinItsCells_AndActsOnNothing() => Gen.Select(BrowseTexts.Lines, Gen.Int[0, 90]).Sample((text, width) =>
    {
        var line = CellText.Line(text);
        Assert.True(BrowseTexts.IsHarmless(line), line);
        Assert.InRange(BrowseTexts.Columns(line), 0, CellText.Width(line));

        Assert.InRange(CellText.Width(CellText.Cut(line, width)), 0, width);
        Assert.InRange(CellText.Width(CellText.End(line, width)), 0, width);
        Assert.EndsWith(CellText.End(line, width), line, StringComparison.Ordinal);
        Assert.Equal(width, CellText.Width(CellText.Fill(line, width)));
        if (CellText.Width(line) <= width) Assert.Equal(line, CellText.Cut(line, width));
    });

    [Fact]
    public void EveryText_IsWrappedWithinItsWidth_AndLosesOnlyBlanks() => Gen.Select(BrowseTexts.Lines, Gen.Int[2, 90]).Sample((text, width) =>
    {
        var clean = CellText.Lines(text);
        var lines = CellText.Wrap(clean, width);

        Assert.All(lines, line => Assert.InRange(CellText.Width(line), 0, width));
        Assert.All(lines, line => Assert.True(BrowseTexts.IsHarmless(line), line));
        // What takes more than two cells has no room in two, and is a sign instead.
        if (width >= 12) Assert.Equal(Solid(clean), Solid(string.Concat(lines)));
    });

    private static string Solid(string text) => text.Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);
}
