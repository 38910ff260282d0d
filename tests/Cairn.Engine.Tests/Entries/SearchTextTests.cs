using Cairn.Engine.Entries;
using CsCheck;

namespace Cairn.Engine.Tests.Entries;

public sealed class SearchTextTests
{
    private static readonly DateTimeOffset Day = new(2026, 5, 31, 23, 30, 0, TimeSpan.Zero);

    [Fact]
    public void Of_Entry_HoldsTypeTagsSourceAndDate()
    {
        var text = SearchText.Of(EntryDraft.From(new NewEntry { Text = "Body", Type = "decision", Tags = ["storage", "two words"], SourceRef = "docs/a.md" }), Day);

        Assert.Equal("decision\nstorage\ntwo words\ndocs/a.md\n2026-05-31 May", text);
    }

    [Fact]
    public void Of_TimeWithOffset_NamesTheDayInUtc() =>
        Assert.Contains("2026-06-01 June", SearchText.Of(EntryDraft.From(new NewEntry { Text = "x" }), new DateTimeOffset(2026, 5, 31, 23, 30, 0, TimeSpan.FromHours(-2))), StringComparison.Ordinal);

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
