using System.Globalization;
using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Faults;

/// <summary>Row 18: more than there is room for. Each is refused with the limit and what came; nothing is cut in silence.</summary>
public sealed class Row18OversizeTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const int Megabytes = 5 * 1024 * 1024;
    private const int Name = 10_000;

    private McpProcess Server => fixture.Server;

    [Fact]
    public void Row18_TextOf5MegabytesTenThousandTagsAndLongNames_AreRefusedWithLimitAndSize()
    {
        var kept = ToolCalls.Save(Server, "What is there stays as it is: granite");
        var name = new string('n', Name);
        Refused("save_memory", "text", new string('x', Megabytes), 262_144, Megabytes);
        Refused("update_memory", "text", new string('x', Megabytes), 262_144, Megabytes, new JsonObject { ["id"] = kept, ["action"] = "revise" });
        Refused("save_memory", "tags", new JsonArray([.. Enumerable.Range(0, 10_000).Select(static i => (JsonNode)$"tag{i}")]), 50, 10_000);
        Refused("save_memory", "tags", new JsonArray(name), 64, Name, at: "tags[0]");
        foreach (var field in new[] { "title", "type", "project", "source_ref", "session_id" }) Refused("save_memory", field, name, field == "title" ? 300 : 200, Name);
        Refused("save_memory", "metadata", new JsonObject { ["k"] = new string('m', Megabytes) }, 16_384, null);
        Refused("save_memory", "metadata", new JsonObject([.. Enumerable.Range(0, 10_000).Select(static i => KeyValuePair.Create($"key{i}", (JsonNode?)i))]), 16_384, null);
        Refused("save_memory", "supersedes", new JsonArray([.. Enumerable.Range(0, 10_000).Select(i => (JsonNode)kept)]), 200, 10_000);
        Refused("get_entries", "ids", new JsonArray([.. Enumerable.Range(0, 10_000).Select(i => (JsonNode)kept)]), 200, 10_000);
        Refused("search", "query", new string('q', Megabytes), 4_000, Megabytes);
        foreach (var field in new[] { "type", "path", "session_id" }) Refused("search", field, name, 200, Name);

        // By command line: a text through the pipe, a name as an argument.
        var database = fixture.Home.Database;
        CliProcess.AssertRefused(fixture.Home, 2, "has 5242880 bytes; the limit is 262144", ["save", "-", "--db", database], new string('x', Megabytes));
        CliProcess.AssertRefused(fixture.Home, 2, "has 10000 characters; the limit is 200", ["save", "x", "--project", name, "--db", database]);

        Assert.Equal([kept], ToolCalls.Search(Server, "granite"));
        Assert.Equal(1, DatabaseFile.Count(database, "entries"));
        Assert.Equal(1, DatabaseFile.Count(database, "projects"));
        FaultRun.Report(18, "text of 5 MB, 10,000 tags or ids, names of 10 kB", "by wire and by command line, each field", 17,
            "each refused, nothing cut, nothing stored, what was there unchanged", "INVALID_ARGUMENT: FIELD: has N; the limit is M");
    }

    private void Refused(string tool, string field, JsonNode value, int limit, int? size, JsonObject? arguments = null, string? at = null)
    {
        arguments ??= ToolCalls.Valid(tool, "06BQ1Z7K3M9XWVTD");
        arguments[field] = value;

        var result = Server.CallTool(tool, arguments);

        Assert.True(result.ErrorCode == "INVALID_ARGUMENT", $"{tool}.{field}: {result.Text[..Math.Min(500, result.Text.Length)]}");
        var details = result.Structured.Object("error").Object("details");
        Assert.Equal((at ?? field, limit), (details.String("field"), (int)details["limit"]!));
        Assert.True(size is null ? (int)details["size"]! > limit : (int)details["size"]! == size, details.ToJsonString());
        Assert.Contains(limit.ToString(CultureInfo.InvariantCulture), result.Structured.Object("error").String("message"), StringComparison.Ordinal);
        Assert.InRange(result.Text.Length, 1, 2_000);
    }
}
