using System.Text;
using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Faults;

/// <summary>
/// Row 23: a tree that leads out of the project, or holds what is never to be read. The engine's own tests go through each
/// trap; here the program meets them all at once, by wire and by command line.
/// </summary>
public sealed class Row23IngestTrapTests
{
    private const string Outside = "the text outside of the project";

    private static readonly string[] NoSources =
    [
        "../outside.md", "docs/../../outside.md", "..", @"docs\..\..\outside.md", "../**/*.md", "/etc/passwd", "/proc/self/environ", "//server/share/x.md", @"\\server\share\x.md",
        @"C:\Windows\win.ini", "c:x.md", "~/x.md", "", "  ", "none.md", "none/**/*.md", "https://example.invalid/x.md", "file:///etc/passwd", "$(cat /etc/passwd)", "--help",
    ];

    [Fact]
    public void Row23_TreeOfTraps_GivesNothingButItsDocument()
    {
        using var home = new TempHome();
        var traps = Trap(home);
        using var server = McpProcess.StartInitialized(home);

        var named = server.CallTool("ingest_docs", new JsonObject { ["sources"] = new JsonArray([.. NoSources.Concat(traps).Select(static source => (JsonNode)source)]) });
        var all = server.CallTool("ingest_docs", new JsonObject { ["sources"] = new JsonArray(".", "**/*", "*.md") });
        var typed = CliProcess.Run(home, ["ingest", "--db", home.Database, "--", .. traps, "."]).ShouldExitWith(0);

        Assert.Equal((0, 0), ((int)named.Structured["processed_sources"]!, (int)named.Structured["imported_entries"]!));
        Assert.Equal(NoSources.Length + traps.Count, named.Structured.Array("skipped").Count);
        Assert.All(named.Structured.Array("skipped"), static skip => Assert.NotEmpty(skip!.AsObject().String("reason")));
        Assert.Equal(1, (int)all.Structured["imported_entries"]!);
        Assert.DoesNotContain(Outside, named.Text + all.Text + typed.Output + typed.Error, StringComparison.Ordinal);
        Assert.Equal(["The good document."], DatabaseFile.Column(home.Database, "SELECT body FROM entries"));
        ToolCalls.AssertWorks(server, "afterallthetraps");
        FaultRun.Report(23, "sources that lead out of the project, links, pipes, devices, secrets, what is no text", "ingest_docs and cairn ingest on a tree of traps", NoSources.Length + traps.Count,
            "one document read; each trap skipped with its reason; no byte from outside stored or said", "the skipped sources, each with its reason");
    }

    // The document, and beside it what must not be read. Gives the traps' names.
    private static List<string> Trap(TempHome home)
    {
        File.WriteAllText(Path.Combine(home.Path, "outside.md"), Outside);
        var traps = new List<string>();
        Directory.CreateDirectory(Path.Combine(home.Project, "docs"));
        Directory.CreateDirectory(Path.Combine(home.Project, ".ssh"));
        File.WriteAllText(Path.Combine(home.Project, "docs", "good.md"), "The good document.");
        foreach (var name in new[] { ".env", ".ENV.local", "server.Pem", "Id_Rsa", ".ssh/notes.md" }) File.WriteAllText(At(name), Outside);
        File.WriteAllBytes(At("latin1.md"), [.. "caf"u8, 0xE9]);
        File.WriteAllBytes(At("utf16.md"), [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Outside)]);
        File.WriteAllText(At("zero.md"), "a\0b");
        using (var huge = File.Create(At("huge.md"))) huge.SetLength(1L << 30);
        if (OperatingSystem.IsWindows()) return traps; // a link takes a right there that a user has not; there are no pipes
        File.CreateSymbolicLink(At("link.md"), Path.Combine(home.Path, "outside.md"));
        File.CreateSymbolicLink(At("relative.md"), "../outside.md");
        File.CreateSymbolicLink(At("loop.md"), "loop.md");
        File.CreateSymbolicLink(At("device.md"), "/dev/zero");
        File.CreateSymbolicLink(At("environ.md"), "/proc/self/environ");
        Directory.CreateSymbolicLink(At("linked"), home.Path);
        ChildProcess.Run("mkfifo", [At("pipe.md")], home).ShouldExitWith(0);
        if (!OperatingSystem.IsLinux()) return traps; // elsewhere the second name of a file cannot be told
        ChildProcess.Run("ln", [Path.Combine(home.Path, "outside.md"), At("hard.md")], home).ShouldExitWith(0);
        if (Environment.IsPrivilegedProcess) ChildProcess.Run("mknod", [At("node.md"), "c", "1", "5"], home);
        if (!File.Exists(At("node.md"))) traps.Remove("node.md");
        return traps;

        string At(string name)
        {
            if (!traps.Contains(name)) traps.Add(name);
            return Path.Combine(home.Project, name);
        }
    }
}
