using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Mcp;

/// <summary>
/// Project, session and commit of a call: its arguments, else what Codex sends in _meta with every call, else the
/// environment, else the folder that the server was started in. Reading finds what writing stored.
/// </summary>
public sealed class OriginTests
{
    private const string Commit = "03cbc385476d7cff9c5c77a13604d267b461ef32";

    [Fact]
    public void Save_WithoutAnySign_GoesToTheProjectOfTheFolder()
    {
        using var home = new TempHome();
        using var server = McpProcess.StartInitialized(home);

        var entry = SaveAndRead(server, new JsonObject { ["text"] = "Plain" });

        Assert.Equal("project", entry.String("project"));
        Assert.Equal("agent", entry.String("origin"));
        Assert.Null(entry["session_id"]);
        Assert.Null(entry["git_commit"]);
    }

    [Fact]
    public void Save_InARepository_GoesToTheProjectOfItsOrigin_WithBranchAndCommit()
    {
        using var home = new TempHome();
        var commit = MakeRepository(home, home.Project, "https://example.com/acme/billing.git");
        var inside = Directory.CreateDirectory(Path.Combine(home.Project, "src", "deep")).FullName;
        using var server = McpProcess.StartInitialized(home, workingDirectory: inside);

        var entry = SaveAndRead(server, new JsonObject { ["text"] = "In the repository" });

        Assert.Equal(("billing", "trunk", commit), (entry.String("project"), entry.String("git_branch"), entry.String("git_commit")));
    }

    [Fact]
    public void Save_WithCodexMeta_TakesSessionWorkspaceAndCommitFromIt()
    {
        using var home = new TempHome();
        using var server = McpProcess.StartInitialized(home);

        var entry = SaveAndRead(server, new JsonObject { ["text"] = "From Codex" }, CodexMeta("the-session", (home.Project, Commit)));

        Assert.Equal("project", entry.String("project"));
        Assert.Equal("the-session", entry.String("session_id"));
        Assert.Equal(Commit, entry.String("git_commit"));
    }

    [Fact]
    public void Save_WithASessionInTheTurnAlone_TakesThatOne()
    {
        using var home = new TempHome();
        using var server = McpProcess.StartInitialized(home);
        var meta = new JsonObject { ["x-codex-turn-metadata"] = new JsonObject { ["session_id"] = "from-the-turn" } };

        Assert.Equal("from-the-turn", SaveAndRead(server, new JsonObject { ["text"] = "From a turn" }, meta).String("session_id"));
    }

    [Fact]
    public void Call_WithManyWorkspaces_MeansTheInnermostThatHoldsTheWorkingDirectory()
    {
        using var home = new TempHome();
        var other = Directory.CreateDirectory(Path.Combine(home.Path, "other")).FullName;
        var inner = Directory.CreateDirectory(Path.Combine(home.Project, "inner")).FullName;
        using var server = McpProcess.StartInitialized(home, workingDirectory: inner);
        var meta = CodexMeta("s", (other, null), (home.Project, null), ($"{home.Project}-not", null));

        Assert.Equal("project", SaveAndRead(server, new JsonObject { ["text"] = "One of many" }, meta).String("project"));
    }

    [Fact]
    public void Call_WithOneWorkspaceElsewhere_MeansThatOne()
    {
        using var home = new TempHome();
        var other = Directory.CreateDirectory(Path.Combine(home.Path, "other")).FullName;
        using var server = McpProcess.StartInitialized(home);
        var meta = CodexMeta("s", (other, Commit));

        var entry = SaveAndRead(server, new JsonObject { ["text"] = "Started in one folder, asked in another" }, meta);

        Assert.Equal(("other", Commit), (entry.String("project"), entry.String("git_commit")));
        Assert.Single(Found(server, "folder", meta: CodexMeta("s", (other, Commit))));
        Assert.Empty(Found(server, "folder"));
    }

    [Fact]
    public void Call_WithVariablesInTheEnvironment_MeansTheirProjectAndSession()
    {
        using var home = new TempHome();
        home.Environment["MEMORY_PROJECT_NAME"] = "from-environment";
        home.Environment["MEMORY_SESSION_ID"] = "session-from-environment";
        using var server = McpProcess.StartInitialized(home);

        var entry = SaveAndRead(server, new JsonObject { ["text"] = "By the environment" });

        Assert.Equal(("from-environment", "session-from-environment"), (entry.String("project"), entry.String("session_id")));
        Assert.Single(Found(server, "environment"));
        Assert.Empty(Found(server, "environment", project: "project"));
    }

    [Fact]
    public void Arguments_WinOverMetaAndEnvironment_AndMetaOverTheEnvironmentsSession()
    {
        using var home = new TempHome();
        home.Environment["MEMORY_PROJECT_NAME"] = "from-environment";
        home.Environment["MEMORY_SESSION_ID"] = "session-from-environment";
        using var server = McpProcess.StartInitialized(home);

        var argued = SaveAndRead(server, new JsonObject { ["text"] = "Argued", ["project"] = "from-argument", ["session_id"] = "session-from-argument" }, CodexMeta("session-from-meta", (home.Project, Commit)));
        var sent = SaveAndRead(server, new JsonObject { ["text"] = "Sent" }, CodexMeta("session-from-meta", (home.Project, Commit)));

        Assert.Equal(("from-argument", "session-from-argument"), (argued.String("project"), argued.String("session_id")));
        // A name that the user set outright wins over the workspace.
        Assert.Equal(("from-environment", "session-from-meta"), (sent.String("project"), sent.String("session_id")));
    }

    [Fact]
    public void Search_ResolvesTheProjectAsSaveDoes()
    {
        using var home = new TempHome();
        using var server = McpProcess.StartInitialized(home);
        SaveAndRead(server, new JsonObject { ["text"] = "granite here" });
        SaveAndRead(server, new JsonObject { ["text"] = "granite elsewhere", ["project"] = "Elsewhere" });

        Assert.Equal(["granite here"], Titles(Found(server, "granite")));
        Assert.Equal(["granite elsewhere"], Titles(Found(server, "granite", project: "elsewhere")));
        Assert.Equal(["granite elsewhere", "granite here"], Titles(Found(server, "granite", project: "*")).Order());
        Assert.Empty(Found(server, "granite", project: "nowhere"));
    }

    [Fact]
    public void Search_OfASession_FindsWhatWasSavedInIt()
    {
        using var home = new TempHome();
        using var server = McpProcess.StartInitialized(home);
        SaveAndRead(server, new JsonObject { ["text"] = "granite one" }, CodexMeta("one", (home.Project, null)));
        SaveAndRead(server, new JsonObject { ["text"] = "granite two" }, CodexMeta("two", (home.Project, null)));

        var found = server.CallTool("search", new JsonObject { ["query"] = "granite", ["session_id"] = "two" }, CodexMeta("one", (home.Project, null)));

        Assert.Equal(["granite two"], Titles(found.Structured.Array("items")));
    }

    public static TheoryData<string> OddMeta =>
    [
        "{}",
        """{"threadId":5,"x-codex-turn-metadata":"none"}""",
        """{"threadId":{},"x-codex-turn-metadata":[]}""",
        """{"x-codex-turn-metadata":{"session_id":[],"workspaces":null}}""",
        """{"x-codex-turn-metadata":{"workspaces":[]}}""",
        """{"x-codex-turn-metadata":{"workspaces":{}}}""",
        """{"x-codex-turn-metadata":{"workspaces":{"":{}}}}""",
        """{"x-codex-turn-metadata":{"workspaces":{"relative/folder":{}}}}""",
        """{"x-codex-turn-metadata":{"workspaces":{"/no/such/folder/\u0000":5}}}""",
        """{"x-codex-turn-metadata":{"workspaces":{"/":null}}}""",
        """{"x-codex-turn-metadata":{"workspaces":{"/x":{"latest_git_commit_hash":{}}}}}""",
        """{"x-codex-turn-metadata":{"workspaces":{"/x":{"latest_git_commit_hash":"\u0000 \u001b[31m not a commit"}}}}""",
    ];

    [Theory]
    [MemberData(nameof(OddMeta))]
    public void Call_WithOddMeta_IsDoneOrRefused(string meta)
    {
        using var home = new TempHome();
        using var server = McpProcess.StartInitialized(home);

        foreach (var (tool, arguments) in new[] { ("save_memory", new JsonObject { ["text"] = "Odd" }), ("search", new JsonObject { ["query"] = "odd" }) })
        {
            var result = server.CallTool(tool, arguments, JsonNode.Parse(meta)!.AsObject());
            Assert.True(result.ErrorCode is null or "INVALID_ARGUMENT", result.Text);
        }
        Assert.Empty(DatabaseFile.Column(home.Database, "SELECT commit_id FROM entries WHERE commit_id IS NOT NULL"));
        Assert.DoesNotContain(" at ", server.Error, StringComparison.Ordinal);
    }

    private static JsonObject CodexMeta(string session, params (string Root, string? Commit)[] workspaces) => new()
    {
        ["callId"] = "call_1",
        ["threadId"] = session,
        ["sessionId"] = session,
        ["progressToken"] = 1,
        ["x-codex-turn-metadata"] = new JsonObject
        {
            ["session_id"] = session,
            ["workspaces"] = new JsonObject(workspaces.Select(static workspace => KeyValuePair.Create<string, JsonNode?>(
                workspace.Root, new JsonObject { ["latest_git_commit_hash"] = workspace.Commit, ["has_changes"] = true }))),
        },
    };

    private static JsonObject SaveAndRead(McpProcess server, JsonObject arguments, JsonObject? meta = null)
    {
        var saved = server.CallTool("save_memory", arguments, meta);
        Assert.False(saved.IsError, saved.Text);
        var read = server.CallTool("get_entries", new JsonObject { ["ids"] = new JsonArray(saved.Structured.String("id")) });
        return Assert.Single(read.Structured.Array("items"))!.AsObject();
    }

    private static JsonArray Found(McpProcess server, string query, string? project = null, JsonObject? meta = null)
    {
        var arguments = new JsonObject { ["query"] = query };
        if (project is not null)
            arguments["project"] = project;
        var found = server.CallTool("search", arguments, meta);
        Assert.False(found.IsError, found.Text);
        return found.Structured.Array("items");
    }

    private static IEnumerable<string> Titles(JsonArray items) => items.Select(static item => item!.AsObject().String("title"));

    private static string MakeRepository(TempHome home, string folder, string origin)
    {
        string Git(params string[] arguments) => ChildProcess.Run("git", ["-C", folder, "-c", "user.name=t", "-c", "user.email=t@example.com", .. arguments], home).ShouldExitWith(0).Output.Trim();
        Git("init", "-q", "-b", "trunk");
        Git("commit", "-q", "--allow-empty", "-m", "First");
        Git("remote", "add", "origin", origin);
        return Git("rev-parse", "HEAD");
    }
}
