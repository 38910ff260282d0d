using Cairn.Engine.Git;

namespace Cairn.Engine.Tests.Git;

/// <summary>A git that is missing, slow or wrong. The wrong ones are shell scripts, so Windows leaves them out.</summary>
public sealed class GitProcessTests : IDisposable
{
    private readonly GitSandbox _sandbox = new();
    private readonly string _folder;

    public GitProcessTests() => _folder = _sandbox.RepositoryWithCommit("tool");

    public void Dispose() => _sandbox.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/nowhere")]
    public void Describe_GitIsMissing_IsNull(string? searchPath) =>
        Assert.Null(GitSandbox.Client(searchPath, TimeSpan.FromMinutes(1)).Describe(_folder));

    [Fact]
    public void Describe_GitIsInstalledLater_IsSeen()
    {
        if (OperatingSystem.IsWindows()) return;
        var folder = _sandbox.Folder("fake");
        var git = GitSandbox.Client(folder, TimeSpan.FromMinutes(1));
        Assert.Null(git.Describe(_folder));

        _sandbox.FakeGit($"exec '{GitProcess.FindExecutable(Environment.GetEnvironmentVariable("PATH"))}' \"$@\"");
        Assert.Equal(_folder, git.Describe(_folder)!.Root);
    }

    [Fact]
    public void Describe_GitIsNoProgram_IsNull()
    {
        if (OperatingSystem.IsWindows()) return;
        var file = Path.Combine(_sandbox.FakeGit(""), "git");
        File.WriteAllText(file, "\0\0\0\0");

        Assert.Null(GitSandbox.Client(Path.GetDirectoryName(file), TimeSpan.FromMinutes(1)).Describe(_folder));
    }

    [Fact]
    public void Describe_GitDoesNotEnd_IsNullAndGitIsKilled()
    {
        if (OperatingSystem.IsWindows()) return;
        var started = Path.Combine(_sandbox.Root, "process");
        var git = GitSandbox.Client(_sandbox.FakeGit($"echo $$ > '{started}'; exec sleep 600"), TimeSpan.FromSeconds(2));

        Assert.Null(git.Describe(_folder));
        var id = int.Parse(File.ReadAllText(started), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Throws<ArgumentException>(() => System.Diagnostics.Process.GetProcessById(id));
    }

    [Theory]
    [InlineData("exit 0")]
    [InlineData("exit 128")]
    [InlineData("echo garbage")]
    [InlineData("printf '/\\n--cairn-next-answer\\n/\\n--cairn-next-answer\\n/\\n--cairn-next-answer\\n'")]
    [InlineData("printf '/\\n--cairn-next-answer\\nnowhere\\n--cairn-next-answer\\nHEAD\\n'")]
    [InlineData("printf '/\\0\\n--cairn-next-answer\\n/\\n--cairn-next-answer\\nHEAD\\n'")]
    [InlineData("head -c 5000000 /dev/zero")]
    [InlineData("printf '\\377\\376'")]
    public void Describe_GitTalksNonsense_IsNull(string script)
    {
        if (OperatingSystem.IsWindows()) return;

        Assert.Null(GitSandbox.Client(_sandbox.FakeGit(script), TimeSpan.FromMinutes(1)).Describe(_folder));
    }

    [Fact]
    public void Run_NoisyGit_IsReadToItsEnd()
    {
        if (OperatingSystem.IsWindows()) return;
        var git = new GitProcess(TimeSpan.FromMinutes(1), _sandbox.FakeGit("head -c 1000000 /dev/zero >&2; cat; echo said; exit 3"));

        Assert.Equal(new GitAnswer(false, "said\n"), git.Run(_folder, "any"));
    }

    [Fact]
    public void Run_DirectoryIsMissing_IsNull() =>
        Assert.Null(new GitProcess(TimeSpan.FromMinutes(1), Environment.GetEnvironmentVariable("PATH")).Run(Path.Combine(_folder, "missing"), "version"));

    [Fact]
    public void Describe_GitFailedOnce_IsAskedAgain()
    {
        if (OperatingSystem.IsWindows()) return;
        var refuses = Path.Combine(_sandbox.Root, "refuses");
        File.WriteAllText(refuses, "");
        var real = GitProcess.FindExecutable(Environment.GetEnvironmentVariable("PATH"));
        var git = GitSandbox.Client(_sandbox.FakeGit($"[ -e '{refuses}' ] && exit 128; exec '{real}' \"$@\""), TimeSpan.FromMinutes(1));
        Assert.Null(git.Describe(_folder));

        File.Delete(refuses);
        Assert.Equal(_folder, git.Describe(_folder)!.Root);
    }
}
