namespace Cairn.Engine.Capture.Rules;

/// <summary>
/// What a session that has ended leaves for the next one: its last answer that says something, what it was an answer to, the
/// files that it edited, and what is still open. One that edited nothing is less sure to be gone on with; one that did
/// nothing but talk leaves nothing.
/// </summary>
/// <param name="open">Titles of the session's questions that nobody has answered.</param>
internal sealed class SessionEndRule(IReadOnlyList<string> open) : CaptureRule
{
    private const double EditedNothing = 0.25;
    private const int FewWords = 8, MaxAnswer = 2_000, MaxFiles = 20, MaxOpen = 8;

    /// <summary>The rule.</summary>
    public static SessionEndRule Of(IReadOnlyList<string> open) => new(open)
    {
        Id = "session-end",
        Type = "handoff",
        Evidence = "a session that ended after it had edited files or run commands, and the last answer in it",
        Confidence = 0.85,
    };

    public override IEnumerable<CaptureCandidate> Find(SessionWindow window, IReadOnlyList<Sentence> sentences)
    {
        var files = window.Events.Where(static item => item.Kind == SessionEventKind.FileEdit).SelectMany(static item => item.Paths).Select(static path => path.Replace('\\', '/')).Distinct(StringComparer.Ordinal).ToList();
        if (files.Count == 0 && !window.Events.Any(static item => item.Kind == SessionEventKind.Command)) yield break;
        // "You're welcome" is no place to go on from.
        var at = window.Events.ToList().FindLastIndex(static item => item is { Kind: SessionEventKind.FinalAnswer, Text: { } text } && text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length >= FewWords);
        if (at < 0) yield break;
        var answer = window.Events[at];
        var asked = window.Events.Take(at).LastOrDefault(static item => item.Kind == SessionEventKind.UserPrompt);
        var said = sentences.FirstOrDefault(sentence => sentence.Event == answer && sentence.Text.Split(' ').Length >= 3)?.Text ?? answer.Text!;
        var body = new List<string>();
        if (asked?.Text is { } prompt) body.Add($"Asked last: {CaptureTitle.Shorten(string.Join(' ', prompt.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))}");
        body.Add($"Answered: {CaptureTitle.Cut(answer.Text!.Trim(), MaxAnswer)}");
        if (files.Count > 0) body.Add($"Files edited: {string.Join(", ", files.Take(MaxFiles))}{(files.Count > MaxFiles ? ", …" : "")}");
        if (open.Count > 0) body.Add($"Open questions:\n{string.Join('\n', open.Take(MaxOpen).Select(static title => $"- {title}"))}");
        yield return new CaptureCandidate
        {
            Rule = this,
            Title = CaptureTitle.Shorten($"Session ended: {CaptureTitle.Of(said)}"),
            Body = string.Join("\n\n", body),
            Confidence = Math.Round(Confidence - (files.Count == 0 ? EditedNothing : 0), 2),
            // The answer last; the question too, since what evidence holds is cleaned before anything is cut.
            Evidence = [.. asked is null ? [] : (SessionEvent[])[asked], .. window.Events.Where(static item => item.Kind == SessionEventKind.FileEdit).TakeLast(MaxFiles), answer],
        };
    }
}
