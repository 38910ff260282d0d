using Cairn.Host.Tests.Harness;
using System.Text.Json.Nodes;

namespace Cairn.Host.Tests.Faults;

/// <summary>
/// Row 30: no use of the network. A session of every tool makes no system call of the network,
/// and goes as well where there is none (Linux). The JIT's runtime opens a socket for debuggers, which native code has not:
/// with a cairn that is not native it is turned off.
/// </summary>
public sealed class Row30NetworkTests
{
    private static readonly string[][] Commands =
    [
        ["save", "Said on the command line: slate"], ["search", "slate"], ["ingest", "notes.md"], ["status"], ["health"], ["backup", "create"], ["backup", "verify"], ["integrity", "check"],
        ["retention", "dry-run", "--max-age-days", "30"], ["freeze", "--reason", "a look"], ["unfreeze"], ["export", "--output", "all.jsonl"], ["import", "all.jsonl"], ["logs", "tail"],
    ];

    [Fact]
    public void Row30_SessionOfEveryTool_MakesNoSystemCallOfTheNetwork()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var home = Home();
        var trace = Path.Combine(home.Path, "trace");
        using (var server = McpProcess.StartThrough(home, "strace", "-f", "-qq", "-e", "trace=network", "-e", "signal=none", "-o", trace))
            Session(server);
        var calls = Calls(trace).ToList();
        foreach (var command in Commands)
        {
            ChildProcess.Run("strace", ["-f", "-qq", "-e", "trace=network", "-e", "signal=none", "-o", trace, CairnBinary.Path, .. command, "--db", home.Database], home).ShouldExitWith(0);
            calls.AddRange(Calls(trace));
        }
        Assert.Empty(calls);
        FaultRun.Report(30, "use of the network", "strace -f -e trace=network: a session of every tool, and commands", 1 + Commands.Length, "no system call of the network, by cairn or by the git that it starts; freeze alone asks the system for the user's name, over a local AF_UNIX socket", "nothing");
    }

    [Fact]
    public void Row30_WithoutANetwork_TheSameSessionGoes()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var home = Home();
        // A container may not allow it; then this shows nothing, and nothing is reported.
        if (ChildProcess.Run("unshare", ["--net", "--map-root-user", "true"], home).ExitCode != 0) return;
        using (var server = McpProcess.StartThrough(home, "unshare", "--net", "--map-root-user"))
            Session(server);
        foreach (var command in Commands)
            ChildProcess.Run("unshare", ["--net", "--map-root-user", CairnBinary.Path, .. command, "--db", home.Database], home).ShouldExitWith(0);
        FaultRun.Report(30, "no network", "unshare --net: not even loopback is up", 1 + Commands.Length, "the same session and commands, all served", "nothing");
    }

    private static TempHome Home()
    {
        var home = new TempHome();
        if (!CairnBinary.IsNative) home.Environment["DOTNET_EnableDiagnostics"] = "0";
        ChildProcess.Run("git", ["init", "--quiet"], home).ShouldExitWith(0);
        ChildProcess.Run("git", ["config", "remote.origin.url", "https://git.example/team/tool"], home).ShouldExitWith(0);
        File.WriteAllText(Path.Combine(home.Project, "notes.md"), "# Notes\n\nThe slate roof holds.\n");
        return home;
    }

    private static void Session(McpProcess server)
    {
        server.Initialize();
        var id = ToolCalls.Save(server, "An entry to call the tools on.");
        foreach (var tool in server.ListTools())
        {
            var result = server.CallTool(tool.String("name"), ToolCalls.Valid(tool.String("name"), id));
            Assert.False(result.IsError, result.Text);
        }
        Assert.False(server.CallTool("ingest_docs", new JsonObject { ["sources"] = new JsonArray(".") }).IsError);
        server.CloseInput();
        Assert.Equal(0, server.WaitForExit());
    }

    // What strace wrote of calls. It also says when a thread ends. Two are none of the network: a look whether an open file
    // is a socket, and the C library's question to the local name service cache for the user's name, which freeze records.
    private static IEnumerable<string> Calls(string trace) => Whole(File.ReadLines(trace)).Where(static line =>
        !line.Contains("+++ exited", StringComparison.Ordinal) && !line.Contains(" ENOTSOCK ", StringComparison.Ordinal)
        && !line.Contains("socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK, 0)", StringComparison.Ordinal) && !line.Contains("\"/var/run/nscd/socket\"", StringComparison.Ordinal));

    // strace cuts a call in two when another thread's comes in between.
    private static IEnumerable<string> Whole(IEnumerable<string> lines)
    {
        const string unfinished = "<unfinished ...>", resumed = " resumed>";
        var begun = new Dictionary<string, string>();
        foreach (var line in lines)
        {
            var thread = line.Split(' ')[0];
            if (line.EndsWith(unfinished, StringComparison.Ordinal)) begun[thread] = line[..^unfinished.Length];
            else if (line.IndexOf(resumed, StringComparison.Ordinal) is >= 0 and var at && begun.Remove(thread, out var start)) yield return start + line[(at + resumed.Length)..];
            else yield return line;
        }
        foreach (var start in begun.Values) yield return start;
    }
}
