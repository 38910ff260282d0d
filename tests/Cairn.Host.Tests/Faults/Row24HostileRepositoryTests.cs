using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Faults;

/// <summary>Row 24: work in a repository whose settings, hooks and names are commands. Nothing of it runs; the calls are served.</summary>
public sealed class Row24HostileRepositoryTests
{
    private static readonly string[] Settings =
    [
        "core.fsmonitor", "core.pager", "pager.remote", "pager.rev-parse", "pager.ls-files", "core.editor", "core.sshCommand", "core.gitProxy", "core.askPass", "credential.helper",
        "gpg.program", "diff.external", "interactive.diffFilter", "filter.trap.clean", "filter.trap.smudge", "filter.trap.process", "diff.trap.textconv",
        "uploadpack.packObjectsHook", "remote.origin.uploadpack", "remote.origin.receivepack",
    ];

    private static readonly string[] Hooks = ["reference-transaction", "pre-commit", "post-commit", "post-checkout", "post-index-change", "fsmonitor-watchman", "update", "pre-push"];

    private static readonly string[] Urls = ["--upload-pack=touch ran", "-oProxyCommand=touch ran", "ext::sh -c touch% ran", "$(touch ran)", "`touch ran`;touch ran|touch ran&touch ran", "two\nlines", "https://git.example/team/tool"];

    private static readonly string[] Branches = ["$(touch${IFS}ran)", "`touch${IFS}ran`", "a;touch&ran", "'quoted'", "--help"];

    [Fact]
    public void Row24_HostileRepository_RunsNothing_AndEachCallIsServed()
    {
        if (OperatingSystem.IsWindows()) return; // the traps are scripts of a shell
        using var home = new TempHome();
        var trace = Path.Combine(home.Path, "ran");
        Lay(home, trace);
        var calls = 0;
        foreach (var (url, branch) in Urls.Zip(Branches.Concat(Branches)))
        {
            Git(home, "config", "remote.origin.url", url);
            File.WriteAllText(Path.Combine(home.Project, ".git", "HEAD"), $"ref: refs/heads/{branch}\n");
            using var server = McpProcess.StartInitialized(home);
            var id = ToolCalls.Save(server, $"Said in a hostile place, {url}");
            foreach (var tool in ToolCalls.Names)
            {
                var result = server.CallTool(tool, ToolCalls.Valid(tool, id));
                Assert.False(result.IsError, $"{tool}: {result.Text}");
                calls++;
            }
            Assert.Equal(1, (int)server.CallTool("ingest_docs", new JsonObject { ["sources"] = new JsonArray("*.md") }).Structured["processed_sources"]!);
            CliProcess.Run(home, ["project", "list", "--db", home.Database]).ShouldExitWith(0);
            CliProcess.Run(home, ["status", "--db", home.Database]).ShouldExitWith(0);
            server.CloseInput();
            Assert.Equal(0, server.WaitForExit());
        }
        Assert.False(File.Exists(trace));
        Assert.Empty(Directory.GetFiles(home.Project, "ran*", SearchOption.AllDirectories));
        // That the traps work, plain git shows.
        Git(home, "update-ref", "refs/heads/other", Git(home, "rev-parse", "kept"));
        Assert.True(File.Exists(trace));
        FaultRun.Report(24, "a repository whose settings, hooks, filters, remotes and branches are commands", $"{Settings.Length} settings, {Hooks.Length} hooks, {Urls.Length} remotes and branches", calls,
            "no command ran; every tool answered; plain git does run them", "nothing");
    }

    private static void Lay(TempHome home, string trace)
    {
        var trap = Path.Combine(home.Path, "trap");
        Script(trap, trace);
        Git(home, "init", "--quiet", "--initial-branch=kept");
        File.WriteAllText(Path.Combine(home.Project, ".gitattributes"), "* filter=trap diff=trap\n");
        File.WriteAllText(Path.Combine(home.Project, "notes.md"), "Notes of a stranger.");
        Git(home, "add", ".");
        Git(home, "-c", "user.name=A. Tester", "-c", "user.email=tester@example.invalid", "commit", "--quiet", "--message", "$(touch ran)");
        foreach (var setting in Settings) Git(home, "config", setting, $"'{trap}'");
        foreach (var alias in new[] { "rev-parse", "remote", "ls-files", "status" }) Git(home, "config", $"alias.{alias}", $"!'{trap}'");
        Git(home, "config", "core.untrackedCache", "true");
        foreach (var hook in Hooks) Script(Path.Combine(home.Project, ".git", "hooks", hook), trace);
        File.Delete(trace);
    }

    private static void Script(string file, string trace)
    {
        if (OperatingSystem.IsWindows()) return;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, $"#!/bin/sh\necho ran > '{trace}'\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static string Git(TempHome home, params string[] arguments) => ChildProcess.Run("git", arguments, home).ShouldExitWith(0).Output.Trim();
}
