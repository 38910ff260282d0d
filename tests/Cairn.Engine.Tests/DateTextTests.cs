namespace Cairn.Engine.Tests;

public sealed class DateTextTests
{
    [Theory]
    [InlineData("2026-05-31", "2026-05-31T00:00:00Z")]
    [InlineData(" 2026-05-31 ", "2026-05-31T00:00:00Z")]
    [InlineData("2026-05-31T09:30", "2026-05-31T09:30:00Z")]
    [InlineData("2026-05-31 09:30", "2026-05-31T09:30:00Z")]
    [InlineData("2026-05-31T09:30:15", "2026-05-31T09:30:15Z")]
    [InlineData("2026-05-31T09:30:15Z", "2026-05-31T09:30:15Z")]
    [InlineData("2026-05-31T09:30:15.250Z", "2026-05-31T09:30:15.250Z")]
    [InlineData("2026-05-31T09:30:15+02:00", "2026-05-31T07:30:15Z")]
    [InlineData("2024-02-29", "2024-02-29T00:00:00Z")]
    public void Parse_IsoDateOrTime_IsThatMomentInUtc(string text, string expected)
    {
        var time = DateText.Parse("after", text);

        Assert.Equal(expected, time.ToString(expected.Contains('.', StringComparison.Ordinal) ? "yyyy-MM-ddTHH:mm:ss.fffZ" : "yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(TimeSpan.Zero, time.Offset);
    }

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("31.05.2026")]
    [InlineData("05/31/2026")]
    [InlineData("2026-02-30")]
    [InlineData("2025-02-29")]
    [InlineData("2026-13-01")]
    [InlineData("2026-05-31T25:00")]
    [InlineData("Tuesday")]
    public void Parse_AnythingElse_IsRefusedWithoutShowingIt(string text)
    {
        var error = Assert.Throws<EngineException>(() => DateText.Parse("after", text));

        Assert.Equal(ErrorCode.InvalidArgument, error.Code);
        Assert.Equal("after", error.Details["field"]);
        if (text.Length > 0) Assert.DoesNotContain(text, error.Message, StringComparison.Ordinal);
    }
}
