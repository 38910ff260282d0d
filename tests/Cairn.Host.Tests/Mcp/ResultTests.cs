using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Mcp;

/// <summary>The shape of each tool's answers: which fields, in which form, and that what is null or empty is left out.</summary>
public sealed partial class ResultTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private McpProcess Server => fixture.Server;

    [Fact]
    public void SaveMemory_Answers_StatusIdAndTime()
    {
        var first = Call("save_memory", new JsonObject { ["text"] = "Saved once, then again." });
        var second = Call("save_memory", new JsonObject { ["text"] = "Saved once, then again." });

        AssertFields(first, "status", "id", "created_at");
        Assert.Equal(("saved", "duplicate"), (first.String("status"), second.String("status")));
        Assert.Equal((first.String("id"), first.String("created_at")), (second.String("id"), second.String("created_at")));
        Assert.Matches("^[0-9A-HJKMNP-TV-Z]{16}$", first.String("id"));
        Assert.Matches(Time(), first.String("created_at"));
    }

    [Fact]
    public void GetEntries_OfAPlainEntry_LeavesOutWhatItHasNot()
    {
        var id = ToolCalls.Save(Server, "Plain\n\nWith a body.");

        var found = Call("get_entries", new JsonObject { ["ids"] = new JsonArray(id) });

        AssertFields(found, "items");
        var entry = Assert.Single(found.Array("items"))!.AsObject();
        AssertFields(entry, "id", "title", "body", "entry_type", "project", "origin", "state", "created_at");
        Assert.Equal(("Plain", "Plain\n\nWith a body.", "note", "active"), (entry.String("title"), entry.String("body"), entry.String("entry_type"), entry.String("state")));
        Assert.Matches(Time(), entry.String("created_at"));
    }

    [Fact]
    public void GetEntries_AfterASearch_AreCutAroundIt()
    {
        var filler = string.Concat(Enumerable.Repeat("The corridor is painted grey, as it was before.\n\n", 100));
        var id = ToolCalls.Save(Server, $"Walls\n\n{filler}The gargoyle has its own colour.\n\n{filler}");
        Call("search", new JsonObject { ["query"] = "gargoyle" });

        var entry = Assert.Single(Call("get_entries", new JsonObject { ["ids"] = new JsonArray(id), ["max_tokens"] = 300 }).Array("items"))!.AsObject();

        Assert.Contains("The gargoyle has its own colour.", entry.String("body"), StringComparison.Ordinal);
        Assert.True((bool)entry["truncated"]!);
        Assert.InRange((int)entry["omitted_tokens"]!, 1_000, 3_000);
    }

    [Fact]
    public void RecentContext_Answers_SectionsWithIds()
    {
        var id = Call("save_memory", new JsonObject { ["text"] = "Briefly: no network in tests", ["type"] = "constraint", ["project"] = "briefly" }).String("id");

        var brief = Call("recent_context", new JsonObject { ["project"] = "briefly" });

        AssertFields(brief, "note", "project", "constraints");
        var item = Assert.Single(brief.Array("constraints"))!.AsObject();
        AssertFields(item, "id", "title", "date");
        Assert.Equal((id, "Briefly: no network in tests"), (item.String("id"), item.String("title")));
    }

    [Fact]
    public void GetEntries_OfAFullEntry_GivesAllThatWasSaved()
    {
        var older = ToolCalls.Save(Server, "What the full one replaces.");
        var saved = Call("save_memory", new JsonObject
        {
            ["text"] = "Full",
            ["title"] = "Its title",
            ["project"] = "project",
            ["type"] = "decision",
            ["source_ref"] = "src/a.cs",
            ["tags"] = new JsonArray("b", "a", "b"),
            ["metadata"] = new JsonObject { ["paths"] = new JsonArray("src/b.cs"), ["n"] = 1 },
            ["session_id"] = "session-1",
            ["supersedes"] = new JsonArray(older),
        });

        var entry = Read(saved.String("id"));

        AssertFields(entry, "id", "title", "body", "entry_type", "project", "session_id", "source_ref", "tags", "metadata", "origin", "state", "created_at", "supersedes");
        Assert.Equal("""["b","a"]""", entry.Array("tags").ToJsonString());
        Assert.Equal("""{"paths":["src/b.cs"],"n":1}""", entry.Object("metadata").ToJsonString());
        Assert.Equal(older, (string?)Assert.Single(entry.Array("supersedes")));
        var replaced = Read(older);
        Assert.Equal(("superseded", saved.String("id")), (replaced.String("state"), replaced.String("superseded_by")));
    }

    [Fact]
    public void GetEntries_WithEmptyFieldsSaved_LeavesThemOut()
    {
        var saved = Call("save_memory", new JsonObject { ["text"] = "Empty lists", ["tags"] = new JsonArray(), ["metadata"] = new JsonObject(), ["supersedes"] = new JsonArray() });

        AssertFields(Read(saved.String("id")), "id", "title", "body", "entry_type", "project", "origin", "state", "created_at");
    }

    [Fact]
    public void GetEntries_InTheOrderAskedFor_WithWhatIsMissing()
    {
        var a = ToolCalls.Save(Server, "Order a");
        var b = ToolCalls.Save(Server, "Order b");

        var found = Call("get_entries", new JsonObject { ["ids"] = new JsonArray(b, "0000000000000000", a.ToLowerInvariant(), "no-id-at-all", b) });

        AssertFields(found, "items", "missing");
        Assert.Equal([b, a], found.Array("items").Select(static item => item!.AsObject().String("id")));
        Assert.Equal(["0000000000000000", "no-id-at-all"], found.Array("missing").Select(static id => (string)id!));
    }

    [Fact]
    public void Search_Answers_AnIndexAndHowManyThereAre()
    {
        var id = ToolCalls.Save(Server, "Obsidian is a title\n\nAnd obsidian in the body.");

        var found = Call("search", new JsonObject { ["query"] = "obsidian", ["limit"] = 5 });

        AssertFields(found, "items", "total", "limit", "offset");
        Assert.Equal((1, 5, 0), ((int)found["total"]!, (int)found["limit"]!, (int)found["offset"]!));
        var item = Assert.Single(found.Array("items"))!.AsObject();
        AssertFields(item, "id", "title", "entry_type", "project", "created_at", "score", "snippet");
        Assert.Equal(id, item.String("id"));
        Assert.InRange(item.String("snippet").Length, 1, 160);
        Assert.Matches(Time(), item.String("created_at"));
    }

    [Fact]
    public void Search_WithoutAHit_AnswersAnEmptyList() =>
        Assert.Equal("""{"items":[],"total":0,"limit":20,"offset":0}""", Call("search", new JsonObject { ["query"] = "nothinglikethisisthere" }).ToJsonString());

    [Fact]
    public void Search_OfReplacedEntriesToo_MarksThem()
    {
        var old = ToolCalls.Save(Server, "Feldspar, the old way");
        var revised = Call("update_memory", new JsonObject { ["id"] = old, ["action"] = "revise", ["text"] = "Feldspar, the new way" });

        var found = Call("search", new JsonObject { ["query"] = "feldspar", ["include_superseded"] = true });

        var marked = Assert.Single(found.Array("items"), item => item!.AsObject().String("id") == old)!.AsObject();
        Assert.Equal(("superseded", revised.String("id")), (marked.String("state"), marked.String("superseded_by")));
        Assert.Equal([revised.String("id")], ToolCalls.Search(Server, "feldspar"));
    }

    [Fact]
    public void Timeline_Answers_TheAnchorAndWhatIsAroundIt()
    {
        var ids = Enumerable.Range(0, 5).Select(i => Call("save_memory", new JsonObject { ["text"] = $"Step {i}", ["project"] = "in-time" }).String("id")).ToList();

        var timeline = Call("timeline", new JsonObject { ["anchor_id"] = ids[2], ["depth_before"] = 1, ["depth_after"] = 1 });

        AssertFields(timeline, "anchor_id", "items");
        Assert.Equal(ids[2], timeline.String("anchor_id"));
        Assert.Equal(ids[1..4], timeline.Array("items").Select(static item => item!.AsObject().String("id")));
        AssertFields(timeline.Array("items")[0]!.AsObject(), "id", "title", "entry_type", "project", "created_at");
    }

    [Fact]
    public void UpdateMemory_Answers_WhatItDid()
    {
        var id = ToolCalls.Save(Server, "To be changed.");
        JsonObject Update(string action, string? field = null, string? value = null)
        {
            var arguments = new JsonObject { ["id"] = id, ["action"] = action };
            if (field is not null) arguments[field] = value;
            return Call("update_memory", arguments);
        }

        Assert.Equal($$"""{"status":"pinned","id":"{{id}}"}""", Update("pin").ToJsonString());
        Assert.Equal("unchanged", Update("pin").String("status"));
        Assert.Equal("unpinned", Update("unpin").String("status"));
        Assert.Equal("forgotten", Update("forget").String("status"));
        Assert.Equal(("archived", "forgotten"), (Read(id).String("state"), Read(id).String("state_reason")));
        Assert.Equal("reinstated", Update("reinstate").String("status"));
        var revised = Update("revise", "text", "Changed.");
        AssertFields(revised, "status", "id", "created_at", "supersedes");
        Assert.Equal("revised", revised.String("status"));
        Assert.Equal("reinstated", Call("update_memory", new JsonObject { ["id"] = Forgotten(), ["action"] = "reinstate" }).String("status"));
    }

    [Fact]
    public void EntryThatIsNotThere_IsNotFoundByEveryToolOfOne()
    {
        foreach (var (tool, arguments) in new (string, JsonObject)[]
        {
            ("timeline", new JsonObject { ["anchor_id"] = "0000000000000000" }),
            ("update_memory", new JsonObject { ["id"] = "0000000000000000", ["action"] = "pin" }),
            ("save_memory", new JsonObject { ["text"] = "x", ["supersedes"] = new JsonArray("0000000000000000") }),
        })
        {
            var result = Server.CallTool(tool, arguments);
            Assert.True(result.IsError);
            Assert.Equal("ENTRY_NOT_FOUND", result.ErrorCode);
            Assert.Equal("0000000000000000", result.Structured.Object("error").Object("details").String("id"));
        }
    }

    [Fact]
    public void IdThatIsNone_IsNotShownBack()
    {
        var result = Server.CallTool("timeline", new JsonObject { ["anchor_id"] = "a text that went astray" });

        Assert.Equal("ENTRY_NOT_FOUND", result.ErrorCode);
        Assert.DoesNotContain("astray", result.Text, StringComparison.Ordinal);
    }

    private string Forgotten()
    {
        var id = ToolCalls.Save(Server, "Forgotten, and then not.");
        Call("update_memory", new JsonObject { ["id"] = id, ["action"] = "forget" });
        return id;
    }

    private JsonObject Call(string tool, JsonObject arguments)
    {
        var result = Server.CallTool(tool, arguments);
        Assert.False(result.IsError, result.Text);
        return result.Structured;
    }

    private JsonObject Read(string id) => Assert.Single(Call("get_entries", new JsonObject { ["ids"] = new JsonArray(id) }).Array("items"))!.AsObject();

    private static void AssertFields(JsonObject json, params string[] names) => Assert.Equal(names, json.Select(static field => field.Key));

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$")]
    private static partial Regex Time();
}
