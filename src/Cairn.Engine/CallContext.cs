namespace Cairn.Engine;

/// <summary>
/// Where a call comes from: what the client, the environment or the command line says of project, session and commit.
/// It only describes; Projects decides which project is meant.
/// </summary>
public sealed record CallContext
{
    /// <summary>The directory that the caller works in.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>A project named outright (flag, argument or MEMORY_PROJECT_NAME); it wins over every other sign.</summary>
    public string? Project { get; init; }

    /// <summary>The workspace roots that the client names; the one that holds the working directory counts.</summary>
    public IReadOnlyList<string> Workspaces { get; init; } = [];

    /// <summary>The address of the repository's origin as the client tells it: it counts where the folder is gone.</summary>
    public string? Repository { get; init; }

    /// <summary>The client's session, where it is known.</summary>
    public string? SessionId { get; init; }

    /// <summary>The client's name, for the session's row.</summary>
    public string? Client { get; init; }

    /// <summary>The commit that the client says is checked out.</summary>
    public string? Commit { get; init; }

    /// <summary>Who is writing: one of <see cref="Entries.EntryOrigin"/>.</summary>
    public string Origin { get; init; } = Entries.EntryOrigin.User;
}
