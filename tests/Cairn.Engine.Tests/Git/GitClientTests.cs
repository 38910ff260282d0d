using Cairn.Engine.Git;

namespace Cairn.Engine.Tests.Git;

public sealed class GitClientTests : IDisposable
{
    private const string Url = "https://git.example/team/tool.git";

    private readonly GitSandbox _sandbox = new();
    private readonly GitClient _git = GitSandbox.Client();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Describe_RepositoryWithOrigin_TellsAll()
    {
        var folder = _sandbox.Repository("tool");
        var commit = _sandbox.Commit(folder);
        _sandbox.Git(folder, "remote", "add", "origin", Url);

        Assert.Equal(new GitWorktree(folder, folder, Url, "main", commit), _git.Describe(folder));
    }

    [Fact]
    public void Describe_SubDirectory_GivesTheRepository()
    {
        var folder = _sandbox.RepositoryWithCommit("tool");
        var inner = _sandbox.Folder("tool", "src", "deep");

        Assert.Equal(_git.Describe(folder), _git.Describe(inner));
        Assert.Equal(folder, _git.Describe(inner + Path.DirectorySeparatorChar)!.Root);
    }

    [Fact]
    public void Describe_InsideTheGitDirectory_GivesTheRepository()
    {
        var folder = _sandbox.RepositoryWithCommit("tool");

        Assert.Equal(_git.Describe(folder), _git.Describe(Path.Combine(folder, ".git")));
    }

    [Fact]
    public void Describe_LinkedWorktree_HasItsOwnRootAndTheMainOne()
    {
        var main = _sandbox.RepositoryWithCommit("tool");
        _sandbox.Git(main, "remote", "add", "origin", Url);
        var linked = Path.Combine(_sandbox.Root, "elsewhere");
        _sandbox.Git(main, "worktree", "add", "--quiet", "-b", "feature/x", linked);
        var commit = _sandbox.Commit(linked);
        var inner = _sandbox.Folder("elsewhere", "src");

        Assert.Equal(new GitWorktree(linked, main, Url, "feature/x", commit), _git.Describe(inner));
        Assert.Equal("main", _git.Describe(main)!.Branch);
    }

    [Fact]
    public void Describe_LinkedWorktreesOfABareRepository_ShareItsDirectoryAsMainRoot()
    {
        var main = _sandbox.RepositoryWithCommit("tool");
        var bare = Path.Combine(_sandbox.Root, "tool.git");
        _sandbox.Git(main, "clone", "--quiet", "--bare", main, bare);
        var linked = Path.Combine(_sandbox.Root, "linked");
        _sandbox.Git(bare, "worktree", "add", "--quiet", linked, "main");

        var worktree = _git.Describe(linked)!;
        Assert.Equal((linked, bare), (worktree.Root, worktree.MainRoot));
    }

    [Fact]
    public void Describe_BareRepository_HasItsDirectoryAsRoot()
    {
        var main = _sandbox.RepositoryWithCommit("tool");
        var commit = _sandbox.Commit(main);
        var bare = Path.Combine(_sandbox.Root, "tool.git");
        _sandbox.Git(main, "clone", "--quiet", "--bare", main, bare);

        var worktree = _git.Describe(bare)!;
        Assert.Equal((bare, bare, "main", commit), (worktree.Root, worktree.MainRoot, worktree.Branch, worktree.Commit));
        Assert.Equal(worktree, _git.Describe(Path.Combine(bare, "objects")));
    }

    [Fact]
    public void Describe_BareRepositoryWithoutCommit_HasABranch()
    {
        var bare = _sandbox.Folder("empty.git");
        _sandbox.Git(bare, "init", "--quiet", "--bare");

        Assert.Equal(new GitWorktree(bare, bare, null, "main", null), _git.Describe(bare));
    }

    [Fact]
    public void Describe_Submodule_IsARepositoryOfItsOwn()
    {
        var library = _sandbox.RepositoryWithCommit("library");
        var tool = _sandbox.RepositoryWithCommit("tool");
        _sandbox.Git(tool, "submodule", "--quiet", "add", library, "vendored");
        var vendored = Path.Combine(tool, "vendored");

        var worktree = _git.Describe(vendored)!;
        Assert.Equal((vendored, vendored, library), (worktree.Root, worktree.MainRoot, Path.GetFullPath(worktree.Origin!)));
        Assert.Equal(tool, _git.Describe(tool)!.Root);
    }

    [Fact]
    public void Describe_GitDirectoryElsewhere_KeepsTheWorktreesRoot()
    {
        var folder = _sandbox.Folder("tool");
        _sandbox.Git(folder, "init", "--quiet", "--separate-git-dir", Path.Combine(_sandbox.Root, "kept"));

        Assert.Equal(new GitWorktree(folder, folder, null, "main", null), _git.Describe(folder));
    }

    [Fact]
    public void Describe_UnbornBranch_HasANameAndNoCommit()
    {
        var folder = _sandbox.Repository("tool");
        _sandbox.Git(folder, "symbolic-ref", "HEAD", "refs/heads/first/idea");

        Assert.Equal(new GitWorktree(folder, folder, null, "first/idea", null), _git.Describe(folder));
    }

    [Fact]
    public void Describe_FileNamedHead_IsNotTakenForTheCommit()
    {
        var folder = _sandbox.Repository("tool");
        File.WriteAllText(Path.Combine(folder, "HEAD"), "text");
        Assert.Equal(new GitWorktree(folder, folder, null, "main", null), _git.Describe(folder));

        var commit = _sandbox.Commit(folder);
        Assert.Equal(new GitWorktree(folder, folder, null, "main", commit), _git.Describe(folder));
    }

    [Fact]
    public void Describe_DetachedHead_HasACommitAndNoBranch()
    {
        var folder = _sandbox.Repository("tool");
        var commit = _sandbox.Commit(folder);
        _sandbox.Git(folder, "checkout", "--quiet", "--detach");

        Assert.Equal(new GitWorktree(folder, folder, null, null, commit), _git.Describe(folder));
    }

    [Fact]
    public void Describe_TagNamedHead_StillHasTheBranch()
    {
        var folder = _sandbox.Repository("tool");
        var commit = _sandbox.Commit(folder);
        _sandbox.Git(folder, "update-ref", "refs/tags/HEAD", commit);

        Assert.Equal(new GitWorktree(folder, folder, null, "main", commit), _git.Describe(folder));
    }

    [Theory]
    [InlineData("it's a tool")]
    [InlineData("zażółć 漢字 🪨")]
    [InlineData("-c")]
    [InlineData("| & ; $(touch x) `touch x`")]
    public void Describe_UnusualFolderName_IsKept(string name)
    {
        if (OperatingSystem.IsWindows()) name = name.Replace("|", "", StringComparison.Ordinal);
        var folder = _sandbox.RepositoryWithCommit(name);

        Assert.Equal(folder, _git.Describe(folder)!.Root);
    }

    [Theory]
    [InlineData("two\nlines")]
    [InlineData("ends\n")]
    [InlineData("say \"hello\" \\ twice")]
    public void Describe_FolderNameThatWindowsForbids_IsKept(string name)
    {
        if (OperatingSystem.IsWindows()) return;
        var folder = _sandbox.RepositoryWithCommit(name);
        var linked = Path.Combine(_sandbox.Root, "linked");

        Assert.Equal(folder, _git.Describe(folder)!.Root);
        _sandbox.Git(folder, "worktree", "add", "--quiet", linked);
        Assert.Equal(linked, _git.Describe(linked)!.Root);
    }

    [Fact]
    public void Describe_RenamedFolder_HasTheNewRoot()
    {
        var before = _sandbox.RepositoryWithCommit("before");
        _sandbox.Git(before, "remote", "add", "origin", Url);
        var known = _git.Describe(before)!;
        var after = Path.Combine(_sandbox.Root, "after");
        Directory.Move(before, after);

        Assert.Null(_git.Describe(before));
        Assert.Equal(known with { Root = after, MainRoot = after }, _git.Describe(after));
    }

    [Fact]
    public void Describe_ThroughASymbolicLink_GivesTheRealRoot()
    {
        if (OperatingSystem.IsWindows()) return; // A link needs a privilege there.
        var folder = _sandbox.RepositoryWithCommit("tool");
        _sandbox.Folder("tool", "src");
        var link = Path.Combine(_sandbox.Root, "link");
        Directory.CreateSymbolicLink(Path.Combine(_sandbox.Root, "first"), Path.Combine("tool", ".", "src"));
        Directory.CreateSymbolicLink(link, Path.Combine(_sandbox.Root, "tool", "..", "first"));

        Assert.Equal(folder, _git.Describe(link)!.Root);
        Assert.Equal(folder, _git.Describe(Path.Combine(link, "..", "tool"))!.Root);
    }

    [Fact]
    public void Describe_LinkToItself_IsNull()
    {
        if (OperatingSystem.IsWindows()) return;
        var link = Path.Combine(_sandbox.Root, "loop");
        Directory.CreateSymbolicLink(link, link);

        Assert.Null(_git.Describe(link));
        Assert.Null(GitPlace.RealPath(link));
    }

    [Fact]
    public void Describe_NoRepository_IsNullUntilThereIsOne()
    {
        var inner = _sandbox.Folder("plain", "src");
        Assert.Null(_git.Describe(inner));
        Assert.Null(_git.Describe(Path.Combine(inner, "missing")));
        Assert.Null(_git.Describe(""));

        var folder = _sandbox.Repository("plain");
        Assert.Equal(folder, _git.Describe(inner)!.Root);

        _sandbox.Git(inner, "init", "--quiet");
        Assert.Equal(inner, _git.Describe(inner)!.Root);
    }

    [Fact]
    public void Describe_EmptyDotGitFolder_IsPassedOver()
    {
        var folder = _sandbox.RepositoryWithCommit("tool");
        var inner = _sandbox.Folder("tool", "src");
        _sandbox.Folder("tool", "src", ".git");

        Assert.Equal(folder, _git.Describe(inner)!.Root);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("gitdir: nowhere")]
    [InlineData("gitdir: a\0b")]
    [InlineData("gitdir: .")]
    [InlineData("gitdir: ")]
    public void Describe_BrokenGitFile_IsNull(string text)
    {
        _sandbox.RepositoryWithCommit("tool");
        var inner = _sandbox.Folder("tool", "broken");
        File.WriteAllText(Path.Combine(inner, ".git"), text);

        Assert.Null(_git.Describe(inner));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ref: refs/../../../../etc/passwd")]
    [InlineData("ref: refs/heads/a\0b")]
    [InlineData("not a reference")]
    public void Describe_BrokenHead_HasNoCommit(string text)
    {
        var folder = _sandbox.RepositoryWithCommit("tool");
        File.WriteAllText(Path.Combine(folder, ".git", "HEAD"), text);

        Assert.Null(_git.Describe(folder)?.Commit);
    }

    [Fact]
    public void ToString_OriginWithPassword_IsLeftOut()
    {
        var folder = _sandbox.Repository("tool");
        var password = Guid.NewGuid().ToString("N");
        _sandbox.Git(folder, "remote", "add", "origin", $"https://user:{password}@git.example/team/tool");

        var worktree = _git.Describe(folder)!;
        Assert.Contains(password, worktree.Origin, StringComparison.Ordinal);
        Assert.Equal(folder, worktree.ToString());
    }
}
