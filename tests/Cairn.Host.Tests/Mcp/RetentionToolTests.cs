using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Mcp;

/// <summary>retention_dry_run over the wire.</summary>
public sealed class RetentionToolTests : IDisposable
{
    private const string Later = "2999-01-01";

    private readonly TempHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void DryRun_ARule_AnswersWithTheContractsFields()
    {
        using var server = McpProcess.StartInitialized(_home);
        var id = Save(server, "The queue is drained before a deploy.");

        var run = Call(server, new() { ["max_age_days"] = 30, ["now"] = Later, ["project"] = "project" });

        Assert.Equal(
            ["mode", "run_id", "executed_at", "inputs", "total_candidates", "by_reason", "candidate_ids"],
            run.Select(field => field.Key));
        Assert.Equal("dry-run", run.String("mode"));
        Assert.True(JsonNode.DeepEquals(new JsonObject { ["age"] = 1, ["project_count"] = 0 }, run["by_reason"]), run.ToJsonString());
        Assert.True(JsonNode.DeepEquals(
            new JsonObject { ["now"] = "2999-01-01T00:00:00.000Z", ["max_age_days"] = 30, ["project"] = "project" }, run["inputs"]), run.ToJsonString());
        Assert.Equal([id], Ids(run));
    }

    [Fact]
    public void DryRun_MoreThanTwoHundredCandidates_ShowsTheOldestAndSaysSo()
    {
        using var server = McpProcess.StartInitialized(_home);
        var saved = Enumerable.Range(0, 202).Select(i => Save(server, $"Entry {i}")).ToList();

        var run = Call(server, new() { ["max_entries_per_project"] = 1 });

        Assert.Equal(saved[..200], Ids(run));
        Assert.Equal((201, true), ((int)run["total_candidates"]!, (bool)run["candidate_ids_truncated"]!));
        Assert.False(Call(server, new() { ["max_entries_per_project"] = 2 }).ContainsKey("candidate_ids_truncated"));
    }

    [Fact]
    public void DryRun_NoRuleInTheCall_TakesTheEnvironments()
    {
        _home.Environment["RETENTION_MAX_ENTRIES_PER_PROJECT"] = "1";
        using var server = McpProcess.StartInitialized(_home);
        var first = Save(server, "First");
        Save(server, "Second");

        Assert.Equal([first], Ids(Call(server, [])));
        Assert.Empty(Ids(Call(server, new() { ["max_entries_per_project"] = 2 })));
    }

    [Theory]
    [InlineData("""{}""", "max_age_days")]
    [InlineData("""{"max_age_days":0}""", "max_age_days")]
    [InlineData("""{"max_age_days":"30"}""", "max_age_days")]
    [InlineData("""{"max_entries_per_project":1000001}""", "max_entries_per_project")]
    [InlineData("""{"max_age_days":30,"now":"yesterday"}""", "now")]
    [InlineData("""{"max_age_days":30,"max_age":1}""", "max_age")]
    public void DryRun_ArgumentThatDoesNotFit_IsInvalid(string arguments, string field)
    {
        using var server = McpProcess.StartInitialized(_home);

        var answer = server.CallTool("retention_dry_run", JsonNode.Parse(arguments)!.AsObject());

        Assert.Equal((true, "INVALID_ARGUMENT", field), (answer.IsError, answer.ErrorCode, (string?)answer.Structured["error"]?["details"]?["field"]));
    }

    [Fact]
    public void DryRun_BadVariable_IsNamedAndOtherToolsGoOn()
    {
        _home.Environment["RETENTION_MAX_AGE_DAYS"] = "a month";
        using var server = McpProcess.StartInitialized(_home);
        Save(server, "Entry");

        var answer = server.CallTool("retention_dry_run", []);

        Assert.Equal(("INVALID_ARGUMENT", "RETENTION_MAX_AGE_DAYS"), (answer.ErrorCode, (string?)answer.Structured["error"]?["details"]?["field"]));
    }

    [Fact]
    public void ListTools_DryRun_IsAnnotatedAsWhatItIs()
    {
        using var server = McpProcess.StartInitialized(_home);

        var tool = Assert.Single(server.ListTools(), static tool => tool.String("name") == "retention_dry_run");

        Assert.True(
            JsonNode.DeepEquals(
                new JsonObject { ["readOnlyHint"] = false, ["destructiveHint"] = false, ["idempotentHint"] = false, ["openWorldHint"] = false }, tool["annotations"]),
            tool.ToJsonString());
    }

    private static string Save(McpProcess server, string text) => server.CallTool("save_memory", new() { ["text"] = text }).Structured.String("id");

    private static JsonObject Call(McpProcess server, JsonObject arguments)
    {
        var answer = server.CallTool("retention_dry_run", arguments);
        Assert.False(answer.IsError, answer.Text);
        return answer.Structured;
    }

    private static IEnumerable<string?> Ids(JsonObject run) => run.Array("candidate_ids").Select(static id => (string?)id);
}
