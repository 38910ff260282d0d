using Cairn.Engine.Capture;
using CsCheck;

namespace Cairn.Engine.Tests.Capture;

/// <summary>Each rule is held to its own examples, and all of them to any text.</summary>
public sealed class CaptureRulesTests
{
    public static TheoryData<string> Ids => [.. CaptureRules.All.Select(static rule => rule.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Find_ItsPositives_MakesACandidateThatNobodyDoubts(string id)
    {
        var rule = Rule(id);
        Assert.NotEmpty(rule.Positives);
        Assert.All(rule.Positives, example => Assert.True(Certain(rule, example).Any(), $"{id} does not take: {example.Events}"));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Find_ItsNegatives_MakesNone(string id)
    {
        var rule = Rule(id);
        Assert.NotEmpty(rule.Negatives);
        Assert.All(rule.Negatives, example => Assert.False(Certain(rule, example).Any(), $"{id} takes: {example.Events}"));
    }

    [Fact]
    public void All_Rules_HaveAnIdOfTheirOwnAKnownTypeAndEvidence()
    {
        Assert.Equal(CaptureRules.All.Count, CaptureRules.All.Select(static rule => rule.Id).Distinct().Count());
        Assert.All(CaptureRules.All, static rule => Assert.Contains(rule.Type, Cairn.Engine.Entries.EntryType.Known));
        Assert.All(CaptureRules.All, static rule => Assert.InRange(rule.Confidence, CaptureScore.Full, 0.99));
        Assert.All(CaptureRules.All, static rule => Assert.NotEmpty(rule.Evidence));
    }

    [Fact]
    public void Find_AnyText_ThrowsNothingAndGivesOneLineTitles()
    {
        var pieces = Gen.OneOf("We decided to use ", "Never ", "```", "\n", "> ", "# Decisions", "- ", "1. ", "because ", "`make all`", "\"", "?", ". ", ": ", "must ", "é漢", "\u0000", "\ud800", "Open question: ", "**", "_", " ");
        var events = from texts in Gen.Select(pieces, Gen.String[0, 8], static (piece, any) => piece + any).Array[0, 12]
                     from kind in Gen.Int[0, 3]
                     select new SessionEvent
                     {
                         Id = "e", Client = "codex", SessionId = "s", OccurredAt = DateTimeOffset.UnixEpoch, Text = string.Concat(texts),
                         Kind = new[] { SessionEventKind.UserPrompt, SessionEventKind.FinalAnswer, SessionEventKind.CompactionSummary, SessionEventKind.AgentMessage }[kind],
                     };

        events.Array[1, 4].Sample(all => SessionWindow.Of(all).SelectMany(CaptureRules.Find).All(static found => found.Title.Length is > 0 and <= CaptureTitle.MaxLength + 1));
    }

    private static CaptureRule Rule(string id) => CaptureRules.All.Single(rule => rule.Id == id);

    private static IEnumerable<CaptureCandidate> Certain(CaptureRule rule, CaptureExample example) =>
        from window in SessionWindow.Of(WindowText.Read(example.Events))
        from candidate in rule.Find(window, [.. window.Events.Where(static item => item.Kind is not SessionEventKind.Command).SelectMany(Sentence.Of)])
        where candidate.Doubt is null && candidate.Confidence >= CaptureScore.Full
        select candidate;
}
