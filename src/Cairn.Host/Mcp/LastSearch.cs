namespace Cairn.Host.Mcp;

/// <summary>What this server's client searched last: a text that is cut to a budget is cut around that. A server has one client.</summary>
internal sealed class LastSearch
{
    private volatile string? _query;

    /// <summary>The query; null before the first search.</summary>
    public string? Query
    {
        get => _query;
        set => _query = value;
    }
}
