using System.Text.RegularExpressions;

namespace Cairn.Engine.Capture.Rules;

/// <summary>A question that the agent ends its turn with and that no prompt follows: it waits for an answer. Asking for leave is none.</summary>
internal sealed partial class AskedLastRule : CaptureRule
{
    private const int FewWords = 7;

    public override IEnumerable<CaptureCandidate> Find(SessionWindow window, IReadOnlyList<Sentence> sentences)
    {
        if (!window.HasEnded || window.NextPrompt is not null || window.Answer is not { } answer) yield break;
        if (sentences.LastOrDefault(sentence => sentence.Event == answer) is not { IsQuestion: true } last || last.Text.Split(' ').Length < FewWords || AsksForLeave().IsMatch(last.Probe)) yield break;
        yield return new CaptureCandidate
        {
            Rule = this, Title = CaptureTitle.Of(last.Text), Body = last.Text, Confidence = Confidence, Evidence = [answer],
        };
    }

    [GeneratedRegex(@"\b(?:shall|should|can|may|could) i\b|\b(?:do|would|did) you (?:want|like|prefer|mean)\b|\bwant me to\b|\bis that (?:ok|okay|all right)\b")]
    private static partial Regex AsksForLeave();
}
