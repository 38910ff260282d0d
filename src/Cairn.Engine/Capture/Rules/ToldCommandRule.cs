using System.Text.RegularExpressions;

namespace Cairn.Engine.Capture.Rules;

/// <summary>A command in backticks of which somebody who knows says what it is for.</summary>
internal sealed partial class ToldCommandRule : CaptureRule
{
    private const double NotRun = 0.2, HasRun = 0.04;

    public override IEnumerable<CaptureCandidate> Find(SessionWindow window, IReadOnlyList<Sentence> sentences)
    {
        foreach (var sentence in sentences.Where(static sentence => sentence.Event.Kind is SessionEventKind.UserPrompt or SessionEventKind.FinalAnswer))
        {
            if (Told().Match(sentence.Probe) is not { Success: true } match || Denied().IsMatch(sentence.Probe)) continue;
            var command = match.Groups["command"].Value;
            if (!Commands.IsWork(command)) continue;
            var runs = window.Events.Where(item => item is { Kind: SessionEventKind.Command, Command: { } line, ExitCode: not null }
                && Commands.Normal(line).Equals(Commands.Normal(command), StringComparison.OrdinalIgnoreCase)).ToList();
            if (runs is [.., { ExitCode: not 0 }]) continue;
            var byUser = sentence.Event.Kind == SessionEventKind.UserPrompt;
            yield return new CaptureCandidate
            {
                Rule = this,
                Title = CaptureTitle.Of(sentence.Text),
                Body = sentence.Text,
                Confidence = Math.Round(Confidence + (runs.Count > 0 ? HasRun : byUser ? 0 : -NotRun), 2),
                Doubt = Doubts.Of(sentence),
                Evidence = runs.Count > 0 && !byUser ? [runs[^1], sentence.Event] : [sentence.Event],
            };
        }
    }

    // With a purpose: "to build, use `make all`", "start it with `…`", "`make all` builds everything".
    [GeneratedRegex(@"\bto (?:run|build|test|start|deploy|check|lint|format|install|generate|debug|launch|serve|migrate|seed|reset|update|execute|set up)\b.*\b(?:use|run|type|call|execute|do)\b[^`]*`(?<command>[^`]+)`|\b(?:use|run|execute)\b[^`]*`(?<command>[^`]+)` (?:to|for|when|from|in|before|if you need)\b|\b(?:run|start|build|test|launch|deploy|install|serve|generate|migrate|seed)(?:s|ed)? (?:it|them|the [\w ]+|everything|all [\w ]+|locally) (?:locally )?(?:with|via|by|using)\b[^`]*`(?<command>[^`]+)`|^`(?<command>[^`]+)` (?:runs|builds|starts|tests|deploys|installs|generates|launches|serves|migrates|checks)\b")]
    private static partial Regex Told();

    [GeneratedRegex(@"\b(?:never|do not|don't|avoid|instead of running|stop)\b[^`]*`|\b(?:not|n't) (?:tried|run|ran)\b[^`]*$")]
    private static partial Regex Denied();
}
