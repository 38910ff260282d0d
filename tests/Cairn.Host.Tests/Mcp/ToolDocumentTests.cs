using System.Text;
using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Mcp;

/// <summary>docs/tools.md is the catalogue that a server shows, in words. UPDATE_SNAPSHOTS=1 rewrites it.</summary>
public sealed class ToolDocumentTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Head = """
        # Tools

        What `cairn mcp` offers to a client. Generated from the tool catalogue: `UPDATE_SNAPSHOTS=1 eng/test` rewrites this
        file, do not edit it by hand. The error codes are in [troubleshooting.md](troubleshooting.md).

        """;

    [Fact]
    public void ToolsDocument_IsTheCatalogue()
    {
        var text = new StringBuilder(Head);
        foreach (var tool in fixture.Server.ListTools()) Write(text, tool);

        Snapshot.MatchDocument("tools.md", text.ToString());
    }

    private static void Write(StringBuilder text, JsonObject tool)
    {
        text.Append('\n').Append("## ").Append(tool.String("name")).Append("\n\n")
            .Append(Cell(tool.String("description"))).Append("\n\n")
            .Append(Kind(tool.Object("annotations"))).Append("\n\n")
            .Append("| field | type | required | meaning |\n|---|---|---|---|\n");
        var schema = tool.Object("inputSchema");
        var required = schema["required"]?.AsArray().Select(static name => name!.GetValue<string>()).ToHashSet() ?? [];
        foreach (var (name, node) in schema.Object("properties"))
        {
            var field = node!.AsObject();
            var type = field.String("type") == "array" ? $"array of {field.Object("items").String("type")}s" : field.String("type");
            text.Append("| `").Append(name).Append("` | ").Append(type).Append(" | ").Append(required.Contains(name) ? "yes" : "").Append(" | ").Append(Meaning(field)).Append(" |\n");
        }
    }

    private static string Kind(JsonObject annotations)
    {
        if (annotations["readOnlyHint"]?.GetValue<bool>() is true) return "It only reads.";
        return annotations["idempotentHint"]?.GetValue<bool>() is true
            ? "It writes and destroys nothing; called again with the same input it does nothing more."
            : "It writes and destroys nothing.";
    }

    private static string Meaning(JsonObject field)
    {
        var words = field["enum"]?.AsArray().Select(static word => $"`{word!.GetValue<string>()}`");
        string?[] parts = [field["description"]?.GetValue<string>() is { } description ? Cell(description) : null, words is null ? null : $"one of {string.Join(", ", words)}"];
        return string.Join("; ", parts.OfType<string>());
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal);
}
