namespace Cairn.Engine.Ingestion;

/// <summary>What was taken of a repository's history.</summary>
public sealed record GitHistoryResult
{
    /// <summary>How many commits were looked at.</summary>
    public required int Commits { get; init; }

    /// <summary>How many became entries.</summary>
    public required int Saved { get; init; }

    /// <summary>How many were in memory, or had been.</summary>
    public required int Known { get; init; }

    /// <summary>How many entries of commits were superseded because a commit reverts theirs; null when none.</summary>
    public int? Reverted { get; init; }

    /// <summary>How many spans that look like secrets were replaced; null when none.</summary>
    public int? Redactions { get; init; }

    /// <summary>How many commits were refused, because they hold what looks like a secret and the policy's mode is block; null when none. The next run looks at them again.</summary>
    public int? Refused { get; init; }

    /// <summary>How many commits are left out for the files that they change, by capture's globs; null when none.</summary>
    public int? Denied { get; init; }

    /// <summary>How many commits are older than the newest that one run takes, and so are left out; a time takes them. Null when none.</summary>
    public int? LeftOut { get; init; }

    /// <summary>Whether capture is off for the project, so that no commit was looked at; null when it is not.</summary>
    public bool? Off { get; init; }
}

/// <summary>Where git looks for a repository's hooks.</summary>
/// <param name="Path">Absolute path; it need not exist.</param>
/// <param name="IsShared">Whether the user's or the machine's configuration names it, so that all repositories have it.</param>
/// <param name="IsVersioned">Whether what is put there goes out with the repository's next commit.</param>
public sealed record HookFolder(string Path, bool IsShared, bool IsVersioned);
