using System.Text.Json.Nodes;

namespace Cairn.Host.Tests.Harness;

/// <summary>The official MCP Inspector's command line, each call with a server process of its own.</summary>
internal sealed class InspectorCli(TempHome home)
{
    /// <summary>Lists the tools; a schema that some client could not use ends it with code 6.</summary>
    public ProcessResult ListTools() => Run(["--method", "tools/list", "--strict"]);

    public ProcessResult CallTool(string name, params IEnumerable<string> arguments) =>
        Run(["--method", "tools/call", "--tool-name", name, .. arguments.SelectMany(pair => new[] { "--tool-arg", pair })]);

    /// <summary>Calls a tool that must succeed, and returns its structured content.</summary>
    public JsonObject StructuredContent(string name, params IEnumerable<string> arguments) =>
        JsonNode.Parse(CallTool(name, arguments).ShouldExitWith(0).Output)!.AsObject().Object("structuredContent");

    private ProcessResult Run(IEnumerable<string> options) => ChildProcess.Run(
        "node",
        [
            Repository.ClientFile("@modelcontextprotocol/inspector/clients/launcher/build/index.js"), "--cli", .. options,
            "--", CairnBinary.Path, "mcp", "--db", home.Database,
        ],
        home);
}
