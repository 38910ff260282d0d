using System.Text.Json;
using System.Text.Json.Nodes;
using Cairn.Engine;
using Microsoft.Extensions.AI;
using ModelContextProtocol;
using ModelContextProtocol.Server;

namespace Cairn.Host.Mcp;

/// <summary>The one list of all tools.</summary>
internal static class ToolCatalog
{
    /// <summary>The tools over an engine.</summary>
    public static IReadOnlyList<McpServerTool> Create(CairnEngine engine, RequestOrigin origin)
    {
        var entries = new EntryTools(engine.Entries, origin);
        var search = new SearchTools(engine.Search, origin);
        return
        [
            Tool(search.Search),
            Tool(entries.Save),
            Tool(entries.Get),
            Tool(entries.Timeline),
            Tool(entries.Update),
        ];
    }

    private static McpServerTool Tool(Delegate method) => McpServerTool.Create(method, new McpServerToolCreateOptions
    {
        SerializerOptions = Serializer,
        SchemaCreateOptions = Schema,
    });

    private static readonly JsonSerializerOptions Serializer = CreateSerializer();

    // The schema is paid for in tokens by every session: no defaults, no "or null", only what a model needs.
    private static readonly AIJsonSchemaCreateOptions Schema = new()
    {
        TransformSchemaNode = static (_, node) =>
        {
            if (node is not JsonObject schema) return node;
            schema.Remove("default");
            if (schema["type"] is JsonArray types) schema["type"] = types.Select(static type => type!.GetValue<string>()).First(static type => type != "null");
            if (schema["type"]?.GetValue<string>() == "object") schema.Remove("additionalProperties");
            return schema;
        },
    };

    private static JsonSerializerOptions CreateSerializer()
    {
        var options = new JsonSerializerOptions(McpJsonUtilities.DefaultOptions);
        options.TypeInfoResolverChain.Insert(0, HostJson.Default);
        options.MakeReadOnly();
        return options;
    }
}
