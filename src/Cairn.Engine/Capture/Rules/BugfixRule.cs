using System.Text.RegularExpressions;

namespace Cairn.Engine.Capture.Rules;

/// <summary>
/// A bug that was fixed: a check that failed, an edit, the same check passing; or an answer that says both what the cause
/// was and what was done about it. Either alone is less than both.
/// </summary>
internal sealed partial class BugfixRule : CaptureRule
{
    private const int MaxSentences = 4, MaxPaths = 10;

    /// <summary>Whether the failing and passing check is asked for; else the words of the answer alone.</summary>
    public required bool BySequence { get; init; }

    public override IEnumerable<CaptureCandidate> Find(SessionWindow window, IReadOnlyList<Sentence> sentences)
    {
        var fix = Sequence(window.Events);
        if (BySequence == (fix is null)) yield break;
        foreach (var told in window.Events.Where(static item => item.Kind is SessionEventKind.FinalAnswer))
        {
            var answer = sentences.Where(sentence => sentence.Event == told && !sentence.IsQuestion).ToList();
            if (Candidate(window, answer, fix, told) is { } candidate) yield return candidate;
        }
    }

    private CaptureCandidate? Candidate(SessionWindow window, List<Sentence> answer, CheckedFix? fix, SessionEvent told)
    {
        var failed = answer.Any(static sentence => Unfixed().IsMatch(sentence.Probe));
        var sure = answer.Where(static sentence => !Doubts.IsTentative(sentence.Probe) && !Unfixed().IsMatch(sentence.Probe)).ToList();
        var cause = sure.Find(static sentence => Cause().IsMatch(sentence.Probe));
        var done = sure.FindAll(static sentence => Done().IsMatch(sentence.Probe));
        var edited = window.Events.Any(static item => item.Kind == SessionEventKind.FileEdit);
        var isDefect = (window.Prompt is { } prompt && Defect().IsMatch(prompt.ToLowerInvariant())) || answer.Exists(static sentence => Defect().IsMatch(sentence.Probe));
        if (failed || !isDefect || (done.Count == 0 && (fix is null || cause is null))) return null;
        if (fix is null && (cause is null || !edited)) return null;

        var said = (cause is null ? done : done.Prepend(cause)).Distinct().OrderBy(answer.IndexOf).Take(MaxSentences).ToList();
        if (fix is not null && cause is null && answer.IndexOf(done[0]) is > 0 and var at && !said.Contains(answer[at - 1])) said.Insert(0, answer[at - 1]);
        var paths = window.Events.SelectMany(static item => item.Paths).Distinct(StringComparer.Ordinal).Take(MaxPaths).ToList();
        var body = string.Join(' ', said.Select(static sentence => sentence.Text));
        if (paths.Count > 0) body += $"\nFiles: {string.Join(", ", paths)}";
        if (fix is not null) body += $"\nShown by: {Commands.Normal(fix.Passed.Command!)} (failed before, passes now)";
        return new CaptureCandidate
        {
            Rule = this,
            Title = CaptureTitle.Of((cause ?? said[0]).Text),
            Body = body,
            Confidence = cause is not null ? Confidence : Math.Round(Confidence - 0.08, 2),
            Evidence = fix is null ? [told] : [fix.Failed, fix.Edit, fix.Passed, told],
        };
    }

    // The last check of the window that failed, was followed by an edit, and passes since.
    private static CheckedFix? Sequence(IReadOnlyList<SessionEvent> events)
    {
        for (var i = events.Count - 1; i >= 0; i--)
        {
            if (events[i] is not { Kind: SessionEventKind.Command, Command: { } command, ExitCode: not (null or 0) } || !Commands.IsWork(command)) continue;
            var edit = IndexOf(events, i, static item => item.Kind == SessionEventKind.FileEdit);
            if (edit < 0) continue;
            var again = events.Skip(edit + 1).LastOrDefault(item => item is { Kind: SessionEventKind.Command, Command: { } other, ExitCode: not null } && Commands.Normal(other) == Commands.Normal(command));
            if (again is { ExitCode: 0 }) return new CheckedFix(events[i], events[edit], again);
        }
        return null;
    }

    private static int IndexOf(IReadOnlyList<SessionEvent> events, int after, Func<SessionEvent, bool> wanted)
    {
        for (var i = after + 1; i < events.Count; i++)
            if (wanted(events[i])) return i;
        return -1;
    }

    private sealed record CheckedFix(SessionEvent Failed, SessionEvent Edit, SessionEvent Passed);

    [GeneratedRegex(@"\broot cause\b|\bcaused by\b|\bthe (?:\w+ )?(?:cause|bug|problem|issue|reason|culprit|failure|crash|error) (?:was|is that|came|lay)\b|\bbecause\b|\bdue to\b|\bturned out\b|\bdid(?:n't| not)\b|\bwas (?:\w+ )?(?:null|missing|wrong|empty|stale|never|not|off|too)\b|\bwere (?:\w+ )?(?:null|missing|wrong|empty|stale|never|not)\b|\bforgot\b|\braced?\b")]
    private static partial Regex Cause();

    [GeneratedRegex(@"\b(?:i|we)(?: have|'ve)?(?: also| now| therefore)? (?:fixed|changed|added|replaced|removed|moved|corrected|made|set|wrapped|guarded|restored|reverted|updated)\b|\b(?:fixed|resolved|solved|corrected) (?:it |this |that )?(?:by|in|with)\b|\bfixed (?:the|it|that|this)\b|\b(?:is|are|was|were) (?:now )?(?:fixed|resolved|solved|gone)\b|\bnow (?:use|uses|pass|passes|return|returns|has|have|is|are)\b|\b(?:is|are|has|have|does) .* (?:now|again)\b")]
    private static partial Regex Done();

    [GeneratedRegex(@"\b(?:fix|fixes|fixed|bugs?|fail|fails|failed|failing|failure|broken|breaks?|crash\w*|errors?|wrong|regression|hangs?|hung|leaks?|leaked|stale|deadlock\w*|red|root cause|does(?:n't| not) work|loops|exception|incorrect)\b")]
    private static partial Regex Defect();

    [GeneratedRegex(@"\bstill (?:there|fails?|failing|crash\w*|broken|red|hangs?)\b|\b(?:could not|couldn't|cannot|can't|did not|didn't) (?:find|reproduce|fix|confirm|solve)\b|\bnot (?:yet )?fixed\b|\bhave(?: not|n't) (?:changed|fixed)\b|\bwould have to\b|\bdid(?: not|n't) change (?:anything|it)\b")]
    private static partial Regex Unfixed();
}
