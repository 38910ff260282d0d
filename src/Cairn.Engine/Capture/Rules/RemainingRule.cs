using System.Text.RegularExpressions;

namespace Cairn.Engine.Capture.Rules;

/// <summary>A final answer with a list of what is left to do. Ideas that it offers are no such list.</summary>
internal sealed partial class RemainingRule : CaptureRule
{
    private const int MaxBody = 4_000;

    public override IEnumerable<CaptureCandidate> Find(SessionWindow window, IReadOnlyList<Sentence> sentences)
    {
        foreach (var answer in window.Events.Where(static item => item.Kind == SessionEventKind.FinalAnswer))
        {
            var told = sentences.Where(sentence => sentence.Event == answer).ToList();
            var items = told.Where(static sentence => sentence is { IsItem: true, Heading: { } heading } && Left().IsMatch(heading)).ToList();
            if (items.Count == 0 || items.Exists(static item => Doubts.IsTentative(item.Probe) || item.IsQuestion || Optional().IsMatch(item.Probe))) continue;
            var done = told.Find(static sentence => sentence is { IsItem: false, IsQuestion: false });
            var body = answer.Text!.Trim();
            yield return new CaptureCandidate
            {
                Rule = this,
                Title = CaptureTitle.Shorten($"Next: {string.Join("; ", items.Select(static item => item.Text.TrimEnd('.', ';')))}{(done is null ? "" : $" (done: {CaptureTitle.Of(done.Text)})")}"),
                Body = CaptureTitle.Cut(body, MaxBody),
                Confidence = Confidence,
                Evidence = [answer],
            };
        }
    }

    [GeneratedRegex(@"^(?:[0-9. ]*)(?:the )?(?:next steps?|next|remaining(?: work| steps| tasks)?|still to do|left to do|to ?do|what(?:'s| is) left|what remains|open points|follow-?ups|not done(?: yet)?)$")]
    private static partial Regex Left();

    [GeneratedRegex(@"\b(?:optional\w*|you can|feel free|if (?:needed|desired|wanted|necessary)|i can|want me to)\b|^none\b|^nothing\b")]
    private static partial Regex Optional();
}
