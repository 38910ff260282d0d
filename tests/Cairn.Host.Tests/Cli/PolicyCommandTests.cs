using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Cli;

/// <summary>cairn policy, as a user types it; and the runbook's playbook for a false alarm, command by command.</summary>
public sealed class PolicyCommandTests : IDisposable
{
    // Put together here, so that no scanner of sources finds a key in this file.
    private static readonly string Secret = "gh" + "p_" + new Random(20264).GetString("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", 36);

    private readonly TempHome _home = new();

    private string AllowFile => Path.Combine(Path.GetDirectoryName(_home.ConfigFile)!, "policy-allow.json");

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("save", "PLACE", "PLACE", "PLACE")]
    [InlineData("PLACE")]
    [InlineData("policy", "blocked", "--limit", "PLACE")]
    [InlineData("import", "PLACE")]
    public void CommandLine_NotUnderstoodWithASecret_IsNotShownBack(params string[] line)
    {
        var result = Cairn([.. line.Select(static word => word.Replace("PLACE", Secret, StringComparison.Ordinal))]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("[REDACTED:github-token]", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, result.Error + result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Playbook_FalseAlarm_CommandByCommand()
    {
        var text = $"The sample key of the docs is {Secret}";
        using var server = McpProcess.StartInitialized(_home, ["mcp"]);

        // 1. A save is refused, and says where, not what.
        var refused = server.CallTool("save_memory", new JsonObject { ["text"] = text });
        Assert.Equal("POLICY_BLOCKED", refused.ErrorCode);
        Assert.Contains("cairn policy allow FINGERPRINT", refused.Structured.Object("error").String("message"), StringComparison.Ordinal);

        // 2. The refusal is on record.
        var line = Assert.Single(Json("policy", "blocked").Array("events"))!.AsObject();
        var fingerprint = line.String("fingerprint");
        Assert.Equal(("blocked", "github-token", "text", "agent", "project"), (line.String("event"), line.String("rule"), line.String("field"), line.String("origin"), line.String("project")));
        Assert.Contains(fingerprint, Cairn("policy", "blocked").ShouldExitWith(0).Output, StringComparison.Ordinal);

        // 3. Is it one? The check explains it, without the value.
        File.WriteAllText(Path.Combine(_home.Project, "notes.md"), text);
        var check = Cairn("policy", "check", "notes.md").ShouldExitWith(3);
        Assert.Matches($@"(?m)^1 +31 +{Secret.Length} +github-token .* structured +{fingerprint} +refused", check.Output);
        Assert.Equal(check.Output, CliProcess.Run(_home, ["policy", "check", "-"], text).ShouldExitWith(3).Output);
        Assert.Contains("ghp_", Cairn("policy", "rules", "github-token").ShouldExitWith(0).Output, StringComparison.Ordinal);

        // 4. An exception, with a line in the log.
        var allowed = Cairn("policy", "allow", fingerprint, "--reason", "the sample key of the docs", "--record", "session-log.md").ShouldExitWith(0);
        Assert.Contains($"Allowed {fingerprint} (github-token, all projects)", allowed.Output, StringComparison.Ordinal);
        Assert.Empty(allowed.Error);
        Assert.Matches($@"(?m)^- \d{{4}}-\d\d-\d\d \d\d:\d\d UTC: policy exception allowed for {fingerprint} \(github-token, all projects\): the sample key of the docs$", File.ReadAllText(Path.Combine(_home.Project, "session-log.md")).ReplaceLineEndings("\n"));
        Assert.Contains("allowed", Cairn("policy", "check", "notes.md").ShouldExitWith(0).Output, StringComparison.Ordinal);
        Assert.Matches($@"(?m)^{fingerprint} +github-token +all ", Cairn("policy", "allow", "--list").ShouldExitWith(0).Output);

        // 5. The server that was running all along lets it pass.
        Assert.False(server.CallTool("save_memory", new JsonObject { ["text"] = text }).IsError);

        // 6. Taken back, it is refused again.
        Cairn("policy", "allow", "--remove", fingerprint, "--record", "session-log.md").ShouldExitWith(0);
        Assert.Equal("POLICY_BLOCKED", server.CallTool("save_memory", new JsonObject { ["text"] = $"again: {text}" }).ErrorCode);
        Assert.Equal(["blocked", "allow_removed", "allowed", "blocked"], Json("policy", "blocked").Array("events").Select(static item => (string?)item!["event"]));
        Assert.Equal(2, File.ReadLines(Path.Combine(_home.Project, "session-log.md")).Count(item => item.Contains(fingerprint, StringComparison.Ordinal)));
    }

    [Fact]
    public void Check_MoreThanOneLooksAt_ListsAHundredAndCountsTheRest()
    {
        var text = string.Concat(Enumerable.Repeat($"token {Secret}\n", 130));

        var words = CliProcess.Run(_home, ["policy", "check", "-"], text).ShouldExitWith(3).Output;
        var check = CliProcess.Json(_home, ["policy", "check", "-"], exitCode: 3, input: text);

        Assert.Contains("\nand 30 more\n", words.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Equal((100, 30), (check.Array("findings").Count, (int)check["more"]!));
    }

    [Fact]
    public void ProjectList_NameThatTodaysRulesRefuse_IsShownWithoutIt()
    {
        Cairn("save", "x", "--project", "billing").ShouldExitWith(0);
        DatabaseFile.Execute(_home.DefaultDatabase, $"UPDATE projects SET name = 'app {Secret}' WHERE name = 'billing'");

        Assert.DoesNotContain(Secret, Cairn("project", "list").ShouldExitWith(0).Output, StringComparison.Ordinal);
        Assert.Contains("app [REDACTED:github-token]", Json("project", "list").ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Save_Refused_SaysOnStandardErrorWhatToDoAndNotTheValue()
    {
        var refused = CliProcess.Run(_home, ["save"], $"see {Secret}").ShouldExitWith(3);

        Assert.Empty(refused.Output);
        Assert.Matches(@"github-token in text at line 1, column 5, length 40, fingerprint [0-9a-f]{16}\)", refused.Error);
        Assert.Contains("cairn policy check explains it", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret[8..], refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void PolicyMode_FromVariableAndFile_AndTheProjectFileTightens()
    {
        _home.Environment["MEMORY_POLICY_MODE"] = "redact";
        var saved = CliProcess.Json(_home, ["save"], input: $"see {Secret}");
        Assert.Equal(1, (int)saved["redacted"]!);
        Assert.Equal("see [REDACTED:github-token]", (string?)CliProcess.Json(_home, ["get", saved.String("id")]).Array("items")[0]!["body"]);
        Assert.Contains("1 that looked like a secret was replaced by [REDACTED:rule].", CliProcess.Run(_home, ["save"], $"also {Secret}").ShouldExitWith(0).Error, StringComparison.Ordinal);

        File.WriteAllText(Path.Combine(_home.Project, ".cairn.json"), """{"policy": {"mode": "block", "rules": []}}""");
        var refused = CliProcess.Run(_home, ["save"], $"and {Secret}").ShouldExitWith(3);
        Assert.Single(refused.Error.Split('\n'), static line => line.Contains(".cairn.json is not followed in full", StringComparison.Ordinal));
        var check = Json("health").Array("checks").Single(static item => (string?)item!["name"] == "project file");
        Assert.Equal("warn", (string?)check!["status"]);
        File.Delete(Path.Combine(_home.Project, ".cairn.json"));

        _home.Environment.Remove("MEMORY_POLICY_MODE");
        _home.WriteConfig("""{"policy": {"mode": "block", "projects": {"project": {"mode": "redact"}}}}""");
        CliProcess.Run(_home, ["save"], $"then {Secret}").ShouldExitWith(0);
        CliProcess.Run(_home, ["save", "--project", "other"], $"then {Secret}").ShouldExitWith(3);
        var settings = Json("config").Array("settings");
        Assert.Equal(("block", "file"), ((string?)Named("policy_mode")["value"], (string?)Named("policy_mode")["source"]));
        Assert.Equal("redact", (string?)Named("policy of project")["value"]);

        JsonNode Named(string name) => settings.Single(item => (string?)item!["name"] == name)!;
    }

    [Theory]
    [InlineData("""{"policy": {"mode": "off"}}""", "policy.mode must be")]
    [InlineData("""{"policy": {"rules": "off"}}""", "policy may hold mode and projects")]
    [InlineData("""{"policy": {"projects": {"a": "redact"}}}""", "is not a JSON object of settings")]
    [InlineData("""{"policy": {"projects": {"a": {}}}}""", "each of policy.projects must be")]
    [InlineData("""{"policy": "block"}""", "is not a JSON object of settings")]
    public void Config_PolicyThatIsNone_IsRefused(string config, string words)
    {
        _home.WriteConfig(config);

        CliProcess.AssertRefused(_home, 2, words, ["config"]);
    }

    [Fact]
    public void PolicyMode_OfTheEnvironmentThatIsNone_IsRefused()
    {
        _home.Environment["MEMORY_POLICY_MODE"] = "off";

        CliProcess.AssertRefused(_home, 2, "MEMORY_POLICY_MODE: must be block or redact", ["save", "x"]);
    }

    [Fact]
    public void Test_TheRulesOfTheProgram_Pass()
    {
        Assert.Matches(@"^pass \d+ rules, version \S+ \([0-9a-f]{12}\): \d+ examples to find, \d+ to leave alone, 0 failed\s*$", Cairn("policy", "test").ShouldExitWith(0).Output);
        Assert.Equal(Json("version").String("rules_hash"), Json("policy", "rules").String("hash"));
        Assert.False(File.Exists(_home.DefaultDatabase));
    }

    [Fact]
    public void Allow_WithoutWhatItNeeds_SaysSo()
    {
        CliProcess.AssertRefused(_home, 2, "fingerprint: is missing", ["policy", "allow", "--reason", "x"]);
        CliProcess.AssertRefused(_home, 2, "--reason: is missing", ["policy", "allow", "0123456789abcdef"]);
        CliProcess.AssertRefused(_home, 2, "--reason: does not go with --remove", ["policy", "allow", "--remove", "0123456789abcdef", "--reason", "x"]);
        CliProcess.AssertRefused(_home, 2, "--list: goes alone", ["policy", "allow", "--list", "0123456789abcdef"]);
        CliProcess.AssertRefused(_home, 2, "fingerprint: is not 16 of 0-9 and a-f", ["policy", "allow", Secret, "--reason", "x"]);
        CliProcess.AssertRefused(_home, 3, "reason: this looks like a secret (github-token)", ["policy", "allow", "0123456789abcdef", "--reason", Secret]);
        CliProcess.AssertRefused(_home, 4, "No exception has this fingerprint", ["policy", "allow", "--remove", "0123456789abcdef"]);
        CliProcess.AssertRefused(_home, 4, "No rule has this name", ["policy", "rules", "no-such-rule"]);
        CliProcess.AssertRefused(_home, 2, "file: there is no such file", ["policy", "check", "missing.md"]);
        Assert.False(File.Exists(AllowFile));
        Assert.Contains("No refusal with this fingerprint is on record", Cairn("policy", "allow", "0123456789abcdef", "--reason", "x").ShouldExitWith(0).Error, StringComparison.Ordinal);
    }

    private ProcessResult Cairn(params string[] arguments) => CliProcess.Run(_home, arguments);

    private JsonObject Json(params string[] arguments) => CliProcess.Json(_home, arguments);
}
