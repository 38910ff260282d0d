using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Cli;

/// <summary>cairn retention, and the settings that it takes its rules from.</summary>
public sealed class RetentionCommandTests : IDisposable
{
    private const string Later = "2999-01-01";

    private readonly TempHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void DryRun_WithJson_GivesTheRunAndHistoryListsIt()
    {
        var id = Save("The queue is drained before a deploy.");

        var run = Json("retention", "dry-run", "--max-age-days", "30", "--now", Later);
        var history = Json("retention", "history");

        Assert.Equal([id], run.Array("candidate_ids").Select(static candidate => (string?)candidate));
        var listed = Assert.Single(history.Array("runs"))!.AsObject();
        Assert.Equal((run.String("run_id"), run.String("executed_at"), "dry-run"), (listed.String("run_id"), listed.String("executed_at"), listed.String("event")));
        Assert.True(JsonNode.DeepEquals(run["inputs"], listed["inputs"]), listed.ToJsonString());
        Assert.True(JsonNode.DeepEquals(new JsonObject { ["total_candidates"] = 1, ["age"] = 1, ["project_count"] = 0 }, listed["counts"]), listed.ToJsonString());
        Assert.True(JsonNode.DeepEquals(new JsonObject { ["verified"] = true, ["events"] = 1 }, history["chain"]), history.ToJsonString());
    }

    [Fact]
    public void DryRun_ForPeople_ShowsTheEntriesAndThatNothingWasDeleted()
    {
        var id = Save("The queue is drained before a deploy.");

        var shown = Cairn("retention", "dry-run", "--max-age-days", "30", "--now", Later).ShouldExitWith(0);
        var history = Cairn("retention", "history").ShouldExitWith(0);

        Assert.Contains(id, shown.Output, StringComparison.Ordinal);
        Assert.Contains("The queue is drained", shown.Output, StringComparison.Ordinal);
        Assert.Contains("1 candidate: 1 by age, 0 by number a project. Nothing was deleted.", shown.Output, StringComparison.Ordinal);
        Assert.Contains("\"max_age_days\":30", history.Output, StringComparison.Ordinal);
        Assert.Contains("1 row in all; the record is whole", history.Output, StringComparison.Ordinal);
        Assert.Contains(id, Cairn("get", id).ShouldExitWith(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void DryRun_NoRule_IsAUsageErrorThatNamesFlagsAndVariables()
    {
        var refused = Cairn("retention", "dry-run").ShouldExitWith(2);

        foreach (var way in new[] { "--max-age-days", "--max-entries-per-project", "RETENTION_MAX_AGE_DAYS", "RETENTION_MAX_ENTRIES_PER_PROJECT" })
            Assert.Contains(way, refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void DryRun_FlagEnvironmentAndFile_HoldInThisOrder()
    {
        WriteConfig("""{ "retention_max_age_days": 11, "retention_max_entries_per_project": 12 }""");
        Assert.Equal((11, 12), Rule(Json("retention", "dry-run")));

        _home.Environment["RETENTION_MAX_AGE_DAYS"] = "21";
        _home.Environment["RETENTION_MAX_ENTRIES_PER_PROJECT"] = "22";
        Assert.Equal((21, 22), Rule(Json("retention", "dry-run")));
        Assert.Equal((31, 22), Rule(Json("retention", "dry-run", "--max-age-days", "31")));
    }

    [Fact]
    public void Config_RetentionSettings_AreShownWithTheirSource()
    {
        WriteConfig("""{ "retention_max_age_days": 11, "retention_max_entries_per_project": 12 }""");
        _home.Environment["RETENTION_MAX_AGE_DAYS"] = "21";

        var settings = Json("config").Array("settings").Select(static setting => setting!.AsObject()).ToDictionary(static setting => setting.String("name"));

        Assert.Equal(("21", "environment"), (settings["retention_max_age_days"].String("value"), settings["retention_max_age_days"].String("source")));
        Assert.Equal(("12", "file"), (settings["retention_max_entries_per_project"].String("value"), settings["retention_max_entries_per_project"].String("source")));
    }

    [Fact]
    public void DryRun_RulesOfTheFile_GiveWayToFlagAndEnvironment()
    {
        WriteConfig("""
            { "retention": { "max_age_days": 100, "max_entries_per_project": 50,
                             "projects": { "project": { "max_age_days": 60, "max_entries_per_project": 5 } }, "types": { "command": { "max_age_days": 14 } } } }
            """);
        Save("Entry");
        const string type = """{"type":"command","max_age_days":14}""";
        Assert.Equal((100, 50), Rule(Json("retention", "dry-run")));
        Assert.Equal($$"""[{{type}},{"project":"project","max_age_days":60,"max_entries_per_project":5}]""", Rules(Json("retention", "dry-run")));
        Assert.Equal("""[{"project":"project","max_entries_per_project":5}]""", Rules(Json("retention", "dry-run", "--max-age-days", "30")));
        Assert.Null(Rules(Json("retention", "dry-run", "--max-age-days", "30", "--max-entries-per-project", "9")));

        _home.Environment["RETENTION_MAX_ENTRIES_PER_PROJECT"] = "22";
        Assert.Equal($$"""[{{type}},{"project":"project","max_age_days":60}]""", Rules(Json("retention", "dry-run")));
        var shown = Cairn("config").ShouldExitWith(0).Output;
        Assert.Matches(@"(?m)^retention\.types\.command\.max_age_days +14 +file", shown);
        Assert.Matches(@"(?m)^retention\.projects\.project\.max_entries_per_project +5 +file", shown);
    }

    [Theory]
    [InlineData("""{ "retention_max_age_days": "11" }""", "whole number")]
    [InlineData("""{ "retention_max_age_days": 1.5 }""", "whole number")]
    [InlineData("""{ "retention_age": 11 }""", "retention_max_age_days")]
    [InlineData("""{ "retention_max_age_days": 11, "retention": { "max_age_days": 12 } }""", "given twice")]
    [InlineData("""{ "retention": { "max_age_days": 12 }, "retention_max_age_days": 11 }""", "given twice")]
    [InlineData("""{ "retention": [] }""", "retention must be an object")]
    [InlineData("""{ "retention": { "age": 12 } }""", "retention may hold: max_age_days, max_entries_per_project, grace_days, projects, types")]
    [InlineData("""{ "retention": { "types": { "command": { "max_entries_per_project": 12 } } } }""", "a rule in retention.types may hold: max_age_days")]
    [InlineData("""{ "retention": { "projects": { "billing": { "max_age_days": 0 } } } }""", "max_age_days in retention.projects must be a whole number from 1 to 36500")]
    [InlineData("""{ "retention": { "projects": { "billing": 5 } } }""", "a rule in retention.projects must be an object")]
    public void Config_FileThatDoesNotFit_IsAUsageError(string config, string words)
    {
        WriteConfig(config);

        Assert.Contains(words, Cairn("config").ShouldExitWith(2).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RETENTION_MAX_AGE_DAYS", "0")]
    [InlineData("RETENTION_MAX_AGE_DAYS", "30 days")]
    [InlineData("RETENTION_MAX_ENTRIES_PER_PROJECT", "99999999999")]
    public void DryRun_BadVariable_IsAUsageErrorThatNamesItAndOtherCommandsGoOn(string variable, string value)
    {
        _home.Environment[variable] = value;

        Assert.Contains(variable, Cairn("retention", "dry-run").ShouldExitWith(2).Error, StringComparison.Ordinal);
        Save("Entry");
    }

    [Fact]
    public void DryRun_UnknownProject_IsNotFound() => Cairn("retention", "dry-run", "--max-age-days", "1", "--project", "nowhere").ShouldExitWith(4);

    [Fact]
    public async Task DryRun_SeveralProcessesAtOnce_MakeOneChain()
    {
        Save("Entry");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Cairn("retention", "dry-run", "--max-age-days", "30").ShouldExitWith(0))));

        Assert.True(JsonNode.DeepEquals(new JsonObject { ["verified"] = true, ["events"] = 4 }, Json("retention", "history")["chain"]));
    }

    private string Save(string text) => Json("save", text).String("id");

    private JsonObject Json(params string[] arguments) => JsonNode.Parse(Cairn([.. arguments, "--json"]).ShouldExitWith(0).Output)!.AsObject();

    private ProcessResult Cairn(params string[] arguments) => CliProcess.Run(_home, arguments);

    private void WriteConfig(string json)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_home.Path, ".config", "cairn")).FullName;
        File.WriteAllText(Path.Combine(folder, "config.json"), json);
    }

    private static (int?, int?) Rule(JsonObject run) => ((int?)run["inputs"]!["max_age_days"], (int?)run["inputs"]!["max_entries_per_project"]);

    private static string? Rules(JsonObject run) => run["inputs"]!["rules"]?.ToJsonString();
}
