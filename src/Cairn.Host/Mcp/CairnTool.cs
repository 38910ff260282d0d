using Cairn.Engine;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Cairn.Host.Mcp;

/// <summary>
/// A tool: its words to the model, its fields, and what it does. Here is the one edge where failures become answers. It
/// is written down rather than reflected from a method, which costs every server 5 MB and 10 ms at its start.
/// </summary>
internal sealed class CairnTool : McpServerTool
{
    private readonly IReadOnlyList<ToolField> _fields;
    private readonly bool _reads;
    private readonly Func<ToolCall, CallToolResult> _run;

    private CairnTool(string name, string title, string description, bool reads, bool idempotent, IReadOnlyList<ToolField> fields, Func<ToolCall, CallToolResult> run)
    {
        (_fields, _reads, _run) = (fields, reads, run);
        ProtocolTool = new Tool
        {
            Name = name,
            Title = title,
            Description = description.ReplaceLineEndings(" "),
            InputSchema = ToolField.Schema(fields),
            Annotations = reads
                ? new ToolAnnotations { ReadOnlyHint = true, OpenWorldHint = false }
                : new ToolAnnotations { ReadOnlyHint = false, DestructiveHint = false, IdempotentHint = idempotent, OpenWorldHint = false },
        };
    }

    public override Tool ProtocolTool { get; }

    public override IReadOnlyList<object> Metadata => [];

    /// <summary>A tool that changes nothing.</summary>
    public static CairnTool Reads(string name, string title, string description, IReadOnlyList<ToolField> fields, Func<ToolCall, CallToolResult> run) =>
        new(name, title, description, reads: true, idempotent: true, fields, run);

    /// <summary>A tool that saves or changes, never destroys, and, unless told otherwise, does nothing more when called again.</summary>
    public static CairnTool Writes(string name, string title, string description, IReadOnlyList<ToolField> fields, Func<ToolCall, CallToolResult> run, bool idempotent = true) =>
        new(name, title, description, reads: false, idempotent, fields, run);

    public override ValueTask<CallToolResult> InvokeAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken = default)
    {
        try
        {
            return ValueTask.FromResult(_run(ToolCall.Check(request, _fields, _reads, cancellationToken)));
        }
        catch (EngineException error)
        {
            return ValueTask.FromResult(ToolResults.Failed(ToolErrors.From(error)));
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Cli.Output.Unexpected(error);
            return ValueTask.FromResult(ToolResults.Failed(ToolErrors.From(error)));
        }
    }
}
