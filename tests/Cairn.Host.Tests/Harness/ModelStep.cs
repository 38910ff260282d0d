using System.Text.Json.Nodes;

namespace Cairn.Host.Tests.Harness;

/// <summary>One turn of the model that a <see cref="FakeResponsesServer"/> plays.</summary>
internal abstract record ModelStep
{
    /// <summary>Ends the run with this answer.</summary>
    internal sealed record Say(string Text) : ModelStep;

    /// <summary>Has the client run a shell command in its sandbox.</summary>
    internal sealed record Shell(string Command) : ModelStep;

    /// <summary>
    /// Calls an MCP tool. A string argument "$LAST.a.0.b" stands for the value at a, 0, b of the JSON that the call
    /// before this one returned.
    /// </summary>
    internal sealed record CallTool(string Server, string Tool, JsonObject Arguments) : ModelStep;
}
