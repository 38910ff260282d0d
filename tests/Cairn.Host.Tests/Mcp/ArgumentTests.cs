using System.Text.Json;
using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Mcp;

/// <summary>
/// Every field of every tool with what does not belong there: each is refused with the field and the reason, and nothing
/// is stored. The fields come from the tools' own schemas, so that a new one is held to this as well.
/// </summary>
public sealed class ArgumentTests : IClassFixture<ServerFixture>, IDisposable
{
    private readonly ServerFixture _fixture;
    private readonly string _entryId;
    private readonly IReadOnlyList<JsonObject> _tools;
    private readonly string _stored;

    public ArgumentTests(ServerFixture fixture)
    {
        _fixture = fixture;
        _tools = Server.ListTools();
        _entryId = ToolCalls.Save(Server, "There is one entry, and this is it.");
        _stored = Stored();
    }

    private McpProcess Server => _fixture.Server;

    /// <summary>No test here may leave a trace.</summary>
    public void Dispose() => Assert.Equal(_stored, Stored());

    [Fact]
    public void Call_WithoutARequiredField_IsRefused()
    {
        foreach (var tool in _tools)
            foreach (var field in Required(tool))
            {
                var arguments = Valid(tool);
                arguments.Remove(field);
                AssertRefused(tool, arguments, field, "is missing");
            }
    }

    [Fact]
    public void Call_WithoutArguments_IsRefused()
    {
        foreach (var tool in _tools.Where(static tool => Required(tool).Any()))
        {
            var result = McpProcess.AsToolResult(Server.Request("tools/call", new JsonObject { ["name"] = tool.String("name") }));
            AssertRefused(result, Required(tool).First(), "is missing");
        }
    }

    private static IEnumerable<string> Required(JsonObject tool) =>
        ((tool.Object("inputSchema")["required"] as JsonArray) ?? []).Select(static name => (string)name!);

    [Fact]
    public void Call_WithNull_IsRefused()
    {
        foreach (var (tool, field, _) in Fields())
            AssertRefused(tool, With(tool, field, null), field, "is null");
    }

    [Fact]
    public void Call_WithAnotherJsonType_IsRefused()
    {
        foreach (var (tool, field, schema) in Fields())
            foreach (var value in Values().Where(value => !Fits(schema.String("type"), value)))
                AssertRefused(tool, With(tool, field, value), field, "must be ");
    }

    [Fact]
    public void Call_WithAnItemOfAnotherType_IsRefusedWithItsIndex()
    {
        foreach (var (tool, field, schema) in Fields().Where(static field => field.Schema.String("type") == "array"))
        {
            foreach (var value in Values().Where(static value => !Fits("string", value)))
                AssertRefused(tool, With(tool, field, new JsonArray(_entryId, value)), $"{field}[1]", "must be a string");
            AssertRefused(tool, With(tool, field, new JsonArray(null, _entryId)), $"{field}[0]", "is null");
        }
    }

    [Fact]
    public void Call_WithAWordThatIsNoneOfTheEnum_IsRefusedWithTheList()
    {
        var enums = Fields().Where(static field => field.Schema.ContainsKey("enum")).ToList();
        Assert.NotEmpty(enums);
        foreach (var (tool, field, schema) in enums)
            foreach (var word in new[] { "", "no such word", "PIN", "0" })
                AssertRefused(tool, With(tool, field, word), field, $"must be one of: {string.Join(", ", schema.Array("enum"))}");
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("1.0000000001")]
    [InlineData("2147483648")]
    [InlineData("-2147483649")]
    [InlineData("123456789012345678901234567890")]
    [InlineData("1e400")]
    public void Call_WithANumberThatIsNoSmallWholeOne_IsRefused(string number)
    {
        foreach (var (tool, field, _) in Fields().Where(static field => field.Schema.String("type") == "integer"))
            AssertRefused(tool, With(tool, field, JsonNode.Parse(number)), field, "must be a whole number");
    }

    [Theory]
    [InlineData("search", "limit", 0)]
    [InlineData("search", "limit", 101)]
    [InlineData("search", "limit", -1)]
    [InlineData("search", "offset", -1)]
    [InlineData("search", "offset", 10_001)]
    [InlineData("timeline", "depth_before", -1)]
    [InlineData("timeline", "depth_before", 21)]
    [InlineData("timeline", "depth_after", -1)]
    [InlineData("timeline", "depth_after", 21)]
    public void Call_WithANumberOutOfItsRange_IsRefusedWithTheLimit(string tool, string field, int value)
    {
        var error = AssertRefused(Tool(tool), With(Tool(tool), field, value), field, "must be ");

        Assert.Equal(value, (int?)error["size"]);
        Assert.NotNull(error["limit"]);
    }

    [Theory]
    [InlineData("search", "query", 4_000)]
    [InlineData("search", "type", 200)]
    [InlineData("search", "path", 200)]
    [InlineData("search", "session_id", 200)]
    [InlineData("save_memory", "text", 256 * 1024)]
    [InlineData("save_memory", "title", 300)]
    [InlineData("save_memory", "type", 200)]
    [InlineData("save_memory", "project", 200)]
    [InlineData("save_memory", "source_ref", 200)]
    [InlineData("save_memory", "session_id", 200)]
    [InlineData("update_memory", "reason", 200)]
    public void Call_WithATextOverItsLimit_IsRefusedWithLimitAndSize(string tool, string field, int limit)
    {
        var error = AssertRefused(Tool(tool), With(Tool(tool), field, new string('x', limit + 1)), field, "the limit is ");

        Assert.Equal(limit, (int?)error["limit"]);
        Assert.Equal(limit + 1, (int?)error["size"]);
    }

    [Theory]
    [InlineData("get_entries", "ids", 200)]
    [InlineData("save_memory", "tags", 50)]
    public void Call_WithTooManyItems_IsRefusedWithLimitAndSize(string tool, string field, int limit)
    {
        var items = new JsonArray([.. Enumerable.Range(0, limit + 1).Select(static i => (JsonNode)$"item-{i}")]);

        var error = AssertRefused(Tool(tool), With(Tool(tool), field, items), field, "the limit is ");

        Assert.Equal((limit, limit + 1), ((int)error["limit"]!, (int)error["size"]!));
    }

    [Fact]
    public void SaveMemory_WithAnItemOverItsLimit_IsRefusedWithItsIndex()
    {
        var save = Tool("save_memory");
        AssertRefused(save, With(save, "tags", new JsonArray("short", new string('x', 65))), "tags[1]", "the limit is 64");
        AssertRefused(save, With(save, "metadata", new JsonObject { ["k"] = new string('x', 17_000) }), "metadata", "the limit is 16384");
    }

    [Fact]
    public void GetEntries_WithoutIds_IsRefused() =>
        AssertRefused(Tool("get_entries"), new JsonObject { ["ids"] = new JsonArray() }, "ids", "is empty");

    [Theory]
    [InlineData("yesterday")]
    [InlineData("2026-13-01")]
    [InlineData("2026-02-30")]
    [InlineData("31.05.2026")]
    [InlineData("1795532828")]
    [InlineData("")]
    public void Search_WithADateThatIsNone_IsRefused(string date)
    {
        var search = Tool("search");
        AssertRefused(search, With(search, "after", date), "after", "is not an ISO 8601 date");
        AssertRefused(search, With(search, "before", date), "before", "is not an ISO 8601 date");
    }

    [Fact]
    public void SaveMemory_InTheProjectThatMeansAll_IsRefused() =>
        AssertRefused(Tool("save_memory"), With(Tool("save_memory"), "project", "*"), "project", "means all projects");

    [Theory]
    [InlineData("txt", "txt")]
    [InlineData("project_id", "project_id")]
    [InlineData("Text", "(not a plain word)")]
    [InlineData("what i really wanted to say", "(not a plain word)")]
    [InlineData("", "(not a plain word)")]
    public void WritingTool_WithAFieldThatItHasNot_IsRefused(string field, string shown)
    {
        foreach (var tool in _tools.Where(static tool => !IsReading(tool)))
        {
            var result = Server.CallTool(tool.String("name"), With(tool, field, "value of the unknown field"));

            AssertRefused(result, shown, "no field of this tool");
            Assert.DoesNotContain("value of the unknown field", result.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ReadingTool_WithAFieldThatItHasNot_PassesOverIt()
    {
        foreach (var tool in _tools.Where(IsReading))
        {
            var result = Server.CallTool(tool.String("name"), With(tool, "no_such_field", new JsonArray(1)));
            Assert.False(result.IsError, result.Text);
        }
    }

    [Fact]
    public void UpdateMemory_WithAFieldOfAnotherAction_IsRefused()
    {
        var update = Tool("update_memory");
        foreach (var action in new[] { "supersede", "forget", "reinstate", "pin", "unpin" })
            foreach (var field in new[] { "text", "title", "type", "source_ref" })
                AssertRefused(update, new JsonObject { ["id"] = _entryId, ["action"] = action, [field] = "x" }, field, "does not go with the action");
        AssertRefused(update, new JsonObject { ["id"] = _entryId, ["action"] = "revise", ["superseded_by"] = _entryId }, "superseded_by", "does not go with");
        AssertRefused(update, new JsonObject { ["id"] = _entryId, ["action"] = "revise" }, "text", "needs at least one of");
        AssertRefused(update, new JsonObject { ["id"] = _entryId, ["action"] = "supersede" }, "superseded_by", "needs the id");
    }

    [Theory]
    [InlineData("no_such_tool")]
    [InlineData("Search")]
    [InlineData("")]
    public void ToolsCall_OfAToolThatIsNotThere_IsAJsonRpcError(string tool)
    {
        var answer = Server.Exchange("tools/call", new JsonObject { ["name"] = tool, ["arguments"] = new JsonObject() });

        Assert.Equal(-32602, (int?)answer.Object("error")["code"]);
        Assert.NotEmpty(Server.ListTools());
    }

    private IEnumerable<(JsonObject Tool, string Field, JsonObject Schema)> Fields() =>
        from tool in _tools
        from field in tool.Object("inputSchema").Object("properties")
        select (tool, field.Key, field.Value!.AsObject());

    private static IEnumerable<JsonNode> Values() =>
        [JsonValue.Create("text"), JsonValue.Create(1), JsonValue.Create(1.5), JsonValue.Create(true), JsonValue.Create(false), new JsonArray(), new JsonObject()];

    private static bool Fits(string type, JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.String => type == "string",
        JsonValueKind.Number => type == "integer" && value.AsValue().TryGetValue<int>(out _),
        JsonValueKind.True or JsonValueKind.False => type == "boolean",
        JsonValueKind.Array => type == "array",
        _ => type == "object",
    };

    private static bool IsReading(JsonObject tool) => (bool)tool.Object("annotations")["readOnlyHint"]!;

    private JsonObject Tool(string name) => _tools.Single(tool => tool.String("name") == name);

    private JsonObject Valid(JsonObject tool) => ToolCalls.Valid(tool.String("name"), _entryId);

    private JsonObject With(JsonObject tool, string field, JsonNode? value)
    {
        var arguments = Valid(tool);
        arguments[field] = value;
        return arguments;
    }

    private JsonObject AssertRefused(JsonObject tool, JsonObject arguments, string field, string reason) =>
        AssertRefused(Server.CallTool(tool.String("name"), arguments), field, reason);

    private static JsonObject AssertRefused(ToolResult result, string field, string reason)
    {
        Assert.True(result.IsError, result.Text);
        Assert.Equal("INVALID_ARGUMENT", result.ErrorCode);
        var details = Details(result);
        Assert.True(details.String("field") == field, $"{field} is at fault, not: {result.Text}");
        Assert.Contains(reason, details.String("reason"), StringComparison.Ordinal);
        Assert.StartsWith($"{field}: ", result.Structured.Object("error").String("message"), StringComparison.Ordinal);
        return details;
    }

    private static JsonObject Details(ToolResult result) => result.Structured.Object("error").Object("details");

    // All that a call can leave behind, in one line.
    private string Stored() => Assert.Single(DatabaseFile.Column(_fixture.Home.Database, """
        SELECT concat_ws('|', (SELECT group_concat(id || state || pinned || changed_at) FROM entries), (SELECT count(*) FROM projects),
            (SELECT count(*) FROM sessions), (SELECT count(*) FROM entry_revisions), (SELECT count(*) FROM entry_links))
        """));
}
