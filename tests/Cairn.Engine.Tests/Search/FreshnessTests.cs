using System.Text.Json;
using Cairn.Engine.Entries;
using Cairn.Engine.Search;
using Cairn.Engine.Tests.Git;

namespace Cairn.Engine.Tests.Search;

/// <summary>Entries beside a real repository whose files change, with the commits' times given.</summary>
public sealed class FreshnessTests : IDisposable
{
    private readonly GitSandbox _sandbox = new();
    private readonly EngineFixture _cairn = new(options => options with { GitPatience = TimeSpan.FromMinutes(1) });
    private readonly string _folder;
    private readonly CallContext _context;

    public FreshnessTests()
    {
        _folder = _sandbox.Repository("project");
        _context = new CallContext { WorkingDirectory = _folder };
        Directory.CreateDirectory(Path.Combine(_folder, "src"));
        Commit("src/a.cs", "src/b.cs", "README.md");
    }

    public void Dispose()
    {
        _cairn.Dispose();
        _sandbox.Dispose();
    }

    [Fact]
    public void Mark_FileChangedSince_CountsTheCommits()
    {
        var bySource = Save(new NewEntry { Text = "Walrus: a", SourceRef = "src/a.cs#top" });
        var byMetadata = Save(new NewEntry { Text = "Walrus: something", Metadata = JsonElement.Parse("""{"paths":["src/b.cs","src/a.cs"]}""") });
        var byText = Save(new NewEntry { Text = "Walrus: look at `src/a.cs:42`, or at it alone." });
        var byRoot = Save(new NewEntry { Text = "Walrus: there", SourceRef = Path.Combine(_folder, "src", "a.cs") });
        var other = Save(new NewEntry { Text = "Walrus: look at src/b.cs and/or http://src/a.cs" });
        var none = Save(new NewEntry { Text = "Walrus: no file" });

        Assert.All(Search("walrus").Items, static item => Assert.Null(item.Stale));
        Commit("src/a.cs");
        Commit("src/a.cs");
        var later = Save(new NewEntry { Text = "Walrus: a, later", SourceRef = "src/a.cs" });

        var found = Search("walrus").Items.ToDictionary(static item => item.Id, static item => item.Stale);
        foreach (var id in new[] { bySource, byMetadata, byText, byRoot }) Assert.Equal(new Stale("src/a.cs", 2), found[id]);
        foreach (var id in new[] { other, none, later }) Assert.Null(found[id]);
        Assert.Equal(new Stale("src/a.cs", 2), Assert.Single(_cairn.Engine.Excerpts.Get([bySource], null, null, _context, static list => "").Items).Stale);
    }

    [Fact]
    public void Mark_FolderAskedForLater_CountsNoCommitTwice()
    {
        Save(new NewEntry { Text = "Walrus: a", SourceRef = "src/a.cs" });
        Save(new NewEntry { Text = "Otter: all of `src` is generated" });
        Commit("src/a.cs");
        Commit("src/a.cs");

        Assert.Equal(new Stale("src/a.cs", 2), Assert.Single(Search("walrus").Items).Stale);
        Search("otter");
        Assert.Equal(new Stale("src/a.cs", 2), Assert.Single(Search("walrus").Items).Stale);
    }

    [Fact]
    public void Mark_FileGone_SaysSo()
    {
        var byCommit = Save(new NewEntry { Text = "Walrus: a", SourceRef = "src/a.cs" });
        var onDisk = Save(new NewEntry { Text = "Walrus: b", SourceRef = "src/b.cs" });
        var never = Save(new NewEntry { Text = "Walrus: src/never.cs" });
        _sandbox.Git(_folder, "rm", "--quiet", "src/a.cs");
        Commit();
        File.Delete(Path.Combine(_folder, "src", "b.cs"));

        var found = Search("walrus").Items.ToDictionary(static item => item.Id, static item => item.Stale);

        Assert.Equal(new Stale("src/a.cs", 1, true), found[byCommit]);
        Assert.Equal(new Stale("src/b.cs", 0, true), found[onDisk]);
        Assert.Null(found[never]);
    }

    [Fact]
    public void Mark_SameCommit_AsksGitOnce()
    {
        for (var i = 0; i < 5; i++) Save(new NewEntry { Text = $"Walrus: a, {i}", SourceRef = "src/a.cs" });
        Commit("src/a.cs");

        for (var i = 0; i < 4; i++) Assert.All(Search("walrus").Items, static item => Assert.Equal(1, item.Stale!.ChangedCommits));
        Assert.Equal(1, _cairn.Engine.Freshness.Histories.Asked);
        Commit("src/a.cs");
        Assert.All(Search("walrus").Items, static item => Assert.Equal(2, item.Stale!.ChangedCommits));
        Assert.Equal(2, _cairn.Engine.Freshness.Histories.Asked);
    }

    [Fact]
    public void Mark_NoPathNamed_AsksGitNothing()
    {
        Save(new NewEntry { Text = "Nothing and/or nobody" });

        Search("nothing");

        Assert.Equal(0, _cairn.Engine.Freshness.Histories.Asked);
    }

    [Fact]
    public void Mark_AnotherProjectsEntriesDocumentsAndCommits_AreLeftAlone()
    {
        var foreign = _cairn.Save(new NewEntry { Text = "Walrus: a elsewhere", SourceRef = "src/a.cs" }, _context with { Project = "other" });
        Save(new NewEntry { Text = "Walrus: a in a commit", SourceRef = "src/a.cs", Type = "commit" });
        var mine = Save(new NewEntry { Text = "Walrus: a here", SourceRef = "src/a.cs" });
        File.WriteAllText(Path.Combine(_folder, "README.md"), "Walrus: a in a document: src/a.cs");
        _cairn.Engine.Ingestion.Ingest(new Engine.Ingestion.IngestionRequest { Sources = ["README.md"] }, _context, cancellation: TestContext.Current.CancellationToken);
        Commit("src/a.cs", "README.md");

        var all = _cairn.Engine.Freshness.Mark(_cairn.Search("walrus", _context with { Project = "*" }), _context with { Project = "*" });

        Assert.Equal(4, all.Items.Count);
        Assert.Equal([mine], all.Items.Where(static item => item.Stale is not null).Select(static item => item.Id));
        Assert.Null(Assert.Single(all.Items, item => item.Id == foreign).Stale);
    }

    [Fact]
    public void Mark_NoRepositoryOrNoCommit_SaysNothing()
    {
        var context = new CallContext { WorkingDirectory = _sandbox.Folder("plain") };
        var bare = new CallContext { WorkingDirectory = _sandbox.Repository("empty") };
        foreach (var place in new[] { context, bare })
        {
            _cairn.Save(new NewEntry { Text = "Walrus: a", SourceRef = "src/a.cs" }, place);
            Assert.Null(Assert.Single(_cairn.Engine.Freshness.Mark(_cairn.Search("walrus", place), place).Items).Stale);
        }
    }

    [Fact]
    public void Changes_ProgramsInTheConfiguration_DoNotRun()
    {
        var trace = Path.Combine(_sandbox.Root, "it ran");
        var trap = Path.Combine(_sandbox.Root, "trap");
        GitSandbox.Script(trap, $"echo ran > '{trace.Replace('\\', '/')}'");
        var git = GitSandbox.Client();
        foreach (var setting in (string[])["core.fsmonitor", "core.pager", "pager.log", "pager.ls-files", "gpg.program", "diff.external", "diff.trap.textconv", "diff.trap.command", "filter.trap.clean", "filter.trap.process"])
            _sandbox.Git(_folder, "config", setting, $"'{trap.Replace('\\', '/')}'");
        foreach (var alias in (string[])["alias.log", "alias.ls-files"]) _sandbox.Git(_folder, "config", alias, "!" + trap);
        _sandbox.Git(_folder, "config", "log.showSignature", "true");
        _sandbox.Git(_folder, "config", "log.follow", "true");
        _sandbox.Git(_folder, "config", "color.ui", "always");
        File.WriteAllText(Path.Combine(_folder, ".gitattributes"), "* filter=trap diff=trap\n");
        File.Delete(Path.Combine(_folder, "README.md"));

        var head = _sandbox.Git(_folder, "rev-parse", "HEAD");
        Assert.Equal(["README.md", "src/a.cs"], git.Changes(_folder, head, 0, ["src/a.cs", "README.md", "*", ":(glob)**"])!.Select(static change => change.File).Order(StringComparer.Ordinal));
        Assert.Equal(["README.md"], git.Deleted(_folder, ["README.md", "src/a.cs"])!);
        Assert.False(File.Exists(trace));
    }

    [Fact]
    public void Changes_GitThatDoesNotAnswer_IsLeftAloneForAWhile()
    {
        var git = GitSandbox.Client(searchPath: null, TimeSpan.FromMinutes(1));
        var histories = new FileHistories(git, _cairn.Time);
        var files = new Dictionary<string, long> { ["src/a.cs"] = 0 };

        Assert.Null(histories.Changes(_folder, "c1", files));
        Assert.Null(histories.Changes(_folder, "c1", files));
        Assert.Equal(1, histories.Asked);
        _cairn.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(histories.Changes(_folder, "c1", files));
        Assert.Equal(2, histories.Asked);
        Assert.Null(histories.Changes(_folder, "c2", files));
        Assert.Equal(3, histories.Asked);
    }

    private string Save(NewEntry entry) => _cairn.Save(entry, _context);

    private SearchResult Search(string query) => _cairn.Engine.Freshness.Mark(_cairn.Search(query, _context), _context);

    // A commit at the fixture's time, which then moves on.
    private void Commit(params IReadOnlyList<string> files)
    {
        foreach (var file in files)
        {
            File.AppendAllText(Path.Combine(_folder, file), "A line\n");
            _sandbox.Git(_folder, "add", file);
        }
        var time = _cairn.Time.GetUtcNow().ToUnixTimeSeconds();
        _sandbox.CommitAt(time, _folder);
        _cairn.Time.Advance(TimeSpan.FromMinutes(1));
    }
}
