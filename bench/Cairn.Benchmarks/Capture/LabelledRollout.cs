using System.Globalization;
using Cairn.Engine.Capture;
using Cairn.Engine.Capture.Sessions;

namespace Cairn.Benchmarks.Capture;

/// <summary>
/// Turns of sessions that the real Codex lived through (Rollouts/make.mjs), each with what a careful reader would keep of it:
/// read from the client's own files, with all that it puts around what was said.
/// </summary>
internal static class LabelledRollout
{
    /// <summary>Reads the folder: labels.txt has a line "NAME TURN: types with words" for each turn, in order, of NAME.jsonl.</summary>
    /// <returns>Each turn's label, and its windows: more than one where the client compacted the session meanwhile.</returns>
    /// <exception cref="FormatException">There are other turns than labels.</exception>
    public static IReadOnlyList<(LabelledWindow Label, IReadOnlyList<SessionWindow> Windows)> Read(string folder)
    {
        var read = new List<(LabelledWindow, IReadOnlyList<SessionWindow>)>();
        var labels = File.ReadAllLines(Path.Combine(folder, "labels.txt")).Select(static line => line.Split(": ", 2)).ToList();
        foreach (var session in labels.GroupBy(static label => label[0].Split(' ')[0]))
        {
            var turns = SessionWindow.Of(SessionEvents.Read(CodexRollout.Client, Path.Combine(folder, $"{session.Key}.jsonl")))
                .Where(static window => window.Events[0].Kind != SessionEventKind.SessionStarted).GroupBy(static window => window.Events[0].TurnId).ToList();
            if (turns.Count != session.Count())
                throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{session.Key} has {turns.Count} turns and {session.Count()} labels."));
            read.AddRange(session.Zip(turns, static (label, turn) => (new LabelledWindow(label[0], "", LabelledWindow.Entries(label[1])), (IReadOnlyList<SessionWindow>)[.. turn])));
        }
        return read;
    }
}
