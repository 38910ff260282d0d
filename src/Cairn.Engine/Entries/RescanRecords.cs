namespace Cairn.Engine.Entries;

/// <summary>What is done with entries that the rules of today would refuse.</summary>
public enum RescanAction
{
    /// <summary>They are listed.</summary>
    List,

    /// <summary>What looks like a secret is cut out of them; id, links and history stay.</summary>
    Redact,

    /// <summary>They are removed for good.</summary>
    Purge,
}

/// <summary>Which entries are judged again, and what is done.</summary>
public sealed record RescanRequest
{
    /// <summary>The one project; null for all.</summary>
    public string? Project { get; init; }

    /// <summary>Also entries that the present rules have judged.</summary>
    public bool All { get; init; }

    /// <summary>What is done with entries that the rules would refuse.</summary>
    public RescanAction Action { get; init; }

    /// <summary>Write nothing: neither that, nor that the others are clean.</summary>
    public bool DryRun { get; init; }
}

/// <summary>How far a rescan has come.</summary>
/// <param name="Judged">Entries that were judged.</param>
/// <param name="Found">Entries that the rules would refuse.</param>
public sealed record RescanProgress(long Judged, long Found);

/// <summary>What a rescan found.</summary>
public sealed record RescanResult
{
    /// <summary>The rules that judged.</summary>
    public required string RuleSet { get; init; }

    /// <summary>True when nothing was written.</summary>
    public bool? DryRun { get; init; }

    /// <summary>How many entries were judged.</summary>
    public required long Judged { get; init; }

    /// <summary>How many of them are clean; unless it was a dry run, they are not judged again under these rules.</summary>
    public required long Clean { get; init; }

    /// <summary>The others.</summary>
    public required IReadOnlyList<RescanFinding> Found { get; init; }

    /// <summary>Why bytes of what was cut out or removed may still be in the database's files, and what to do; null when none is.</summary>
    public string? BytesLeft { get; init; }
}

/// <summary>An entry that the rules of today would refuse. Never its text.</summary>
/// <param name="Id">The entry.</param>
/// <param name="Outcome">found, redacted, purged, or partly_redacted where the name of its project or session holds a secret as well.</param>
/// <param name="Rules">The rules that match.</param>
/// <param name="Fields">Where.</param>
public sealed record RescanFinding(string Id, string Outcome, IReadOnlyList<string> Rules, IReadOnlyList<string> Fields);
