using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Cairn.FloorServer;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

// The least that a server of this SDK can be: no host, no storage, two tools that do no work. What it needs to start
// and to stay alive is the part of Cairn's cold start and memory that no care for Cairn can take away.

var json = new JsonSerializerOptions(McpJsonUtilities.DefaultOptions);
json.TypeInfoResolverChain.Insert(0, FloorJson.Default);
var create = new McpServerToolCreateOptions { SerializerOptions = json };

var options = new McpServerOptions
{
    ServerInfo = new Implementation { Name = "floor", Version = "1" },
    ToolCollection =
    [
        McpServerTool.Create(Tools.Echo, create),
        McpServerTool.Create(Tools.SaveMemory, create),
    ],
};

await using var transport = new StdioServerTransport("floor");
await using var server = McpServer.Create(transport, options);
await server.RunAsync();

namespace Cairn.FloorServer
{
    internal static class Tools
    {
        [McpServerTool(Name = "echo", ReadOnly = true), Description("Answers with the text that it was sent.")]
        public static string Echo(string text) => text;

        [McpServerTool(Name = "save_memory", Destructive = false), Description("Takes what save_memory takes, and keeps nothing.")]
        public static Saved SaveMemory(string text, string? title = null, string? project = null) =>
            new("saved", text.Length + (title?.Length ?? 0) + (project?.Length ?? 0));
    }

    internal sealed record Saved(string Status, int Id);

    [JsonSerializable(typeof(Saved))]
    [JsonSerializable(typeof(string))]
    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
    internal sealed partial class FloorJson : JsonSerializerContext;
}
