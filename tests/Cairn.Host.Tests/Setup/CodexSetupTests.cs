using System.Text;
using Cairn.Engine;
using Cairn.Host.Setup;

namespace Cairn.Host.Tests.Setup;

public sealed class CodexSetupTests : IDisposable
{
    private const string Command = "/opt/cairn/cairn";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly string[] Args = ["mcp", "--db", "/data/memory.db"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cairn-setup-");

    private string Home => Path.Combine(_folder.FullName, "home", ".codex");

    private string Config => Path.Combine(Home, "config.toml");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void HomeOf_CodexHome_GoesFirst()
    {
        Assert.Equal("/x", CodexSetup.HomeOf("/x", "/home/u"));
        Assert.Equal(Path.Combine("/home/u", ".codex"), CodexSetup.HomeOf("", "/home/u"));
        Assert.Equal(Path.Combine("/home/u", ".codex"), CodexSetup.HomeOf(null, "/home/u"));
    }

    [Fact]
    public void Add_NoDirectory_MakesAPrivateFileInAPrivateDirectory()
    {
        var result = new CodexSetup(Home).Add(Command, Args);

        Assert.Equal(
            new SetupResult(Config, SetupChange.Added, $"--- (no file)\n+++ {Config}\n@@ line 1 @@\n+[mcp_servers.cairn]\n+command = \"/opt/cairn/cairn\"\n+args = [\"mcp\", \"--db\", \"/data/memory.db\"]"),
            result);
        Assert.Equal("[mcp_servers.cairn]\ncommand = \"/opt/cairn/cairn\"\nargs = [\"mcp\", \"--db\", \"/data/memory.db\"]\n", File.ReadAllText(Config));
        AssertNothingElse();
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Config));
        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(Home));
    }

    [Fact]
    public void Remove_AfterAddToNoFile_DeletesTheFile()
    {
        var setup = new CodexSetup(Home);
        setup.Add(Command, Args);

        var result = setup.Remove();

        Assert.Equal(SetupChange.Removed, result.Change);
        Assert.StartsWith($"--- {Config}\n+++ (no file)\n@@ line 1 @@\n-[mcp_servers.cairn]\n", result.Diff, StringComparison.Ordinal);
        Assert.False(File.Exists(Config));
        Assert.Equal(new SetupResult(Config, SetupChange.Unchanged, ""), setup.Remove());
    }

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF# 日本語 😀\r\nmodel = 'x'\r\n[a] # no end")]
    public void Remove_AfterAdd_LeavesTheBytesAsTheyWere(string text)
    {
        var before = Write(text);
        var setup = new CodexSetup(Home);

        Assert.Equal(SetupChange.Added, setup.Add(Command, Args).Change);
        Assert.Equal(SetupChange.Unchanged, setup.Add(Command, Args).Change);
        Assert.Equal(SetupChange.Updated, setup.Add("/other", Args).Change);
        Assert.Equal(SetupChange.Removed, setup.Remove().Change);

        Assert.Equal(before, File.ReadAllBytes(Config));
        AssertNothingElse();
    }

    [Fact]
    public void Add_OtherLines_AreNotInTheDiff()
    {
        Write("token = 'hidden'\n");

        Assert.DoesNotContain("hidden", new CodexSetup(Home).Add(Command, Args).Diff, StringComparison.Ordinal);
    }

    [Fact]
    public void DryRun_WritesNothing()
    {
        var setup = new CodexSetup(Home);
        var promised = setup.Add(Command, Args, dryRun: true);
        Assert.False(Directory.Exists(Home));
        Assert.Equal(promised, setup.Add(Command, Args));

        var before = File.ReadAllBytes(Config);
        Assert.Equal(SetupChange.Updated, setup.Add("/other", Args, dryRun: true).Change);
        Assert.Equal(SetupChange.Removed, setup.Remove(dryRun: true).Change);
        Assert.Equal(before, File.ReadAllBytes(Config));
    }

    [Fact]
    public void Add_NothingToChange_DoesNotWrite()
    {
        new CodexSetup(Home).Add(Command, Args);
        var setup = new CodexSetup(Home) { BeforeReplace = () => Assert.Fail("It wrote.") };

        Assert.Equal(new SetupResult(Config, SetupChange.Unchanged, ""), setup.Add(Command, Args));
    }

    [Fact]
    public void Add_NotUtf8_RefusesAndLeavesTheFile()
    {
        byte[] bytes = [.. "a = '"u8, 0xE9, .. "'\n"u8];
        Directory.CreateDirectory(Home);
        File.WriteAllBytes(Config, bytes);

        var refusal = Assert.Throws<EngineException>(() => new CodexSetup(Home).Add(Command, Args));

        Assert.Equal(5, refusal.Details["offset"]);
        Assert.Equal(bytes, File.ReadAllBytes(Config));
    }

    [Fact]
    public void Add_NotToml_RefusesAndLeavesTheFile()
    {
        var before = Write("a = \n");

        Assert.Throws<EngineException>(() => new CodexSetup(Home).Add(Command, Args));
        Assert.Throws<EngineException>(() => new CodexSetup(Home).Remove());

        Assert.Equal(before, File.ReadAllBytes(Config));
    }

    [Fact]
    public void Add_ReadOnlyFile_Refuses()
    {
        var before = Write("a = 1\n");
        File.SetAttributes(Config, FileAttributes.ReadOnly);

        Assert.Throws<EngineException>(() => new CodexSetup(Home).Add(Command, Args));

        Assert.Equal(before, File.ReadAllBytes(Config));
        File.SetAttributes(Config, FileAttributes.Normal);
    }

    [Fact]
    public void Add_ExistingFile_KeepsItsPermissions()
    {
        if (OperatingSystem.IsWindows()) return;
        Write("a = 1\n");
        const UnixFileMode Shared = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        File.SetUnixFileMode(Config, Shared);

        new CodexSetup(Home).Add(Command, Args);

        Assert.Equal(Shared, File.GetUnixFileMode(Config));
    }

    [Fact]
    public void Add_ChangedOnceMeanwhile_EditsTheNewContent()
    {
        Write("a = 1\n");
        var times = 0;
        var setup = new CodexSetup(Home) { BeforeReplace = () => { if (times++ == 0) Write("a = 2\n"); } };

        Assert.Equal(SetupChange.Added, setup.Add(Command, Args).Change);

        Assert.StartsWith("a = 2\n\n[mcp_servers.cairn]\n", File.ReadAllText(Config), StringComparison.Ordinal);
        AssertNothingElse();
    }

    [Fact]
    public void Add_ChangedEachTime_RefusesAndLeavesTheOthersContent()
    {
        Write("a = 0\n");
        var times = 0;
        var setup = new CodexSetup(Home) { BeforeReplace = () => Write($"a = {++times}\n") };

        Assert.Throws<EngineException>(() => setup.Add(Command, Args));

        Assert.Equal("a = 2\n", File.ReadAllText(Config));
        AssertNothingElse();
    }

    [Fact]
    public void Add_FileCreatedMeanwhile_IsKept()
    {
        var setup = new CodexSetup(Home) { BeforeReplace = () => { if (!File.Exists(Config)) Write("a = 1\n"); } };

        setup.Add(Command, Args);

        Assert.StartsWith("a = 1\n\n[mcp_servers.cairn]\n", File.ReadAllText(Config), StringComparison.Ordinal);
    }

    [Fact]
    public void Remove_ChangedMeanwhile_KeepsWhatWasWritten()
    {
        new CodexSetup(Home).Add(Command, Args);
        var times = 0;
        var setup = new CodexSetup(Home) { BeforeReplace = () => { if (times++ == 0) File.AppendAllText(Config, "\n[a]\n"); } };

        Assert.Equal(SetupChange.Removed, setup.Remove().Change);

        Assert.Equal("\n[a]\n", File.ReadAllText(Config));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Add_SymbolicLink_WritesToItsTarget(bool exists)
    {
        // A relative link in a directory that is itself reached through a link, as dotfile keepers make them.
        var kept = _folder.CreateSubdirectory("kept/codex");
        var target = Path.Combine(_folder.FullName, "kept", "codex.toml");
        if (exists) File.WriteAllText(target, "a = 1\n");
        Directory.CreateDirectory(Path.GetDirectoryName(Home)!);
        Directory.CreateSymbolicLink(Home, kept.FullName);
        File.CreateSymbolicLink(Path.Combine(kept.FullName, "second"), Path.Combine("..", "codex.toml"));
        File.CreateSymbolicLink(Config, "second");
        var setup = new CodexSetup(Home);

        Assert.Equal(Config, setup.Add(Command, Args).Path);

        Assert.Equal("second", new FileInfo(Config).LinkTarget);
        Assert.Contains("[mcp_servers.cairn]", File.ReadAllText(target), StringComparison.Ordinal);
        setup.Remove();
        Assert.Equal(exists ? "a = 1\n" : null, File.Exists(target) ? File.ReadAllText(target) : null);
        Assert.Equal("second", new FileInfo(Config).LinkTarget);
    }

    [Fact]
    public void Add_LinksInACircle_Fails()
    {
        Directory.CreateDirectory(Home);
        File.CreateSymbolicLink(Config, "other");
        File.CreateSymbolicLink(Path.Combine(Home, "other"), "config.toml");

        Assert.Throws<IOException>(() => new CodexSetup(Home).Add(Command, Args));
    }

    private byte[] Write(string text)
    {
        Directory.CreateDirectory(Home);
        var bytes = new UTF8Encoding(false).GetBytes(text);
        File.WriteAllBytes(Config, bytes);
        return bytes;
    }

    private void AssertNothingElse() => Assert.Equal([Config], Directory.GetFileSystemEntries(Home));
}
