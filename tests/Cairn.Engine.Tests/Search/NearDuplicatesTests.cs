using Cairn.Engine.Search;

namespace Cairn.Engine.Tests.Search;

public sealed class NearDuplicatesTests
{
    private const string Text = "We keep the retry budget of the upstream client at three attempts because the gateway drops the first request after a deploy, and the second one is slow while caches fill; see the notes of the incident for the numbers that led to it";

    [Theory]
    [InlineData(Text, true)]
    [InlineData("  WE keep the retry budget (of the upstream client) at three attempts, because the gateway drops the first request after a deploy - and the second one is slow while caches fill; see the notes of the incident for the numbers that led to it.", true)]
    [InlineData(Text + " anyway", true)]
    [InlineData(Text + " 3", false)]
    [InlineData("We never keep the retry budget of the upstream client at three attempts because the gateway drops the first request after a deploy, and the second one is slow while caches fill; see the notes of the incident for the numbers that led to it", false)]
    [InlineData("We keep the retry budget of the upstream client at four attempts because the gateway drops the first two requests after a deploy, and the next one is slow while caches fill; see the notes of the outage for the numbers that led to it", false)]
    [InlineData("Another text", false)]
    public void Find_Text_SaysTheSame(string other, bool same)
    {
        var texts = new NearDuplicates();

        Assert.Equal((-1, same ? 0 : -1), (texts.Find(Text), texts.Find(other)));
    }

    [Theory]
    [InlineData("Released 1.2.3", "Released 1.2.4")]
    [InlineData("needle one", "needle two")]
    [InlineData("needle", "needle needle")]
    [InlineData("Write the parser in C++.", "Write the parser in C#.")]
    [InlineData("exit code -1 here", "exit code 1 here")]
    [InlineData("a == b", "a != b")]
    [InlineData("works ✅", "works ❌")]
    public void Find_ShortTexts_MustBeEqual(string one, string other)
    {
        var texts = new NearDuplicates();

        Assert.Equal((-1, -1, 0), (texts.Find(one), texts.Find(other), texts.Find(one.ToUpperInvariant())));
    }

    [Theory]
    [InlineData("Write the parser in C++.", "Write the parser in C#.")]
    [InlineData("exit code -1 here", "exit code 1 here")]
    [InlineData("a == b", "a != b")]
    [InlineData("~> 2", "< 2")]
    [InlineData("✅", "❌")]
    [InlineData(Text + ", and a timeout must be retried", Text + ", and a timeout must not be retried")]
    [InlineData(Text + ", and retries do help", Text + ", and retries don't help")]
    public void Find_OtherSignsOrANegation_SayOtherThings(string one, string other)
    {
        var texts = new NearDuplicates();

        Assert.Equal((-1, -1), (texts.Find(one), texts.Find(other)));
    }

    [Fact]
    public void Find_LongestText_ComparesItsBeginning()
    {
        var (texts, text) = (new NearDuplicates(), string.Join(' ', Enumerable.Range(0, 100_000).Select(i => $"word{i}")));

        Assert.Equal((-1, 0), (texts.Find(text), texts.Find(text + " end")));
    }
}
