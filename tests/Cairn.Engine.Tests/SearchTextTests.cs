using Cairn.Engine.Entries;
using CsCheck;

namespace Cairn.Engine.Tests;

public sealed class SearchTextTests
{
    private static readonly DateTimeOffset Day = new(2026, 5, 31, 23, 30, 0, TimeSpan.Zero);

    [Fact]
    public void Of_Entry_HoldsTypeTagsSourceAndDate()
    {
        var text = EntryDraft.From(new NewEntry { Text = "Body", Type = "decision", Tags = ["storage", "two words"], SourceRef = "docs/a.md" }).SearchText(Day);

        Assert.Equal("decision\nstorage\ntwo words\ndocs/a.md\n2026-05-31 May v20260531 v202605\ndocsamd\namd", text);
    }

    [Fact]
    public void Of_TimeWithOffset_NamesTheDayInUtc() =>
        Assert.Contains("2026-06-01 June", EntryDraft.From(new NewEntry { Text = "x" }).SearchText(new DateTimeOffset(2026, 5, 31, 23, 30, 0, TimeSpan.FromHours(-2))), StringComparison.Ordinal);

    [Fact]
    public void Of_Metadata_AddsItsShortTextsNumbersAndTheMonthsOfItsDates()
    {
        var metadata = System.Text.Json.JsonElement.Parse($$"""{"speaker": "Ann", "at": "2023-04-08T10:00:00Z", "pr": 482, "done": true, "paths": ["src/a.cs"], "long": "{{new string('x', 101)}}"}""");

        var text = EntryDraft.From(new NewEntry { Text = "Body", Metadata = metadata }).SearchText(Day);

        Assert.Equal("note\n2026-05-31 May v20260531 v202605\nAnn\n2023-04-08T10:00:00Z 2023-04-08 April\n482\nsrc/a.cs\n20230408t100000z\nv20230408\nsrcacs\nacs", text);
    }

    [Fact]
    public void Of_MuchMetadata_HoldsItsFirstThousandCharacters()
    {
        var metadata = System.Text.Json.JsonElement.Parse($$"""{"words": [{{string.Join(',', Enumerable.Range(0, 300).Select(i => $"\"word{i}\""))}}]}""");

        Assert.InRange(EntryDraft.From(new NewEntry { Text = "Body", Metadata = metadata }).SearchText(Day).Length, 1_000, 1_200);
    }

    [Theory]
    [InlineData("検索", "検索,索")]
    [InlineData("全文検索", "全文,文検,検索,索")]
    [InlineData("字", "字")]
    [InlineData("SQLite検索mode", "SQLite,検索,索,mode")]
    [InlineData("カタカナ", "カタ,タカ,カナ,ナ")]
    [InlineData("한국어", "한국,국어,어")]
    [InlineData("เวลา", "เว,วล,ลา,า")]
    [InlineData("plain words only", "")]
    [InlineData("über Größe", "")]
    public void Unspaced_Run_GivesBigramsItsLastCharacterAndTheWordsBeside(string text, string terms) =>
        Assert.Equal(terms, string.Join(',', SearchText.Unspaced(text)));

    [Fact]
    public void Unspaced_AnyText_GivesOnlyPartsOfIt() => Gen.String.Sample(text => SearchText.Unspaced(text).All(term => term.Length > 0 && text.Contains(term, StringComparison.Ordinal)));

    [Fact]
    public void Unspaced_LongRun_TakesTimeInProportion()
    {
        var terms = SearchText.Unspaced(new string('字', 100_000)).Count();

        Assert.Equal(100_000, terms);
    }
}
