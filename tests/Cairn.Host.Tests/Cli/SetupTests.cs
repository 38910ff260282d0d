using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Cli;

/// <summary>cairn setup codex, end to end.</summary>
public sealed class SetupTests
{
    private const string Mine = "# mine\nmodel = \"gpt\"\r\n\r\n[mcp_servers.other]\ncommand = 'x'   # no line end after this";

    [Fact]
    public void SetupCodex_ShowsThenAddsThenLeavesThenRemoves()
    {
        using var home = new TempHome();
        var config = Path.Combine(home.Path, ".codex", "config.toml");
        var hooks = Path.Combine(home.Path, ".codex", "hooks.json");
        Directory.CreateDirectory(Path.GetDirectoryName(config)!);
        File.WriteAllText(config, Mine);
        string Lines(string word) => string.Join(Environment.NewLine, $"{word}: {config} (Codex: server)", $"{word}: {hooks} (Codex: hooks)");

        var dry = CliProcess.Run(home, ["setup", "codex", "--dry-run"]).ShouldExitWith(0);
        Assert.Contains("+[mcp_servers.cairn]", dry.Output, StringComparison.Ordinal);
        Assert.Contains($"Would be added: {config} (Codex: server)", dry.Output, StringComparison.Ordinal);
        Assert.Contains($"Would be added: {hooks} (Codex: hooks)", dry.Output, StringComparison.Ordinal);
        Assert.Equal(Mine, File.ReadAllText(config));
        Assert.False(File.Exists(hooks));

        var added = CliProcess.Run(home, ["setup", "codex"]).ShouldExitWith(0);
        Assert.Equal(Lines("added"), added.Output.Trim());
        Assert.Contains("codex mcp get cairn", added.Error, StringComparison.Ordinal);
        Assert.Contains("/hooks", added.Error, StringComparison.Ordinal);
        var text = File.ReadAllText(config);
        Assert.StartsWith(Mine, text, StringComparison.Ordinal);
        Assert.Contains($"\"--db\", {Toml(home.DefaultDatabase)}]", text, StringComparison.Ordinal);
        Assert.Contains($"command = {Toml(CairnBinary.Path)}", text, StringComparison.Ordinal);

        Assert.Equal(Lines("unchanged"), CliProcess.Run(home, ["setup", "codex"]).ShouldExitWith(0).Output.Trim());
        Assert.Equal(text, File.ReadAllText(config));

        var updated = CliProcess.Json(home, ["setup", "codex", "--db", home.Database]);
        Assert.Equal(("codex", config, "updated"), (updated.String("client"), updated.String("file"), updated.String("status")));
        Assert.Contains(Toml(home.Database), File.ReadAllText(config), StringComparison.Ordinal);

        Assert.Equal(Lines("removed"), CliProcess.Run(home, ["setup", "codex", "--remove"]).ShouldExitWith(0).Output.Trim());
        Assert.Equal(Mine, File.ReadAllText(config));
        Assert.False(File.Exists(hooks));
        Assert.Equal("unchanged", CliProcess.Json(home, ["setup", "codex", "--remove"]).String("status"));
        Assert.False(File.Exists(home.DefaultDatabase));
    }

    [Fact]
    public void SetupCodex_InCodexHome_LeavesTheUsersFolderAlone()
    {
        using var home = new TempHome();
        var codexHome = Path.Combine(home.Path, "codex home");
        home.Environment["CODEX_HOME"] = codexHome;

        var added = CliProcess.Json(home, ["setup", "codex"]);

        Assert.Equal(("added", Path.Combine(codexHome, "config.toml")), (added.String("status"), added.String("file")));
        Assert.False(Directory.Exists(Path.Combine(home.Path, ".codex")));
        Assert.Equal("removed", CliProcess.Json(home, ["setup", "codex", "--remove"]).String("status"));
        Assert.False(File.Exists(Path.Combine(codexHome, "config.toml")));
    }

    [Fact]
    public void SetupCodex_DryRunJson_HasTheDifferenceAndWritesNothing()
    {
        using var home = new TempHome();

        var dry = CliProcess.Json(home, ["setup", "codex", "--dry-run"]);

        Assert.Equal(["client", "file", "status", "dry_run", "diff", "parts"], dry.Select(static field => field.Key));
        Assert.Contains("+[mcp_servers.cairn]", dry.String("diff"), StringComparison.Ordinal);
        var hooks = Assert.Single(dry.Array("parts"))!.AsObject();
        Assert.Equal(("hooks", "added"), (hooks.String("kind"), hooks.String("status")));
        Assert.Contains("hook codex SessionStart --db", hooks.String("diff"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(home.Path, ".codex")));
    }

    [Fact]
    public void SetupCodex_OnAFileThatIsNoToml_IsRefusedAndChangesNothing()
    {
        using var home = new TempHome();
        var config = Path.Combine(home.Path, ".codex", "config.toml");
        Directory.CreateDirectory(Path.GetDirectoryName(config)!);
        File.WriteAllText(config, "[mcp_servers\nbroken");

        CliProcess.AssertRefused(home, 2, "config.toml: line 1, column 13", ["setup", "codex"]);

        Assert.Equal("[mcp_servers\nbroken", File.ReadAllText(config));
    }

    [Fact]
    public void SetupCodex_OnAFolderThatCannotBe_IsRefused()
    {
        using var home = new TempHome();
        File.WriteAllText(Path.Combine(home.Path, ".codex"), "");

        CliProcess.AssertRefused(home, 1, "nothing was changed", ["setup", "codex"]);
    }

    [Fact]
    public void SetupCodex_WithHooksThatCannotBeEdited_ChangesNeitherFile()
    {
        using var home = new TempHome();
        var folder = Directory.CreateDirectory(Path.Combine(home.Path, ".codex")).FullName;
        File.WriteAllText(Path.Combine(folder, "hooks.json"), "{ broken");

        CliProcess.AssertRefused(home, 2, "hooks.json: line 1 is not valid JSON", ["setup", "codex"]);
        Assert.False(File.Exists(Path.Combine(folder, "config.toml")));

        CliProcess.Run(home, ["setup", "codex", "--no-hooks"]).ShouldExitWith(0);
        Assert.True(File.Exists(Path.Combine(folder, "config.toml")));
        Assert.Equal("{ broken", File.ReadAllText(Path.Combine(folder, "hooks.json")));
    }

    [Theory]
    [InlineData("claude", ".claude.json", "{\"mcpServers\": {}, \"oauth\": \"hidden\"}")]
    [InlineData("claude", ".claude/settings.json", "{\n  // mine\n  \"hooks\": {\n    \"Stop\": [],\n  },\n}")]
    [InlineData("cursor", ".cursor/mcp.json", "{\r\n\t\"mcpServers\": {\r\n\t\t\"other\": {\"url\": \"http://x\"}\r\n\t}\r\n}")]
    public void Setup_OfAJsonClient_AddsOnceAndRemovesToTheByte(string client, string file, string mine)
    {
        using var home = new TempHome();
        var path = Path.Combine(home.Path, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, mine);

        var added = CliProcess.Run(home, ["setup", client]).ShouldExitWith(0);
        Assert.DoesNotContain("hidden", added.Output + added.Error, StringComparison.Ordinal);
        var text = File.ReadAllText(path);
        Assert.Contains(home.DefaultDatabase, text.Replace("\\\\", "\\", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal("unchanged", CliProcess.Json(home, ["setup", client]).String("status"));
        Assert.Equal(text, File.ReadAllText(path));
        CliProcess.Run(home, ["setup", client, "--remove"]).ShouldExitWith(0);

        Assert.Equal(mine, File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void Setup_WithoutAName_DoesTheClientsThatAreThere()
    {
        using var home = new TempHome();
        home.Environment["PATH"] = home.Path;
        Assert.Empty(CliProcess.Json(home, ["setup"]).Array("clients"));
        Directory.CreateDirectory(Path.Combine(home.Path, ".cursor"));
        Directory.CreateDirectory(Path.Combine(home.Path, ".claude"));

        var reports = CliProcess.Json(home, ["setup"]).Array("clients").Select(static report => report!.AsObject()).ToList();

        Assert.Equal([("claude", "added"), ("cursor", "added")], reports.Select(static report => (report.String("client"), report.String("status"))));
        Assert.False(Directory.Exists(Path.Combine(home.Path, ".codex")));
        CliProcess.Run(home, ["setup", "--remove"]).ShouldExitWith(0);
        Assert.Empty(Directory.GetFiles(Path.Combine(home.Path, ".claude")));
        Assert.Empty(Directory.GetFiles(Path.Combine(home.Path, ".cursor")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Setup_WhereOneClientCannotBeEdited_ChangesNoneOfThem(bool isBroken)
    {
        using var home = new TempHome();
        home.Environment["PATH"] = home.Path;
        foreach (var folder in (string[])[".codex", ".cursor"]) Directory.CreateDirectory(Path.Combine(home.Path, folder));
        var claude = Path.Combine(home.Path, ".claude.json");
        File.WriteAllText(claude, isBroken ? "{ broken" : "{}");
        if (!isBroken) File.SetAttributes(claude, FileAttributes.ReadOnly);

        CliProcess.AssertRefused(home, 2, isBroken ? ".claude.json: line 1 is not valid JSON" : "is read-only", ["setup"]);
        Assert.All((string[])[".codex", ".cursor"], folder => Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(home.Path, folder))));
        File.SetAttributes(claude, FileAttributes.Normal);
        File.Delete(claude);

        CliProcess.Run(home, ["setup"]).ShouldExitWith(0);
        File.WriteAllText(claude, "{ broken");
        CliProcess.AssertRefused(home, 2, ".claude.json", ["setup", "--remove"]);
        Assert.True(File.Exists(Path.Combine(home.Path, ".cursor", "mcp.json")));
    }

    [Fact]
    public void SetupClaude_BesideALineThatRunsOurHook_LeavesItAndSaysSo()
    {
        using var home = new TempHome();
        var settings = Path.Combine(Directory.CreateDirectory(Path.Combine(home.Path, ".claude")).FullName, "settings.json");
        const string Mine = """{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"test -f no || nice /opt/cairn hook claude Stop; notify-send done"}]}]}}""";
        File.WriteAllText(settings, Mine);

        Assert.Contains("runs cairn hook at Stop", CliProcess.Run(home, ["setup", "claude"]).ShouldExitWith(0).Error, StringComparison.Ordinal);
        Assert.Equal(["Stop"], CliProcess.Json(home, ["setup", "claude"]).Array("parts").Single()!.AsObject().Array("left").Select(static name => (string?)name));
        CliProcess.Run(home, ["setup", "claude", "--remove"]).ShouldExitWith(0);

        Assert.Equal(Mine, File.ReadAllText(settings));
    }

    [Fact]
    public void Setup_DryRunBeforeTheClient_IsDry()
    {
        using var home = new TempHome();

        Assert.Contains("Would be added", CliProcess.Run(home, ["setup", "--dry-run", "claude"]).ShouldExitWith(0).Output, StringComparison.Ordinal);

        Assert.False(File.Exists(Path.Combine(home.Path, ".claude.json")));
    }

    [Fact]
    public void Setup_AgentsMd_PutsTheTextThereAndTakesItOut()
    {
        using var home = new TempHome();
        var agents = Path.Combine(home.Project, "AGENTS.md");
        File.WriteAllText(agents, "# Mine\n");

        CliProcess.Run(home, ["setup", "codex", "--agents-md", "AGENTS.md"]).ShouldExitWith(0);
        Assert.Contains("`save_memory`", File.ReadAllText(agents), StringComparison.Ordinal);
        CliProcess.Run(home, ["setup", "codex", "--agents-md", "AGENTS.md", "--remove"]).ShouldExitWith(0);

        Assert.Equal("# Mine\n", File.ReadAllText(agents));
    }

    [Fact]
    public void SetupGeneric_PrintsTheEntryAndWritesNothing()
    {
        using var home = new TempHome();

        var entry = CliProcess.Json(home, ["setup", "generic", "--db", home.Database]).Object("mcpServers").Object("cairn");

        Assert.Equal(("stdio", CairnBinary.Path), (entry.String("type"), entry.String("command")));
        Assert.Equal(["mcp", "--db", home.Database], entry.Array("args").Select(static word => (string?)word));
        Assert.Equal([home.Project], Directory.GetFileSystemEntries(home.Path));
    }

    // A path holds no quote; on Windows its separators are escaped.
    private static string Toml(string path) => $"\"{path.Replace("\\", "\\\\", StringComparison.Ordinal)}\"";
}
