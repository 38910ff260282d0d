namespace Cairn.Engine.Capture.Rules;

/// <summary>A client's summary of what no longer fits its window, whole.</summary>
internal sealed class SummaryRule : CaptureRule
{
    private const int FewWords = 12, MaxBody = 16_000;

    // What the clients put in front of their summaries; the text that follows is the summary itself.
    private static readonly string[] Prefaces = ["to assist with your own analysis:", "the conversation is summarized below:", "here is the summary:", "Summary:"];

    public override IEnumerable<CaptureCandidate> Find(SessionWindow window, IReadOnlyList<Sentence> sentences)
    {
        foreach (var summary in window.Events.Where(static item => item.Kind == SessionEventKind.CompactionSummary))
        {
            var text = WithoutPreface(summary.Text ?? "");
            if (text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length < FewWords) continue;
            var first = Sentence.Of(summary with { Text = text }).FirstOrDefault(static sentence => sentence.Text.Split(' ').Length >= 4)?.Text ?? text;
            yield return new CaptureCandidate
            {
                Rule = this,
                Title = CaptureTitle.Shorten($"Session summary: {CaptureTitle.Of(first)}"),
                Body = CaptureTitle.Cut(text, MaxBody),
                Confidence = Confidence,
                Evidence = [summary],
            };
        }
    }

    private static string WithoutPreface(string text)
    {
        foreach (var preface in Prefaces)
            if (text.IndexOf(preface, StringComparison.OrdinalIgnoreCase) is >= 0 and < 1000 and var at) return text[(at + preface.Length)..].Trim();
        return text.Trim();
    }
}
