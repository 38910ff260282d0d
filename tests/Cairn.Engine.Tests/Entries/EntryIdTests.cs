using Cairn.Engine.Entries;
using CsCheck;

namespace Cairn.Engine.Tests.Entries;

public sealed class EntryIdTests
{
    private static readonly Gen<DateTimeOffset> Times =
        Gen.Long[0, (1L << 48) - 1].Select(milliseconds => DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(milliseconds, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())));

    [Fact]
    public void Derived_SameNameAndTime_IsTheSameIdAndSortsByTime()
    {
        var time = new DateTimeOffset(2026, 3, 14, 9, 26, 53, 589, TimeSpan.Zero);

        Assert.Equal(EntryId.Derived("a", time), EntryId.Derived("a", time));
        Assert.Equal(4, new[] { EntryId.Derived("a", time), EntryId.Derived("b", time), EntryId.Derived("a", time.AddMilliseconds(1)), EntryId.Derived("a", null) }.Distinct().Count());
        Assert.Equal(EntryId.Derived("a", time)[..9], EntryId.New(time)[..9]);
        Assert.True(string.CompareOrdinal(EntryId.Derived("a", null), EntryId.New(time)) < 0);
    }

    [Fact]
    public void Parse_New_IsTheSameId() => Times.Sample(time =>
    {
        var id = EntryId.New(time);
        return id.Length == 16 && EntryId.Parse(id) == id;
    });

    [Fact]
    public void Parse_LowerCaseOrLookAlikes_IsTheSameId() => Times.Sample(time =>
    {
        var id = EntryId.New(time);
        return EntryId.Parse(id.ToLowerInvariant()) == id
            && EntryId.Parse($" {id.Replace('0', 'O').Replace('1', 'I')}\n") == id
            && EntryId.Parse(id.Replace('0', 'o').Replace('1', 'l')) == id;
    });

    [Fact]
    public void New_LaterMillisecond_SortsAfter() => Gen.Select(Times, Times).Sample((first, second) =>
        Math.Sign(string.CompareOrdinal(EntryId.New(first)[..9], EntryId.New(second)[..9])) is var order
        && (order == 0 || order == first.CompareTo(second)));

    [Fact]
    public void New_NextMillisecond_SortsAfter() => Times.Sample(time =>
        time > DateTimeOffset.MaxValue.AddSeconds(-1) || string.CompareOrdinal(EntryId.New(time), EntryId.New(time.AddMilliseconds(1))) < 0);

    [Fact]
    public void New_BeforeTheEpoch_IsStillAnId() => Assert.NotNull(EntryId.Parse(EntryId.New(new DateTimeOffset(1900, 1, 1, 0, 0, 0, TimeSpan.Zero))));

    [Fact]
    public void New_ManyInOneMillisecond_Differ()
    {
        var now = DateTimeOffset.UnixEpoch.AddYears(56);

        // 32 random bits: one pair in 1,000 would be equal once in some 8,600 runs. Save looks for that, New cannot.
        Assert.True(Enumerable.Range(0, 1000).Select(_ => EntryId.New(now)).Distinct().Count() >= 999);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0123456789ABCDE")]
    [InlineData("0123456789ABCDEFG")]
    [InlineData("0123456789ABCDEU")]
    [InlineData("0123456789ABCDE-")]
    [InlineData("0123456789ABCDEé")]
    [InlineData("01234567 9ABCDEF")]
    public void Parse_NoId_IsNull(string text) => Assert.Null(EntryId.Parse(text));

    [Fact]
    public void Parse_AnyText_IsNullOrAnId() => Gen.String[0, 20].Sample(text => EntryId.Parse(text) is not { } id || EntryId.Parse(id) == id);
}
