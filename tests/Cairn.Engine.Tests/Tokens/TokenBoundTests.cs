using Cairn.Engine.Tokens;
using CsCheck;

namespace Cairn.Engine.Tests.Tokens;

/// <summary>The bound against the tokenizer itself: it is never too low, and tight enough to be of use.</summary>
public sealed class TokenBoundTests
{
    private static readonly string[] Words = [.. TokenBound.CommonWords()];

    private static readonly Gen<string> Piece = Gen.OneOf(
        Gen.Int[0, Words.Length - 1].Select(i => Words[i]),
        Gen.Int[0, Words.Length - 1].Select(i => char.ToUpperInvariant(Words[i][0]) + Words[i][1..]),
        Gen.Char['a', 'z'].Array[1, 12].Select(letters => new string(letters)),
        Gen.OneOf(Gen.Char['A', 'Z'], Gen.Char['a', 'z']).Array[1, 12].Select(letters => new string(letters)),
        Gen.Char['!', '~'].Array[1, 6].Select(symbols => new string(symbols)),
        Gen.Int[0, 1_000_000_000].Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        Gen.OneOf(" ", "  ", "\n", "\r\n", "\n\n", "\t", " \n ", "\u00a0", "'s", "'LL", "'re ", "don't", "I'LLama", "...", "…", "—", "“", "//", "/\n", "{\"id\":\"", "\",\"", "<|endoftext|>"),
        Gen.OneOf("é", "ß", "Ü", "naïve", "ö", "\u0301", "жизнь", "память", "記憶", "の", "ク", "한국어", "ไทย", "🙂", "👩‍💻", "αβγ", "עברית", "ª", "ǅ", "ʰ"),
        Gen.Char.Select(c => c.ToString()));

    [Fact]
    public void Of_AnyText_IsNeverLessThanItsTokens() =>
        Piece.Array[0, 24].Select(string.Concat).Sample(text => TokenBound.Of(text) >= TokenCount.Of(text), iter: 20_000);

    [Fact]
    public void Of_LettersOfAnyKind_IsNeverLessThanTheirTokens() =>
        Gen.OneOf("a", "b", "q", "z", "x", "e", "t", "A", "Q", "Z", "S", "T", " ", "_", "'", "s", "l", "é", "1").Array[1, 14].Select(string.Concat)
            .Sample(text => TokenBound.Of(text) >= TokenCount.Of(text), iter: 50_000);

    [Fact]
    public void CommonWords_InAllFourForms_AreOneToken()
    {
        foreach (var word in Words)
        {
            var great = char.ToUpperInvariant(word[0]) + word[1..];
            foreach (var form in new[] { word, great, " " + word, " " + great }) Assert.True(TokenCount.Of(form) == 1, form);
        }
    }

    [Fact]
    public void CommonWords_AfterASymbol_AreTwoTokensAtMost()
    {
        var symbols = Enumerable.Range(1, 126).Select(static code => (char)code).Where(static c => !char.IsAsciiLetterOrDigit(c) && c is not ' ').ToList();
        foreach (var word in Words)
            foreach (var symbol in symbols)
                Assert.True(TokenCount.Of(symbol + word) <= 2, symbol + word);
    }

    [Fact]
    public void Of_PairsOfLetters_SaysTwoOnlyWhereTheyAreTwo()
    {
        string[] alphabets = ["abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
        foreach (var first in alphabets[0] + alphabets[1])
            foreach (var second in char.IsLower(first) ? alphabets[0] : alphabets[0] + alphabets[1])
                Assert.Equal(TokenCount.Of($"{first}{second}"), TokenBound.Of($"{first}{second}"));
    }

    [Fact]
    public void Of_EnglishProse_IsLessThanTwiceItsTokens()
    {
        const string text = """
            We decided to keep the queue in the database, since a broker would be one more process to run and to watch. Retries
            happen with a growing delay; after five of them the job goes to the table failed_jobs, where an operator can look at it.
            """;
        Assert.InRange(TokenBound.Of(text), TokenCount.Of(text), 2 * TokenCount.Of(text));
    }

    [Fact]
    public void Beginning_OfAnyText_IsWithinTheBudgetAndSplitsNoPair() =>
        Gen.Select(Piece.Array[0, 24].Select(string.Concat).Select(Storable), Gen.Int[0, 40]).Sample((text, max) =>
        {
            var beginning = text[..TokenCount.Beginning(text, max)];
            return TokenCount.Of(beginning) <= max && (beginning.Length == 0 || !char.IsHighSurrogate(beginning[^1]));
        }, iter: 5_000);

    private static string Storable(string text) => string.Concat(text.EnumerateRunes().Select(static rune => rune.ToString()));
}
