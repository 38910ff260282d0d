using System.Text.Json;
using Cairn.Engine;

namespace Cairn.Host.Setup;

/// <summary>
/// Registers our MCP server in a client's JSON file and takes it out again: as the member "cairn" of an object that the
/// client names (mcpServers, or servers). Pure: text in, text out.
/// </summary>
/// <param name="file">The file's name, for messages.</param>
/// <param name="servers">The object of servers.</param>
internal sealed class JsonServers(string file, string servers)
{
    private const string Name = "cairn";

    /// <summary>The text with our server in it, running this command with these arguments; keys that it has beside them stay.</summary>
    /// <exception cref="EngineException">The text is no JSON object, or our server is something else than a command.</exception>
    public ConfigEdit Add(string? text, string command, IReadOnlyList<string> args)
    {
        var before = JsonText.Parse(file, text);
        (string Key, string Value)[] wanted = [("command", JsonText.Quote(command)), ("args", JsonText.Quote(args))];
        if (before.Find([servers])?.Member(Name) is not { } entry)
        {
            var added = before.Put([servers, Name], Entry(command, args));
            return new ConfigEdit(added.ToString(), SetupChange.Added, [$"@@ {servers} @@", $"+\"{Name}\": {Entry(command, args)}"]);
        }
        if (entry.Value.Kind != JsonTokenType.StartObject || entry.Value.Member("url") is not null)
            throw EngineException.Invalid(file, $"line {before.LineOf(entry.Start)} has a server cairn that is no command; nothing was changed: remove that entry first", ("line", before.LineOf(entry.Start)));
        var after = before;
        List<string> diff = [];
        foreach (var (key, value) in wanted)
        {
            var now = entry.Value.Member(key) is { } member ? Canonical(before, member.Value) : null;
            if (now == value) continue;
            after = after.Put([servers, Name, key], value);
            if (now is not null) diff.Add($"-{key}: {now}");
            diff.Add($"+{key}: {value}");
        }
        return diff.Count == 0 ? new ConfigEdit(text, SetupChange.Unchanged, []) : new ConfigEdit(after.ToString(), SetupChange.Updated, [$"@@ {servers}.{Name} @@", .. diff]);
    }

    /// <summary>The text without our server; null when nothing else was ever there.</summary>
    public ConfigEdit Remove(string text)
    {
        var before = JsonText.Parse(file, text);
        if (before.Root.Member(servers) is not { } all || all.Value.Member(Name) is not { } entry) return new ConfigEdit(text, SetupChange.Unchanged, []);
        var diff = entry.Value.Items.Select(item => $"-{item.Key}: {(item.Key is "type" or "command" or "args" ? Canonical(before, item.Value) : null) ?? "…"}");
        return new ConfigEdit(before.Without([(before.Root, all), (all.Value, entry)])?.ToString(), SetupChange.Removed, [$"@@ {servers}.{Name} @@", .. diff]);
    }

    /// <summary>The command that the file registers, with its arguments; null when it registers none.</summary>
    public IReadOnlyList<string>? Registered(string? text)
    {
        var now = JsonText.Parse(file, text);
        if (now.Root.Member(servers)?.Value.Member(Name)?.Value is not { } entry || now.String(entry.Member("command")?.Value) is not { } command) return null;
        return [command, .. entry.Member("args")?.Value.Items.Select(item => now.String(item.Value) ?? "") ?? []];
    }

    /// <summary>The entry on one line.</summary>
    public static string Entry(string command, IReadOnlyList<string> args) =>
        $"{{\"type\": \"stdio\", \"command\": {JsonText.Quote(command)}, \"args\": {JsonText.Quote(args)}}}";

    /// <summary>How we would write this value; null for what is neither a string nor an array of strings.</summary>
    private static string? Canonical(JsonText text, JsonSpan value) => value.Kind switch
    {
        JsonTokenType.String => JsonText.Quote(text.String(value)!),
        JsonTokenType.StartArray when value.Items.All(static item => item.Value.Kind == JsonTokenType.String) => JsonText.Quote(value.Items.Select(item => text.String(item.Value)!)),
        _ => null,
    };
}
