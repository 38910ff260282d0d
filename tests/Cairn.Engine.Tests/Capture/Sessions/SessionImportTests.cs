using System.Text;
using Cairn.Engine.Capture.Sessions;
using CsCheck;
using ZstdSharp;

namespace Cairn.Engine.Tests.Capture.Sessions;

/// <summary>Session files are read once, however they grow, are cut, moved on or damaged.</summary>
public sealed class SessionImportTests : IDisposable
{
    private readonly SessionSandbox _box = new();

    private static readonly Gen<string> Junk = Gen.OneOf(
        Gen.String.Select(static text => text.Replace('\n', ' ')),
        Gen.OneOf("null", "[]", "{", "\"", "{}", """{"type":1,"payload":"x"}""", """{"type":"response_item","payload":{"type":"message","role":"user","content":[{"text":"\ud800"}]}}""",
            """{"type":"event_msg","payload":{"type":"item_completed","item":{"type":"CommandExecution","command":7,"exit_code":1e99}}}""",
            """{"type":"assistant","message":{"content":[1,{"type":"tool_use"},{"type":"tool_use","id":5,"input":[]}]}}""", "{\"a\":" + new string('[', 200),
            """{"\ud800type":1,"type":"response_item","payload":{"\ud800role":1,"type":"message","role":"user","content":[{"\ud800text":2,"text":"x"}]}}""",
            """{"type":"user","sessionId":"s","cwd":"/x\u0000y","message":{"\ud800content":1,"content":[{"type":"tool_use","id":"a","\ud800name":1,"name":"Edit","input":{"\ud800":1,"file_path":"a"}}]}}"""));

    private static readonly Gen<string[]> Turn = Gen.Select(Gen.Int[0, 9], Gen.Int[0, 2], Gen.OneOf("continue", "Fix é it", "😀"), Gen.Bool, static (n, exit, prompt, isNew) =>
        (string[])[.. isNew ? Rollout.NewTurn($"t{n}", prompt, "make", exit, $"Answer {n}") : Rollout.OldTurn($"c{n}", prompt, "make", exit, $"Answer {n}")]);

    public void Dispose() => _box.Dispose();

    [Fact]
    public void Import_Again_ReadsNothing()
    {
        _box.Write(_box.CodexFile(), [Rollout.Meta(), .. Rollout.NewTurn("t1", "Fix it", "make", 0, "Done.")]);
        _box.Write(_box.ClaudeFile(), [Transcript.User("u", "Hello"), Transcript.Agent("a", Transcript.Text("Hello."), "end_turn")]);

        var first = _box.Run();
        var second = _box.Run();

        Assert.Equal((2, 0, 10), (first.Files, first.Unchanged, first.Events));
        Assert.Equal((0, 2, 0), (second.Files, second.Unchanged, second.Events));
        Assert.Equal(["codex", "claude"], _box.Contexts.Select(static context => context.Client));
        Assert.All(_box.Contexts, static context => Assert.Equal(("/home/u/proj", "transcript"), (context.WorkingDirectory, context.Origin)));
    }

    [Fact]
    public void Import_ResumedFile_ReadsWhatIsNew()
    {
        string[] first = [Rollout.Meta(), .. Rollout.NewTurn("t1", "Fix it", "make", 0, "Done.")];
        _box.Write(_box.CodexFile(), first);
        _box.Run();
        _box.Captured.Clear();

        _box.Write(_box.CodexFile(), [.. first, .. Rollout.NewTurn("t2", "And the tests", "make test", 1, "They fail.")]);
        _box.Run();

        Assert.Equal("UserPrompt And the tests", SessionSandbox.Shown(_box.Captured[0]));
        Assert.Equal(6, _box.Captured.Count);
    }

    [Fact]
    public void Import_UnfinishedTurn_WaitsUntilItEndsOrNothingIsWrittenForLong()
    {
        string[] lines = [Rollout.Meta(), .. Rollout.NewTurn("t1", "Fix it", "make", 0, "Done.").Take(11)];
        _box.Write(_box.CodexFile(), lines);

        Assert.Equal(1, _box.Run().Events); // the session began
        Assert.Equal(0, _box.Run().Events);

        _box.Cairn.Time.Advance(SessionImportService.TurnPatience + TimeSpan.FromMinutes(1));
        Assert.Equal(3, _box.Run().Events);
        Assert.Equal(1, _box.Run().Unchanged);
    }

    [Fact]
    public void Import_HalfWrittenLastLine_IsReadWhenItIsWhole()
    {
        var bytes = SessionSandbox.Bytes([Rollout.Meta(), .. Rollout.NewTurn("t1", "Fix it", "make", 0, "Done.")]);
        var lastLines = SessionSandbox.Bytes([.. Rollout.NewTurn("t1", "Fix it", "make", 0, "Done.").TakeLast(3)]).Length;
        _box.Write(_box.CodexFile(), bytes.AsSpan(0, bytes.Length - lastLines + 20), TimeSpan.FromDays(1));
        var before = _box.Run();

        _box.Write(_box.CodexFile(), bytes, TimeSpan.FromDays(1));
        var after = _box.Run();

        Assert.Equal((6, 1), (before.Events, after.Events));
        Assert.Equal("FinalAnswer Done.", SessionSandbox.Shown(_box.Captured[^1]));
        Assert.Null(after.UnreadLines);
    }

    [Fact]
    public void Import_CutAnywhere_GivesTheSameEvents() =>
        Gen.Select(Turn.Array[1, 4], Junk.Array[0, 3], Gen.Double[0, 1], static (turns, junk, cut) =>
            (Bytes: SessionSandbox.Bytes([Rollout.Meta(), .. turns.SelectMany((turn, i) => turn.Concat(junk.Skip(i).Take(1)))]), Cut: cut)).Sample(static file =>
        {
            using var whole = new SessionSandbox();
            using var cut = new SessionSandbox();
            whole.Write(whole.CodexFile(), file.Bytes);
            cut.Write(cut.CodexFile(), file.Bytes.AsSpan(0, (int)(file.Bytes.Length * file.Cut)));

            whole.Run();
            cut.Run();
            cut.Write(cut.CodexFile(), file.Bytes);
            cut.Run();
            foreach (var box in (SessionSandbox[])[whole, cut])
            {
                box.Cairn.Time.Advance(TimeSpan.FromHours(2));
                box.Run();
            }

            Assert.Equal(whole.Captured.Select(static item => (item.Id, SessionSandbox.Shown(item), item.TurnId)), cut.Captured.Select(static item => (item.Id, SessionSandbox.Shown(item), item.TurnId)));
        }, iter: 30, threads: 1);

    [Fact]
    public void Read_AnyLine_NeverThrows() => Gen.Select(Junk, Gen.OneOf("codex", "claude")).Sample(static (line, client) => SessionSandbox.Read(client, line, line));

    [Fact]
    public void Read_AnyBytesChanged_NeverThrows() =>
        Gen.Select(Turn, Gen.Int[0, 100_000], Gen.Byte).Sample(static (turn, at, value) =>
        {
            var bytes = SessionSandbox.Bytes(turn);
            bytes[at % bytes.Length] = value;
            SessionSandbox.Read("codex", Encoding.UTF8.GetString(bytes).Split('\n'));
        });

    [Fact]
    public void Import_CompressedLaterOn_IsTheSameFile()
    {
        string[] first = [Rollout.Meta(), .. Rollout.NewTurn("t1", "Fix it", "make", 0, "Done.")];
        _box.Write(_box.CodexFile(), first);
        _box.Run();
        File.Delete(_box.CodexFile());
        using var compressor = new Compressor();
        _box.Write(_box.CodexFile() + ".zst", compressor.Wrap(SessionSandbox.Bytes([.. first, .. Rollout.NewTurn("t2", "More", "make", 0, "Done again.")])).ToArray());
        _box.Captured.Clear();

        var result = _box.Run();

        Assert.Null(result.SkippedFiles);
        Assert.Equal(6, _box.Captured.Count);
        Assert.Equal(1, _box.Run().Unchanged);
    }

    [Fact]
    public void Import_AnotherFileUnderTheName_IsReadWhole()
    {
        _box.Write(_box.CodexFile(), [Rollout.Meta(), .. Rollout.NewTurn("t1", "Fix it", "make", 0, "Done.")]);
        _box.Run();
        _box.Captured.Clear();

        _box.Write(_box.CodexFile(), [Rollout.Meta(cwd: "/home/u/other"), .. Rollout.NewTurn("t1", "Fix it", "make", 0, "Done."), .. Rollout.NewTurn("t2", "x", "make", 0, "y")]);
        _box.Run();

        Assert.Equal(13, _box.Captured.Count);
    }

    [Fact]
    public void Import_DamagedOrOverlong_SaysSoAndGoesOn()
    {
        _box.Write(_box.CodexFile("rollout-a.jsonl.zst"), "no zstandard at all"u8);
        _box.Write(_box.CodexFile("rollout-b.jsonl"), [Rollout.Meta(), new string('x', SessionLines.MaxLength + 10), "junk", .. Rollout.NewTurn("t1", "Fix it", "make", 0, "Done.")]);

        var result = _box.Run();

        Assert.Equal((1, 7, 2), (result.Files, result.Events, result.UnreadLines));
        Assert.Single(result.SkippedFiles!);
    }

    [Fact]
    public void Import_Since_LeavesOlderFiles()
    {
        _box.Write(_box.CodexFile(), [Rollout.Meta()], TimeSpan.FromDays(10));

        Assert.Equal(0, _box.Run(new SessionImportRequest { Since = _box.Cairn.Time.GetUtcNow().AddDays(-5) }).Files);
        Assert.Equal(1, _box.Run(new SessionImportRequest { Since = _box.Cairn.Time.GetUtcNow().AddDays(-15) }).Files);
    }

    [Fact]
    public void Import_ProjectChanges_AtAPromptOfAnotherFolder()
    {
        string[] second = [.. Rollout.NewTurn("t2", "Here too", "make", 0, "Done.").Select(static line => line.Replace("/home/u/proj", "/home/u/other", StringComparison.Ordinal))];
        _box.Write(_box.CodexFile(), [Rollout.Meta(), .. Rollout.NewTurn("t1", "Fix it", "make", 0, "Done."), .. second]);

        _box.Run();

        Assert.Equal(["/home/u/proj", "/home/u/other"], _box.Contexts.Select(static context => context.WorkingDirectory));
    }

    [Fact]
    public void Import_SecretsSaid_AreInNoByteOfTheDatabase()
    {
        var secret = "ghp_" + string.Concat(Enumerable.Repeat("Zk4Qw9", 6));
        _box.Write(_box.CodexFile(), [Rollout.Meta().Replace("\"main\"", $"\"{secret}\"", StringComparison.Ordinal), .. Rollout.NewTurn("t1", $"The token is {secret}", $"curl -H {secret}", 0, "Done.")]);

        _box.Run();
        Assert.Equal(1, _box.Run().Unchanged);

        File.Delete(_box.CodexFile());
        Assert.False(_box.Cairn.Holds(secret));
    }

    [Fact]
    public void Import_ThroughCapture_SavesADecisionOnceAndNoByteOfASecret()
    {
        var secret = "ghp_" + string.Concat(Enumerable.Repeat("Zk4Qw9", 6));
        string[] lines = [Rollout.Meta(), .. Rollout.NewTurn("t1", $"My token is {secret}", $"curl -H {secret}", 0, $"We decided to use SQLite in WAL mode with {secret}, because ten processes write at once.")];
        _box.Write(_box.CodexFile(), lines);

        var first = _box.Cairn.Engine.SessionImports.Import(new SessionImportRequest(), null, TestContext.Current.CancellationToken);
        // As after a kill between capture and the record of the offset.
        _box.Cairn.Sql("DELETE FROM session_files");
        var again = _box.Cairn.Engine.SessionImports.Import(new SessionImportRequest(), null, TestContext.Current.CancellationToken);

        Assert.Equal((1, 0), (first.Saved, again.Saved));
        Assert.Equal(["transcript|decision"], _box.Cairn.Rows("SELECT origin, entry_type FROM entries"));
        File.Delete(_box.CodexFile());
        Assert.False(_box.Cairn.Holds(secret));
    }

    [Fact]
    public void Import_WhileAnotherRuns_GivesUp()
    {
        _box.Write(_box.CodexFile(), [Rollout.Meta()]);
        _box.Run();
        using (ImportTurn.Take(_box.Cairn.DatabasePath, TimeSpan.Zero, TestContext.Current.CancellationToken)) Assert.True(_box.Run().Busy);

        Assert.Null(_box.Run().Busy);
    }
}
