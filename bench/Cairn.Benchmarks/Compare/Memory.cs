using System.Text.Json;
using Cairn.Benchmarks.Evaluation;

namespace Cairn.Benchmarks.Compare;

/// <summary>How a memory is spoken to: which tool saves, which one finds, and how their answers are read.</summary>
internal abstract class Memory
{
    /// <summary>As the table names it.</summary>
    public required string Name { get; init; }

    /// <summary>What it is of, with the version; null for Cairn.</summary>
    public NpmPackage? Package { get; init; }

    /// <summary>Settings of its server, in its folder.</summary>
    public required Func<string, IReadOnlyList<(string Name, string Value)>> Settings { get; init; }

    /// <summary>What is to be known of its figures; null for nothing.</summary>
    public string? Remark { get; init; }

    public abstract string SaveTool { get; }
    public abstract string SearchTool { get; }

    /// <summary>The arguments of a save.</summary>
    public abstract void WriteSave(Utf8JsonWriter json, Document document);

    /// <summary>The arguments of a search for at most 10 hits, where that can be said.</summary>
    public abstract void WriteSearch(Utf8JsonWriter json, string words);

    /// <summary>By what a search names the entry that was saved; null when it was not.</summary>
    public abstract string? Saved(JsonElement result, Document document);

    /// <summary>What a search named, best first.</summary>
    public abstract IEnumerable<string> Found(JsonElement result);

    /// <summary>The text of a result.</summary>
    public static string TextOf(JsonElement result) =>
        result.GetProperty("content").EnumerateArray().Where(static part => part.GetProperty("type").GetString() == "text").Select(static part => part.GetProperty("text").GetString()!).FirstOrDefault() ?? "";

    /// <summary>Whether a result is an error.</summary>
    protected static bool Failed(JsonElement result) => result.TryGetProperty("isError", out var failed) && failed.GetBoolean();
}

/// <summary>Cairn.</summary>
internal sealed class CairnSpoken : Memory
{
    public override string SaveTool => "save_memory";
    public override string SearchTool => "search";

    public override void WriteSave(Utf8JsonWriter json, Document document)
    {
        json.WriteString("title", document.Title);
        json.WriteString("text", document.Text);
        json.WriteString("type", document.Type);
    }

    public override void WriteSearch(Utf8JsonWriter json, string words)
    {
        json.WriteString("query", words);
        json.WriteNumber("limit", CompareBenchmark.Hits);
    }

    public override string? Saved(JsonElement result, Document document) =>
        !Failed(result) && result.GetProperty("structuredContent") is var receipt && receipt.GetProperty("status").GetString() == "saved" ? receipt.GetProperty("id").GetString() : null;

    public override IEnumerable<string> Found(JsonElement result) =>
        Failed(result) ? [] : result.GetProperty("structuredContent").GetProperty("items").EnumerateArray().Select(static item => item.GetProperty("id").GetString()!);
}

/// <summary>Those that keep a graph: an entry is an entity, known by its name, with one observation.</summary>
internal sealed class GraphSpoken : Memory
{
    public bool HasLimit { get; init; }

    public override string SaveTool => "create_entities";
    public override string SearchTool => "search_nodes";

    public override void WriteSave(Utf8JsonWriter json, Document document)
    {
        json.WriteStartArray("entities");
        json.WriteStartObject();
        json.WriteString("name", document.Title);
        json.WriteString("entityType", document.Type);
        json.WriteStartArray("observations");
        json.WriteStringValue(document.Text);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    public override void WriteSearch(Utf8JsonWriter json, string words)
    {
        json.WriteString("query", words);
        if (HasLimit) json.WriteNumber("limit", CompareBenchmark.Hits);
    }

    public override string? Saved(JsonElement result, Document document) => Failed(result) ? null : document.Title;

    public override IEnumerable<string> Found(JsonElement result) =>
        Failed(result) ? [] : JsonElement.Parse(TextOf(result)).GetProperty("entities").EnumerateArray().Select(static entity => entity.GetProperty("name").GetString()!);
}

/// <summary>@ai-devkit/memory.</summary>
internal sealed class DevkitSpoken : Memory
{
    public override string SaveTool => "memory_storeKnowledge";
    public override string SearchTool => "memory_searchKnowledge";

    public override void WriteSave(Utf8JsonWriter json, Document document)
    {
        json.WriteString("title", document.Title);
        json.WriteString("content", document.Text);
    }

    public override void WriteSearch(Utf8JsonWriter json, string words)
    {
        json.WriteString("query", words);
        json.WriteNumber("limit", CompareBenchmark.Hits);
    }

    public override string? Saved(JsonElement result, Document document) =>
        !Failed(result) && JsonElement.Parse(TextOf(result)) is { ValueKind: JsonValueKind.Object } said && said.TryGetProperty("id", out var id) ? id.GetString() : null;

    public override IEnumerable<string> Found(JsonElement result) =>
        Failed(result) ? [] : JsonElement.Parse(TextOf(result)).GetProperty("results").EnumerateArray().Select(static item => item.GetProperty("id").GetString()!);
}

/// <summary>memorix, whose answers are a table for people.</summary>
internal sealed partial class MemorixSpoken : Memory
{
    public override string SaveTool => "memorix_store";
    public override string SearchTool => "memorix_search";

    public override void WriteSave(Utf8JsonWriter json, Document document)
    {
        json.WriteString("entityName", document.Name);
        json.WriteString("type", "decision");
        json.WriteString("title", document.Title);
        json.WriteString("narrative", document.Text);
        json.WriteString("topicKey", document.Name);
    }

    public override void WriteSearch(Utf8JsonWriter json, string words)
    {
        json.WriteString("query", words);
        json.WriteNumber("limit", CompareBenchmark.Hits);
    }

    public override string? Saved(JsonElement result, Document document) =>
        !Failed(result) && Stored().Match(TextOf(result)) is { Success: true } stored ? stored.Groups[1].Value : null;

    public override IEnumerable<string> Found(JsonElement result) =>
        Failed(result) ? [] : Listed().Matches(TextOf(result)).Select(static hit => hit.Groups[1].Value);

    [System.Text.RegularExpressions.GeneratedRegex(@"Stored observation #(\d+)")]
    private static partial System.Text.RegularExpressions.Regex Stored();

    [System.Text.RegularExpressions.GeneratedRegex(@"^\| obs:(\d+) \|", System.Text.RegularExpressions.RegexOptions.Multiline)]
    private static partial System.Text.RegularExpressions.Regex Listed();
}
