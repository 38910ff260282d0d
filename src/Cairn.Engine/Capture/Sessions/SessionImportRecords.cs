namespace Cairn.Engine.Capture.Sessions;

/// <summary>Which session files are to be read.</summary>
public sealed record SessionImportRequest
{
    /// <summary>codex, claude; both when empty.</summary>
    public IReadOnlyList<string> Clients { get; init; } = [];

    /// <summary>Only files that were written since; all when null.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Codex's home: its sessions are below it; null for ~/.codex.</summary>
    public string? CodexHome { get; init; }

    /// <summary>Claude Code's home: its transcripts are below it; null for ~/.claude.</summary>
    public string? ClaudeHome { get; init; }

    /// <summary>These files of one client, instead of all. Such an import waits its turn for a while, where others give up at once.</summary>
    public IReadOnlyList<string>? Files { get; init; }

    /// <summary>The project of what is said in these files; null for that of the folder that each was said in.</summary>
    public string? Project { get; init; }

    /// <summary>Small files first, for a call with little time: a great one never keeps all others waiting. Else in the order of their names, which is that of time.</summary>
    public bool SmallFirst { get; init; }
}

/// <summary>What an import of session files did.</summary>
public sealed record SessionImportResult
{
    /// <summary>True when another import was under way, so that nothing was done.</summary>
    public bool? Busy { get; init; }

    /// <summary>Files that something new was read of.</summary>
    public int Files { get; init; }

    /// <summary>Files with nothing new.</summary>
    public int Unchanged { get; init; }

    /// <summary>What happened in the sessions, as far as it is new.</summary>
    public int Events { get; init; }

    /// <summary>Entries that capture made of it.</summary>
    public int Saved { get; init; }

    /// <summary>What capture passed over.</summary>
    public int Skipped { get; init; }

    /// <summary>What capture knew already.</summary>
    public int Duplicates { get; init; }

    /// <summary>Lines that are no JSON, or too long; null when none.</summary>
    public int? UnreadLines { get; init; }

    /// <summary>Files that could not be read, each with its reason; null when none. At most 50.</summary>
    public IReadOnlyList<SkippedSessionFile>? SkippedFiles { get; init; }

    /// <summary>How many those are; null when all are listed.</summary>
    public int? SkippedTotal { get; init; }
}

/// <summary>A session file that could not be read.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Reason">Why.</param>
public sealed record SkippedSessionFile(string Path, string Reason);

/// <summary>How far an import is.</summary>
/// <param name="Done">Files that are done.</param>
/// <param name="Total">Files that there are.</param>
/// <param name="Events">What was read so far.</param>
public sealed record SessionImportProgress(int Done, int Total, int Events);
