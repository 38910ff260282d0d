using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Cli;

/// <summary>cairn capture and cairn session, run as a user runs them.</summary>
public sealed class CaptureCommandTests : IDisposable
{
    private const string Events = """
        {"id": "m1", "client": "codex", "session_id": "01a20e18-af62", "kind": "user_prompt", "occurred_at": "2026-11-24T15:07:08Z", "text": "Which store?"}
        {"id": "m2", "client": "codex", "session_id": "01a20e18-af62", "kind": "final_answer", "occurred_at": "2026-11-24T15:09:08Z", "text": "We decided to use SQLite, because one file is easy to copy."}
        {"id": "m3", "client": "codex", "session_id": "01a20e18-af62", "kind": "user_prompt", "occurred_at": "2026-11-24T15:10:08Z", "text": "Have we decided to use WAL?"}
        """;

    private readonly TempHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Simulate_AFileOfEvents_SaysWhatWouldBeSavedAndWhyNot()
    {
        var result = CliProcess.Json(_home, ["capture", "simulate", File(Events)]);

        Assert.Equal(("assist", 3, 2), (result.String("mode"), (int)result["events"]!, (int)result["windows"]!));
        var decisions = result.Array("decisions");
        Assert.Equal(["saved", "skipped"], decisions.Select(static item => (string)item!["outcome"]!));
        Assert.Equal(["evidence", "question"], decisions.Select(static item => (string)item!["reason"]!));
        Assert.Equal("m2", (string?)decisions[0]!["event_ids"]![0]);
        Assert.Contains("Would be saved: 1 of 2 candidates.", CliProcess.Run(_home, ["capture", "simulate", File(Events)]).ShouldExitWith(0).Output, StringComparison.Ordinal);
        Assert.Empty(CliProcess.Json(_home, ["capture", "audit"]).Array("events"));
    }

    [Fact]
    public void Simulate_WhatIsNoFileOfEvents_IsRefusedWithItsLine()
    {
        CliProcess.AssertRefused(_home, 2, "line 1 is no session event", ["capture", "simulate", File("{\"kind\": \"chat\"}")]);
        CliProcess.AssertRefused(_home, 2, "line 1 is no session event", ["capture", "simulate", File(Events.Replace("\"m1\"", "null", StringComparison.Ordinal))]);
        CliProcess.AssertRefused(_home, 2, "there is no such file", ["capture", "simulate", "nothing.jsonl"]);
        CliProcess.AssertRefused(_home, 2, "must be off, assist or full", ["capture", "simulate", File(Events), "--mode", "all"]);
    }

    [Fact]
    public void Mode_ComesFromVariableFileAndProject()
    {
        string Mode() => CliProcess.Json(_home, ["capture", "stats"]).String("mode");
        Assert.Equal("assist", Mode());
        _home.WriteConfig("""{"capture": {"mode": "full", "deny": ["*.pem"], "projects": {"other": {"mode": "off", "allow": ["src/**"]}}}}""");
        Assert.Equal("full", Mode());
        Assert.Equal("off", CliProcess.Json(_home, ["capture", "stats", "--project", "other"]).String("mode"));
        // The environment is the most for all: what has a mode of its own is turned down by it, and never up.
        foreach (var (variable, own) in (ReadOnlySpan<(string, string)>)[("off", "off"), ("assist", "off"), ("full", "off")])
        {
            _home.Environment["MEMORY_CAPTURE_MODE"] = variable;
            Assert.Equal((variable, own), (Mode(), CliProcess.Json(_home, ["capture", "stats", "--project", "other"]).String("mode")));
        }
        _home.Environment.Remove("MEMORY_CAPTURE_MODE");
        System.IO.File.WriteAllText(Path.Combine(_home.Project, ".cairn.json"), """{"capture": {"mode": "assist"}}""");
        Assert.Equal("assist", Mode());
        _home.Environment["MEMORY_CAPTURE_MODE"] = "off";
        Assert.Equal("off", Mode());

        var settings = CliProcess.Json(_home, ["config"]).Array("settings").ToDictionary(static item => (string)item!["name"]!, static item => (string?)item!["value"]);
        Assert.Equal(("off", "*.pem", "off", "src/**"), (settings["capture_mode"], settings["capture deny"], settings["capture of other"], settings["capture allow of other"]));
    }

    [Theory]
    [InlineData("""{"capture": {"mode": "on"}}""", "must be off, assist or full")]
    [InlineData("""{"capture": {"deny": "x"}}""", "capture.deny must be a list of globs")]
    [InlineData("""{"capture": {"rules": []}}""", "capture may hold mode, allow, deny and projects")]
    [InlineData("""{"capture": "off"}""", "is not a JSON object of settings")]
    public void Config_CaptureThatIsNone_IsRefused(string config, string words)
    {
        _home.WriteConfig(config);

        CliProcess.AssertRefused(_home, 2, words, ["capture", "stats"]);
    }

    [Fact]
    public void Undo_OfASessionThatSavedNothing_IsNotFound() =>
        CliProcess.AssertRefused(_home, 4, "Capture has saved nothing of this session", ["capture", "undo", "01a20e18-af62"]);

    [Fact]
    public void Session_ByHand_LeavesAHandoff()
    {
        Directory.CreateDirectory(Path.Combine(_home.Project, "docs"));
        System.IO.File.WriteAllText(Path.Combine(_home.Project, "docs", "decisions.md"), "# One\n\nText\n");

        var started = CliProcess.Json(_home, ["session", "start", "--ingest"]);
        var id = started.String("session_id");
        Assert.Equal((36, 1), (id.Length, (int)started["ingestion"]!["imported_entries"]!));
        var ended = CliProcess.Json(_home, ["session", "end", "--session-id", id, "--summary", "-"], input: "The importer is done");

        var entry = CliProcess.Json(_home, ["get", ended.String("id")]).Array("items")[0]!.AsObject();
        Assert.Equal(("handoff", id, "The importer is done"), (entry.String("entry_type"), entry.String("session_id"), entry.String("body")));
        CliProcess.AssertRefused(_home, 2, "--summary", ["session", "end"]);
    }

    private string File(string content)
    {
        var path = Path.Combine(_home.Path, "events.jsonl");
        System.IO.File.WriteAllText(path, content);
        return path;
    }
}
