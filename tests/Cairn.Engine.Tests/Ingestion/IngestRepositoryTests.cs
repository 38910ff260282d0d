using Cairn.Engine.Tests.Git;

namespace Cairn.Engine.Tests.Ingestion;

/// <summary>In a repository, git says which files there are.</summary>
public sealed class IngestRepositoryTests
{
    [Fact]
    public void Ingest_IgnoredFiles_AreNotTaken()
    {
        using var git = new GitSandbox();
        using var folder = new DocumentFolder();
        var context = folder.Context with { WorkingDirectory = git.Repository("repo") };
        Write(context, ".gitignore", "build/\n*.draft.md\n");
        Write(context, "x.md", "Text");
        Write(context, "y.draft.md", "Text");
        Write(context, "build/z.md", "Text");

        var all = folder.Ingest(context, ".", "**/*.md");
        var named = folder.Ingest(context, "y.draft.md", "build", "build/z.md");

        Assert.Equal(["x.md active x.md"], folder.Entries());
        Assert.DoesNotContain("y.draft.md", all.SkippedSources);
        Assert.Equal(["y.draft.md", "build", "build/z.md"], named.SkippedSources);
        Assert.All(named.Skipped, skip => Assert.True(skip.Reason.Contains("ignored by git", StringComparison.Ordinal) || skip.Source == "build", skip.Reason));
    }

    [Fact]
    public void Ingest_TrackedAndNewFiles_AreTaken()
    {
        using var git = new GitSandbox();
        using var folder = new DocumentFolder();
        var repository = git.Repository("repo");
        var context = folder.Context with { WorkingDirectory = repository };
        Write(context, "tracked.md", "Text");
        Write(context, "deleted.md", "Text");
        git.Git(repository, "add", ".");
        File.Delete(Path.Combine(repository, "deleted.md"));
        Write(context, "new ä.md", "Text");

        folder.Ingest(context, ".");

        Assert.Equal(["new ä.md active new ä.md", "tracked.md active tracked.md"], folder.Entries());
    }

    [Fact]
    public void Ingest_FromASubfolder_ReadsTheWholeRepository()
    {
        using var git = new GitSandbox();
        using var folder = new DocumentFolder();
        var context = folder.Context with { WorkingDirectory = git.Repository("repo") };
        Write(context, "docs/decisions.md", "Text");
        Write(context, "src/README.md", "Text");

        folder.Ingest(context with { WorkingDirectory = Path.Combine(context.WorkingDirectory, "src") }, "README.md", "docs/decisions.md");

        Assert.Equal(["docs/decisions.md active docs/decisions.md", "src/README.md active src/README.md"], folder.Entries());
    }

    [Fact]
    public void Ingest_RepositoryWithin_IsNotEntered()
    {
        using var git = new GitSandbox();
        using var folder = new DocumentFolder();
        var context = folder.Context with { WorkingDirectory = git.Repository("repo") };
        Write(context, "x.md", "Text");
        git.Repository("repo/inner");
        Write(context, "inner/y.md", "Text");

        var result = folder.Ingest(context, ".");

        Assert.Equal(["x.md active x.md"], folder.Entries());
        Assert.Contains(result.Skipped, skip => skip is { Source: "inner", Reason: "is a repository of its own" });
    }

    [Fact]
    public void Ingest_ConfigurationThatNamesAnotherTopFolder_ReadsNothingThere()
    {
        using var git = new GitSandbox();
        using var folder = new DocumentFolder();
        var repository = git.Repository("repo");
        File.WriteAllText(Path.Combine(git.Folder("other"), "secret.md"), "Text");
        File.WriteAllText(Path.Combine(repository, "x.md"), "Text");
        git.Git(repository, "config", "core.worktree", git.Folder("other"));

        folder.Ingest(folder.Context with { WorkingDirectory = repository }, ".", "secret.md", "**/*.md", "x.md");

        Assert.DoesNotContain(folder.Entries(), row => row.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public void Ingest_LinkThatGitTracks_IsNotFollowed()
    {
        if (OperatingSystem.IsWindows()) return;
        using var git = new GitSandbox();
        using var folder = new DocumentFolder();
        var repository = git.Repository("repo");
        File.WriteAllText(Path.Combine(git.Root, "secret.md"), "Text");
        File.CreateSymbolicLink(Path.Combine(repository, "link.md"), "../secret.md");
        git.Git(repository, "add", ".");

        var result = folder.Ingest(folder.Context with { WorkingDirectory = repository }, ".");

        Assert.Empty(folder.Entries());
        Assert.Contains("symbolic link", Assert.Single(result.Skipped).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Ingest_LinkedWorktree_ReadsItsOwnFiles()
    {
        using var git = new GitSandbox();
        using var folder = new DocumentFolder();
        var main = git.RepositoryWithCommit("repo");
        File.WriteAllText(Path.Combine(main, "main.md"), "Text");
        var tree = Path.Combine(git.Root, "tree");
        git.Git(main, "worktree", "add", "--quiet", tree);
        File.WriteAllText(Path.Combine(tree, "tree.md"), "Text");

        folder.Ingest(folder.Context with { WorkingDirectory = main }, "main.md");
        folder.Ingest(folder.Context with { WorkingDirectory = tree }, "tree.md");

        Assert.Equal(["main.md active main.md", "tree.md active tree.md"], folder.Entries());
        Assert.Equal(["1"], folder.Fixture.Rows("SELECT count(DISTINCT project_key) FROM entries"));
    }

    private static void Write(CallContext context, string path, string text)
    {
        var full = Path.Combine(context.WorkingDirectory, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
