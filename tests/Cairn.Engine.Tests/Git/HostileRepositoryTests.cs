using Cairn.Engine.Git;

namespace Cairn.Engine.Tests.Git;

/// <summary>What a stranger's repository may hold: nothing of it runs, and nothing of it makes the client fail.</summary>
public sealed class HostileRepositoryTests : IDisposable
{
    private readonly GitSandbox _sandbox = new();
    private readonly GitClient _git = GitSandbox.Client();
    private readonly string _folder;
    private readonly string _trace;
    private readonly string _trap;

    public HostileRepositoryTests()
    {
        _folder = _sandbox.RepositoryWithCommit("hostile");
        _trace = Path.Combine(_sandbox.Root, "it ran");
        _trap = Path.Combine(_sandbox.Root, "trap");
        GitSandbox.Script(_trap, $"echo ran > '{_trace.Replace('\\', '/')}'");
    }

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Describe_ProgramsInTheConfiguration_DoNotRun()
    {
        var trap = $"'{_trap.Replace('\\', '/')}'";
        string[] settings =
        [
            "core.fsmonitor", "core.pager", "pager.remote", "pager.rev-parse", "core.editor", "core.sshCommand", "core.gitProxy",
            "core.askPass", "credential.helper", "gpg.program", "diff.external", "interactive.diffFilter", "filter.trap.clean",
            "filter.trap.smudge", "filter.trap.process", "alias.rev-parse", "alias.remote", "uploadpack.packObjectsHook",
            "remote.origin.uploadpack", "remote.origin.receivepack",
        ];
        foreach (var setting in settings) _sandbox.Git(_folder, "config", setting, setting.StartsWith("alias.", StringComparison.Ordinal) ? "!" + trap : trap);
        _sandbox.Git(_folder, "config", "core.untrackedCache", "true");
        File.WriteAllText(Path.Combine(_folder, ".gitattributes"), "* filter=trap diff=trap\n");
        File.WriteAllText(Path.Combine(_folder, "file"), "text");
        _sandbox.Git(_folder, "config", "remote.origin.url", "https://git.example/team/tool");

        Assert.Equal("https://git.example/team/tool", _git.Describe(_folder)!.Origin);
        Assert.False(File.Exists(_trace));
    }

    [Fact]
    public void Files_ProgramsInTheConfiguration_DoNotRun()
    {
        var trap = $"'{_trap.Replace('\\', '/')}'";
        File.WriteAllText(Path.Combine(_folder, ".gitattributes"), "* filter=trap diff=trap\n");
        File.WriteAllText(Path.Combine(_folder, "file"), "text");
        _sandbox.Git(_folder, "add", "file");
        File.WriteAllText(Path.Combine(_folder, "file"), "another text");
        foreach (var setting in (string[])["core.fsmonitor", "core.pager", "pager.ls-files", "filter.trap.clean", "filter.trap.smudge", "filter.trap.process", "diff.trap.textconv", "diff.external"])
            _sandbox.Git(_folder, "config", setting, trap);
        _sandbox.Git(_folder, "config", "alias.ls-files", "!" + trap);
        _sandbox.Git(_folder, "config", "core.untrackedCache", "true");

        Assert.Equal([".gitattributes", "file"], _git.Files(_folder, [])!.Order(StringComparer.Ordinal));
        Assert.False(File.Exists(_trace));
    }

    [Fact]
    public void Read_MoreThanItMaySay_IsNull()
    {
        File.WriteAllText(Path.Combine(_folder, new string('f', 100)), "text");
        var git = new GitProcess(TimeSpan.FromMinutes(1), Environment.GetEnvironmentVariable("PATH"), maxOutputBytes: 50);

        Assert.Null(git.Read(_folder, "ls-files", "--others"));
        Assert.NotNull(git.Read(_folder, "ls-files", "--cached"));
    }

    [Fact]
    public void Run_StatusWithAFileSystemMonitor_DoesNotStartIt()
    {
        File.WriteAllText(Path.Combine(_folder, "file"), "text");
        _sandbox.Git(_folder, "add", "file");
        _sandbox.Git(_folder, "config", "core.fsmonitor", $"'{_trap.Replace('\\', '/')}'");

        // That the trap works, plain git shows.
        _sandbox.Git(_folder, "status", "--porcelain");
        Assert.True(File.Exists(_trace));
        File.Delete(_trace);

        var answer = Process().Run(_folder, "status", "--porcelain");
        Assert.True(answer is { Succeeded: true, Text: "A  file\n" });
        Assert.False(File.Exists(_trace));
    }

    [Fact]
    public void Run_CommitWithHooks_DoesNotStartThem()
    {
        var hooks = Path.Combine(_folder, ".git", "hooks");
        Directory.CreateDirectory(hooks);
        foreach (var hook in (string[])["reference-transaction", "pre-commit", "post-commit", "post-checkout", "post-index-change"])
            GitSandbox.Script(Path.Combine(hooks, hook), $"echo ran > '{_trace.Replace('\\', '/')}'");
        _sandbox.Commit(_folder);
        Assert.True(File.Exists(_trace));
        File.Delete(_trace);

        Assert.NotNull(_git.Describe(_folder));
        Assert.True(Process().Run(_folder, "update-ref", "refs/heads/other", "HEAD") is { Succeeded: true });
        Assert.False(File.Exists(_trace));
    }

    [Fact]
    public void Run_TransportThatIsAProgram_IsRefused()
    {
        _sandbox.Git(_folder, "config", "protocol.ext.allow", "always");
        File.AppendAllText(_trap, "exec git upload-pack .\n");
        _sandbox.Git(_folder, "remote", "add", "origin", $"ext::sh {_trap.Replace('\\', '/').Replace(" ", "% ", StringComparison.Ordinal)}");
        _sandbox.Git(_folder, "ls-remote", "origin");
        Assert.True(File.Exists(_trace));
        File.Delete(_trace);

        Assert.NotNull(_git.Describe(_folder));
        Assert.True(Process().Run(_folder, "ls-remote", "origin") is { Succeeded: false });
        Assert.True(Process().Run(_folder, "ls-remote", "https://git.example/") is { Succeeded: false });
        Assert.False(File.Exists(_trace));
    }

    [Theory]
    [InlineData("--upload-pack=touch x")]
    [InlineData("-oProxyCommand=touch x")]
    [InlineData("ext::sh -c touch% x")]
    [InlineData("$(touch x)")]
    [InlineData("`touch x`;touch x|touch x&touch x")]
    [InlineData("two\nlines")]
    public void Describe_UrlThatIsACommand_IsText(string url)
    {
        _sandbox.Git(_folder, "config", "remote.origin.url", url);

        Assert.Equal(url, _git.Describe(_folder)!.Origin);
        Assert.False(File.Exists(Path.Combine(_folder, "x")));
    }

    [Theory]
    [InlineData("$(touch${IFS}x)")]
    [InlineData("`touch${IFS}x`")]
    [InlineData("a;touch&x")]
    [InlineData("'quoted'")]
    public void Describe_BranchNameThatIsACommand_IsText(string branch)
    {
        _sandbox.Git(_folder, "symbolic-ref", "HEAD", "refs/heads/" + branch);

        Assert.Equal(branch, _git.Describe(_folder)!.Branch);
        Assert.False(File.Exists(Path.Combine(_folder, "x")));
    }

    [Fact]
    public void Describe_OriginWithoutEnd_IsNull()
    {
        File.AppendAllText(Path.Combine(_folder, ".git", "config"), "[remote \"origin\"]\n\turl = " + new string('x', 2 * 1024 * 1024) + "\n");

        Assert.Null(_git.Describe(_folder));
    }

    [Fact]
    public void Describe_OriginThatIsNotUtf8_IsNull()
    {
        using (var config = new FileStream(Path.Combine(_folder, ".git", "config"), FileMode.Append))
            config.Write([.. "[remote \"origin\"]\n\turl = "u8, 0xFF, 0xFE, .. "\n"u8]);

        Assert.Null(_git.Describe(_folder));
    }

    [Theory]
    [InlineData("HEAD")]
    [InlineData("config")]
    [InlineData("commondir")]
    public void Describe_PipeInPlaceOfAFile_IsNullInTime(string name)
    {
        if (OperatingSystem.IsWindows()) return; // No pipes among the files there.
        var file = Path.Combine(_folder, ".git", name);
        File.Delete(file);
        using (var made = System.Diagnostics.Process.Start("mkfifo", [file])) made.WaitForExit();

        Assert.Null(GitSandbox.Client(Environment.GetEnvironmentVariable("PATH"), TimeSpan.FromMilliseconds(300)).Describe(_folder));
    }

    [Fact]
    public void FindExecutable_RelativeFolders_AreNotSearched()
    {
        var name = OperatingSystem.IsWindows() ? "git.exe" : "git";
        GitSandbox.Script(Path.Combine(_folder, name), "exit 0");
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, _folder);

        Assert.Null(GitProcess.FindExecutable(string.Join(Path.PathSeparator, "", ".", relative)));
        Assert.Equal(Path.Combine(_folder, name), GitProcess.FindExecutable(string.Join(Path.PathSeparator, "", ".", relative, _folder)));
    }

    private static GitProcess Process() => new(TimeSpan.FromMinutes(1), Environment.GetEnvironmentVariable("PATH"));
}
