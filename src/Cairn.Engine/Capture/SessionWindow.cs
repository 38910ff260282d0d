namespace Cairn.Engine.Capture;

/// <summary>A turn of a session: a prompt and all that follows until the next one, or a client's summary on its own.</summary>
/// <param name="Events">Its events, in order; at least one.</param>
/// <param name="NextPrompt">What the user said next; null when nothing is known of that.</param>
/// <param name="HasEnded">Whether the turn is known to be over: an answer, a next turn or the session's end was seen.</param>
internal sealed record SessionWindow(IReadOnlyList<SessionEvent> Events, string? NextPrompt, bool HasEnded)
{
    // A turn may run for hours. What is cut off is looked at as a turn of its own.
    private const int MaxEvents = 1000;

    /// <summary>The prompt that it began with; null when that was before what is known.</summary>
    public string? Prompt => Events[0].Kind == SessionEventKind.UserPrompt ? Events[0].Text : null;

    /// <summary>What was edited or run before it in the same turn, where it is not the whole; before a summary, in the session. As far as is known.</summary>
    public IReadOnlyList<SessionEvent> Before { get; init; } = [];

    /// <summary>Whether it tells of more than a turn: of the session.</summary>
    public bool IsOfSession { get; init; } = Events[0].Kind == SessionEventKind.CompactionSummary;

    /// <summary>The agent's last answer in it.</summary>
    public SessionEvent? Answer => Events.LastOrDefault(static item => item.Kind == SessionEventKind.FinalAnswer);

    /// <summary>The windows of events in order; events of several sessions may come mixed.</summary>
    public static IEnumerable<SessionWindow> Of(IEnumerable<SessionEvent> events)
    {
        var open = new Dictionary<string, Part>(StringComparer.Ordinal);
        foreach (var item in events)
        {
            if (!open.TryGetValue(item.SessionId, out var part)) open.Add(item.SessionId, part = new Part());
            var begins = item.Kind is SessionEventKind.UserPrompt or SessionEventKind.CompactionSummary or SessionEventKind.SessionStarted or SessionEventKind.SessionEnded
                || part.Events is [.., { Kind: SessionEventKind.CompactionSummary }] || part.Events.Count >= MaxEvents;
            if (begins && part.Events.Count > 0)
            {
                yield return part.Cut(item.Kind == SessionEventKind.UserPrompt ? item.Text : null, hasEnded: true);
                open[item.SessionId] = part = part.Next(item);
            }
            part.Events.Add(item);
        }
        foreach (var rest in open.Values.Where(static rest => rest.Events.Count > 0))
            yield return rest.Cut(null, rest.Events.Exists(static item => item.Kind is SessionEventKind.FinalAnswer or SessionEventKind.SessionEnded));
    }

    // What a session did to files so far, and since its turn began: a turn may be cut into several windows.
    private sealed class Part
    {
        private List<SessionEvent> _session = [], _turn = [];

        public List<SessionEvent> Events { get; } = [];

        public SessionWindow Cut(string? nextPrompt, bool hasEnded) =>
            new(Events, nextPrompt, hasEnded) { Before = Events[0].Kind == SessionEventKind.CompactionSummary ? [.. _session] : [.. _turn] };

        public Part Next(SessionEvent first)
        {
            var done = Events.Where(static item => item.Kind is SessionEventKind.FileEdit or SessionEventKind.Command).Select(static item => item with { Text = null }).ToList();
            _session.AddRange(done);
            return new Part { _session = _session, _turn = first.Kind == SessionEventKind.UserPrompt ? [] : [.. _turn, .. done] };
        }
    }
}
