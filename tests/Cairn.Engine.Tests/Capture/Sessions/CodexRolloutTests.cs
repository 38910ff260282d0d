using System.Text.Json.Nodes;
using Cairn.Engine.Capture;

namespace Cairn.Engine.Tests.Capture.Sessions;

/// <summary>Codex's rollouts, old and new, tell what happened once, and nothing that was put into the context.</summary>
public sealed class CodexRolloutTests
{
    [Fact]
    public void Read_NewerTurn_TellsEachThingOnceAndNothingInjected()
    {
        var events = Read([Rollout.Meta(), .. Rollout.NewTurn("t1", "Please fix it", "make test", 1, "Decision: we use WAL.")]);

        Assert.Equal(
        [
            $"SessionStarted {Rollout.Session}", "UserPrompt Please fix it", "AgentMessage I will look.", "Command make test = 1: some output",
            "FileEdit src/a.cs b.cs", "ToolCall mcp__cairn__search_memory", "FinalAnswer Decision: we use WAL.",
        ], events.Select(SessionSandbox.Shown));
        Assert.All(events.Skip(1), static item => Assert.Equal("t1", item.TurnId));
        Assert.All(events, static item => Assert.Equal(("/home/u/proj", "main", "03cbc385476d7cff9c5c77a13604d267b461ef32"), (item.WorkingDirectory, item.Branch, item.Commit)));
        Assert.Equal(events.Count, events.Select(static item => item.Id).Distinct().Count());
    }

    [Fact]
    public void Read_OlderTurn_TellsEachThingOnceAndNothingInjected() => Assert.Equal(
        [
            $"SessionStarted {Rollout.Session}", "UserPrompt Please fix it", "AgentMessage I will look.", "Command make test = 2: some output", "AgentMessage Done.",
        ],
        Read([Rollout.Meta(items: false), .. Rollout.OldTurn("call_1", "Please fix it", "make test", 2, "Done.")]).Select(SessionSandbox.Shown));

    [Fact]
    public void Read_OldestFile_WithoutPayloads()
    {
        var events = Read(
        [
            """{"id":"s1","timestamp":"2025-05-07T10:00:00Z","instructions":null,"git":{"branch":"dev"}}""",
            """{"record_type":"state"}""",
            """{"type":"message","role":"user","content":[{"type":"input_text","text":"<user_instructions>x</user_instructions>"}]}""",
            """{"type":"message","role":"user","content":[{"type":"input_text","text":"Say hello"}]}""",
            """{"type":"local_shell_call","call_id":"c","action":{"type":"exec","command":["ls","-l"]}}""",
            """{"type":"function_call_output","call_id":"c","output":"{\"output\":\"a\",\"metadata\":{\"exit_code\":0}}"}""",
            """{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Hello"}]}""",
        ]);

        Assert.Equal(["SessionStarted s1", "UserPrompt Say hello", "Command ls -l = 0: a", "AgentMessage Hello"], events.Select(SessionSandbox.Shown));
        Assert.Equal(("dev", new DateTimeOffset(2025, 5, 7, 10, 0, 0, TimeSpan.Zero)), (events[1].Branch, events[1].OccurredAt));
    }

    [Fact]
    public void Read_SaidTwice_IsTwo() => Assert.Equal(2, Read(
        [.. Rollout.OldTurn("1", "continue", "a", 0, "x"), .. Rollout.OldTurn("2", "continue", "a", 0, "x")]).Count(static item => item.Text == "continue"));

    [Fact]
    public void Read_Compacted_IsTheSummaryWithoutTheSentenceBeforeIt()
    {
        var summary = Rollout.Line("compacted", new JsonObject
        {
            ["message"] = "Another language model started to solve this problem and produced a summary. Use it to assist with your own analysis:\nWe chose WAL.",
            ["replacement_history"] = new JsonArray(new JsonObject { ["type"] = "message", ["role"] = "user" }),
        });

        Assert.Equal(["CompactionSummary We chose WAL."], Read([summary]).Select(SessionSandbox.Shown));
    }

    [Fact]
    public void Read_TaskWithoutFinalAnswer_TakesItsLastMessage() =>
        Assert.Equal("FinalAnswer All done", SessionSandbox.Shown(Read([Rollout.Event("task_complete", new JsonObject { ["turn_id"] = "t", ["last_agent_message"] = "All done" })]).Single()));

    [Fact]
    public void Read_PatchThatFailed_IsNoEdit() => Assert.Empty(Read(
    [
        Rollout.Item(new JsonObject { ["type"] = "custom_tool_call", ["call_id"] = "c", ["name"] = "apply_patch", ["input"] = "*** Begin Patch\n*** Add File: new.txt\n*** End Patch" }),
        Rollout.Item(new JsonObject { ["type"] = "custom_tool_call_output", ["call_id"] = "c", ["output"] = "unsupported custom tool call: apply_patch" }),
    ]));

    [Theory]
    [InlineData("cairn search wal")]
    [InlineData("cd x && /opt/bin/cairn get 0123 --json")]
    public void Read_OwnCommand_IsWithoutItsOutput(string command) =>
        Assert.Null(Read([.. Rollout.NewTurn("t", "p", command, 0, "a")]).Single(static item => item.Kind == SessionEventKind.Command).Text);

    [Fact]
    public void Read_EditorsContext_LeavesTheRequest() => Assert.Equal(["UserPrompt Fix it"],
        Read([Rollout.Event("user_message", new JsonObject { ["message"] = "# Context from my IDE setup:\n\n## Open tabs:\n- a.cs\n\n## My request for Codex:\nFix it\n" })]).Select(SessionSandbox.Shown));

    [Fact]
    public void Read_ForkedFile_StaysItsOwnSession() => Assert.Single(Read([Rollout.Meta(), Rollout.Meta().Replace(Rollout.Session, "another", StringComparison.Ordinal)]));

    private static List<SessionEvent> Read(IEnumerable<string> lines) => SessionSandbox.Read("codex", lines);

    [Fact]
    public void Read_OutputThatIsPrivate_HasNothingOfIt_HoweverLongItIs()
    {
        var events = SessionSandbox.Read("codex",
            Rollout.Meta(items: false),
            Rollout.Line("event_msg", new JsonObject { ["type"] = "exec_command_end", ["call_id"] = "c1", ["command"] = "npm test", ["exit_code"] = 1, ["aggregated_output"] = $"<private>{new string('x', 6_000)}\nthe customer is Acme</private> failed" }));

        Assert.Equal("Command npm test = 1:  failed", SessionSandbox.Shown(events[^1]));
    }
}
