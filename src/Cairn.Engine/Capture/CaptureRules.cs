using Cairn.Engine.Capture.Rules;

namespace Cairn.Engine.Capture;

/// <summary>All rules, and what they find together.</summary>
internal static class CaptureRules
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<CaptureRule> All { get; } =
        [.. DecisionRules.All, .. BugfixRules.All, .. ConstraintRules.All, .. QuestionRules.All, .. PreferenceRules.All, .. CommandRules.All, .. HandoffRules.All];

    /// <summary>The candidates of a window. Of several for one text the surest stays; what somebody doubts goes behind what nobody does.</summary>
    public static IReadOnlyList<CaptureCandidate> Find(SessionWindow window) => Find(window, All);

    /// <summary>The candidates that these rules make.</summary>
    public static IReadOnlyList<CaptureCandidate> Find(SessionWindow window, params IReadOnlyList<CaptureRule> rules)
    {
        var sentences = window.Events.SelectMany(static item => item.Kind is SessionEventKind.UserPrompt or SessionEventKind.FinalAnswer or SessionEventKind.CompactionSummary ? Sentence.Of(item) : []).ToList();
        return
        [
            .. rules.SelectMany(rule => rule.Find(window, sentences))
                .GroupBy(static found => (found.Evidence[^1].Id, found.Title.ToLowerInvariant()))
                .Select(static same => same.OrderBy(static found => found.Doubt is null ? 0 : 1).ThenByDescending(static found => found.Confidence).First()),
        ];
    }
}
