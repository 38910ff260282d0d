namespace Cairn.Engine.Capture;

/// <summary>How sure a candidate is: its rule's confidence, raised by a reason that is given, lowered by what makes a sentence weak. Pure.</summary>
internal static class CaptureScore
{
    /// <summary>The least confidence that assist saves.</summary>
    public const double Assist = 0.8;

    /// <summary>The least confidence that full saves.</summary>
    public const double Full = 0.55;

    /// <summary>Words by which a sentence gives the reason of the one before.</summary>
    public static readonly IReadOnlyList<string> Reasons = ["because", "that way", "this way", "otherwise", "reason:", "the reason", "so that", "this keeps", "this avoids"];

    private const double ReasonGiven = 0.05, TooShort = -0.25, TooLong = -0.15, Task = -0.1;
    private const int FewWords = 4, ManyCharacters = 400;

    private static readonly string[] ReasonWords = [" because ", " since ", " so that ", " in order to ", " to avoid ", " due to ", " instead of ", " rather than ", ", since", ", so "];

    /// <summary>The least confidence that a mode saves.</summary>
    public static double Least(CaptureMode mode) => mode == CaptureMode.Full ? Full : Assist;

    /// <summary>The confidence of a sentence by its rule's.</summary>
    public static double Of(double confidence, Sentence sentence, Sentence? reason)
    {
        if (reason is not null || ReasonWords.Any(word => sentence.Probe.Contains(word, StringComparison.Ordinal)) || ExplainsAfterColon(sentence.Probe)) confidence += ReasonGiven;
        if (sentence.Text.Split(' ').Length < FewWords) confidence += TooShort;
        if (sentence.Text.Length > ManyCharacters) confidence += TooLong;
        // An item that a user lists under no heading is mostly a thing to do.
        if (sentence is { IsItem: true, Heading: null, Event.Kind: SessionEventKind.UserPrompt }) confidence += Task;
        return Math.Round(Math.Clamp(confidence, 0, 0.99), 2);
    }

    // "We keep files: two writers are all there are." A marker's colon ("Decision: …") comes after fewer words.
    private static bool ExplainsAfterColon(string probe) =>
        probe.IndexOf(": ", StringComparison.Ordinal) is > 0 and var colon && probe.AsSpan(0, colon).Count(' ') >= FewWords;
}
