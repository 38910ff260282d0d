using System.Text.RegularExpressions;

namespace Cairn.Engine.Capture;

/// <summary>A rule whose evidence is one sentence: its words, who says it, and what it stands under.</summary>
internal sealed class SentenceRule : CaptureRule
{
    /// <summary>The user.</summary>
    public static readonly IReadOnlyList<SessionEventKind> User = [SessionEventKind.UserPrompt];

    /// <summary>The agent, where it sums up.</summary>
    public static readonly IReadOnlyList<SessionEventKind> Result = [SessionEventKind.FinalAnswer, SessionEventKind.CompactionSummary];

    /// <summary>Both.</summary>
    public static readonly IReadOnlyList<SessionEventKind> Everybody = [.. User, .. Result];

    // Who answers a question of so long ago says what the answer is to.
    private const int MaxLater = 200;

    private Regex? _pattern, _unless, _heading;

    /// <summary>Who must say it.</summary>
    public required IReadOnlyList<SessionEventKind> Speakers { get; init; }

    /// <summary>Lower-case words of which the sentence holds one; none when the heading is the evidence.</summary>
    public IReadOnlyList<string> Keywords { get; init; } = [];

    /// <summary>What its probe must match; a regular expression without look-around.</summary>
    public string? Pattern { get; init; }

    /// <summary>What its probe must not match.</summary>
    public string? Unless { get; init; }

    /// <summary>What the heading of an item must match.</summary>
    public string? Heading { get; init; }

    /// <summary>Whether it is about a question, so that asking is no doubt.</summary>
    public bool Asks { get; init; }

    public override IEnumerable<CaptureCandidate> Find(SessionWindow window, IReadOnlyList<Sentence> sentences)
    {
        for (var i = 0; i < sentences.Count; i++)
        {
            var sentence = sentences[i];
            if (!Speakers.Contains(sentence.Event.Kind) || !Matches(sentence)) continue;
            var reason = i + 1 < sentences.Count && GivesReason(sentence, sentences[i + 1]) ? sentences[i + 1] : null;
            var doubt = Doubts.Of(sentence) is { } found && !(Asks && found is not (CaptureReason.Suggestion or CaptureReason.Reported)) ? found : null;
            yield return new CaptureCandidate
            {
                Rule = this,
                Title = CaptureTitle.Of(sentence.Text),
                Body = reason is null ? sentence.Text : $"{sentence.Text} {reason.Text}",
                Confidence = CaptureScore.Of(Confidence, sentence, reason),
                Doubt = Asks && doubt is null && IsAnswered(sentence, i, sentences) ? CaptureReason.Answered : doubt,
                Evidence = [sentence.Event],
            };
        }
    }

    private bool Matches(Sentence sentence)
    {
        if (Heading is not null && (!sentence.IsItem || sentence.Heading is null || !Regex(ref _heading, Heading).IsMatch(sentence.Heading))) return false;
        if (Keywords.Count > 0 && !Keywords.Any(word => sentence.Probe.Contains(word, StringComparison.Ordinal))) return false;
        if (Pattern is not null && !Regex(ref _pattern, Pattern).IsMatch(sentence.Probe)) return false;
        return Unless is null || !Regex(ref _unless, Unless).IsMatch(sentence.Probe);
    }

    private static bool GivesReason(Sentence sentence, Sentence next) =>
        next.Paragraph == sentence.Paragraph && next.Event == sentence.Event && !next.IsQuestion
        && CaptureScore.Reasons.Any(word => next.Probe.StartsWith(word, StringComparison.Ordinal));

    // Somebody says later in the window that it is answered, or says so in the question's own words.
    private static bool IsAnswered(Sentence question, int at, IReadOnlyList<Sentence> sentences) => sentences.Skip(at + 1).Take(MaxLater).Any(later =>
        (later.Probe.StartsWith("answer", StringComparison.Ordinal) || later.Probe.StartsWith("resolved", StringComparison.Ordinal) || later.Probe.StartsWith("it turn", StringComparison.Ordinal)
            || later.Probe.Contains("decided", StringComparison.Ordinal) || later.Probe.StartsWith("yes", StringComparison.Ordinal) || later.Probe.StartsWith("no,", StringComparison.Ordinal))
        && later.Event != question.Event && !later.IsQuestion && Shingles.Share(question.Probe, later.Probe) >= 0.2);

    private static Regex Regex(ref Regex? made, string pattern) =>
        LazyInitializer.EnsureInitialized(ref made, () => new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
}
