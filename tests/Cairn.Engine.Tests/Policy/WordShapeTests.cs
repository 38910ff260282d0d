using Cairn.Engine.Policy;

namespace Cairn.Engine.Tests.Policy;

public sealed class WordShapeTests
{
    [Theory]
    [InlineData("my-service-2")]
    [InlineData("userPassword")]
    [InlineData("prod/db/token")]
    [InlineData("v1.2.3-beta.4")]
    [InlineData("sk-learn-pipelines-v2")]
    [InlineData("APIKeyProvider")]
    [InlineData("sha256WithRSAEncryption")]
    [InlineData("us-east-1")]
    [InlineData("GetUserAccountAsync")]
    public void IsWords_NamesAndVersions_True(string value) => Assert.True(WordShape.IsWords(value));

    [Fact]
    public void CountRandom_RandomValues_CountsNearlyAll()
    {
        var keys = new KeyMaterial(11);
        var misses = 0;
        for (var i = 0; i < 2000; i++)
        {
            if (WordShape.CountRandom(keys.Alphanumeric(24)) < 12) misses++;
            if (WordShape.CountRandom(keys.Hex(32)) < 12) misses++;
            if (WordShape.CountRandom(keys.Base64Url(32)) < 12) misses++;
        }
        Assert.True(misses <= 12, $"{misses} of 6000 random values look like words");
    }
}
