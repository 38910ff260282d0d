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
        Directory.CreateDirectory(Path.GetDirectoryName(config)!);
        File.WriteAllText(config, Mine);

        var dry = CliProcess.Run(home, ["setup", "codex", "--dry-run"]).ShouldExitWith(0);
        Assert.Contains("+[mcp_servers.cairn]", dry.Output, StringComparison.Ordinal);
        Assert.EndsWith($"Would be added: {config}", dry.Output.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal(Mine, File.ReadAllText(config));

        var added = CliProcess.Run(home, ["setup", "codex"]).ShouldExitWith(0);
        Assert.Equal($"added: {config}", added.Output.Trim());
        Assert.Contains("codex mcp get cairn", added.Error, StringComparison.Ordinal);
        var text = File.ReadAllText(config);
        Assert.StartsWith(Mine, text, StringComparison.Ordinal);
        Assert.Contains($"\"--db\", {Toml(home.DefaultDatabase)}]", text, StringComparison.Ordinal);
        Assert.Contains($"command = {Toml(CairnBinary.Path)}", text, StringComparison.Ordinal);

        Assert.Equal($"unchanged: {config}", CliProcess.Run(home, ["setup", "codex"]).ShouldExitWith(0).Output.Trim());
        Assert.Equal(text, File.ReadAllText(config));

        var updated = CliProcess.Json(home, ["setup", "codex", "--db", home.Database]);
        Assert.Equal(("codex", config, "updated"), (updated.String("client"), updated.String("file"), updated.String("status")));
        Assert.Contains(Toml(home.Database), File.ReadAllText(config), StringComparison.Ordinal);

        Assert.Equal($"removed: {config}", CliProcess.Run(home, ["setup", "codex", "--remove"]).ShouldExitWith(0).Output.Trim());
        Assert.Equal(Mine, File.ReadAllText(config));
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

        Assert.Equal(["client", "file", "status", "dry_run", "diff"], dry.Select(static field => field.Key));
        Assert.Contains("+[mcp_servers.cairn]", dry.String("diff"), StringComparison.Ordinal);
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

    // A path holds no quote; on Windows its separators are escaped.
    private static string Toml(string path) => $"\"{path.Replace("\\", "\\\\", StringComparison.Ordinal)}\"";
}
