using Cairn.Engine.Entries;
using Cairn.Engine.Retention;

namespace Cairn.Engine.Tests.Retention;

/// <summary>A clock that jumped must not let entries go.</summary>
public sealed class RetentionClockTests : IDisposable
{
    private readonly EngineFixture _cairn = new();

    private RetentionService Retention => _cairn.Engine.Retention;

    public void Dispose() => _cairn.Dispose();

    [Fact]
    public void DryRun_ClockWithinThirtyDaysOfTheLastWork_DoesNotWarn()
    {
        _cairn.Save("Entry");
        Assert.Null(DryRun().Warnings);
        _cairn.Time.Advance(TimeSpan.FromDays(29));

        Assert.Null(DryRun().Warnings);
    }

    [Fact]
    public void DryRun_ClockJumpedAhead_WarnsAlsoWhenWorkWentOnUnderIt()
    {
        _cairn.Save("Entry");
        _cairn.Time.Advance(TimeSpan.FromDays(31));
        Assert.Contains("may have jumped", Assert.Single(DryRun().Warnings!), StringComparison.Ordinal);
        _cairn.Save("Saved under the wrong clock");
        _cairn.Time.Advance(TimeSpan.FromHours(2));

        Assert.Contains("may have jumped", Assert.Single(DryRun().Warnings!), StringComparison.Ordinal);
    }

    [Fact]
    public void DryRun_ClockSetBack_Warns()
    {
        _cairn.Save("Entry");
        _cairn.Sql($"UPDATE entries SET recorded_at = recorded_at + {(long)TimeSpan.FromDays(2).TotalMilliseconds}");

        Assert.Contains("which is later", Assert.Single(DryRun().Warnings!), StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_ClockJumpedBeforeTheRun_AsksFirst()
    {
        var id = _cairn.Save("Entry");
        _cairn.Time.Advance(TimeSpan.FromDays(400));
        var run = DryRun();
        Retention.Approve(run.RunId);
        _cairn.Time.Advance(TimeSpan.FromDays(2));

        var error = Assert.Throws<EngineException>(() => Retention.Apply(run.RunId));

        Assert.Equal((ErrorCode.InvalidArgument, "clock_is_right"), (error.Code, error.Details["field"]));
        Assert.Contains("--clock-is-right", error.Message, StringComparison.Ordinal);
        Assert.Equal("active", _cairn.Get(id).State);
        Assert.Empty(_cairn.Engine.Backups.List());
        Assert.Equal(1, Retention.Apply(run.RunId, clockIsRight: true).Archived);
    }

    [Fact]
    public void Purge_ClockJumpedAfterTheApply_AsksFirst()
    {
        var id = _cairn.Store(new NewEntry { Text = "Old", OccurredAt = _cairn.Time.GetUtcNow().AddDays(-100) }).Id;
        var run = DryRun();
        Retention.Approve(run.RunId);
        Retention.Apply(run.RunId);
        _cairn.Time.Advance(TimeSpan.FromDays(60));

        Assert.Equal("clock_is_right", Assert.Throws<EngineException>(() => Retention.Purge()).Details["field"]);
        Assert.Equal("archived", _cairn.Get(id).State);
        Assert.Equal(1, Retention.Purge(clockIsRight: true).Purged);
    }

    [Fact]
    public void DryRun_EntriesOlderThanTheDatabase_AreNoWitnesses()
    {
        _cairn.Save("Entry");
        _cairn.Sql("UPDATE entries SET recorded_at = 1, changed_at = 1");

        Assert.Null(DryRun().Warnings);
    }

    private RetentionRun DryRun() => Retention.DryRun(new RetentionInputs { MaxAgeDays = 30 });
}
