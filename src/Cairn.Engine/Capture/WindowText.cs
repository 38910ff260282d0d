using System.Globalization;

namespace Cairn.Engine.Capture;

/// <summary>
/// Windows as a person writes them, for the rules' examples and for labelled sets:
/// <code>
/// u: what the user said          a: what the agent said meanwhile     f: its final answer     s: a client's summary
/// c 1: a command, and its exit code, whose output may follow as "o: …"
/// e: path path                   files that were edited
/// </code>
/// Each line that begins with two spaces goes on with the one before.
/// </summary>
internal static class WindowText
{
    /// <summary>The events of a text.</summary>
    /// <exception cref="FormatException">A line is not of this form.</exception>
    public static List<SessionEvent> Read(string text, string session = "example")
    {
        var events = new List<SessionEvent>();
        foreach (var line in text.Split('\n').Select(static line => line.TrimEnd()).Where(static line => line.Length > 0))
        {
            var colon = line.IndexOf(": ", StringComparison.Ordinal);
            if (line.StartsWith("  ", StringComparison.Ordinal) && events.Count > 0) events[^1] = events[^1] with { Text = $"{events[^1].Text}\n{line[2..]}" };
            else if (colon < 0) throw new FormatException($"\"{line}\" is no event.");
            else if (line[..colon] == "o") events[^1] = events[^1] with { Text = line[3..] };
            else events.Add(Event(line[..colon], line[(colon + 2)..], session, events.Count));
        }
        return events;
    }

    private static SessionEvent Event(string head, string rest, string session, int index)
    {
        var item = new SessionEvent
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"e{index}"),
            Client = "codex",
            SessionId = session,
            OccurredAt = DateTimeOffset.UnixEpoch.AddDays(20_000).AddMinutes(index),
            Kind = head[0] switch
            {
                'u' => SessionEventKind.UserPrompt,
                'a' => SessionEventKind.AgentMessage,
                'f' => SessionEventKind.FinalAnswer,
                's' => SessionEventKind.CompactionSummary,
                'c' => SessionEventKind.Command,
                'e' => SessionEventKind.FileEdit,
                _ => throw new FormatException($"\"{head}\" is no kind of event."),
            },
        };
        return item.Kind switch
        {
            SessionEventKind.Command => item with { Command = rest, ExitCode = int.Parse(head.AsSpan(2), CultureInfo.InvariantCulture) },
            SessionEventKind.FileEdit => item with { Paths = rest.Split(' ') },
            _ => item with { Text = rest },
        };
    }
}
