using Cairn.Engine.Git;

namespace Cairn.Engine.Tests.Git;

/// <summary>An answer that is the same object was not asked for again.</summary>
public sealed class GitClientCacheTests : IDisposable
{
    private readonly GitSandbox _sandbox = new();
    private readonly GitClient _git = GitSandbox.Client();
    private readonly string _folder;

    public GitClientCacheTests() => _folder = _sandbox.RepositoryWithCommit("tool");

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Describe_NothingChanged_AsksGitOnce()
    {
        var inner = _sandbox.Folder("tool", "src");
        var first = _git.Describe(_folder);

        Assert.NotNull(first);
        Assert.Same(first, _git.Describe(_folder));
        Assert.Same(first, _git.Describe(inner));
    }

    [Theory]
    [InlineData("linked")]
    [InlineData("tool.git")]
    [InlineData("vendored")]
    public void Describe_NothingChangedInAnotherKindOfRepository_AsksGitOnce(string kind)
    {
        var folder = Path.Combine(_sandbox.Root, kind);
        if (kind == "linked") _sandbox.Git(_folder, "worktree", "add", "--quiet", folder);
        else if (kind == "tool.git") _sandbox.Git(_folder, "clone", "--quiet", "--bare", _folder, folder);
        else
        {
            _sandbox.Git(_sandbox.RepositoryWithCommit("parent"), "submodule", "--quiet", "add", _folder, kind);
            folder = Path.Combine(_sandbox.Root, "parent", kind);
        }

        Assert.Same(_git.Describe(folder) ?? throw new InvalidOperationException(kind), _git.Describe(folder));
    }

    [Fact]
    public void Describe_NewCommits_AreSeenAtOnce()
    {
        for (var i = 0; i < 5; i++)
        {
            _git.Describe(_folder);
            Assert.Equal(_sandbox.Commit(_folder), _git.Describe(_folder)!.Commit);
        }
    }

    [Fact]
    public void Describe_CommitWithoutReflog_IsSeenAtOnce()
    {
        _sandbox.Git(_folder, "config", "core.logAllRefUpdates", "false");
        Directory.Delete(Path.Combine(_folder, ".git", "logs"), recursive: true);
        _git.Describe(_folder);

        Assert.Equal(_sandbox.Commit(_folder), _git.Describe(_folder)!.Commit);
    }

    [Fact]
    public void Describe_CommitOnAPackedBranch_IsSeenAtOnce()
    {
        _sandbox.Git(_folder, "pack-refs", "--all");
        _git.Describe(_folder);

        Assert.Equal(_sandbox.Commit(_folder), _git.Describe(_folder)!.Commit);
    }

    [Fact]
    public void Describe_PushIntoABareRepository_IsSeenAtOnce()
    {
        var bare = Path.Combine(_sandbox.Root, "tool.git");
        _sandbox.Git(_folder, "clone", "--quiet", "--bare", _folder, bare);
        _git.Describe(bare);
        var commit = _sandbox.Commit(_folder);
        _sandbox.Git(_folder, "push", "--quiet", bare, "main");

        Assert.Equal(commit, _git.Describe(bare)!.Commit);
    }

    [Fact]
    public void Describe_Checkout_IsSeenAtOnce()
    {
        _git.Describe(_folder);
        _sandbox.Git(_folder, "checkout", "--quiet", "-b", "other");
        Assert.Equal("other", _git.Describe(_folder)!.Branch);

        _sandbox.Git(_folder, "checkout", "--quiet", "--detach");
        Assert.Null(_git.Describe(_folder)!.Branch);
    }

    [Fact]
    public void Describe_CommitInALinkedWorktree_IsSeenAtOnce()
    {
        var linked = Path.Combine(_sandbox.Root, "linked");
        _sandbox.Git(_folder, "worktree", "add", "--quiet", linked);
        var main = _git.Describe(_folder);
        _git.Describe(linked);

        Assert.Equal(_sandbox.Commit(linked), _git.Describe(linked)!.Commit);
        Assert.Same(main, _git.Describe(_folder));
    }

    [Fact]
    public void Describe_OriginAddedChangedAndRemoved_IsSeenAtOnce()
    {
        Assert.Null(_git.Describe(_folder)!.Origin);

        _sandbox.Git(_folder, "remote", "add", "origin", "https://git.example/team/tool");
        Assert.Equal("https://git.example/team/tool", _git.Describe(_folder)!.Origin);

        _sandbox.Git(_folder, "remote", "set-url", "origin", "https://git.example/team/loot");
        Assert.Equal("https://git.example/team/loot", _git.Describe(_folder)!.Origin);

        _sandbox.Git(_folder, "remote", "remove", "origin");
        Assert.Null(_git.Describe(_folder)!.Origin);
    }

    [Fact]
    public void Describe_ConfigurationBehindASymbolicLink_IsWatched()
    {
        if (OperatingSystem.IsWindows()) return; // A link needs a privilege there.
        var config = Path.Combine(_folder, ".git", "config");
        var kept = Path.Combine(_sandbox.Root, "kept.config");
        File.Move(config, kept);
        File.CreateSymbolicLink(config, kept);
        Assert.Null(_git.Describe(_folder)!.Origin);

        File.AppendAllText(kept, "[remote \"origin\"]\n\turl = https://git.example/team/tool\n");
        Assert.Equal("https://git.example/team/tool", _git.Describe(_folder)!.Origin);
    }

    [Fact]
    public void Describe_DeletedRepository_IsNull()
    {
        Assert.NotNull(_git.Describe(_folder));
        Directory.Move(Path.Combine(_folder, ".git"), Path.Combine(_sandbox.Root, "gone"));

        Assert.Null(_git.Describe(_folder));
    }

    [Fact]
    public void Describe_ManyThreads_AgreeWithGit()
    {
        var expected = new GitWorktree(_folder, _folder, null, "main", _sandbox.Commit(_folder));

        Parallel.For(0, 16, _ => Assert.Equal(expected, _git.Describe(_folder)));
    }
}
