using System.Diagnostics;
using System.Text.Json;
using Cairn.Engine;
using Cairn.Engine.Operations;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Cairn.Host.Mcp;

/// <summary>A tool whose calls are events of the log: which, for how long, how they ended; of a search, its shape. Never what was said.</summary>
/// <param name="tool">The tool.</param>
/// <param name="logs">The log.</param>
/// <param name="before">Told of a call before it runs, with the client's name.</param>
internal sealed class LoggedTool(CairnTool tool, LogService logs, Action<string?> before) : DelegatingMcpServerTool(tool)
{
    private static readonly string[] NoFilters = ["query", "limit", "offset"];

    public override async ValueTask<CallToolResult> InvokeAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken = default)
    {
        before(request.Server.ClientInfo?.Name);
        var begun = Stopwatch.GetTimestamp();
        try
        {
            var result = await base.InvokeAsync(request, cancellationToken).ConfigureAwait(false);
            Log(request, result, begun);
            return result;
        }
        catch (OperationCanceledException)
        {
            logs.Write(Line(request, begun) with { Status = "error", Code = "CANCELLED" });
            throw;
        }
    }

    private void Log(RequestContext<CallToolRequestParams> request, CallToolResult result, long begun)
    {
        if (!logs.Enabled) return;
        var line = Line(request, begun) with { Status = result.IsError is true ? "error" : "ok" };
        if (result.IsError is true) line = line with { Code = Code(result) };
        else if (line.Tool == "search") line = WithShape(line, request.Params?.Arguments, result);
        logs.Write(line);
    }

    private LogEvent Line(RequestContext<CallToolRequestParams> request, long begun) => new()
    {
        Event = "tool",
        Tool = ProtocolTool.Name,
        Request = LogService.Clean(request.JsonRpcRequest.Id.ToString()),
        Client = LogService.Clean(request.Server.ClientInfo?.Name),
        Milliseconds = Math.Round(Stopwatch.GetElapsedTime(begun).TotalMilliseconds, 3),
    };

    private static string? Code(CallToolResult result) =>
        result.StructuredContent is { } content && content.TryGetProperty("error", out var error) && error.TryGetProperty("code", out var code) ? code.GetString() : null;

    // The names of fields, since these are the tool's own; how many words, since what they are is nobody's business.
    private LogEvent WithShape(LogEvent line, IDictionary<string, JsonElement>? arguments, CallToolResult result) => line with
    {
        Terms = arguments is not null && arguments.TryGetValue("query", out var query) ? query.GetString()!.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length : null,
        Filters = arguments?.Keys.Where(Narrows).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } filters ? filters : null,
        Hits = result.StructuredContent?.GetProperty("total").GetInt32(),
    };

    private bool Narrows(string field) => !NoFilters.Contains(field) && ProtocolTool.InputSchema.GetProperty("properties").TryGetProperty(field, out _);
}
