using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Cairn.Host.Setup;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.House;

/// <summary>What a user gets who downloads the release: an archive, and nothing else.</summary>
public sealed class ArchiveTests
{
    private const long Most = 60_000_000;

    private static readonly string[] Expected =
    [
        "cairn", "LICENSE", "README.md", "CHANGELOG.md", "THIRD-PARTY-NOTICES.md", "SHA256SUMS", "cairn.cdx.json", "config.schema.json", "man/man1/cairn.1",
        "completions/cairn.bash", "completions/_cairn", "completions/cairn.fish", "completions/cairn.ps1", "model/model.onnx", "model/vocab.txt", "docs/setup-guide.md",
        "plugins/.agents/plugins/marketplace.json", "plugins/.claude-plugin/marketplace.json", "plugins/cairn/.mcp.json", "plugins/cairn/skills/cairn-memory/SKILL.md",
    ];

    [Fact]
    public void Archive_HoldsWhatBelongsToIt_AndItsBytesFollowFromThat()
    {
        if (OperatingSystem.IsWindows()) return; // eng/ is for a POSIX shell
        var entries = ReleaseArchive.Entries();
        var names = entries.Select(static entry => entry.Name.TrimEnd('/')).ToList();
        var root = names[0];

        Assert.Empty(Expected.Select(name => $"{root}/{name}").Except(names));
        Assert.DoesNotContain(names, static name => name.EndsWith(".pdb", StringComparison.Ordinal) || name.EndsWith(".dbg", StringComparison.Ordinal) || name.EndsWith(".xml", StringComparison.Ordinal));
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
        Assert.All(entries, static entry => Assert.Equal((0, 0, 315532800L), (entry.Uid, entry.Gid, entry.ModificationTime.ToUnixTimeSeconds())));
        Assert.Equal(new byte[4], File.ReadAllBytes(ReleaseArchive.Path)[4..8]); // no time in the compression's header
        Assert.True(new FileInfo(ReleaseArchive.Path).Length < Most);

        var contents = entries.Where(static entry => entry.EntryType is TarEntryType.RegularFile).ToDictionary(entry => entry.Name[(root.Length + 1)..], Bytes);
        var sums = System.Text.Encoding.UTF8.GetString(contents["SHA256SUMS"]).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split("  ", 2)).ToDictionary(static line => line[1], static line => line[0]);
        Assert.Equal(contents.Keys.Where(static name => name != "SHA256SUMS").Order(StringComparer.Ordinal), sums.Keys);
        Assert.All(sums, sum => Assert.Equal(sum.Value, Convert.ToHexStringLower(SHA256.HashData(contents[sum.Key]))));
        Assert.Equal("CycloneDX", (string?)JsonNode.Parse(contents["cairn.cdx.json"])!["bomFormat"]);
        Assert.Equal(File.ReadAllText(Path.Combine(Repository.Root, "tests", "Cairn.Host.Tests", "Snapshots", "config.schema.json")), System.Text.Encoding.UTF8.GetString(contents["config.schema.json"]));
    }

    [Fact]
    public void Executable_ThroughALinkOnPath_FindsWhatLiesBesideIt()
    {
        if (OperatingSystem.IsWindows()) return;
        using var home = Bare(out var executable, embeddings: true);
        var link = Path.Combine(home.Environment["PATH"], "cairn");
        File.CreateSymbolicLink(link, executable);

        CliProcessAt(home, link, "save", "It is told by its meaning").ShouldExitWith(0);
        var rebuilt = JsonNode.Parse(CliProcessAt(home, link, "--json", "embeddings", "rebuild").ShouldExitWith(0).Output)!;

        Assert.Equal((1, 1), ((int)rebuilt["entries"]!, (int)rebuilt["vectors"]!));
        Assert.StartsWith("cairn ", CliProcessAt(home, "bash", "-c", "cairn --version").ShouldExitWith(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void NothingButTheArchive_SmokePasses_AndTheRealCodexUsesIt()
    {
        if (OperatingSystem.IsWindows()) return;
        using var home = Bare(out var executable);
        using var model = new FakeResponsesServer();
        Assert.Empty(Directory.GetFiles(home.Path)); // an empty home
        Assert.Null(ProgramSearch.Find("dotnet", home.Environment["PATH"]));
        Assert.EndsWith("All steps passed.", CliProcessAt(home, executable, "smoke").ShouldExitWith(0).Output.Trim(), StringComparison.Ordinal);

        var codex = new CodexCli(home, model);
        CliProcessAt(home, executable, "setup", "codex").ShouldExitWith(0);
        model.Play(new ModelStep.CallTool("cairn", "save_memory", new JsonObject { ["text"] = "Invoices are rounded half to even." }), new ModelStep.Say("Saved."));
        codex.ExecWithHooks("Remember how we round invoices.").ShouldExitWith(0);
        model.Play(new ModelStep.CallTool("cairn", "search", new JsonObject { ["query"] = "rounding of invoices" }));
        codex.ExecWithHooks("How do we round invoices?").ShouldExitWith(0);

        Assert.Contains("Invoices are rounded half to even.", FakeResponsesServer.ToolOutputs(model.Requests[^1])[0], StringComparison.Ordinal);
        Assert.Contains(executable, File.ReadAllText(Path.Combine(codex.CodexHome, "config.toml")), StringComparison.Ordinal);
    }

    private static byte[] Bytes(TarEntry entry)
    {
        using var buffer = new MemoryStream();
        entry.DataStream?.CopyTo(buffer);
        return buffer.ToArray();
    }

    /// <summary>A user with the unpacked archive, and no program on PATH but those that Codex itself needs.</summary>
    private static TempHome Bare(out string executable, bool embeddings = false)
    {
        var home = new TempHome(embeddings);
        var programs = Directory.CreateDirectory(Path.Combine(home.Path, "bin")).FullName;
        foreach (var name in new[] { "node", "git", "sh", "bash" })
            if (ProgramSearch.Find(name, home.Environment["PATH"]) is { } program) File.CreateSymbolicLink(Path.Combine(programs, name), program);
        home.Environment["PATH"] = programs;
        home.Environment.Remove("DOTNET_ROOT");
        executable = ReleaseArchive.UnpackTo(Path.Combine(home.Path, "unpacked"));
        return home;
    }

    private static ProcessResult CliProcessAt(TempHome home, string executable, params string[] arguments) => ChildProcess.Run(executable, arguments, home);
}
