using Cairn.Engine.Operations;
using Microsoft.Extensions.Time.Testing;

namespace Cairn.Engine.Tests.Operations;

public sealed class HookNoteTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cairn-hooks-");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 1, 10, 0, 0, TimeSpan.Zero));

    private HookNoteService Notes => new(new EngineOptions { DatabasePath = Path.Combine(_folder.FullName, "memory.db") }, _time);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Note_OfEachHook_TellsItsLastRun()
    {
        Assert.Empty(Notes.LastRuns());

        Notes.Note("codex", "Stop");
        _time.Advance(TimeSpan.FromHours(1));
        Notes.Note("codex", "Stop");
        Notes.Note("claude", "SessionStart");

        Assert.Equal([("claude", "SessionStart", _time.GetUtcNow()), ("codex", "Stop", _time.GetUtcNow())], Notes.LastRuns().Select(static run => (run.Client, run.Event, run.At)));
    }

    [Fact]
    public void Show_IsOfOneSession_UntilItIsForgotten()
    {
        Notes.Show("codex", "../one", ["a", "b"]);
        Notes.Show("codex", "../one", ["c"]);

        Assert.Equal(["a", "b", "c"], Notes.ShownTo("codex", "../one").Order());
        Assert.Empty(Notes.ShownTo("codex", "two"));
        Assert.Empty(Notes.ShownTo("claude", "../one"));
        Notes.Forget("codex", "../one");
        Assert.Empty(Notes.ShownTo("codex", "../one"));
        Assert.Equal(["hooks"], _folder.EnumerateFileSystemInfos().Select(static item => item.Name));
    }

    [Fact]
    public void Forget_SweepsWhatIsOld()
    {
        Notes.Show("codex", "old", ["a"]);
        File.SetLastWriteTimeUtc(Directory.GetFiles(Path.Combine(_folder.FullName, "hooks")).Single(), _time.GetUtcNow().UtcDateTime - HookNoteService.Kept - TimeSpan.FromDays(1));
        Notes.Show("codex", "new", ["b"]);

        Notes.Forget("claude", "another");

        Assert.Empty(Notes.ShownTo("codex", "old"));
        Assert.Equal(["b"], Notes.ShownTo("codex", "new"));
    }

    [Fact]
    public void AFolderThatCannotBe_IsNoFailure()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "hooks"), "");

        Notes.Note("codex", "Stop");
        Notes.Show("codex", "s", ["a"]);

        Assert.Empty(Notes.LastRuns());
        Assert.Empty(Notes.ShownTo("codex", "s"));
    }
}
