using System.Diagnostics;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Cli;

/// <summary>Commits and session files become memory through the real program, and a repository's hooks stay as they were.</summary>
public sealed class CaptureSourcesTests : IDisposable
{
    private readonly TempHome _home = new();

    public CaptureSourcesTests()
    {
        _home.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        Git("init", "--quiet", "--initial-branch=main");
        Git("config", "user.name", "A. Tester");
        Git("config", "user.email", "tester@example.invalid");
        Git("config", "commit.gpgSign", "false");
    }

    private string Hook => Path.Combine(_home.Project, ".git", "hooks", "post-commit");

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Ingest_Git_TakesCommitsOnce()
    {
        Commit("fix: the harbour light blinks again");

        Assert.Equal((1, 1), Counts(CliProcess.Json(_home, ["ingest", "--git"])));
        Assert.Equal((0, 0), Counts(CliProcess.Json(_home, ["ingest", "--git"])));
        Assert.Equal("Commits: 0 saved, 1 known.", CliProcess.Run(_home, ["capture", "commit"]).ShouldExitWith(0).Output.Trim());
        Assert.Contains("harbour light", CliProcess.Run(_home, ["search", "harbour light"]).ShouldExitWith(0).Output, StringComparison.Ordinal);
        CliProcess.AssertRefused(_home, 2, "no commit is that was given", ["capture", "commit", "no-such"]);
    }

    [Fact]
    public void Ingest_GitWithACommitThatIsRefused_EndsAsBlockedAndLooksAtItAgain()
    {
        Commit("The harbour light blinks");
        Commit($"The token is ghp_{string.Concat(Enumerable.Repeat("Zk4Qw9", 6))}");
        Commit("The harbour light blinks twice");
        _home.Environment["MEMORY_POLICY_MODE"] = "block";

        var first = CliProcess.Json(_home, ["ingest", "--git"], exitCode: 3);
        Assert.Equal((3, 2, 1), ((int)first["commits"]!, (int)first["saved"]!, (int)first["refused"]!));
        CliProcess.Run(_home, ["capture", "commit"]).ShouldExitWith(0);

        _home.Environment["MEMORY_POLICY_MODE"] = "redact";
        var second = CliProcess.Json(_home, ["ingest", "--git"]);
        Assert.Equal((2, 1, 1), ((int)second["commits"]!, (int)second["saved"]!, (int)second["known"]!));
        Assert.Equal((0, 0), Counts(CliProcess.Json(_home, ["ingest", "--git"])));
    }

    [Fact]
    public void Commit_WhereCaptureIsOff_IsNotTaken()
    {
        Commit("Acme gets a rebate");
        _home.Environment["MEMORY_CAPTURE_MODE"] = "off";
        _home.WriteConfig("""{"capture": {"projects": {"project": {"mode": "full"}}}}""");

        Assert.Contains("0 saved, 0 known; capture is off for this project", CliProcess.Run(_home, ["capture", "commit"]).ShouldExitWith(0).Output, StringComparison.Ordinal);
        Assert.True((bool)CliProcess.Json(_home, ["ingest", "--git"])["off"]!);

        _home.Environment.Remove("MEMORY_CAPTURE_MODE");
        Assert.Equal((1, 1), Counts(CliProcess.Json(_home, ["ingest", "--git"])));
    }

    [Fact]
    public void Ingest_Sessions_TakesADecisionOnce()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_home.Path, ".codex", "sessions", "2026", "03", "14")).FullName;
        var said = "Decision: we use SQLite in WAL mode for the harbour log, because ten processes write it at once.";
        File.WriteAllLines(Path.Combine(folder, "rollout-2026-03-14T09-00-00-01a20e18-af62-78c0-98db-475536f769d5.jsonl"),
        [
            $$$"""{"timestamp":"2026-03-14T09:00:00Z","type":"session_meta","payload":{"id":"s1","cwd":{{{System.Text.Json.JsonSerializer.Serialize(_home.Project)}}}}}""",
            """{"timestamp":"2026-03-14T09:00:01Z","type":"event_msg","payload":{"type":"user_message","message":"How do we store the harbour log?"}}""",
            $$$"""{"timestamp":"2026-03-14T09:00:02Z","type":"event_msg","payload":{"type":"agent_message","phase":"final_answer","message":"{{{said}}}"}}""",
            """{"timestamp":"2026-03-14T09:00:03Z","type":"event_msg","payload":{"type":"task_complete","turn_id":"t1"}}""",
        ]);

        Assert.Equal(3, (int)CliProcess.Json(_home, ["capture", "simulate", Directory.GetFiles(folder).Single()])["events"]!);
        var first = CliProcess.Json(_home, ["ingest", "--sessions", "codex"]);
        var again = CliProcess.Json(_home, ["ingest", "--sessions"]);

        Assert.Equal((1, 3, 1), ((int)first["files"]!, (int)first["events"]!, (int)first["saved"]!));
        Assert.Equal((0, 1), ((int)again["files"]!, (int)again["unchanged"]!));
        Assert.Contains("WAL mode", CliProcess.Run(_home, ["search", "harbour log"]).ShouldExitWith(0).Output, StringComparison.Ordinal);
        CliProcess.AssertRefused(_home, 2, "codex, claude", ["ingest", "--sessions", "cursor"]);
        CliProcess.AssertRefused(_home, 2, "goes without", ["ingest", "--sessions", "--git"]);
        CliProcess.AssertRefused(_home, 2, "--project: goes without --sessions", ["ingest", "--sessions", "--project", "x"]);
    }

    [Fact]
    public async Task SetupGit_Commit_GoesIntoMemoryAndRemovedLeavesNothing()
    {
        Assert.Equal($"Would be added: {Hook}", CliProcess.Run(_home, ["setup", "git", "--dry-run"]).ShouldExitWith(0).Output.Trim());
        Assert.False(File.Exists(Hook));
        Assert.Equal($"added: {Hook}", CliProcess.Run(_home, ["setup", "git"]).ShouldExitWith(0).Output.Trim());
        Assert.Equal("unchanged", CliProcess.Json(_home, ["setup", "git"]).String("status"));

        Commit("The tide table is read from the almanac");

        await Until(() => CliProcess.Run(_home, ["search", "tide almanac"]).Output.Contains("almanac", StringComparison.Ordinal));
        Assert.Equal($"removed: {Hook}", CliProcess.Run(_home, ["setup", "git", "--remove"]).ShouldExitWith(0).Output.Trim());
        Assert.False(File.Exists(Hook));
        Assert.Equal("unchanged", CliProcess.Json(_home, ["setup", "git", "--remove"]).String("status"));
    }

    [Fact]
    public async Task SetupGit_HooksThatAreThere_GoOnAndComeBackByteForByte()
    {
        if (OperatingSystem.IsWindows()) return; // a hook in another language needs a first line that the system knows
        var hooks = Directory.CreateDirectory(Path.Combine(_home.Project, "my hooks")).FullName;
        Git("config", "core.hooksPath", "my hooks");
        var hook = Path.Combine(hooks, "post-commit");
        foreach (var text in (string[])["#!/bin/sh\necho ran >> trace\nexit 1", "#!/usr/bin/awk -f\nBEGIN { print \"ran\" >> \"trace\" }\n"])
        {
            File.WriteAllText(hook, text);
            File.SetUnixFileMode(hook, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            CliProcess.Run(_home, ["setup", "git"]).ShouldExitWith(0);
            var subject = $"The buoy number {text.Length} is painted";

            Commit(subject);

            Assert.Contains("ran", File.ReadAllText(Path.Combine(_home.Project, "trace")), StringComparison.Ordinal);
            File.Delete(Path.Combine(_home.Project, "trace"));
            await Until(() => CliProcess.Run(_home, ["search", subject]).Output.Contains(subject, StringComparison.Ordinal));
            CliProcess.Run(_home, ["setup", "git", "--remove"]).ShouldExitWith(0);
            Assert.Equal(text, File.ReadAllText(hook));
            Assert.True((File.GetUnixFileMode(hook) & UnixFileMode.UserExecute) != 0);
            Assert.Equal([hook], Directory.GetFiles(hooks));
        }
    }

    [Fact]
    public void SetupGit_HookThatGitDoesNotRun_IsLeftAlone()
    {
        if (OperatingSystem.IsWindows()) return; // there every hook runs
        File.WriteAllText(Hook, "#!/bin/sh\nexit 1\n");
        File.SetUnixFileMode(Hook, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        CliProcess.AssertRefused(_home, 2, "not executable", ["setup", "git"]);

        Assert.Equal("#!/bin/sh\nexit 1\n", File.ReadAllText(Hook));
    }

    [Fact]
    public void SetupGit_AFormerHookIsLeftOver_TheHookInItsPlaceGoesOnAlone()
    {
        if (OperatingSystem.IsWindows()) return; // a hook in another language needs a first line that the system knows
        WriteHook("#!/usr/bin/awk -f\nBEGIN { print \"former\" >> \"trace\" }\n");
        CliProcess.Run(_home, ["setup", "git"]).ShouldExitWith(0);
        const string Mine = "#!/bin/sh\necho mine >> trace\n";
        WriteHook(Mine);

        Assert.Equal($"added: {Hook}", CliProcess.Run(_home, ["setup", "git"]).ShouldExitWith(0).Output.Trim());
        Commit("The jetty is mended");
        Assert.Equal(["mine"], Trace());

        CliProcess.Run(_home, ["setup", "git", "--remove"]).ShouldExitWith(0);
        Assert.Equal(Mine, File.ReadAllText(Hook));
    }

    [Fact]
    public void SetupGit_LinesBehindOurWrapper_RunWithTheFormerHookAlsoAfterRemove()
    {
        if (OperatingSystem.IsWindows()) return; // a hook in another language needs a first line that the system knows
        WriteHook("#!/usr/bin/awk -f\nBEGIN { print \"former\" >> \"trace\" }\n");
        CliProcess.Run(_home, ["setup", "git"]).ShouldExitWith(0);
        File.AppendAllText(Hook, "echo extra >> trace\n");

        Commit("The jetty is mended");
        Assert.Equal(["former", "extra"], Trace());
        Assert.Equal("removed", CliProcess.Json(_home, ["setup", "git", "--remove"]).String("status"));
        Commit("The jetty is mended again");
        Assert.Equal(["former", "extra"], Trace());

        Assert.Equal("added", CliProcess.Json(_home, ["setup", "git"]).String("status"));
        Commit("The jetty is mended for good");
        Assert.Equal(["former", "extra"], Trace());
    }

    [Fact]
    public void SetupGit_HooksPathOfNothing_IsRefused()
    {
        Git("config", "core.hooksPath", "");

        CliProcess.AssertRefused(_home, 2, "core.hooksPath: is set to nothing", ["setup", "git"]);

        Assert.False(File.Exists(Path.Combine(_home.Project, "post-commit")));
        Assert.False(File.Exists(Hook));
    }

    [Fact]
    public void SetupGit_HooksInTheWorktree_SaysThatTheyGoOutWithACommit()
    {
        Git("config", "core.hooksPath", ".githooks");
        Assert.Contains("goes out with your next commit", CliProcess.Run(_home, ["setup", "git"]).ShouldExitWith(0).Error, StringComparison.Ordinal);

        File.WriteAllText(Path.Combine(_home.Project, ".gitignore"), ".githooks\n");
        Assert.DoesNotContain("commit", CliProcess.Run(_home, ["setup", "git"]).ShouldExitWith(0).Error, StringComparison.Ordinal);

        Git("add", "--force", ".githooks/post-commit");
        Assert.Contains("goes out with your next commit", CliProcess.Run(_home, ["setup", "git"]).ShouldExitWith(0).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void SetupGit_CairnGone_CommitsStillWork()
    {
        CliProcess.Run(_home, ["setup", "git"]).ShouldExitWith(0);
        File.WriteAllText(Hook, File.ReadAllText(Hook).Replace(CairnBinary.Path, "/nowhere/cairn", StringComparison.Ordinal));

        Commit("Still a commit");
    }

    private void WriteHook(string text)
    {
        File.WriteAllText(Hook, text);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Hook, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private string[] Trace()
    {
        var trace = Path.Combine(_home.Project, "trace");
        var lines = File.ReadAllLines(trace);
        File.Delete(trace);
        return lines;
    }

    private static (int, int) Counts(System.Text.Json.Nodes.JsonObject result) => ((int)result["commits"]!, (int)result["saved"]!);

    private static async Task Until(Func<bool> holds)
    {
        // The commit does not wait for the memory; each look is a process of its own.
        for (var looks = 0; looks < 200; looks++)
        {
            if (holds()) return;
            await Task.Yield();
        }
        Assert.Fail("The commit did not come into memory.");
    }

    private void Commit(string subject)
    {
        File.AppendAllText(Path.Combine(_home.Project, "file.txt"), subject);
        Git("add", "file.txt");
        Assert.DoesNotContain("cairn", Git("commit", "--quiet", "--message", subject), StringComparison.Ordinal);
    }

    private string Git(params string[] arguments)
    {
        var start = new ProcessStartInfo("git") { WorkingDirectory = _home.Project, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment.Clear();
        foreach (var (name, value) in _home.Environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"git {string.Join(' ', arguments)}: {error.Result}");
        return output + error.Result;
    }
}
