namespace Cairn.Engine.Capture;

/// <summary>What a session's event is.</summary>
public enum SessionEventKind
{
    /// <summary>What the user asked or said.</summary>
    UserPrompt,

    /// <summary>What the agent said while it worked.</summary>
    AgentMessage,

    /// <summary>What the agent said at the end of a turn.</summary>
    FinalAnswer,

    /// <summary>The client's own summary of what no longer fits the model's window.</summary>
    CompactionSummary,

    /// <summary>A command that was run.</summary>
    Command,

    /// <summary>Files that were changed.</summary>
    FileEdit,

    /// <summary>Any other tool that was called.</summary>
    ToolCall,

    /// <summary>The session began.</summary>
    SessionStarted,

    /// <summary>The session ended.</summary>
    SessionEnded,
}

/// <summary>
/// One thing that happened in a client's session, as capture sees it. Text is untrusted and may hold secrets: nothing of it
/// is stored or logged before the policy has seen it.
/// </summary>
public sealed record SessionEvent
{
    /// <summary>Stable in its session: the client's own id, else "line:OFFSET".</summary>
    public required string Id { get; init; }

    /// <summary>"codex" or "claude".</summary>
    public required string Client { get; init; }

    /// <summary>The client's session.</summary>
    public required string SessionId { get; init; }

    /// <summary>What it is.</summary>
    public required SessionEventKind Kind { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>The client's turn: a prompt and all that follows from it.</summary>
    public string? TurnId { get; init; }

    /// <summary>Prompt, message, summary; of a command, the tail of its output.</summary>
    public string? Text { get; init; }

    /// <summary>Of a command: its line.</summary>
    public string? Command { get; init; }

    /// <summary>Of a command: how it ended, where that is known.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Of an edit: the files.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>Of a tool call: the tool's name.</summary>
    public string? Tool { get; init; }

    /// <summary>The folder that the client worked in.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The address of the repository's origin, where the client tells it.</summary>
    public string? Repository { get; init; }

    /// <summary>The branch that was checked out.</summary>
    public string? Branch { get; init; }

    /// <summary>The commit that was checked out.</summary>
    public string? Commit { get; init; }
}
