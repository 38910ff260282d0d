using Cairn.Engine.Briefing;
using CsCheck;

namespace Cairn.Engine.Tests.Briefing;

public sealed class RelatedWordsTests
{
    private const string Rounding = "Invoices are rounded half to even, since the tax office asks for it.";

    [Theory]
    [InlineData("How do we round invoices?", Rounding)]
    [InlineData("is an invoice's tax rounded?", Rounding)]
    [InlineData("caching of the gateway", "The gateway has a cache")]
    [InlineData("Why does StorageGate retry fsync on the WAL?", "StorageGate retries fsync twice")]
    public void Fit_TheSameMatter_Shares(string prompt, string text)
    {
        Assert.True(RelatedWords.Of(prompt).CanTell);
        Assert.True(RelatedWords.Of(prompt).Fit(text));
    }

    [Theory]
    [InlineData("Write invoices into the archive of last year", Rounding)]
    [InlineData("The office moved; update the address of the sender on letters", Rounding)]
    [InlineData("form validation is missing", "The forum validates nothing")]
    public void Fit_AnotherMatter_DoesNot(string prompt, string text) => Assert.False(RelatedWords.Of(prompt).Fit(text));

    [Theory]
    [InlineData("")]
    [InlineData("yes, continue")]
    [InlineData("Fix the failing tests please")]
    [InlineData("1234 5678 90")]
    public void CanTell_ByWordsThatSayNothing_Not(string prompt) => Assert.False(RelatedWords.Of(prompt).CanTell);

    [Fact]
    public void Of_AnyText_FitsItselfWhenItCanTell() => Gen.String.Sample(text =>
    {
        var words = RelatedWords.Of(text);
        if (words.CanTell) Assert.True(words.Fit(string.Join(' ', words.All)));
    });
}
