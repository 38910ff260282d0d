using System.Globalization;
using Cairn.Engine.Search;
using CsCheck;

namespace Cairn.Engine.Tests.Search;

public sealed class TimeHintTests
{
    // A Saturday.
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);

    [Theory]
    [InlineData("what did we do yesterday?", "2026-03-13", "2026-03-14")]
    [InlineData("decisions of today", "2026-03-14", "2026-03-15")]
    [InlineData("Last week's bug", null, null)]
    [InlineData("the bug of last week", "2026-03-02", "2026-03-09")]
    [InlineData("the bug of this week", "2026-03-09", "2026-03-16")]
    [InlineData("last month", "2026-02-01", "2026-03-01")]
    [InlineData("this year", "2026-01-01", "2027-01-01")]
    [InlineData("previous year", "2025-01-01", "2026-01-01")]
    [InlineData("release of 2026-02-03", "2026-02-03", "2026-02-04")]
    [InlineData("release of 2026-02", "2026-02-01", "2026-03-01")]
    [InlineData("in May 2023", "2023-05-01", "2023-06-01")]
    [InlineData("on May 3rd, 2023", "2023-05-03", "2023-05-04")]
    [InlineData("in February", "2026-02-01", "2026-03-01")]
    [InlineData("december retention", "2025-12-01", "2026-01-01")]
    [InlineData("in March", "2026-03-01", "2026-04-01")]
    [InlineData("may it be null", null, null)]
    [InlineData("march on", null, null)]
    [InlineData("February 30 2026", "2026-02-01", "2026-03-01")]
    [InlineData("2026-13-01", null, null)]
    [InlineData("the last one", null, null)]
    [InlineData("", null, null)]
    public void Parse_Query_IsTheTimeThatItNames(string query, string? from, string? to)
    {
        var hint = TimeHint.Parse(query, Now);

        Assert.Equal((from, to), (Day(hint?.From), Day(hint?.To)));
    }

    [Fact]
    public void Parse_AtAnotherOffset_GoesByTheDayInUtc() =>
        Assert.Equal("2026-03-13", Day(TimeHint.Parse("today", new DateTimeOffset(2026, 3, 14, 1, 0, 0, TimeSpan.FromHours(2)))?.From));

    [Fact]
    public void Holds_Bounds_AreTheFirstMomentAndNotTheLast()
    {
        var hint = TimeHint.Parse("yesterday", Now)!.Value;

        Assert.Equal((false, true, true, false), (hint.Holds(hint.From.ToUnixTimeMilliseconds() - 1), hint.Holds(hint.From.ToUnixTimeMilliseconds()), hint.Holds(hint.To.ToUnixTimeMilliseconds() - 1), hint.Holds(hint.To.ToUnixTimeMilliseconds())));
    }

    [Fact]
    public void Parse_AnyText_IsATimeOrNone() => Gen.OneOf(Gen.String, Gen.OneOf<string>("last", "this", "week", "month", "may", "february", "31", "29th", "2024", "9999-12", "9999-12-31", "0001-01-01", " ").List[0, 6].Select(words => string.Join(' ', words)))
        .Sample(text => TimeHint.Parse(text, Now) is not { } hint || hint.From < hint.To);

    private static string? Day(DateTimeOffset? time) => time?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
