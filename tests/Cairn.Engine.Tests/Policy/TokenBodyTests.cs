using Cairn.Engine.Policy;
using CsCheck;

namespace Cairn.Engine.Tests.Policy;

public sealed class TokenBodyTests
{
    private static readonly string[] Words =
        ["the", "header", "Container", "getValue", "v2", "2024", "config", "HTTP", "index", "user", "Of", "A", "B2", "navigation", "x64", "main", "Json"];

    public static TheoryData<string> WrittenByPeople =>
    [
        "authenticationConfigurationOfTheUser", "ThisIsAVeryLongNameInCamelCase", "learn-pipelines-v2.0.1", "REFERENCEGUIDEFORDEVELOPERS1",
        "header-navigation-container-large-screens-1", "2024-11-01-report", "xxxxxxxxxxxxxxxxxxxxxxxxxxx1", "your-api-key-goes-here-1",
    ];

    [Theory, MemberData(nameof(WrittenByPeople))]
    public void IsRandom_WhatAPersonWrites_IsFalse(string body) => Assert.False(TokenBody.IsRandom(new SecretCandidate(body, 0, body.Length)));

    [Fact]
    public void IsRandom_RandomCharacters_IsTrueForNearlyAll() =>
        Assert.All<TokenAlphabet>([TokenAlphabet.Alphanumeric, TokenAlphabet.LowerAlphanumeric, TokenAlphabet.UpperAlphanumeric, TokenAlphabet.Hex, TokenAlphabet.Base64Url], alphabet =>
        {
            var keys = new KeyMaterial(7);
            Assert.InRange(Enumerable.Range(0, 10_000).Count(_ => IsRandom(keys.Of(alphabet, 32))), 9_980, 10_000);
        });

    [Fact]
    public void IsRandom_FewWordsInARow_IsSeldomTrue()
    {
        var random = 0;
        Gen.Int[0, Words.Length - 1].Select(index => Words[index]).List[2, 4].Select(words => string.Join('-', words))
            .Sample(slug => { if (IsRandom(slug)) Interlocked.Increment(ref random); }, iter: 10_000);
        Assert.InRange(random, 0, 1_000);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData(" and more", true)]
    [InlineData("\"", true)]
    [InlineData(".", true)]
    [InlineData(". The end", true)]
    [InlineData(".The end", true)]
    [InlineData(".css", false)]
    [InlineData("-more", false)]
    [InlineData("_1", false)]
    public void EndsToken_WhatFollows_DecidesIt(string after, bool ends) => Assert.Equal(ends, TokenBody.EndsToken(new SecretCandidate("abc" + after, 0, 3)));

    [Theory]
    [InlineData("ab.cde", true)]
    [InlineData("ab.cdef", false)]
    [InlineData("ab", false)]
    [InlineData("ab.cde.f", false)]
    public void HasParts_LengthsOfTheParts_MustMatch(string body, bool has) => Assert.Equal(has, TokenBody.HasParts(body, '.', 2, 3));

    private static bool IsRandom(string body) => TokenBody.IsRandom(new SecretCandidate(body, 0, body.Length));
}
