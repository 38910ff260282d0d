using System.Text;
using Cairn.Engine.Search;
using CsCheck;

namespace Cairn.Engine.Tests.Search;

public sealed class SnippetTests
{
    private static readonly string Filler = string.Join(' ', Enumerable.Range(0, 400).Select(i => $"filler{i}"));

    [Fact]
    public void Around_ShortText_IsItOnOneLine() => Assert.Equal("One two three", Snippet.Around("  One\n\n\ttwo \u0007 three\r\n", ["two"]));

    [Fact]
    public void Around_WordFarInside_ShowsItWithEllipses()
    {
        var snippet = Snippet.Around($"{Filler} the needle stands here {Filler}", ["needle"]);

        Assert.Contains("needle stands here", snippet, StringComparison.Ordinal);
        Assert.StartsWith("…", snippet, StringComparison.Ordinal);
        Assert.EndsWith("…", snippet, StringComparison.Ordinal);
    }

    [Fact]
    public void Around_WordAtTheEnd_ShowsTheEnd()
    {
        var snippet = Snippet.Around($"{Filler} the needle", ["needle"]);

        Assert.StartsWith("…", snippet, StringComparison.Ordinal);
        Assert.EndsWith(" the needle", snippet, StringComparison.Ordinal);
    }

    [Fact]
    public void Around_NoHit_ShowsTheBeginning() => Assert.StartsWith("filler0 filler1 ", Snippet.Around(Filler, ["needle"]), StringComparison.Ordinal);

    [Fact]
    public void Around_SeveralHits_ShowsThePlaceWithMostOfTheWords()
    {
        var snippet = Snippet.Around($"alpha {Filler} beta {Filler} alpha and beta and gamma {Filler} gamma", ["alpha", "beta", "gamma"]);

        Assert.Contains("alpha and beta and gamma", snippet, StringComparison.Ordinal);
    }

    [Fact]
    public void Around_OneOftenOneOnce_ShowsTheRareOne()
    {
        var snippet = Snippet.Around($"server {Filler} server {Filler} the needle {Filler} server and server", ["server", "needle"]);

        Assert.Contains("needle", snippet, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("the café of it", "cafe")]
    [InlineData("the cafe of it", "café")]
    [InlineData("the ŽIŽEK of it", "zizek")]
    [InlineData("the Łódź of it", "łodz")]
    public void Around_WordWithOrWithoutMarks_IsAHit(string text, string word) => Assert.Contains(text, Snippet.Around($"{Filler} {text} {Filler}", [word]), StringComparison.Ordinal);

    [Fact]
    public void Around_OtherFormOrCase_IsAHit()
    {
        Assert.Contains("Retrying it", Snippet.Around($"{Filler} Retrying it {Filler}", ["retries"]), StringComparison.Ordinal);
        Assert.Contains("NEEDLE", Snippet.Around($"{Filler} NEEDLE {Filler}", ["needle"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Around_MiddleOfAWord_IsNoHit() => Assert.Contains(" cat sat", Snippet.Around($"{Filler} concatenate {Filler} cat sat {Filler}", ["cat"]), StringComparison.Ordinal);

    [Fact]
    public void Around_UnspacedScript_IsAHitInsideARun() =>
        Assert.Contains("全文検索", Snippet.Around(new string('字', 500) + "全文検索" + new string('字', 500), ["検索"]), StringComparison.Ordinal);

    [Fact]
    public void Around_AnyText_IsOneShortSoundLine()
    {
        var pieces = Gen.OneOf(Gen.OneOf<string>(" ", "\n", "😀", "👩‍👩‍👧", "needle", "e\u0301", "検索", "-", ".", "𠮷", "\u0001"), Gen.String[0, 30].Where(IsSound));
        Gen.Select(pieces.List[0, 120].Select(string.Concat), Gen.OneOf<string>("needle", "検索", "😀", "𠮷x", "e"))
            .Sample((text, word) =>
            {
                var snippet = Snippet.Around(text, [word]);
                return snippet.Length <= Snippet.MaxLength && IsSound(snippet) && !snippet.Any(char.IsControl) && snippet == snippet.Trim();
            });
    }

    [Fact]
    public void Around_AnyPlaceOfTheWord_ShowsIt() => Gen.Select(Gen.Int[0, 700], Gen.Int[0, 700], Gen.OneOf<string>("ab ", "😀", "字", "longer words ")).Sample((before, after, unit) =>
    {
        var text = $"{string.Concat(Enumerable.Repeat(unit, before))} needle {string.Concat(Enumerable.Repeat(unit, after))}";
        return Snippet.Around(text, ["needle"]).Contains("needle", StringComparison.Ordinal);
    });

    [Fact]
    public void Around_VeryLongText_LooksAtItsFirstPart()
    {
        var text = new string('x', 10_000_000) + " needle";

        Assert.Equal(Snippet.MaxLength, Snippet.Around(text, ["needle"]).Length);
    }

    [Fact]
    public void Around_CutAtASurrogatePair_IsNotBroken()
    {
        foreach (var lead in Enumerable.Range(0, 4))
            Assert.True(IsSound(Snippet.Around(new string('x', lead) + string.Concat(Enumerable.Repeat("😀", 40_000)), ["needle"])));
    }

    private static bool IsSound(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;
}
