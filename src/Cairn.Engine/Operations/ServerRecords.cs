namespace Cairn.Engine.Operations;

/// <summary>A server that is live on this database.</summary>
public sealed record ServerInfo
{
    /// <summary>The process.</summary>
    public required int Pid { get; init; }

    /// <summary>"idle", "writing", or "elsewhere" for one of another machine or container, of which nothing more can be told.</summary>
    public required string State { get; init; }

    /// <summary>Since when it serves.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The version of its program.</summary>
    public required string Version { get; init; }

    /// <summary>Its client's name, as far as it is known and a plain one.</summary>
    public string? Client { get; init; }

    /// <summary>Its client's version.</summary>
    public string? ClientVersion { get; init; }
}

/// <summary>What became of a server that was asked to end.</summary>
/// <param name="Pid">The process.</param>
/// <param name="Gone">Whether it is gone.</param>
/// <param name="Milliseconds">How long it took, or was waited for.</param>
public sealed record ServerStop(int Pid, bool Gone, double Milliseconds);

/// <summary>
/// What a server says of itself in its file. Writing comes first and is one digit, so that it can be changed in place.
/// </summary>
internal sealed record ServerNote
{
    public required int Writing { get; init; }
    public required int Pid { get; init; }
    public required long Started { get; init; }
    public required string Machine { get; init; }
    public required string Database { get; init; }
    public required DateTimeOffset Since { get; init; }
    public required string Version { get; init; }
    public string? Client { get; init; }
    public string? ClientVersion { get; init; }
}
