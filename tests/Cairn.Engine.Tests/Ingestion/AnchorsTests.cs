using Cairn.Engine.Ingestion;

namespace Cairn.Engine.Tests.Ingestion;

public sealed class AnchorsTests
{
    [Theory]
    [InlineData("Hello World", "hello-world")]
    [InlineData("1. One SQLite file, and no daemon", "1-one-sqlite-file-and-no-daemon")]
    [InlineData("`revise` makes a new entry", "revise-makes-a-new-entry")]
    [InlineData("snake_case - and  spaces", "snake_case---and--spaces")]
    [InlineData("Größe & Übung", "größe--übung")]
    [InlineData("日本語 見出し", "日本語-見出し")]
    [InlineData("🚀", "section")]
    public void Next_Heading_IsGitHubsAnchor(string heading, string anchor) => Assert.Equal(anchor, new Anchors(200).Next(heading));

    [Fact]
    public void Next_SameHeadingAgain_IsNumbered()
    {
        var anchors = new Anchors(200);

        Assert.Equal(["a", "a-1", "a-1-1", "a-2"], new[] { "A", "A", "A 1", "a" }.Select(anchors.Next));
    }

    [Fact]
    public void Next_LongHeadings_StayWithinTheLimitAndApart()
    {
        var anchors = new Anchors(10);

        Assert.Equal(["abcdefghij", "abcdefgh-1", "abcdefgh-2"], new[] { "abcdefghijkl", "abcdefghijklm", "abcdefghijkl" }.Select(anchors.Next));
    }
}
