using System.Text.Json;
using System.Text.Json.Nodes;
using Cairn.Host.Setup;
using CsCheck;

namespace Cairn.Host.Tests.Setup;

/// <summary>The promise to the user's JSON files, over texts that are written in every way that JSON with comments allows.</summary>
public sealed class JsonTextPropertyTests
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private static readonly Gen<string> Space = Gen.Frequency(
        (6, Gen.OneOf("", " ", "\n", "\n  ", "\n\t", "\r\n    ", "  ")),
        (1, Gen.OneOf(" // cairn hook codex, ] } \" \n", "/* , [ { \" 😀 */", "// é \r\n", "/**/ ")));

    private static readonly Gen<string> Scalar = Gen.OneOf("1", "-1.5e3", "true", "null", "\"\"", "\"a, ] } // \\\" 😀\"", "\"cairn hook\"");

    private static readonly Gen<string> Key = Gen.OneOf("a", "b", "é", "cairn", "url", "// c", "x/*");

    private static Gen<string> Value(int depth) => depth == 0 ? Scalar : Gen.Frequency(
        (3, Scalar),
        (2, Object(depth, Key)),
        (2, Wrapped('[', ']', Gen.Select(Space, Value(depth - 1), Space, (before, value, after) => before + value + after).Array[0, 3])));

    private static Gen<string> Object(int depth, Gen<string> key) => Wrapped('{', '}', Member(key, Value(depth - 1)).Array[0, 3].Select(Distinct));

    private static Gen<string> Member(Gen<string> key, Gen<string> value) =>
        Gen.Select(Space, key, Gen.OneOf("", " ", "\n"), Space, value, Space, (a, name, b, c, text, d) => $"{a}\"{name}\"{b}:{c}{text}{d}");

    private static Gen<string> Wrapped(char open, char close, Gen<string[]> items) => Gen.Select(items, Space, Gen.Bool,
        (all, space, comma) => open + string.Join(',', all) + (comma && all.Length > 0 ? "," : "") + space + close);

    /// <summary>A file in which the objects that we look for are there or not, full or empty.</summary>
    private static readonly Gen<string> Files = Gen.Select(
        Space,
        Wrapped('{', '}', Gen.Select(
            Member(Gen.Const("mcpServers"), Object(2, Gen.OneOf("other", "cairns", "é"))).Array[0, 1],
            Member(Gen.Const("hooks"), Object(1, Gen.OneOf("Stop", "PreToolUse"))).Array[0, 1],
            Member(Gen.OneOf("k", "😀", "cairn"), Value(3)).Array[0, 2].Select(Distinct),
            Gen.Bool,
            (servers, hooks, others, first) => first ? (string[])[.. others, .. servers, .. hooks] : [.. hooks, .. servers, .. others])),
        Space,
        Gen.OneOf("", "", "\uFEFF"),
        (before, text, after, mark) => mark + before + text + after);

    private static readonly Hook[] Hooks = [new("SessionStart", "/opt/cairn/cairn hook codex SessionStart", 10), new("Stop", "'/opt/c d/cairn' hook codex Stop", 5)];

    [Fact]
    public void Servers_AnyFile_AddIsUndoneByRemoveAndChangesNothingElse() => Files.Sample(text =>
    {
        var servers = new JsonServers("mcp.json", "mcpServers");

        var added = servers.Add(text, "/opt/cairn/cairn", ["mcp", "--db", "/d/ü \"x\".db"]);

        Assert.Equal(SetupChange.Added, added.Change);
        Assert.Equal(SetupChange.Unchanged, servers.Add(added.Text, "/opt/cairn/cairn", ["mcp", "--db", "/d/ü \"x\".db"]).Change);
        Assert.Equal(["/opt/cairn/cairn", "mcp", "--db", "/d/ü \"x\".db"], servers.Registered(added.Text));
        var model = Model(added.Text!);
        Assert.True(model["mcpServers"]!.AsObject().Remove("cairn"));
        AssertSame(text, model, "mcpServers");
        var updated = servers.Add(added.Text, "/new/cairn", ["mcp"]);
        Assert.Equal(SetupChange.Updated, updated.Change);
        Assert.Equal(text, servers.Remove(updated.Text!).Text);
    });

    [Fact]
    public void Hooks_AnyFile_AddIsUndoneByRemoveAndChangesNothingElse() => Files.Where(static text => Model(text)["hooks"] is not JsonObject hooks || hooks.All(static member => member.Value is JsonArray)).Sample(text =>
    {
        var hooks = new JsonHooks("hooks.json", "codex");

        var added = hooks.Add(text, Hooks);

        Assert.Equal(SetupChange.Added, added.Change);
        Assert.Equal(SetupChange.Unchanged, hooks.Add(added.Text, Hooks).Change);
        Assert.Equal(Hooks.Select(static hook => (hook.Event, hook.Command)).Order(), hooks.Registered(added.Text).Order());
        Assert.Equal(text, hooks.Remove(added.Text!).Text);
    });

    [Fact]
    public void Servers_BesideOthersThatComeLater_RemoveLeavesThem() => Gen.Select(Files, Space).Sample((text, space) =>
    {
        var servers = new JsonServers("mcp.json", "mcpServers");
        var added = JsonText.Parse("mcp.json", servers.Add(text, "/opt/cairn/cairn", []).Text);

        var later = added.Put(["mcpServers", "later"], "{\"command\": \"x\"}").ToString();

        var rest = Model(servers.Remove(later).Text!);
        Assert.True(rest["mcpServers"]!.AsObject().Remove("later"));
        AssertSame(text, rest, "mcpServers");
    });

    private static string[] Distinct(string[] members) => [.. members.DistinctBy(static member => Model($"{{{member}}}").Single().Key)];

    private static JsonObject Model(string text) => JsonNode.Parse(text.TrimStart('\uFEFF'), documentOptions: Lenient)!.AsObject();

    private static void AssertSame(string before, JsonObject after, string made)
    {
        var expected = Model(before);
        if (!expected.ContainsKey(made)) after.Remove(made);
        Assert.True(JsonNode.DeepEquals(expected, after), $"{expected.ToJsonString()}\n{after.ToJsonString()}");
    }
}
