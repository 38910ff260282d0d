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
        var picked = Policy(new RetentionInputs { MaxAgeDays = 30 }).Pick([Entry("B", 1, limit), Entry("A", 1, limit - 1)]);

        Assert.Equal(["A"], picked.Ids);
        Assert.Equal((1, 0), (picked.Age, picked.ProjectCount));
    }

    [Fact]
    public void Pick_GreatestAgeFromTheFirstDayOfTime_PicksNothing()
    {
        var inputs = new RetentionInputs { MaxAgeDays = RetentionService.MaxAgeDays };

        Assert.Empty(new RetentionPolicy(inputs, DateTimeOffset.MinValue, None).Pick([Entry("A", 1, 0)]).Ids);
    }

    [Fact]
    public void Pick_AnyEntriesAndRule_IsWhatTheRuleSaysInWords()
    {
        var entry = Gen.Select(Gen.Long[1, 3], Gen.Long[0, 20], Gen.Bool);
        Gen.Select(entry.List[0, 40], Gen.Int[1, 20].Nullable(), Gen.Int[1, 10].Nullable()).Sample((made, days, count) =>
        {
            var now = Now.ToUnixTimeMilliseconds();
            var newestFirst = made.Select((entry, i) => Entry($"{i}", entry.Item1, now - entry.Item2 * Day) with { Pinned = entry.Item3 }).OrderByDescending(entry => entry.OccurredAt).ToList();
            var inputs = new RetentionInputs { MaxAgeDays = days, MaxEntriesPerProject = count };
            var policy = Policy(inputs);

            var picked = policy.Pick(newestFirst.Where(entry => entry.OccurredAt < policy.End));

            bool TooOld(EntryAge entry) => days is not null && now - entry.OccurredAt > days * Day;
            bool Beyond(EntryAge entry) => count is not null && newestFirst.Where(other => other.ProjectKey == entry.ProjectKey).ToList().IndexOf(entry) >= count;
            var candidates = newestFirst.Where(entry => !entry.Pinned && (TooOld(entry) || Beyond(entry))).ToList();
            Assert.Equal(candidates.Select(entry => entry.Id).Reverse(), picked.Ids);
            Assert.Equal((candidates.Count(TooOld), candidates.Count(entry => !TooOld(entry))), (picked.Age, picked.ProjectCount));
        });
    }

    [Fact]
    public void Pick_RulesForTypesAndProjects_TypeBeforeProjectBeforeAll()
    {
        var inputs = new RetentionInputs
        {
            MaxAgeDays = 100,
            Rules = [new() { Type = "Command", MaxAgeDays = 5 }, new() { Type = "decision", MaxAgeDays = 1000 }, new() { Project = "two", MaxAgeDays = 20 }],
        };
        var policy = new RetentionPolicy(inputs, Now, new Dictionary<long, RetentionRule> { [2] = inputs.Rules[2] });
        EntryAge Aged(string id, long project, int days, string type = "note") => Entry(id, project, Now.ToUnixTimeMilliseconds() - days * Day, type);

        var picked = policy.Pick([
            Aged("young command", 2, 4, "command"), Aged("old command", 2, 6, "command"), Aged("young two", 2, 19), Aged("old two", 2, 21),
            Aged("young one", 1, 99), Aged("old one", 1, 101), Aged("decision", 2, 500, "decision"), Aged("old decision", 1, 1001, "decision"),
        ]);

        Assert.Equal(["old decision", "old one", "old two", "old command"], picked.Ids);
        Assert.Equal(Now.ToUnixTimeMilliseconds() - 5 * Day, policy.End);
    }

    [Fact]
    public void Pick_ProjectsOwnNumber_HoldsInsteadOfTheGeneralOne()
    {
        var inputs = new RetentionInputs { MaxEntriesPerProject = 1, Rules = [new() { Project = "two", MaxEntriesPerProject = 2 }] };
        var policy = new RetentionPolicy(inputs, Now, new Dictionary<long, RetentionRule> { [2] = inputs.Rules[0] });

        Assert.Equal(["2c", "1b"], policy.Pick([Entry("1a", 1, 9), Entry("1b", 1, 8), Entry("2a", 2, 7), Entry("2b", 2, 6), Entry("2c", 2, 5)]).Ids);
        Assert.Equal(long.MaxValue, policy.End);
    }

    [Fact]
    public void Pick_PinnedHandoffAndSuperseding_AreNeverCandidates()
    {
        var policy = Policy(new RetentionInputs { MaxAgeDays = 1 });

        Assert.Equal(["plain"], policy.Pick([Entry("pinned", 1, 3) with { Pinned = true }, Entry("handoff", 1, 2, "Handoff"), Entry("live", 1, 1) with { Superseding = true }, Entry("plain", 1, 0)]).Ids);
    }

    [Theory]
    [InlineData(null, null, 1, null)]
    [InlineData("note", "one", 1, null)]
    [InlineData("note", null, null, 1)]
    [InlineData("note", null, 0, null)]
    [InlineData(null, "one", null, 1_000_001)]
    public void Require_RuleThatDoesNotFit_IsRefused(string? type, string? project, int? days, int? count)
    {
        var rule = new RetentionRule { Type = type, Project = project, MaxAgeDays = days, MaxEntriesPerProject = count };

        Assert.Equal("rules", Assert.Throws<EngineException>(() => RetentionPolicy.Require(new RetentionInputs { Rules = [rule] })).Details["field"]);
    }

    [Fact]
    public void Require_TwoRulesForOneType_AreRefused() => Assert.Throws<EngineException>(() => RetentionPolicy.Require(
        new RetentionInputs { Rules = [new() { Type = "note", MaxAgeDays = 1 }, new() { Type = "NOTE", MaxAgeDays = 2 }] }));

    private static readonly Dictionary<long, RetentionRule> None = [];

    private static RetentionPolicy Policy(RetentionInputs inputs) => new(inputs, Now, None);

    private static EntryAge Entry(string id, long project, long occurredAt, string type = "note") => new(id, project, occurredAt, type, Pinned: false, Superseding: false);
}
