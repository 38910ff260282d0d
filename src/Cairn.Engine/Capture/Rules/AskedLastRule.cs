namespace Cairn.Engine.Capture.Rules;

/// <summary>A question that the agent ends its turn with and that no prompt follows: it waits for an answer.</summary>
internal sealed class AskedLastRule : CaptureRule
{
    private const int FewWords = 5;

    public override IEnumerable<CaptureCandidate> Find(SessionWindow window, IReadOnlyList<Sentence> sentences)
    {
        if (!window.HasEnded || window.NextPrompt is not null || window.Answer is not { } answer) yield break;
        if (sentences.LastOrDefault(sentence => sentence.Event == answer) is not { IsQuestion: true } last || last.Text.Split(' ').Length < FewWords) yield break;
        yield return new CaptureCandidate
        {
            Rule = this, Title = CaptureTitle.Of(last.Text), Body = last.Text, Confidence = Confidence, Evidence = [answer],
        };
    }
}
