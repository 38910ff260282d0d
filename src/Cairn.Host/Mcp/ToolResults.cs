using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Cairn.Engine.Entries;
using ModelContextProtocol.Protocol;

namespace Cairn.Host.Mcp;

/// <summary>
/// A tool's answer: the JSON as structuredContent, and the same JSON as one text block, since some clients show the
/// model only one of them.
/// </summary>
internal static class ToolResults
{
    /// <summary>An answer.</summary>
    public static CallToolResult Ok<T>(T value, JsonTypeInfo<T> type) => Result(JsonSerializer.Serialize(value, type), isError: false);

    /// <summary>The answer to a save or a change.</summary>
    public static CallToolResult Of(SaveOutcome outcome) => outcome switch
    {
        SaveOutcome.Stored stored => Ok(stored.Receipt, WireJson.Compact.Receipt),
        SaveOutcome.Blocked blocked => Failed(ToolErrors.ToAgent(blocked)),
        _ => throw new InvalidOperationException(outcome.GetType().Name),
    };

    /// <summary>A failure that the model can read and act on.</summary>
    public static CallToolResult Failed(ToolFailure failure) => Result(JsonSerializer.Serialize(failure, WireJson.Compact.ToolFailure), isError: true);

    private static CallToolResult Result(string json, bool isError) => new()
    {
        StructuredContent = JsonElement.Parse(json),
        Content = [new TextContentBlock { Text = json }],
        IsError = isError ? true : null,
    };
}
