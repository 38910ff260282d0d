using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Mcp;

/// <summary>Well-formed requests whose texts are odd: each is stored as it is, or refused with field and reason.</summary>
public sealed class HostileTextTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static readonly string[] Harmless = ["INVALID_ARGUMENT", "ENTRY_NOT_FOUND"];

    private McpProcess Server => fixture.Server;

    /// <summary>Texts to be kept byte for byte.</summary>
    public static TheoryData<string> OddTexts =>
    [
        "bell \u0007, backspace \b, escape \u001b[31mred\u001b[0m, delete \u007f, C1 \u0085",
        "right to left \u202egnp.exe\u202c, isolate \u2066a\u2069, mark \u200f",
        "zero width \u200bspace, joiner \u200d, soft\u00adhyphen, \ufeffmark inside",
        "family \U0001F468\u200d\U0001F469\u200d\U0001F467, flag \U0001F1EC\U0001F1F1, beyond \U0010FFFF, \uffff",
        "composed \u00e9 and decomposed e\u0301, \u212b is no \u00c5",
        "line\nfeed, carriage\rreturn, both\r\n, \u2028, \u2029, tab\there",
        "quotes \" ' ` \\ \\\\ \\n \\u0041 %s {0} ${x} <b>&amp;</b>",
        "中文测试 한국어 日本語 ไทย العربية עברית",
        "'; DROP TABLE entries; --",
        "\") OR 1=1; SELECT * FROM sqlite_schema; /*",
        "NEAR(a b) AND NOT \"c\" OR d* ^e -f :g {title body}: h",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\"}",
    ];

    /// <summary>Queries that are full of a search language's operators, or hold no word at all.</summary>
    public static TheoryData<string> OddQueries =>
    [
        "\"", "\"\"", "\"\"\"", "*", "**", "a*", "*a", "^", "^a", "-a", "+a", "a + b", "a AND", "OR", "AND OR NOT", "NOT a", "NEAR", "NEAR(", "NEAR(a b, 2)", "a NEAR/2 b",
        "title:", "title:a", "{title body}:a", "- title : a", "(", ")", "()", "((a)", "a:b:c", "'", "';--", "%", "_", "a%", "?1", ":x", "@y", "$z", "\\", "\\\"", "[a]", "{", "}",
        ".", ",", "...", "🙂", "\u202e", "\u200b", "e\u0301", "\u0301", "中", "中文", "ไทย", "a\u0001b", "SELECT * FROM entries", "rank MATCH 'x'", "src\\a\\b.cs", "../../etc/passwd", "C:\\",
    ];

    [Theory]
    [MemberData(nameof(OddTexts))]
    public void SaveMemory_OddText_ComesBackAsItIs(string text)
    {
        var saved = Server.CallTool("save_memory", new JsonObject
        {
            ["text"] = $"<{text}>",
            ["metadata"] = new JsonObject { ["kept"] = text, ["list"] = new JsonArray(text) },
        });
        Assert.False(saved.IsError, saved.Text);

        var entry = Read(saved.Structured.String("id"));

        Assert.Equal($"<{text}>", entry.String("body"));
        Assert.Equal(text, entry.Object("metadata").String("kept"));
        Assert.Equal(text, (string?)entry.Object("metadata").Array("list")[0]);
    }

    [Theory]
    [MemberData(nameof(OddTexts))]
    public void Search_OddText_FindsTheEntryThatHoldsIt(string text)
    {
        var id = ToolCalls.Save(Server, $"needle in {text}");

        Assert.Contains(id, ToolCalls.Search(Server, text));
    }

    [Theory]
    [MemberData(nameof(OddQueries))]
    public void Search_OddQuery_IsAnswered(string query)
    {
        var found = Server.CallTool("search", new JsonObject { ["query"] = query });

        Assert.False(found.IsError, found.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\t\r\n")]
    [InlineData("\u00a0\u2003\u3000")]
    public void SaveMemory_TextWithNothingInIt_IsRefused(string text) => AssertRefused("save_memory", "text", text, "is empty");

    [Theory]
    [InlineData("save_memory", "text")]
    [InlineData("save_memory", "title")]
    [InlineData("save_memory", "type")]
    [InlineData("save_memory", "project")]
    [InlineData("save_memory", "source_ref")]
    [InlineData("save_memory", "session_id")]
    [InlineData("update_memory", "reason")]
    [InlineData("search", "query")]
    [InlineData("search", "type")]
    [InlineData("search", "session_id")]
    [InlineData("search", "path")]
    public void Call_TextWithNul_IsRefusedWithItsPosition(string tool, string field)
    {
        var details = AssertRefused(tool, field, "ab\0c", "holds the NUL character (U+0000) at position 2");

        Assert.Equal(2, (int?)details["position"]);
    }

    [Theory]
    [InlineData("title")]
    [InlineData("type")]
    [InlineData("project")]
    [InlineData("source_ref")]
    [InlineData("session_id")]
    public void SaveMemory_ControlCharacterInALine_IsRefused(string field) =>
        AssertRefused("save_memory", field, "ab\u001b[31m", "holds a control character (U+001B) at position 2");

    [Fact]
    public void SaveMemory_OneMebibyte_IsRefusedWithLimitAndSize()
    {
        var details = AssertRefused("save_memory", "text", new string('m', 1024 * 1024), "has 1048576 bytes; the limit is 262144");

        Assert.Equal((262_144, 1_048_576), ((int)details["limit"]!, (int)details["size"]!));
    }

    [Fact]
    public void SaveMemory_TextOfExactlyTheLimit_ComesBackWhole()
    {
        var text = string.Concat(Enumerable.Range(0, 262_144 / 8).Select(static i => $"{i:x7} "))[..^1] + "!";
        Assert.Equal(262_144, text.Length);

        var id = ToolCalls.Save(Server, text);

        Assert.Equal(text, Read(id).String("body"));
    }

    [Theory]
    [InlineData(32, false)]
    [InlineData(33, true)]
    [InlineData(60, true)]
    public void SaveMemory_NestedMetadata_IsReadBackOrRefused(int depth, bool refused)
    {
        JsonNode metadata = new JsonObject { ["n"] = depth };
        for (var level = 1; level < depth; level++)
            metadata = level % 2 == 0 ? new JsonObject { ["a"] = metadata } : new JsonArray(metadata);
        if (metadata is JsonArray)
            metadata = new JsonObject { ["a"] = metadata.AsArray()[0]!.DeepClone() };

        var saved = Server.CallTool("save_memory", new JsonObject { ["text"] = $"{depth} levels", ["metadata"] = metadata.DeepClone() });

        Assert.Equal(refused ? "INVALID_ARGUMENT" : null, saved.ErrorCode);
        if (!refused)
            Assert.True(JsonNode.DeepEquals(metadata, Read(saved.Structured.String("id"))["metadata"]));
    }

    [Fact]
    public void SaveMemory_NumbersInMetadata_StayAsTheyWereWritten()
    {
        const string metadata = """{"big":123456789012345678901234567890,"long":0.10000000000000000000001,"exponent":1E+2,"zero":-0.0}""";

        var saved = Server.CallTool("save_memory", new JsonObject { ["text"] = "Numbers", ["metadata"] = JsonNode.Parse(metadata) });

        Assert.Equal(metadata, Read(saved.Structured.String("id"))["metadata"]!.ToJsonString());
    }

    /// <summary>Each text field of each tool, with each odd text: never a failure of the storage, never the text sent back.</summary>
    [Fact]
    public void Call_OddTextInAnyField_IsDoneOrRefused()
    {
        var entryId = ToolCalls.Save(Server, "An entry to call the tools on.");
        string[] texts = ["", " ", "marker\u0000marker", "marker\u001b[2J", "marker\u202emarker", "marker' OR '1'='1", "marker\"*(NEAR", new string('m', 5_000), "../marker/\\..", "*"];
        foreach (var tool in Server.ListTools())
            foreach (var (field, schema) in tool.Object("inputSchema").Object("properties"))
                foreach (var text in texts)
                {
                    if (Value(schema!.AsObject(), text) is not { } value)
                        continue;
                    var arguments = ToolCalls.Valid(tool.String("name"), entryId);
                    arguments[field] = value;

                    var result = Server.CallTool(tool.String("name"), arguments);

                    if (!result.IsError)
                        continue;
                    Assert.True(Harmless.Contains(result.ErrorCode), $"{tool.String("name")}.{field}: {result.Text}");
                    Assert.DoesNotContain("marker", result.Text, StringComparison.Ordinal);
                }
        ToolCalls.AssertWorks(Server, "afteralltheoddtexts");
    }

    private static JsonNode? Value(JsonObject schema, string text) => schema.String("type") switch
    {
        "string" => text,
        "array" => new JsonArray(text),
        "object" => new JsonObject { [text] = text },
        _ => null,
    };

    private JsonObject AssertRefused(string tool, string field, string text, string reason)
    {
        var arguments = ToolCalls.Valid(tool, tool == "update_memory" ? ToolCalls.Save(Server, "An entry to update.") : "");
        arguments[field] = text;

        var result = Server.CallTool(tool, arguments);

        Assert.Equal("INVALID_ARGUMENT", result.ErrorCode);
        var details = result.Structured.Object("error").Object("details");
        Assert.Equal(field, details.String("field"));
        Assert.Contains(reason, details.String("reason"), StringComparison.Ordinal);
        return details;
    }

    private JsonObject Read(string id)
    {
        var read = Server.CallTool("get_entries", new JsonObject { ["ids"] = new JsonArray(id) });
        return Assert.Single(read.Structured.Array("items"))!.AsObject();
    }
}
