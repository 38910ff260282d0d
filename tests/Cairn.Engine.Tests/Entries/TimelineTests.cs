using Cairn.Engine.Entries;

namespace Cairn.Engine.Tests.Entries;

public sealed class TimelineTests : IDisposable
{
    private readonly EngineFixture _cairn = new();

    public void Dispose() => _cairn.Dispose();

    [Fact]
    public void Timeline_Depths_BoundBothSides()
    {
        var ids = SaveMany(9);

        Assert.Equal(ids[2..8], Around(ids[4], 2, 3));
        Assert.Equal(ids[4..5], Around(ids[4], 0, 0));
        Assert.Equal(ids[..3], Around(ids[0], 20, 2));
        Assert.Equal(ids[6..], Around(ids[8], 2, 20));
    }

    [Theory]
    [InlineData(-1, 0, "depth_before")]
    [InlineData(21, 0, "depth_before")]
    [InlineData(0, -1, "depth_after")]
    [InlineData(0, 21, "depth_after")]
    public void Timeline_DepthOutOfRange_IsRefused(int before, int after, string field)
    {
        var error = Assert.Throws<EngineException>(() => _cairn.Entries.Timeline("0123456789ABCDEF", before, after));

        Assert.Equal((ErrorCode.InvalidArgument, field, 20), (error.Code, error.Details["field"], error.Details["limit"]));
    }

    [Fact]
    public void Timeline_GreatestDepth_ShowsAllOfIt()
    {
        var ids = SaveMany(45);

        Assert.Equal(ids[2..43], Around(ids[22], 20, 20));
    }

    [Fact]
    public void Timeline_EqualTimes_KeepTheOrderOfSaving()
    {
        var moment = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var ids = Enumerable.Range(0, 7).Select(i => _cairn.Save(new NewEntry { Text = $"Entry {i}", OccurredAt = moment })).ToList();

        Assert.Equal(ids[1..6], Around(ids[3], 2, 2));
    }

    [Fact]
    public void Timeline_TimeOfWhatHappened_DecidesNotTheTimeOfSaving()
    {
        var later = _cairn.Save("Later");
        var earlier = _cairn.Save(new NewEntry { Text = "Earlier", OccurredAt = _cairn.Time.Start.AddDays(-1) });

        Assert.Equal([earlier, later], Around(earlier, 5, 5));
    }

    [Fact]
    public void Timeline_OtherProjects_AreNeverShown()
    {
        var first = _cairn.Save("First");
        _cairn.Save("Theirs", _cairn.In("another"));
        var second = _cairn.Save("Second");

        Assert.Equal([first, second], Around(first, 5, 5));
    }

    [Fact]
    public void Timeline_Archived_IsLeftOutAndSupersededIsMarked()
    {
        var ids = SaveMany(4);
        _cairn.Update(ids[1], EntryAction.Forget);
        _cairn.Update(new EntryChange { Id = ids[2], Action = EntryAction.Supersede, SupersededBy = ids[3] });

        var items = _cairn.Entries.Timeline(ids[0], 5, 5).Items;

        Assert.Equal([ids[0], ids[2], ids[3]], items.Select(item => item.Id));
        Assert.Equal([(null, null), ("superseded", ids[3]), (null, null)], items.Select(item => (item.State, item.SupersededBy)));
    }

    [Fact]
    public void Timeline_AnchorInAnySpelling_IsAnsweredWithItsId()
    {
        var id = _cairn.Save("Entry");

        Assert.Equal(id, _cairn.Entries.Timeline(id.ToLowerInvariant(), 1, 1).AnchorId);
    }

    [Theory]
    [InlineData("0123456789ABCDEF", "0123456789ABCDEF")]
    [InlineData("no id at all", "that was given")]
    public void Timeline_UnknownAnchor_IsNotFound(string anchor, string shown)
    {
        var error = Assert.Throws<EngineException>(() => _cairn.Entries.Timeline(anchor, 1, 1));

        Assert.Equal((ErrorCode.EntryNotFound, shown), (error.Code, error.Details["id"]));
    }

    private List<string> SaveMany(int count) => [.. Enumerable.Range(0, count).Select(i => _cairn.Save($"Entry {i}"))];

    private IEnumerable<string> Around(string anchor, int before, int after) => _cairn.Entries.Timeline(anchor, before, after).Items.Select(item => item.Id);
}
