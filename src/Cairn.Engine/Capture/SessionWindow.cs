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

    /// <summary>The agent's last answer in it.</summary>
    public SessionEvent? Answer => Events.LastOrDefault(static item => item.Kind == SessionEventKind.FinalAnswer);

    /// <summary>The windows of events in order; events of several sessions may come mixed.</summary>
    public static IEnumerable<SessionWindow> Of(IEnumerable<SessionEvent> events)
    {
        var open = new Dictionary<string, List<SessionEvent>>(StringComparer.Ordinal);
        foreach (var item in events)
        {
            if (!open.TryGetValue(item.SessionId, out var current)) open.Add(item.SessionId, current = []);
            var begins = item.Kind is SessionEventKind.UserPrompt or SessionEventKind.CompactionSummary or SessionEventKind.SessionStarted or SessionEventKind.SessionEnded
                || current is [.., { Kind: SessionEventKind.CompactionSummary }] || current.Count >= MaxEvents;
            if (begins && current.Count > 0)
            {
                yield return new SessionWindow(current, item.Kind == SessionEventKind.UserPrompt ? item.Text : null, HasEnded: true);
                open[item.SessionId] = current = [];
            }
            current.Add(item);
        }
        foreach (var rest in open.Values.Where(static rest => rest.Count > 0))
            yield return new SessionWindow(rest, null, rest.Exists(static item => item.Kind is SessionEventKind.FinalAnswer or SessionEventKind.SessionEnded));
    }
}
