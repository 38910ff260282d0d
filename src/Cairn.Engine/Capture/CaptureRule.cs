namespace Cairn.Engine.Capture;

/// <summary>A window that belongs to a rule: one that it must or must not make a candidate of.</summary>
/// <param name="Events">Its events in the form of <see cref="WindowText"/>.</param>
internal sealed record CaptureExample(string Events);

/// <summary>
/// One sort of evidence for one type of entry. Like a secret's rule it carries the windows that it must and must not take,
/// so that nobody changes the one without the other.
/// </summary>
internal abstract class CaptureRule
{
    /// <summary>The stable name in kebab-case: what the audit calls the rule.</summary>
    public required string Id { get; init; }

    /// <summary>The type of the entries.</summary>
    public required string Type { get; init; }

    /// <summary>What must be seen, in a few words for a person.</summary>
    public required string Evidence { get; init; }

    /// <summary>How sure it is before the score, 0 to 1.</summary>
    public required double Confidence { get; init; }

    /// <summary>Windows of which the rule makes a candidate that nothing speaks against.</summary>
    public IReadOnlyList<CaptureExample> Positives { get; init; } = [];

    /// <summary>Windows close to the rule of which it makes none.</summary>
    public IReadOnlyList<CaptureExample> Negatives { get; init; } = [];

    /// <summary>What it would remember of a window.</summary>
    /// <param name="window">The window.</param>
    /// <param name="sentences">The sentences of its texts, in order.</param>
    public abstract IEnumerable<CaptureCandidate> Find(SessionWindow window, IReadOnlyList<Sentence> sentences);
}
