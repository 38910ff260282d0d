using Cairn.Host.Mcp;

namespace Cairn.Host.Http;

/// <summary>How much of the server one client may hold, and for how long.</summary>
internal sealed record HttpLimits
{
    /// <summary>The greatest length of a request's body; the same as of a line over stdio.</summary>
    public const int MaxBodyBytes = StdioTransport.MaxLineBytes;

    /// <summary>The greatest length of a request's head.</summary>
    public const int MaxHeadBytes = 16 * 1024;

    /// <summary>How many connections are open at once; one more is closed unanswered.</summary>
    public int Connections { get; init; } = 256;

    /// <summary>How many requests are read and worked on at once; others wait for their turn with their body unread.</summary>
    public int AtWork { get; init; } = RequestQueue.MaxAtWork;

    /// <summary>How long a request's head may take to come.</summary>
    public TimeSpan Head { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a request's body may take to come.</summary>
    public TimeSpan Body { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a connection may be silent between requests.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The least rate, in bytes a second, at which a body must come and an answer be read.</summary>
    public double LeastRate { get; init; } = 1024;

    /// <summary>How long that rate may be missed.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long requests under way have when the server is asked to end.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(1.5);
}
