namespace Cairn.Engine.Capture.Rules;

/// <summary>A command that works where another form of it did not.</summary>
internal sealed class WorkingCommandRule : CaptureRule
{
    private const int LongestCommand = 300;

    public override IEnumerable<CaptureCandidate> Find(SessionWindow window, IReadOnlyList<Sentence> sentences)
    {
        var told = new HashSet<string>(StringComparer.Ordinal);
        SessionEvent? failed = null;
        foreach (var item in window.Events)
        {
            if (item.Kind == SessionEventKind.FileEdit) failed = null;
            if (item is not { Kind: SessionEventKind.Command, Command: { Length: <= LongestCommand } command, ExitCode: { } exit } || !Commands.IsWork(command)) continue;
            if (exit != 0) failed = item;
            else if (failed?.Command is { } before && Commands.Normal(before) != Commands.Normal(command))
            {
                var (works, not) = (Commands.Normal(command), Commands.Normal(before));
                if (Commands.AreVariants(before, command) && told.Add(works))
                    yield return new CaptureCandidate
                    {
                        Rule = this,
                        Title = CaptureTitle.Shorten($"{works} works where {not} fails"),
                        Body = $"{works}\nWorks here. {not} fails{Why(failed)}.",
                        Confidence = Confidence,
                        Evidence = [failed, item],
                    };
                failed = null;
            }
            else failed = null;
        }
    }

    private static string Why(SessionEvent failed) =>
        failed.Text?.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).LastOrDefault(static line => line.Length is > 8 and <= 160) is { } line
            ? $": {line.TrimEnd('.')}" : "";
}
