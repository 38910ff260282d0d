namespace Cairn.Host.Tests.Harness;

/// <summary>The real Claude Code CLI, in a home of its own. It is asked about its configuration alone, which needs no network.</summary>
internal sealed class ClaudeCli
{
    private readonly TempHome _home;

    public ClaudeCli(TempHome home)
    {
        _home = home;
        home.Environment["CLAUDE_CONFIG_DIR"] = Directory.CreateDirectory(Path.Combine(home.Path, "claude")).FullName;
        home.Environment["DISABLE_AUTOUPDATER"] = "1";
        home.Environment["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1";
    }

    /// <summary>The folder that holds its configuration.</summary>
    public string Folder => _home.Environment["CLAUDE_CONFIG_DIR"];

    public ProcessResult Run(params IEnumerable<string> arguments) =>
        ChildProcess.Run("node", [Repository.ClientFile("@anthropic-ai/claude-code/cli-wrapper.cjs"), .. arguments], _home);
}
