namespace Cairn.Engine;

/// <summary>
/// One line of the event log: what was done, for how long, and how it ended. It has no place for an entry's text, a query
/// or an argument, and every text in it is one of this program's own words or a short plain name.
/// </summary>
public sealed record LogEvent
{
    /// <summary>What happened: server.start, server.stop, tool, command, migration, index.detached, index.rebuilt, embeddings.</summary>
    public required string Event { get; init; }

    /// <summary>When; the log fills it in where it is not given.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>The process; the log fills it in.</summary>
    public int Pid { get; init; }

    /// <summary>The database's file name, without a folder; the log fills it in.</summary>
    public string? Database { get; init; }

    /// <summary>The program's version.</summary>
    public string? Version { get; init; }

    /// <summary>The client's name, as far as it is a plain one.</summary>
    public string? Client { get; init; }

    /// <summary>The tool that was called.</summary>
    public string? Tool { get; init; }

    /// <summary>The command that was run, without its arguments.</summary>
    public string? Command { get; init; }

    /// <summary>The request's id, as far as it is a number or a short plain word.</summary>
    public string? Request { get; init; }

    /// <summary>How long it took, in milliseconds.</summary>
    public double? Milliseconds { get; init; }

    /// <summary>"ok" or "error".</summary>
    public string? Status { get; init; }

    /// <summary>The error's code, or the kind of a failure that nobody foresaw.</summary>
    public string? Code { get; init; }

    /// <summary>A command's exit code.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The schema's version that a migration leads to.</summary>
    public int? Migration { get; init; }

    /// <summary>How many words a search had.</summary>
    public int? Terms { get; init; }

    /// <summary>The names of the fields by which a search was narrowed.</summary>
    public IReadOnlyList<string>? Filters { get; init; }

    /// <summary>How many hits a search had.</summary>
    public int? Hits { get; init; }

    /// <summary>How many entries got their vectors.</summary>
    public int? Entries { get; init; }

    /// <summary>Why: end of input or signal, for a server's stop; the secret rule, for a line that was taken out.</summary>
    public string? Reason { get; init; }
}
