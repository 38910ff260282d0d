using System.Text.Json.Nodes;
using Cairn.Engine.Capture.Sessions;
using Cairn.Engine.Tests.Git;
using ZstdSharp;

namespace Cairn.Engine.Tests.Capture.Sessions;

/// <summary>What stands in one session file, or becomes of its folder, costs no other file anything.</summary>
public sealed class SessionImportTroubleTests : IDisposable
{
    private readonly SessionSandbox _box = new();
    private readonly GitSandbox _git = new();

    public void Dispose()
    {
        _box.Dispose();
        _git.Dispose();
    }

    [Theory]
    [InlineData("\"\\ud800x\":1,\"type\"")]
    [InlineData("\"cwd\":\"/home/u\\u0000y\",\"\\ud800\":{},\"type\"")]
    public void Import_LineWithWhatNoTextCanHold_IsPassedOverAlone(string begin)
    {
        _box.Write(_box.ClaudeFile("a.jsonl"), [Transcript.User("u1", "Hello").Replace("\"type\"", begin, StringComparison.Ordinal), Transcript.User("u2", "And?"), Transcript.Agent("a2", Transcript.Text("We decided to use WAL."), "end_turn")]);
        _box.Write(_box.ClaudeFile("b.jsonl"), [Transcript.User("u", "Hello"), Transcript.Agent("a", Transcript.Text("We decided to use one file."), "end_turn")]);

        var result = _box.Cairn.Engine.SessionImports.Import(new SessionImportRequest(), null, TestContext.Current.CancellationToken);

        Assert.Equal((2, null), (result.Files, result.SkippedFiles));
        Assert.Equal(2, _box.Run().Unchanged);
    }

    [Fact]
    public void Import_NamesLongerThanAnyIs_AreLeftOut()
    {
        var endless = new string('x', 100_000);
        _box.Write(_box.ClaudeFile(),
        [
            Transcript.User("u", "Fix it", line => { line["cwd"] = "/" + endless; line["gitBranch"] = endless; line["uuid"] = endless; }),
            Transcript.Agent("a", Transcript.Use("t", "Write", new JsonObject { ["file_path"] = "/" + endless }), "tool_use"),
            Transcript.User("r", Transcript.Result("t", "ok")),
            Transcript.Agent("b", Transcript.Text("Done."), "end_turn"),
        ]);

        _box.Run();

        Assert.NotEmpty(_box.Captured);
        Assert.All(_box.Captured, item => Assert.True(item.Id.Length < 5000 && (item.Branch?.Length ?? 0) < 5000 && (item.WorkingDirectory?.Length ?? 0) < 5000 && item.Paths.All(path => path.Length < 5000)));
    }

    [Fact]
    public void Import_LinesThatTellNoTime_HappenedWhenTheFileWasWritten()
    {
        _box.Write(_box.ClaudeFile(), [Transcript.User("u", "Hello", line => line.Remove("timestamp")), Transcript.Agent("a", Transcript.Text("Hello."), "end_turn", line => line.Remove("timestamp"))]);

        _box.Run();

        Assert.All(_box.Captured, item => Assert.Equal(_box.Cairn.Time.GetUtcNow(), item.OccurredAt, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void Import_CutShort_GoesOnWhereItCameTo()
    {
        string[] Turn(int n) => [Transcript.User($"u{n}", $"Prompt {n}"), Transcript.Agent($"a{n}", Transcript.Text($"Answer {n}"), "end_turn")];
        _box.Write(_box.ClaudeFile("a.jsonl"), Turn(0));
        _box.Write(_box.ClaudeFile("b.jsonl"), Enumerable.Range(1, 3000).SelectMany(Turn));
        using var cancellation = new CancellationTokenSource();
        _box.AtCapture = () => { if (_box.Captured.Count > 1500) cancellation.Cancel(); };

        Assert.ThrowsAny<OperationCanceledException>(() => _box.Import.Import(new SessionImportRequest(), null, cancellation.Token));
        var first = _box.Captured.Count;
        var rest = _box.Run();

        Assert.InRange(first, 1500, 5000);
        Assert.Equal(1, rest.Unchanged);
        Assert.Equal(6002 + 2, _box.Captured.Count); // nothing twice, nothing lost: 3,001 turns of two, and two beginnings
    }

    [Fact]
    public void Import_GreatFileOfLittleUse_IsWrittenDownAsFarAsItCame()
    {
        // Results of tools make no events: a file of nothing else never fills what is handed on.
        var image = new string('A', 900_000);
        using var compressor = new Compressor();
        _box.Write(_box.ClaudeFile("a.jsonl.zst"), compressor.Wrap(SessionSandbox.Bytes(
            Enumerable.Range(0, 40).Select(n => Transcript.User($"r{n}", Transcript.Result($"t{n}", image))))).ToArray());
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => _box.Import.Import(new SessionImportRequest(), null, cancellation.Token));
        _box.Run();

        Assert.Equal(1, _box.Run().Unchanged);
    }

    [Fact]
    public void Import_SmallFirst_ReadsSmallFilesBeforeGreatOnes()
    {
        _box.Write(_box.ClaudeFile("a.jsonl"), [Transcript.User("u", new string('x', 9000)), Transcript.Agent("a", Transcript.Text("Great."), "end_turn")]);
        _box.Write(_box.ClaudeFile("b.jsonl"), [Transcript.User("u", "Hello"), Transcript.Agent("a", Transcript.Text("Small."), "end_turn")]);

        _box.Run(new SessionImportRequest { SmallFirst = true });

        Assert.Equal(["FinalAnswer Small.", "FinalAnswer Great."], _box.Captured.Select(SessionSandbox.Shown).Where(static text => text.StartsWith("FinalAnswer", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Import_NamedFileWhileAnotherRuns_WaitsItsTurn()
    {
        _box.Write(_box.ClaudeFile(), [Transcript.User("u", "Hello"), Transcript.Agent("a", Transcript.Text("Hello."), "end_turn")]);
        _box.Run(new SessionImportRequest { Clients = ["codex"] });
        var other = ImportTurn.Take(_box.Cairn.DatabasePath, TimeSpan.Zero, TestContext.Current.CancellationToken)!;

        var waiting = EngineFixture.Start(() => _box.Run(new SessionImportRequest { Clients = ["claude"], Files = [_box.ClaudeFile()] }));
        other.Dispose();

        Assert.Equal((null, 1), (await waiting) is var result ? (result.Busy, result.Files) : default);
    }

    [Fact]
    public void Import_SessionThatCodexArchived_IsReadAndReadOnce()
    {
        var name = $"rollout-2026-03-14T09-00-00-{Rollout.Session}.jsonl";
        var archive = Directory.CreateDirectory(Path.Combine(_box.Cairn.Options.HomeDirectory, ".codex", "archived_sessions")).FullName;
        _box.Write(_box.CodexFile(name), [Rollout.Meta(), .. Rollout.NewTurn("t1", "Fix it", "make", 0, "Done.")]);
        _box.Run();
        File.Move(_box.CodexFile(name), Path.Combine(archive, name));
        _box.Write(Path.Combine(archive, name.Replace("01a20e18", "01a20e19", StringComparison.Ordinal)), [Rollout.Meta(), .. Rollout.NewTurn("t2", "Fix that", "make", 0, "Done.")]);

        var result = _box.Run();

        Assert.Equal((1, 1), (result.Files, result.Unchanged));
    }

    [Fact]
    public void Import_SessionNamedLikeASecret_IsReadUnderAHash()
    {
        var secret = "ghp_" + string.Concat(Enumerable.Repeat("Zk4Qw9", 6));
        _box.Write(_box.ClaudeFile(), [Transcript.User("u", "Hello", line => line["sessionId"] = secret), Transcript.Agent("a", Transcript.Text("We decided to use SQLite in WAL mode, because ten processes write at once."), "end_turn")]);

        var result = _box.Cairn.Engine.SessionImports.Import(new SessionImportRequest(), null, TestContext.Current.CancellationToken);

        Assert.Equal((1, null), (result.Saved, result.SkippedFiles));
        File.Delete(_box.ClaudeFile());
        Assert.False(_box.Cairn.Holds(secret));
    }

    [Fact]
    public void Import_OfAHookWithAProject_SavesThere()
    {
        _box.Write(_box.ClaudeFile(), [Transcript.User("u", "Hello"), Transcript.Agent("a", Transcript.Text("We decided to use SQLite in WAL mode, because ten processes write at once."), "end_turn")]);

        _box.Cairn.Engine.SessionImports.Import(new SessionImportRequest { Clients = ["claude"], Files = [_box.ClaudeFile()], Project = "alpha" }, null, TestContext.Current.CancellationToken);

        Assert.Single(_box.Cairn.Find("WAL", _box.Cairn.In("alpha")));
    }

    [Fact]
    public void Import_OfAWorktreeThatIsGone_IsOfItsProjectWhereAHookSawIt()
    {
        using var cairn = new EngineFixture(options => options with { Capture = new CaptureOptions { Projects = new Dictionary<string, CaptureScope> { ["tool"] = new() { Mode = CaptureMode.Off } } } });
        var root = _git.RepositoryWithCommit("tool");
        cairn.Save("The project is known", new CallContext { WorkingDirectory = root });
        var (seen, unseen) = (Worktree(root, "seen"), Worktree(root, "unseen"));
        cairn.Engine.Projects.Remember(new CallContext { WorkingDirectory = seen });
        foreach (var folder in new[] { seen, unseen })
        {
            _git.Git(root, "worktree", "remove", folder);
            Write(cairn, folder, Path.GetFileName(folder));
        }

        var result = cairn.Engine.SessionImports.Import(new SessionImportRequest(), null, TestContext.Current.CancellationToken);

        Assert.Equal((2, 0), (result.Files, result.Saved));
        Assert.Contains("unseen", Assert.Single(result.SkippedFiles!).Path, StringComparison.Ordinal);
        Assert.Equal(["tool"], cairn.Engine.Projects.List().Select(project => project.Name));
    }

    [Fact]
    public void Import_OfACodexWorktreeThatIsGone_IsOfTheRepositoryThatItNames()
    {
        const string origin = "https://git.example/team/tool.git";
        var root = _git.RepositoryWithCommit("tool");
        _git.Git(root, "remote", "add", "origin", origin);
        _box.Cairn.Save("The project is known", new CallContext { WorkingDirectory = root });
        var meta = Rollout.Meta(cwd: Path.Combine(_git.Root, "gone")).Replace("\"branch\"", $"\"repository_url\":\"{origin}\",\"branch\"", StringComparison.Ordinal);
        _box.Write(_box.CodexFile(), [meta, .. Rollout.NewTurn("t1", "Hello", "make", 0, "We decided to use SQLite in WAL mode, because ten processes write at once.").Where(static line => !line.Contains("turn_context", StringComparison.Ordinal))]);

        _box.Cairn.Engine.SessionImports.Import(new SessionImportRequest(), null, TestContext.Current.CancellationToken);

        Assert.Single(_box.Cairn.Find("SQLite", new CallContext { WorkingDirectory = root }));
    }

    private string Worktree(string root, string name)
    {
        var folder = Path.Combine(_git.Root, "worktrees", name);
        _git.Git(root, "worktree", "add", "--quiet", "-b", name, folder);
        return folder;
    }

    private static void Write(EngineFixture cairn, string folder, string name)
    {
        var home = Directory.CreateDirectory(Path.Combine(cairn.Options.HomeDirectory, ".claude", "projects", "p")).FullName;
        File.WriteAllBytes(Path.Combine(home, $"{name}.jsonl"), SessionSandbox.Bytes(
        [
            Transcript.User("u", "Hello", line => line["cwd"] = folder),
            Transcript.Agent("a", Transcript.Text($"We decided to use SQLite in WAL mode for {name}, because ten processes write at once."), "end_turn", line => line["cwd"] = folder),
        ]));
    }
}
