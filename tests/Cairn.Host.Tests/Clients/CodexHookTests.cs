using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Clients;

/// <summary>What the real Codex makes of the hooks that cairn setup registers: the next session's first request holds what the last one found out.</summary>
public sealed class CodexHookTests
{
    [Fact]
    public void Exec_ThatSavesADecision_TheNextSessionStartsWithIt_AndRemoveLeavesTheConfigurationAsItWas()
    {
        using var home = new TempHome();
        using var model = new FakeResponsesServer();
        var codex = new CodexCli(home, model);
        var before = Files(codex);
        codex.RegisterCairn();

        model.Play(
            new ModelStep.CallTool("cairn", "save_memory", new JsonObject { ["text"] = "Invoices are rounded half to even, since the tax office asks for it.", ["type"] = "decision" }),
            new ModelStep.Say("Saved."));
        codex.ExecWithHooks("Remember how we round invoices.").ShouldExitWith(0);
        Assert.DoesNotContain("<cairn-memory>", model.Requests[0].ToJsonString(), StringComparison.Ordinal);

        model.Play(new ModelStep.Say("Hello."));
        var second = codex.ExecWithHooks("Good morning.").ShouldExitWith(0);
        Assert.Contains("Invoices are rounded half to even", Developer(model.Requests[0]), StringComparison.Ordinal);
        Assert.DoesNotContain("hook: SessionStart Failed", second.Error, StringComparison.Ordinal);

        CliProcess.Run(home, ["setup", "codex", "--remove"]).ShouldExitWith(0);
        Assert.Equal(before["config.toml"], Files(codex)["config.toml"]);
        Assert.False(File.Exists(Path.Combine(codex.CodexHome, "hooks.json")));
    }

    [Fact]
    public void Exec_ThatOnlySaysADecision_IsCapturedAtItsEnd_AndASecretIsNot()
    {
        using var home = new TempHome();
        using var model = new FakeResponsesServer();
        var codex = new CodexCli(home, model);
        codex.RegisterCairn();
        CliProcess.Run(home, ["migrate", "up", "--db", home.Database]).ShouldExitWith(0);
        var secret = "ghp_" + string.Concat(Enumerable.Range(0, 36).Select(static i => (char)('a' + i * 7 % 26)));

        model.Play(new ModelStep.Say("Decision: we will use NATS for the event queue, because Kafka needs too much memory on the small machines."));
        codex.ExecWithHooks($"Which queue do we take? The token is {secret}.").ShouldExitWith(0);
        model.Play(new ModelStep.Say("Hello."));
        codex.ExecWithHooks("Good morning.").ShouldExitWith(0);

        Assert.Contains("NATS for the event queue", Developer(model.Requests[0]), StringComparison.Ordinal);
        foreach (var file in Directory.GetFiles(home.Path, "memory.db*"))
            Assert.True(File.ReadAllBytes(file).AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(secret)) < 0, file);
        // What Cairn showed is not taken for something that was said.
        model.Play(new ModelStep.Say("Hello."));
        codex.ExecWithHooks("Good evening.").ShouldExitWith(0);
        Assert.Equal(1, DatabaseFile.Count(home.Database, "entries WHERE entry_type = 'decision'"));
    }

    [Fact]
    public void Doctor_OfHooksThatNobodyHasLookedAt_SaysThatCodexSkipsThem()
    {
        if (OperatingSystem.IsWindows()) return; // a script on PATH stands for the installed program
        using var home = new TempHome();
        using var model = new FakeResponsesServer();
        var codex = new CodexCli(home, model);
        codex.RegisterCairn();
        CliProcess.Run(home, ["save", "x", "--db", home.Database]).ShouldExitWith(0);
        var programs = Directory.CreateDirectory(Path.Combine(home.Path, "bin")).FullName;
        var program = Path.Combine(programs, "codex");
        File.WriteAllText(program, $"#!/bin/sh\nexec node '{Repository.ClientFile("@openai/codex/bin/codex.js")}' \"$@\"\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        home.Environment["PATH"] = $"{programs}:{home.Environment["PATH"]}";

        var checks = CliProcess.Json(home, ["doctor", "--db", home.Database]).Array("checks").Select(static check => check!.AsObject()).ToDictionary(static check => check.String("name"));

        Assert.Equal(("warn", "type /hooks in Codex"), (checks["codex hooks"].String("status"), checks["codex hooks"].String("fix")));
        Assert.Contains("sessionStart (untrusted)", checks["codex hooks"].String("detail"), StringComparison.Ordinal);
        Assert.Contains("SessionStart never", checks["codex"].String("detail"), StringComparison.Ordinal);
        Assert.Equal("pass", checks["codex"].String("status"));
    }

    private static Dictionary<string, string> Files(CodexCli codex) =>
        Directory.GetFiles(codex.CodexHome).ToDictionary(static path => Path.GetFileName(path), File.ReadAllText);

    private static string Developer(JsonObject request) => string.Join('\n', request.Array("input").OfType<JsonObject>()
        .Where(static item => (string?)item["role"] == "developer").Select(static item => item.ToJsonString()));
}
