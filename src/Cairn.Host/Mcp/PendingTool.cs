using Cairn.Engine;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Cairn.Host.Mcp;

/// <summary>
/// A tool of a server that could not read its settings: each call tries again, and says what is wrong until they are mended.
/// </summary>
/// <param name="shown">The tool as clients see it.</param>
/// <param name="open">Gives the tool that works, or throws what is wrong.</param>
internal sealed class PendingTool(CairnTool shown, Func<string, McpServerTool> open) : DelegatingMcpServerTool(shown)
{
    public override ValueTask<CallToolResult> InvokeAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken = default)
    {
        try
        {
            return open(ProtocolTool.Name).InvokeAsync(request, cancellationToken);
        }
        catch (EngineException error)
        {
            return ValueTask.FromResult(ToolResults.Failed(ToolErrors.From(error)));
        }
    }
}
