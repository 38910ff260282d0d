namespace Cairn.Host.Tests.Harness;

/// <summary>
/// The real Codex CLI, with a CODEX_HOME of its own and the model that a <see cref="FakeResponsesServer"/> plays.
/// Approval and sandbox are left as Codex has them by default.
/// </summary>
internal sealed class CodexCli
{
    private readonly TempHome _home;

    public CodexCli(TempHome home, FakeResponsesServer model)
    {
        _home = home;
        CodexHome = Directory.CreateDirectory(Path.Combine(home.Path, ".codex")).FullName;
        home.Environment["CODEX_HOME"] = CodexHome;
        // Codex does not wait for a server that is slow to start. The native one must do without its patience.
        var patience = CairnBinary.IsNative ? "" : "mcp_optional_startup_grace_ms = 30000";
        File.WriteAllText(Path.Combine(CodexHome, "config.toml"), $"""
            model = "scripted"
            model_provider = "scripted"
            check_for_update_on_startup = false
            {patience}

            [analytics]
            enabled = false

            [model_providers.scripted]
            name = "scripted"
            base_url = "{model.BaseUrl}"
            wire_api = "responses"
            requires_openai_auth = false
            request_max_retries = 0
            stream_max_retries = 0

            """);
    }

    public string CodexHome { get; }

    /// <summary>Registers cairn on the home's database, as its user would.</summary>
    public void RegisterCairn() =>
        CliProcess.Run(_home, ["setup", "codex", "--db", _home.Database]).ShouldExitWith(0);

    /// <summary>One session without a user: the model's last words are the output.</summary>
    public ProcessResult Exec(string prompt) => Run("exec", "--skip-git-repo-check", prompt);

    /// <summary>One session without a user, in which hooks run although nobody has looked at them: that takes a person at a terminal.</summary>
    public ProcessResult ExecWithHooks(string prompt) => Run("exec", "--dangerously-bypass-hook-trust", "--skip-git-repo-check", prompt);

    public ProcessResult Run(params IEnumerable<string> arguments) =>
        ChildProcess.Run("node", [Repository.ClientFile("@openai/codex/bin/codex.js"), .. arguments], _home);
}
