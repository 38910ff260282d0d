using CsCheck;

namespace Cairn.Engine.Tests;

public sealed class CodeNamesTests
{
    [Theory]
    [InlineData("plain words only", "")]
    [InlineData("MEMORY_DB_PATH", "memorydbpath")]
    [InlineData("EntryService.Save", "entry,service,entryservicesave")]
    [InlineData("see src/a/b.cs:42.", "srcabcs42,srcabcs,bcs42,bcs,abcs42,abcs")]
    [InlineData("(--no-restore)", "norestore")]
    [InlineData("v1.2.3 and 1.2.3", "v123")]
    [InlineData("HTTPServer getUser NU1603 iOS McKay", "http,server,get,user,os,mc,kay")]
    [InlineData("foo_bar foo-bar fooBar", "foobar,foo,bar")]
    [InlineData("a::b", "ab")]
    [InlineData("don't", "")]
    [InlineData("全文/検索", "")]
    public void Terms_Text_AreItsNamesTheirEndsAndHumps(string text, string terms) => Assert.Equal(terms, string.Join(',', CodeNames.Terms(text)));

    [Theory]
    [InlineData("a b", "a|b")]
    [InlineData("--x-y=z_1,", "x-y|z_1")]
    [InlineData("f(a.b, \"c/d\")", "f|a.b|c/d")]
    [InlineData("ends.", "ends")]
    [InlineData("", "")]
    [InlineData("...", "")]
    public void Chunks_Text_AreRunsOfWordsAndJoints(string text, string chunks) => Assert.Equal(chunks, string.Join('|', CodeNames.Chunks(text)));

    [Fact]
    public void Terms_AnyText_AreWordsOfTheIndexNoneTwice() => Gen.OneOf(Gen.String, Gen.OneOf<string>("a", "B", "1", ".", "/", "_", ":", "-", " ", "é", "𠮷", "検", "\u0301").List[0, 40].Select(string.Concat)).Sample(text =>
    {
        var terms = CodeNames.Terms(text).ToList();
        return terms.Distinct().Count() == terms.Count && terms.All(term => Words.Of(term) is [var word] && word == term && term.Length <= 64 || term.Length > 64);
    });

    [Fact]
    public void Terms_LongestTexts_TakeTimeInProportion()
    {
        foreach (var unit in new[] { "a.", "aB", "a:1", "/a" }) Assert.True(CodeNames.Terms(string.Concat(Enumerable.Repeat(unit, 100_000))).Count() < 400_000);
    }
}
