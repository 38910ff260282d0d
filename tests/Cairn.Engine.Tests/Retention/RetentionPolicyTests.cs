using Cairn.Engine.Entries;
using Cairn.Engine.Retention;
using CsCheck;

namespace Cairn.Engine.Tests.Retention;

public sealed class RetentionPolicyTests
{
    private const long Day = 86_400_000;
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Pick_AgeOfExactlyTheLimit_IsKept()
    {
        var limit = Now.ToUnixTimeMilliseconds() - 30 * Day;
        var picked = RetentionPolicy.Pick(new RetentionInputs { MaxAgeDays = 30 }, Now, [new("B", 1, limit, false), new("A", 1, limit - 1, false)]);

        Assert.Equal(["A"], picked.Ids);
        Assert.Equal((1, 0), (picked.Age, picked.ProjectCount));
    }

    [Fact]
    public void Pick_GreatestAgeFromTheFirstDayOfTime_PicksNothing()
    {
        var inputs = new RetentionInputs { MaxAgeDays = RetentionService.MaxAgeDays };

        Assert.Empty(RetentionPolicy.Pick(inputs, DateTimeOffset.MinValue, [new("A", 1, 0, false)]).Ids);
    }

    [Fact]
    public void Pick_AnyEntriesAndRule_IsWhatTheRuleSaysInWords()
    {
        var entry = Gen.Select(Gen.Long[1, 3], Gen.Long[0, 20], Gen.Bool);
        Gen.Select(entry.List[0, 40], Gen.Int[1, 20].Nullable(), Gen.Int[1, 10].Nullable()).Sample((made, days, count) =>
        {
            var now = Now.ToUnixTimeMilliseconds();
            var newestFirst = made.Select((entry, i) => new EntryAge($"{i}", entry.Item1, now - entry.Item2 * Day, entry.Item3)).OrderByDescending(entry => entry.OccurredAt).ToList();
            var inputs = new RetentionInputs { MaxAgeDays = days, MaxEntriesPerProject = count };
            var end = RetentionPolicy.End(inputs, Now);

            var picked = RetentionPolicy.Pick(inputs, Now, newestFirst.Where(entry => entry.OccurredAt < end));

            bool TooOld(EntryAge entry) => days is not null && now - entry.OccurredAt > days * Day;
            bool Beyond(EntryAge entry) => count is not null && newestFirst.Where(other => other.ProjectKey == entry.ProjectKey).ToList().IndexOf(entry) >= count;
            var candidates = newestFirst.Where(entry => !entry.Pinned && (TooOld(entry) || Beyond(entry))).ToList();
            Assert.Equal(candidates.Select(entry => entry.Id).Reverse(), picked.Ids);
            Assert.Equal((candidates.Count(TooOld), candidates.Count(entry => !TooOld(entry))), (picked.Age, picked.ProjectCount));
        });
    }
}
