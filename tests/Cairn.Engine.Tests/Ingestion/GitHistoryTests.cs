using Cairn.Engine.Entries;
using Cairn.Engine.Ingestion;
using Cairn.Engine.Tests.Git;

namespace Cairn.Engine.Tests.Ingestion;

/// <summary>Commits become entries once, whoever takes them, and a hostile repository runs nothing.</summary>
public sealed class GitHistoryTests : IDisposable
{
    private readonly GitSandbox _git = new();
    private readonly EngineFixture _cairn = new();
    private readonly string _folder;
    private readonly CallContext _context;

    public GitHistoryTests()
    {
        _folder = _git.Repository("harbour");
        _context = new CallContext { WorkingDirectory = _folder };
    }

    public void Dispose()
    {
        _cairn.Dispose();
        _git.Dispose();
    }

    [Fact]
    public void Ingest_History_IsAnEntryACommit()
    {
        var id = Commit("feat(parser)!: read UTF-8 only", "Latin-1 is gone.\n\nBREAKING CHANGE: convert older files first.", "src/parser.c", "docs/é n.md");
        Commit("Second", "", "a.txt");

        var result = Ingest();

        Assert.Equal((2, 2, 0), (result.Commits, result.Saved, result.Known));
        var entry = Assert.Single(Entries(), static entry => entry.Title.StartsWith("feat", StringComparison.Ordinal));
        Assert.Equal($"feat(parser)!: read UTF-8 only\n\nLatin-1 is gone.\n\nBREAKING CHANGE: convert older files first.\n\nThis is a breaking change.\n\nCommit {id}\n\nFiles:\n- docs/é n.md\n- src/parser.c", entry.Body);
        Assert.Equal(("commit", "commit", $"commit:{id}", "main", id), (entry.EntryType, entry.Origin, entry.SourceRef, entry.GitBranch, entry.GitCommit));
        Assert.Equal(["feat", "breaking"], entry.Tags);
        Assert.Equal("harbour", entry.Project);
    }

    [Fact]
    public void Ingest_Again_LooksAtWhatIsNewAlone()
    {
        Commit("First", "", "a");
        Ingest();
        Commit("Second", "", "a");

        Assert.Equal((1, 1), (Ingest().Commits, Entries().Count(static entry => entry.Title == "Second")));
        Assert.Equal(0, Ingest().Commits);
    }

    [Fact]
    public void Ingest_HistoryRewritten_TakesTheNewCommits()
    {
        Commit("First", "", "a");
        Ingest();
        _git.Git(_folder, "commit", "--quiet", "--amend", "--message", "First, amended");
        _git.Git(_folder, "reflog", "expire", "--expire=now", "--all");
        _git.Git(_folder, "gc", "--quiet", "--prune=now");

        Assert.Equal(1, Ingest().Saved);
    }

    [Fact]
    public void Ingest_Since_TakesTheNewer()
    {
        Commit("Old", "", "a");
        var tomorrow = DateTimeOffset.UnixEpoch.AddYears(200);

        Assert.Equal(0, _cairn.Engine.Histories.Ingest(tomorrow, _context, null, TestContext.Current.CancellationToken).Commits);
        Assert.Equal(1, _cairn.Engine.Histories.Ingest(DateTimeOffset.UnixEpoch, _context, null, TestContext.Current.CancellationToken).Saved);
        Assert.Equal((1, 1), (Ingest().Commits, Entries().Count));
    }

    [Fact]
    public void Ingest_Revert_SupersedesWhatItReverts()
    {
        var id = Commit("Cache everything", "", "a");
        _git.Git(_folder, "revert", "--no-edit", id);

        Assert.Equal(1, Ingest().Reverted);

        var reverted = Assert.Single(Entries(), static entry => entry.Title == "Cache everything");
        var revert = Assert.Single(Entries(), static entry => entry.Title.StartsWith("Revert", StringComparison.Ordinal));
        Assert.Equal(("superseded", revert.Id), (reverted.State, reverted.SupersededBy));
    }

    [Fact]
    public void Ingest_MoreThanOneRunTakes_SaysHowManyAreLeftOut_AndATimeTakesThem()
    {
        for (var i = 0; i < 5; i++) Commit($"Number {i}", "", "a");
        _cairn.Engine.Histories.Most = 2;

        var first = Ingest();
        Assert.Equal((2, 2, 3), (first.Commits, first.Saved, first.LeftOut));
        Assert.Equal(["Number 3", "Number 4"], Entries().Select(static entry => entry.Title));
        var second = Ingest();
        Assert.Equal((0, null), (second.Commits, second.LeftOut));

        var all = _cairn.Engine.Histories.Ingest(DateTimeOffset.UnixEpoch, _context, null, TestContext.Current.CancellationToken);
        Assert.Equal((5, 3, null), (all.Commits, all.Saved, all.LeftOut));
    }

    [Fact]
    public void Ingest_RevertThatIsKnownBeforeWhatItReverts_Supersedes()
    {
        var id = Commit("Cache everything", "", "a");
        _git.Git(_folder, "revert", "--no-edit", id);
        Assert.Equal(1, _cairn.Engine.Histories.Capture("HEAD", _context).Saved);

        Assert.Equal((1, 1), (Ingest().Reverted, Entries().Count(static entry => entry.State == "active")));

        Assert.Equal("superseded", Assert.Single(Entries(), static entry => entry.Title == "Cache everything").State);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ingest_RevertOfARevert_BringsTheCommitBack_InAnyOrder(bool newestFirst)
    {
        Commit("Cache everything", "", "a");
        var first = RevertHead("Revert");
        var second = RevertHead("Revert the revert");
        if (newestFirst)
            foreach (var revision in (string[])[second, first]) _cairn.Engine.Histories.Capture(revision, _context);
        Ingest();
        Assert.Equal([("Cache everything", "active"), ("Revert", "superseded"), ("Revert the revert", "active")], States());
        var commit = Entries().Single(static entry => entry.Title == "Cache everything");
        Assert.Null(commit.SupersededBy);

        RevertHead("Revert all of that");
        Ingest();

        Assert.Equal([("Cache everything", "superseded"), ("Revert", "active"), ("Revert all of that", "active"), ("Revert the revert", "superseded")], States());
    }

    [Fact]
    public void Ingest_WhatCaptureLeavesOut_IsNotTaken()
    {
        File.WriteAllText(Path.Combine(_folder, ".cairn.json"), """{"capture": {"deny": ["clients/**"]}}""");
        Commit("A rebate of 40 percent", "", "clients/acme.md", "a");
        Commit("The parser reads dates", "", "a");

        var result = Ingest();

        Assert.Equal((2, 1, 1), (result.Commits, result.Saved, result.Denied));
        Assert.Equal(1, _cairn.Engine.Histories.Capture("HEAD~1", _context).Denied);
        Assert.Equal("The parser reads dates", Assert.Single(Entries()).Title);
    }

    [Fact]
    public void Ingest_CaptureIsOff_TakesAndRecordsNothing_UntilItIsOn()
    {
        Commit("A rebate of 40 percent", "", "a");
        var file = Path.Combine(_folder, ".cairn.json");
        File.WriteAllText(file, """{"capture": {"mode": "off"}}""");

        Assert.Equal((0, true), (Ingest().Saved, _cairn.Engine.Histories.Capture("HEAD", _context).Off));
        Assert.Empty(_cairn.Rows("SELECT name FROM projects"));

        File.Delete(file);
        Assert.Equal((1, null), (Ingest().Saved, Ingest().Off));
    }

    [Fact]
    public void Ingest_ForgottenCommit_StaysForgotten()
    {
        Commit("First", "", "a");
        Ingest();
        _cairn.Update(Entries().Single().Id, EntryAction.Forget);

        Assert.Equal((0, 1), (_cairn.Engine.Histories.Capture("HEAD", _context).Saved, Entries().Count));
    }

    [Fact]
    public void Capture_Commit_IsTheNextToIngest()
    {
        Commit("First", "", "a");
        Ingest();
        Commit("Second", "", "a");

        Assert.Equal(1, _cairn.Engine.Histories.Capture("HEAD", _context).Saved);
        Assert.Equal(0, Ingest().Commits);
    }

    [Theory]
    [InlineData("--output=owned")]
    [InlineData("no-such-branch")]
    [InlineData("HEAD:a")]
    public void Capture_NoCommit_IsRefused(string revision)
    {
        Commit("First", "", "a");

        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<EngineException>(() => _cairn.Engine.Histories.Capture(revision, _context)).Code);
        Assert.False(File.Exists(Path.Combine(_folder, "owned")));
    }

    [Fact]
    public void Ingest_NoRepository_IsRefused() => Assert.Equal(ErrorCode.InvalidArgument,
        Assert.Throws<EngineException>(() => _cairn.Engine.Histories.Ingest(null, new CallContext { WorkingDirectory = _cairn.Folder }, null, TestContext.Current.CancellationToken)).Code);

    [Fact]
    public void Ingest_Secret_IsRedacted()
    {
        var secret = "ghp_" + string.Concat(Enumerable.Repeat("Zk4Qw9", 6));
        Commit("Add the token", $"It is {secret}.", $"{secret}.txt");

        Assert.Equal(2, Ingest().Redactions);
        Assert.False(_cairn.Holds(secret));
        Assert.Contains("[REDACTED:", Entries().Single().Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ingest_ByTenAtOnce_DoublesNothing()
    {
        for (var i = 0; i < 12; i++) Commit("The same words", "", $"file{i}");
        using var together = new Barrier(10);

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => EngineFixture.Start(() =>
        {
            using var engine = _cairn.Another();
            Assert.True(together.SignalAndWait(TimeSpan.FromMinutes(1)));
            return engine.Histories.Ingest(null, _context, null, TestContext.Current.CancellationToken).Commits + engine.Histories.Capture("HEAD~3", _context).Commits;
        })));

        Assert.Equal(12, Entries().Count);
    }

    [Fact]
    public void Ingest_HostileRepository_RunsNothing()
    {
        var (owned, script) = (Path.Combine(_folder, "owned"), Path.Combine(_folder, "run"));
        Commit("First\u001b[31m", "\u0007bell", "a.txt", ".gitattributes");
        GitSandbox.Script(script, $"echo x > '{owned}'");
        foreach (var key in (string[])["diff.external", "core.pager", "core.fsmonitor", "core.editor", "diff.evil.textconv", "diff.evil.command", "gpg.program", "gpg.ssh.program", "core.sshCommand"])
            _git.Git(_folder, "config", key, script);
        foreach (var (key, value) in (ReadOnlySpan<(string, string)>)[("log.showSignature", "true"), ("log.decorate", "full"), ("format.pretty", "%G?"), ("log.diffMerges", "on"), ("notes.displayRef", "*"), ("color.ui", "always"), ("log.follow", "true")])
            _git.Git(_folder, "config", key, value);

        Assert.Equal(1, Ingest().Saved);

        Assert.False(File.Exists(owned));
        Assert.DoesNotContain(Entries().Single().Body, static c => c is '\u001b' or '\u0007');
    }

    private List<(string, string)> States() => [.. Entries().Select(static entry => (entry.Title, entry.State!)).Order()];

    private string RevertHead(string subject)
    {
        var id = _git.Git(_folder, "rev-parse", "HEAD");
        _git.Git(_folder, "revert", "--no-commit", id);
        _git.Git(_folder, "commit", "--quiet", "--message", subject, "--message", $"This reverts commit {id}.");
        return _git.Git(_folder, "rev-parse", "HEAD");
    }

    private GitHistoryResult Ingest() => _cairn.Engine.Histories.Ingest(null, _context);

    private List<Entry> Entries() => [.. _cairn.Rows("SELECT id FROM entries WHERE origin = 'commit' ORDER BY key").Select(_cairn.Get)];

    private string Commit(string subject, string body, params ReadOnlySpan<string> files)
    {
        foreach (var file in files)
        {
            var path = Path.Combine(_folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.AppendAllText(path, "text\n");
        }
        _git.Git(_folder, "add", "--all");
        _git.Git(_folder, "commit", "--quiet", "--allow-empty", "--cleanup=verbatim", "--message", subject, "--message", body);
        return _git.Git(_folder, "rev-parse", "HEAD");
    }
}
