namespace Cairn.Engine;

/// <summary>How much of a session is captured, from nothing to much.</summary>
public enum CaptureMode
{
    /// <summary>Nothing is read out of sessions, and nothing is written about them.</summary>
    Off,

    /// <summary>What is almost certain alone.</summary>
    Assist,

    /// <summary>What is likely as well.</summary>
    Full,
}

/// <summary>What is captured of a project: a mode, and the paths that count. What is not set is as for all projects.</summary>
public sealed record CaptureScope
{
    /// <summary>The mode; null when it is not set.</summary>
    public CaptureMode? Mode { get; init; }

    /// <summary>Globs of paths below the project's root: a turn that edits files counts only when one of them matches. None allow all.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <summary>Globs of paths below the project's root: a turn that edits one of these is left out whole.</summary>
    public IReadOnlyList<string> Deny { get; init; } = [];
}

/// <summary>What the user has set for capture. A project's own file may only turn it down.</summary>
public sealed record CaptureOptions
{
    /// <summary>The mode of projects for which nothing is set.</summary>
    public const CaptureMode DefaultMode = CaptureMode.Assist;

    /// <summary>For all projects.</summary>
    public CaptureScope All { get; init; } = new();

    /// <summary>The most that is captured, whatever is set for a project; null for no such limit.</summary>
    public CaptureMode? Most { get; init; }

    /// <summary>For single projects, by a name that they have or had: a mode goes before that of all, globs are added to those of all.</summary>
    public IReadOnlyDictionary<string, CaptureScope> Projects { get; init; } = new Dictionary<string, CaptureScope>();
}
