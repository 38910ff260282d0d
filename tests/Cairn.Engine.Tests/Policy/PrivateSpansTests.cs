using Cairn.Engine.Policy;
using CsCheck;

namespace Cairn.Engine.Tests.Policy;

public sealed class PrivateSpansTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("nothing here", "nothing here")]
    [InlineData("a <private>b</private> c", "a  c")]
    [InlineData("<PRIVATE>b</Private>c", "c")]
    [InlineData("a<private >b</private\n>c", "a<private >b</private\n>c")]
    [InlineData("a<private<private></private>>b", "a<private >b")]
    [InlineData("a<private>b", "a")]
    [InlineData("a<private>b<private>c</private>d</private>e", "ae")]
    [InlineData("a<private>b<private>c</private>d", "a")]
    [InlineData("a</private>b", "a</private>b")]
    [InlineData("```\nkey: <private>b\nc</private>\n```", "```\nkey: \n```")]
    [InlineData("a<private></private><private>b</private>c", "ac")]
    [InlineData("ssh -i <private key> host, <private-key>, <privateer>, List<privates>", "ssh -i <private key> host, <private-key>, <privateer>, List<privates>")]
    [InlineData("<priv<private>a</private>ate>b</private>c", "<priv ate>b</private>c")]
    public void Remove_Text_DropsWhatIsPrivate(string text, string kept) => Assert.Equal(kept, PrivateSpans.Remove(text));

    [Fact]
    public void Remove_WhatWasRemovedFrom_ChangesNothing()
    {
        string[] parts = ["<private>", "</private>", "<PRIVATE >", "<", "<priv", "ate>", "/", "</", "private", ">", "a", " ", "\n"];
        Gen.Int[0, parts.Length - 1].Array[0, 20].Select(indexes => string.Concat(indexes.Select(index => parts[index]))).Sample(text =>
        {
            var kept = PrivateSpans.Remove(text);

            Assert.Equal(kept, PrivateSpans.Remove(kept));
            Assert.DoesNotContain("<private>", kept, StringComparison.OrdinalIgnoreCase);
        }, iter: 2_000);
    }

    [Fact]
    public void Without_Text_LeadsBackToItsPlaces()
    {
        const string Text = "one <private>two</private> three";

        var kept = PrivateSpans.Without(Text);

        Assert.Equal("one  three", kept.Text);
        Assert.Equal((Text.IndexOf("three", StringComparison.Ordinal), Text.Length), kept.InOriginal(5, 10));
    }
}
