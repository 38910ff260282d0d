namespace Cairn.Engine.Entries;

/// <summary>What became of a save or of a change: stored, or refused by the policy.</summary>
public abstract record SaveOutcome
{
    private SaveOutcome()
    {
    }

    /// <summary>It is in the database, committed and on disk.</summary>
    public sealed record Stored(Receipt Receipt) : SaveOutcome;

    /// <summary>It holds what looks like a secret; nothing of it was written.</summary>
    /// <param name="Violations">Where, one by one: the first <see cref="MaxViolations"/>.</param>
    /// <param name="Audited">Whether the refusal is recorded; it is not where the database cannot be written.</param>
    public sealed record Blocked(IReadOnlyList<PolicyViolation> Violations, bool Audited) : SaveOutcome
    {
        /// <summary>How many violations of one text, or of one document, are told and recorded: a text of nothing but keys would drown the audit.</summary>
        public const int MaxViolations = 100;

        /// <summary>How many there are.</summary>
        public int Total { get; init; } = Violations.Count;
    }
}

/// <summary>The answer to a save or a change.</summary>
public sealed record Receipt
{
    /// <summary>saved, duplicate, revised, superseded, forgotten, reinstated, pinned, unpinned or unchanged.</summary>
    public required string Status { get; init; }

    /// <summary>The entry that now holds what was sent.</summary>
    public required string Id { get; init; }

    /// <summary>When that entry happened.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The entry that took the place of this one.</summary>
    public string? SupersededBy { get; init; }

    /// <summary>The entries whose place it took.</summary>
    public IReadOnlyList<string>? Supersedes { get; init; }

    /// <summary>How many spans that look like secrets were replaced, where the policy's mode is redact; null when none.</summary>
    public int? Redacted { get; init; }
}

/// <summary>Where a secret seems to be. Never the secret, nor a part of it.</summary>
/// <param name="Rule">The rule that matched.</param>
/// <param name="Field">The field, with the path inside metadata.</param>
/// <param name="Line">The line in the field, from 1.</param>
/// <param name="Column">The column in the line, from 1, in UTF-16 characters.</param>
/// <param name="Length">How long it is, in UTF-16 characters.</param>
/// <param name="Fingerprint">A name for it under this installation's key; null where that cannot be made (a read-only folder).</param>
public sealed record PolicyViolation(string Rule, string Field, int Line, int Column, int Length, string? Fingerprint);
