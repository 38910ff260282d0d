namespace Cairn.Host.Mcp;

/// <summary>What this server's client searched last: a text that is cut to a budget is cut around that.</summary>
/// <param name="shared">Whether the server has many clients, which it cannot tell apart: then nothing is kept.</param>
internal sealed class LastSearch(bool shared)
{
    private volatile string? _query;

    /// <summary>The query; null before the first search, and for a server of many clients.</summary>
    public string? Query
    {
        get => _query;
        set => _query = shared ? null : value;
    }
}
