using Cairn.Engine.Tests.Git;

namespace Cairn.Engine.Tests.Projects;

/// <summary>Which project a call means, with real repositories.</summary>
public sealed class ProjectResolverTests : IDisposable
{
    private const string Origin = "https://git.example/team/tool.git";

    private readonly EngineFixture _cairn = new();
    private readonly GitSandbox _git = new();

    public void Dispose()
    {
        _cairn.Dispose();
        _git.Dispose();
    }

    [Fact]
    public void Identify_SubdirectoryOfARepository_IsItsProject()
    {
        var root = _git.RepositoryWithCommit("tool");

        AssertSameProject("tool", root, _git.Folder("tool", "src", "deep"));
    }

    [Fact]
    public void Identify_LinkedWorktree_IsTheMainOnesProject()
    {
        var root = _git.RepositoryWithCommit("tool");
        var worktree = Path.Combine(_git.Root, "elsewhere", "branch");
        _git.Git(root, "worktree", "add", "--quiet", "-b", "side", worktree);

        AssertSameProject("tool", root, worktree);
        Assert.Equal("side", _cairn.Get(Save(worktree, "On the side")).GitBranch);
    }

    [Fact]
    public void Identify_FolderWasRenamed_IsKnownByItsOrigin()
    {
        var root = Clone("tool", Origin);
        Save(root, "Before");
        var renamed = Path.Combine(_git.Root, "renamed");
        Directory.Move(root, renamed);

        AssertSameProject("tool", renamed);
        Assert.Equal([root, renamed], Assert.Single(_cairn.Engine.Projects.List()).Roots?.OrderBy(path => path.Length));
    }

    [Fact]
    public void Identify_OriginWasAddedLater_IsKnownByItsRootAndThenByTheOrigin()
    {
        var root = _git.RepositoryWithCommit("tool");
        Save(root, "Before");
        _git.Git(root, "remote", "add", "origin", Origin);
        AssertSameProject("tool", root);

        AssertSameProject("tool", Clone("clone", Origin));
    }

    [Fact]
    public void Identify_TwoClonesOfOneOrigin_AreOneProject() =>
        AssertSameProject("tool", Clone("one", Origin), Clone("two", Origin));

    [Theory]
    [InlineData("git@git.example:team/tool.git")]
    [InlineData("ssh://git@git.example/team/tool")]
    [InlineData("https://somebody:password@git.example/team/tool.git/")]
    [InlineData("https://GIT.example/Team/Tool")]
    public void Identify_OtherSpellingOfTheOrigin_IsTheSameProject(string spelling)
    {
        AssertSameProject("tool", Clone("one", Origin), Clone("two", spelling));

        Assert.Equal(["git.example/team/tool"], Assert.Single(_cairn.Engine.Projects.List()).Origins);
        Assert.False(_cairn.Holds("password"));
    }

    [Fact]
    public void Identify_RepositoryWithoutOrigin_IsNamedAfterItsFolder()
    {
        AssertSameProject("my tool", _git.Repository("my tool"));
    }

    [Fact]
    public void Identify_BranchAndCommit_AreTheRepositorys()
    {
        var root = _git.Repository("tool");
        var commit = _git.Commit(root);
        var entry = _cairn.Get(EngineFixture.Stored(_cairn.Entries.Save(new() { Text = "x" }, Context(root) with { Commit = "0000000" })).Id);

        Assert.Equal(("main", commit), (entry.GitBranch, entry.GitCommit));
    }

    [Fact]
    public void Identify_FolderInNoRepository_IsAProjectWithItsSubfolders()
    {
        AssertSameProject("notes", _git.Folder("notes"), _git.Folder("notes", "deep", "er"));
        AssertProject("notes-2", _git.Folder("more", "notes"));

        Assert.Equal([null, null], _cairn.Engine.Projects.List().Select(project => project.Origins));
        Assert.All(_cairn.Engine.Projects.List(), project => Assert.Single(project.Roots!));
    }

    [Fact]
    public void Identify_RepositoryInsideAKnownFolder_IsItsOwnProject()
    {
        AssertProject("notes", _git.Folder("notes"));
        _git.Folder("notes", "tool");

        AssertProject("tool", _git.Repository(Path.Combine("notes", "tool")));
    }

    [Fact]
    public void Identify_HomeFolderAndAboveIt_AreTheDefaultProject()
    {
        var home = Directory.CreateDirectory(_cairn.Options.HomeDirectory).FullName;

        AssertSameProject("default", home, home + Path.DirectorySeparatorChar, Path.GetDirectoryName(home)!, Path.GetPathRoot(home)!);
        AssertProject("work", Directory.CreateDirectory(Path.Combine(home, "work")).FullName);
        Assert.Null(_cairn.Engine.Projects.List().Single(project => project.Name == "default").Roots);
    }

    [Fact]
    public void Identify_NameGivenOutright_WinsOverTheRepositoryAndItsWorkspace()
    {
        var root = Clone("tool", Origin);
        var id = EngineFixture.Stored(_cairn.Entries.Save(new() { Text = "x" }, Context(root) with { Project = " Another  name ", Workspaces = [root] })).Id;

        Assert.Equal(("Another name", "main"), (_cairn.Get(id).Project, _cairn.Get(id).GitBranch));
        Assert.Null(Assert.Single(_cairn.Engine.Projects.List()).Origins);
    }

    [Fact]
    public void Identify_Workspaces_TheInnermostThatHoldsTheWorkingDirectoryCounts()
    {
        var (outer, inner, other) = (_git.Folder("outer"), _git.Folder("outer", "inner"), _git.Folder("outer", "inner-not"));
        var working = _git.Folder("outer", "inner", "src");

        Assert.Equal("inner", Current(working, other, outer, inner));
        Assert.Equal("outer", Current(working, other, outer));
        Assert.Equal("inner", Current(inner, inner));
    }

    [Fact]
    public void Identify_WorkspacesElsewhere_OneAloneCountsAndSeveralDoNot()
    {
        var (working, one, two) = (_git.Folder("working"), _git.Folder("one"), _git.Folder("two"));

        Assert.Equal("one", Current(working, one));
        Assert.Equal("working", Current(working, one, two));
        Assert.Equal("working", Current(working));
    }

    [Fact]
    public void Identify_WorkspaceInARepository_IsTheRepositorys()
    {
        var root = Clone("folder", Origin);

        Assert.Equal("tool", Current(_git.Folder("folder", "src"), _git.Folder("folder", "src")));
        Save(root, "Entry");
        Assert.Equal("tool", Current(_git.Folder("folder", "src"), root));
    }

    [Fact]
    public void Identify_SameNameOfAnotherOwner_IsTheOwnersName()
    {
        AssertProject("tool", Clone("one", "https://git.example/first/tool.git"));
        AssertProject("second/tool", Clone("two", "https://git.example/second/tool.git"));
        AssertProject("three", Clone("three", "https://other.example/second/tool.git"));
        _git.Folder("deep");
        AssertProject("tool-2", Clone(Path.Combine("deep", "three"), "https://third.example/second/tool.git"));

        Assert.Equal("tool", _cairn.Engine.Projects.Current(Context(Path.Combine(_git.Root, "one"))));
        Assert.Equal("second/tool", _cairn.Engine.Projects.Current(Context(Path.Combine(_git.Root, "two"))));
    }

    [Fact]
    public void Identify_ProjectMadeByNameAlone_IsAdoptedByTheRepositoryOfThatName()
    {
        var named = _cairn.Save("A needle, saved by name", _cairn.In("Tool"));
        var root = Clone("folder", Origin);

        Assert.Equal("Tool", _cairn.Engine.Projects.Current(Context(root)));
        Assert.Equal([named], _cairn.Find("needle", Context(root)));
        AssertSameProject("Tool", root);
        Assert.Equal(["git.example/team/tool"], Assert.Single(_cairn.Engine.Projects.List()).Origins);

        AssertProject("other/tool", Clone("other", "https://git.example/other/tool.git"));
    }

    [Fact]
    public void Identify_Reading_MakesNoProject()
    {
        var root = Clone("tool", Origin);
        _cairn.Save("Entry", _cairn.In("another"));

        Assert.Empty(_cairn.Find("entry", Context(root)));
        Assert.Equal("tool", _cairn.Engine.Projects.Current(Context(root)));
        Assert.Equal("unknown", _cairn.Engine.Projects.Current(_cairn.In("unknown")));
        Assert.Empty(_cairn.Find("entry", _cairn.In("unknown")));

        Assert.Equal(["another"], _cairn.Engine.Projects.List().Select(project => project.Name));
    }

    [Fact]
    public void Identify_MergedProject_IsKnownByTheOriginsAndRootsOfBoth()
    {
        var (ours, theirs) = (Clone("ours", Origin), _git.Folder("theirs"));
        Save(ours, "Ours");
        Save(theirs, "Theirs");
        _cairn.Entries.MergeProjects("theirs", "tool");

        AssertSameProject("tool", ours, theirs, Clone("again", Origin));
    }

    [Fact]
    public void Identify_RenamedProject_IsKnownByItsOriginAndRoot()
    {
        var root = Clone("folder", Origin);
        Save(root, "Entry");
        _cairn.Engine.Projects.Rename("tool", "New name");

        AssertSameProject("New name", root, Clone("again", Origin));
        Assert.Equal("New name", _cairn.Engine.Projects.Current(_cairn.In("tool")));
    }

    [Fact]
    public void Identify_FolderWhoseNameIsNoProjectName_GetsOneThatIs()
    {
        Assert.Equal(200, Current(_git.Folder(new string('x', 220))).Length);
        if (OperatingSystem.IsWindows()) return; // has no such names

        AssertProject("repository", _git.Folder("*"));
        AssertProject("twolines", _git.Folder("two\nlines"));
    }

    [Fact]
    public void Identify_FolderThatIsMissing_IsNamedAllTheSame() => Assert.Equal("gone", Current(Path.Combine(_git.Root, "gone")));

    private string Clone(string folder, string origin)
    {
        var root = _git.RepositoryWithCommit(folder);
        _git.Git(root, "remote", "add", "origin", origin);
        return root;
    }

    private static CallContext Context(string directory) => new() { WorkingDirectory = directory };

    private string Current(string directory, params string[] workspaces) => _cairn.Engine.Projects.Current(Context(directory) with { Workspaces = workspaces });

    private string Save(string directory, string text) => _cairn.Save(text, Context(directory));

    /// <summary>Saves and reads in each directory, before and after: all of them must be this one project.</summary>
    private void AssertSameProject(string name, params string[] directories)
    {
        foreach (var directory in directories) AssertProject(name, directory);
        Assert.Single(_cairn.Engine.Projects.List(), project => project.Name == name);
        foreach (var directory in directories) Assert.Equal(name, _cairn.Engine.Projects.Current(Context(directory)));
    }

    private void AssertProject(string name, string directory)
    {
        Assert.Equal(name, _cairn.Engine.Projects.Current(Context(directory)));
        var id = Save(directory, $"Saved in {directory}");
        Assert.Equal(name, _cairn.Get(id).Project);
        Assert.Contains(id, _cairn.Find("saved", Context(directory)));
    }
}
