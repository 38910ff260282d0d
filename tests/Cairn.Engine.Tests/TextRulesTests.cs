using System.Text;
using CsCheck;

namespace Cairn.Engine.Tests;

public sealed class TextRulesTests
{
    [Fact]
    public void Body_AtLimitInBytes_IsTaken() => Assert.Equal("éé", TextRules.Body("text", "  éé\n", 4));

    [Fact]
    public void Body_OverLimit_SaysFieldLimitAndSize()
    {
        var error = Assert.Throws<EngineException>(() => TextRules.Body("text", "ééa", 4));

        AssertTooLong(error, "text", limit: 4, size: 5);
    }

    [Fact]
    public void Line_AtLimit_IsTaken() => Assert.Equal("a b", TextRules.Line("title", " a \n\t b ", 3));

    [Fact]
    public void Line_OverLimit_SaysFieldLimitAndSize()
    {
        var error = Assert.Throws<EngineException>(() => TextRules.Line("title", "abcd", 3));

        AssertTooLong(error, "title", limit: 3, size: 4);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t\u00A0\u2003 ")]
    public void BodyAndLine_OnlyWhiteSpace_AreRefused(string text)
    {
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<EngineException>(() => TextRules.Body("text", text, 10)).Code);
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<EngineException>(() => TextRules.Line("title", text, 10)).Code);
    }

    public static TheoryData<string, int> Unstorable => new()
    {
        { "ab\0c", 2 }, { "\0", 0 }, { "😀\0", 2 },
        { "a\uD83D", 1 }, { "\uD83Da", 0 }, { "😀\uDE00", 2 }, { "\uDE00\uD83D", 0 }, { "\uD83D\uD83D\uDE00", 0 },
    };

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Unstorable))]
    public void RequireStorable_NulOrLoneSurrogate_SaysPosition(string text, int position)
    {
        var error = Assert.Throws<EngineException>(() => TextRules.RequireStorable("text", text));

        Assert.Equal("text", error.Details["field"]);
        Assert.Equal(position, error.Details["position"]);
        Assert.Contains($"U+{(int)text[position]:X4}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\u0001b", 1)]
    [InlineData("   a\u001Bb", 4)]
    [InlineData("a\n\n\nb\u007F", 5)]
    [InlineData("\u0090", 0)]
    public void Line_ControlCharacter_SaysPositionInWhatWasSent(string text, int position)
    {
        var error = Assert.Throws<EngineException>(() => TextRules.Line("title", text, 100));

        Assert.Equal(position, error.Details["position"]);
    }

    [Theory]
    [InlineData("\u202Eright to left\u202C")]
    [InlineData("👩‍👩‍👧‍👦 family, 🏳️‍🌈 flag")]
    [InlineData("e\u0301 decomposed and é composed")]
    [InlineData("zero\u200Bwidth, \uFEFF mark")]
    public void BodyAndLine_UnusualButSound_AreKeptAsTheyAre(string text)
    {
        Assert.Equal(text, TextRules.Body("text", text, 1000));
        Assert.Equal(text, TextRules.Line("title", text, 1000));
    }

    [Fact]
    public void Body_AnyText_IsStorableOrRefused() => Gen.String.Sample(text =>
    {
        try
        {
            var body = TextRules.Body("text", text, int.MaxValue);
            return !body.Contains('\0', StringComparison.Ordinal) && Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(body)) == body;
        }
        catch (EngineException error)
        {
            return error.Code == ErrorCode.InvalidArgument;
        }
    });

    internal static void AssertTooLong(EngineException error, string field, int limit, int size)
    {
        Assert.Equal(ErrorCode.InvalidArgument, error.Code);
        Assert.Equal(field, error.Details["field"]);
        Assert.Equal(limit, error.Details["limit"]);
        Assert.Equal(size, error.Details["size"]);
        Assert.StartsWith($"{field}: ", error.Message, StringComparison.Ordinal);
    }
}
