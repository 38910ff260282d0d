using Cairn.Engine.Entries;

namespace Cairn.Engine.Maintenance;

/// <summary>What the policy finds in a text.</summary>
public sealed record PolicyCheck
{
    /// <summary>clean, or blocked when something is found that no exception lets pass.</summary>
    public required string Status { get; init; }

    /// <summary>What was found, by position; where it is too much, what is refused before what exceptions let pass. Never the value.</summary>
    public required IReadOnlyList<PolicyFinding> Findings { get; init; }

    /// <summary>How many more were found than are listed; null when none.</summary>
    public int? More { get; init; }
}

/// <summary>A place that looks like a secret.</summary>
public sealed record PolicyFinding
{
    /// <summary>The rule that found it.</summary>
    public required string Rule { get; init; }

    /// <summary>What the rule finds.</summary>
    public required string Description { get; init; }

    /// <summary>What makes it credible: structured, contextual or prose.</summary>
    public required string Tier { get; init; }

    /// <summary>The line, from 1.</summary>
    public required int Line { get; init; }

    /// <summary>The column in the line, from 1, in UTF-16 characters.</summary>
    public required int Column { get; init; }

    /// <summary>How long it is, in UTF-16 characters.</summary>
    public required int Length { get; init; }

    /// <summary>Its fingerprint; null where the key cannot be made.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Whether an exception lets it pass.</summary>
    public required bool Allowed { get; init; }
}

/// <summary>A rule of the policy.</summary>
public sealed record PolicyRule
{
    /// <summary>Its stable name.</summary>
    public required string Id { get; init; }

    /// <summary>What it finds.</summary>
    public required string Description { get; init; }

    /// <summary>What makes its findings credible: structured, contextual or prose.</summary>
    public required string Tier { get; init; }

    /// <summary>A text without any of these never meets the rule.</summary>
    public required IReadOnlyList<string> Keywords { get; init; }

    /// <summary>The form of what it finds: the prefix and what follows, or a regular expression.</summary>
    public required string Form { get; init; }

    /// <summary>How many examples it must find.</summary>
    public required int Positives { get; init; }

    /// <summary>How many texts close to it no rule may find.</summary>
    public required int Negatives { get; init; }
}

/// <summary>The rules: their version and hash, and each of them.</summary>
public sealed record PolicyRuleList(string Version, string Hash, IReadOnlyList<PolicyRule> Rules);

/// <summary>What became of a test of all rules over invented examples.</summary>
public sealed record PolicyTestResult
{
    /// <summary>pass or fail.</summary>
    public required string Status { get; init; }

    /// <summary>The rules' version.</summary>
    public required string Version { get; init; }

    /// <summary>The rules' hash.</summary>
    public required string Hash { get; init; }

    /// <summary>How many rules there are.</summary>
    public required int Rules { get; init; }

    /// <summary>How many examples had to be found, each by its own rule, at its exact place.</summary>
    public required int Positives { get; init; }

    /// <summary>How many texts no rule was to find anything in.</summary>
    public required int Negatives { get; init; }

    /// <summary>What went wrong.</summary>
    public required IReadOnlyList<PolicyTestFailure> Failures { get; init; }
}

/// <summary>An example on which the rules failed. The example itself is not shown: it looks like a secret.</summary>
/// <param name="Rule">The rule whose example it is.</param>
/// <param name="Example">positive or negative, and its number from 1.</param>
/// <param name="Problem">What was found instead.</param>
public sealed record PolicyTestFailure(string Rule, string Example, string Problem);

/// <summary>The newest lines of the policy's audit, newest first.</summary>
public sealed record PolicyEventList(IReadOnlyList<PolicyEvent> Events);

/// <summary>The exceptions, oldest first, and the file that holds them.</summary>
public sealed record PolicyAllowanceList(string File, IReadOnlyList<PolicyAllowance> Exceptions);

/// <summary>An exception that was made or taken back.</summary>
public sealed record PolicyAllowanceChange
{
    /// <summary>allowed or removed.</summary>
    public required string Status { get; init; }

    /// <summary>The exception; of several that were taken back, the last one.</summary>
    public required PolicyAllowance Exception { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>What is to be known of it; null when nothing is.</summary>
    public string? Note { get; init; }

    /// <summary>False when it is not recorded: the database cannot be written.</summary>
    public bool? Audited { get; init; }
}
