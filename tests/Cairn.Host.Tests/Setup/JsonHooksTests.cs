using Cairn.Engine;
using Cairn.Host.Setup;

namespace Cairn.Host.Tests.Setup;

public sealed class JsonHooksTests
{
    private static readonly JsonHooks Codex = new("hooks.json", "codex");

    private static readonly Hook Start = new("SessionStart", "/opt/cairn/cairn hook codex SessionStart", 10);

    [Fact]
    public void Add_NoFile_IsAFileThatReadsWellAndGoesAgain()
    {
        var added = Codex.Add(null, [Start, new("UserPromptSubmit", "/opt/cairn/cairn hook codex UserPromptSubmit", 5)]);

        Assert.Equal("""
            {
              "hooks": {
                "SessionStart": [
                  {"hooks": [{"type": "command", "command": "/opt/cairn/cairn hook codex SessionStart", "timeout": 10}]}
                ],
                "UserPromptSubmit": [
                  {"hooks": [{"type": "command", "command": "/opt/cairn/cairn hook codex UserPromptSubmit", "timeout": 5}]}
                ]
              }
            }

            """.ReplaceLineEndings("\n"), added.Text);
        Assert.Equal(["@@ hooks.SessionStart @@", "+/opt/cairn/cairn hook codex SessionStart"], added.Diff.Take(2));
        Assert.Null(Codex.Remove(added.Text!).Text);
    }

    [Fact]
    public void Add_BesideOthers_GoesBehindThem()
    {
        const string Text = """
            {
                // mine
                "hooks": {
                    "SessionStart": [
                        { "hooks": [ { "type": "command", "command": "echo hi" } ] }, // first
                    ]
                }
            }
            """;

        var added = Codex.Add(Text, [Start]);

        Assert.Contains("""
                        { "hooks": [ { "type": "command", "command": "echo hi" } ] }, // first
                        {"hooks": [{"type": "command", "command": "/opt/cairn/cairn hook codex SessionStart", "timeout": 10}]},
                    ]
            """, added.Text, StringComparison.Ordinal);
        Assert.Equal(Text, Codex.Remove(added.Text!).Text);
    }

    [Theory]
    [InlineData("/opt/cairn hook codex Stop", true)]
    [InlineData("'/a b/cairn' hook codex Stop --db x", true)]
    [InlineData("\"C:\\a b\\cairn.exe\" hook codex Stop", true)]
    [InlineData("dotnet /x/cairn.dll hook codex Stop", true)]
    [InlineData("'/a b/it'\\''s/cairn' hook codex Stop --db '/c d/x.db'", true)]
    [InlineData("nice /opt/cairn hook codex Stop --db /a.db", false)]
    [InlineData("test -f ~/.nocairn || /opt/cairn hook codex Stop", false)]
    [InlineData("/opt/cairn hook codex Stop --db /a.db; notify-send done", false)]
    [InlineData("/opt/cairn hook codex Stop >> log", false)]
    [InlineData("CAIRN=1 /opt/cairn hook codex Stop", false)]
    [InlineData("echo $(/opt/cairn hook codex Stop)", false)]
    [InlineData("/opt/cairn hook claude Stop", false)]
    [InlineData("/opt/mycairn hook codex Stop", false)]
    [InlineData("/opt/cairn hook codexes Stop", false)]
    [InlineData("cairn health", false)]
    public void Remove_TakesWhatRunsOurCommandForThisClient(string command, bool ours)
    {
        var text = $$$"""{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"{{{System.Text.Json.JsonEncodedText.Encode(command)}}}"}]}, {"hooks":[]}]}}""";

        Assert.Equal(ours ? SetupChange.Removed : SetupChange.Unchanged, Codex.Remove(text).Change);
    }

    [Fact]
    public void Remove_InAGroupWithOthers_LeavesThem()
    {
        const string Text = """{"hooks":{"Stop":[{"matcher":"x","hooks":[{"type":"command","command":"cairn hook codex Stop"}, {"type":"command","command":"echo"}]}]}}""";

        Assert.Equal("""{"hooks":{"Stop":[{"matcher":"x","hooks":[ {"type":"command","command":"echo"}]}]}}""", Codex.Remove(Text).Text);
    }

    [Fact]
    public void Add_BesideALineThatSomebodyBuiltAroundOurs_AddsNoneThereAndLeavesIt()
    {
        const string Text = """{"hooks":{"SessionStart":[{"hooks":[{"type":"command","command":"test -f no || nice /opt/cairn hook codex SessionStart"}]}]}}""";

        Assert.Equal((Text, SetupChange.Unchanged), (Codex.Add(Text, [Start]).Text, Codex.Add(Text, [Start]).Change));
        Assert.Equal(["SessionStart"], Codex.Others(Text));
        Assert.Equal(Text, Codex.Remove(Text).Text);
        var added = Codex.Add(Text, [Start, new("Stop", "/opt/cairn/cairn hook codex Stop", 5)]);
        Assert.Equal([("Stop", "/opt/cairn/cairn hook codex Stop")], Codex.Registered(added.Text));
        Assert.Equal(Text, Codex.Remove(added.Text!).Text);
    }

    [Fact]
    public void Add_WhereSeveralOfOursStand_KeepsTheOneThatIsRight()
    {
        const string Old = """{"hooks": [{"type": "command", "command": "/old/cairn hook codex SessionStart --db /b.db"}]}""";
        const string Right = """{"hooks": [{"type": "command", "command": "/opt/cairn/cairn hook codex SessionStart"}]}""";
        string Text(params string[] groups) => $$$"""{"hooks": {"SessionStart": [{{{string.Join(", ", groups)}}}]}}""";

        var kept = Codex.Add(Text(Old, Right, Old), [Start]);
        Assert.Equal((Text($" {Right}"), SetupChange.Updated), (kept.Text, kept.Change));
        Assert.Equal(Text(Right), Codex.Add(Text(Old, Old), [Start]).Text);
    }

    [Fact]
    public void Add_AnOtherPath_ChangesTheCommandAlone()
    {
        var old = Codex.Add(null, [Start]).Text!.Replace("\"timeout\": 10", "\"timeout\": 60");

        var updated = Codex.Add(old, [Start with { Command = "/new/cairn hook codex SessionStart" }]);

        Assert.Equal(SetupChange.Updated, updated.Change);
        Assert.Equal(old.Replace("/opt/cairn/cairn", "/new/cairn"), updated.Text);
        Assert.Equal(["@@ hooks.SessionStart @@", "-/opt/cairn/cairn hook codex SessionStart", "+/new/cairn hook codex SessionStart"], updated.Diff);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("{\n\"hooks\": {}\n", 3)]
    [InlineData("{\n\"hooks\": []}", 2)]
    [InlineData("{\"hooks\": {\n\n\"SessionStart\": {}}}", 3)]
    public void Add_ToWhatHasAnotherShape_IsRefused(string text, int line) =>
        Assert.Equal(line, Convert.ToInt32(Assert.Throws<EngineException>(() => Codex.Add(text, [Start])).Details["line"], null));

    [Fact]
    public void Servers_WithAUrl_AreRefused() =>
        Assert.Throws<EngineException>(() => new JsonServers("mcp.json", "servers").Add("""{"servers":{"cairn":{"url":"http://localhost"}}}""", "/c", []));

    [Fact]
    public void Servers_WithKeysBesideOurs_KeepThem()
    {
        const string Text = """{"mcpServers": {"cairn": {"env": {"K": "v"}, "command": "/old", "args": [ "mcp" ]}}}""";
        var servers = new JsonServers("mcp.json", "mcpServers");

        Assert.Equal(Text.Replace("/old", "/new"), servers.Add(Text, "/new", ["mcp"]).Text);
        var removed = servers.Remove(Text);
        Assert.Equal("""{"mcpServers": {}}""", removed.Text);
        Assert.DoesNotContain(removed.Diff, static line => line.Contains('v', StringComparison.Ordinal) && line.Contains("env", StringComparison.Ordinal) && line.Contains("\"v\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("# Mine")]
    [InlineData("# Mine\n")]
    [InlineData("# Mine\r")]
    [InlineData("# Mine\r\nMore\r")]
    [InlineData("\r")]
    [InlineData("\uFEFF# Mine\r\n\r\nMore.\r\n")]
    public void AgentText_AddThenRemove_GivesTheTextBack(string? text)
    {
        var added = AgentText.Add("AGENTS.md", text);

        Assert.Equal(SetupChange.Added, added.Change);
        Assert.Equal(SetupChange.Unchanged, AgentText.Add("AGENTS.md", added.Text).Change);
        Assert.Equal(text, AgentText.Remove("AGENTS.md", added.Text!).Text);
        Assert.Equal(text, AgentText.Remove("AGENTS.md", AgentText.Add("AGENTS.md", added.Text!.Replace("When something no longer holds", "Old words")).Text!).Text);
    }

    [Theory]
    [InlineData("/opt/cairn", false, "/opt/cairn")]
    [InlineData("/a b/it's", false, "'/a b/it'\\''s'")]
    [InlineData("C:\\x\\cairn.exe", true, "C:\\x\\cairn.exe")]
    [InlineData("C:\\a b\\cairn.exe", true, "\"C:\\a b\\cairn.exe\"")]
    [InlineData("a\\b", false, "'a\\b'")]
    public void ShellText_AnyWord_IsOneWordOfTheShell(string word, bool windows, string expected) => Assert.Equal(expected, ShellText.Word(word, windows));
}
