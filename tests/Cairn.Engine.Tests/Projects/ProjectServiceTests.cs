using Cairn.Engine.Capture;

namespace Cairn.Engine.Tests.Projects;

public sealed class ProjectServiceTests : IDisposable
{
    private readonly EngineFixture _cairn = new();

    public void Dispose() => _cairn.Dispose();

    [Fact]
    public void List_Projects_ByNameWithWhatTheyHold()
    {
        var start = _cairn.Time.Start;
        _cairn.Save("One", _cairn.In("beta"));
        _cairn.Save("Two", _cairn.In("Alpha"));
        _cairn.Save("Three", _cairn.In("beta"));

        Assert.Equal([("Alpha", 1L), ("beta", 2L)], _cairn.Engine.Projects.List().Select(project => (project.Name, project.Entries)));
        Assert.Equal([start.AddSeconds(1), start.AddSeconds(2)], _cairn.Engine.Projects.List().Select(project => project.LastEntryAt!.Value));
        Assert.Equal([start.AddSeconds(1), start], _cairn.Engine.Projects.List().Select(project => project.CreatedAt));
    }

    [Fact]
    public void List_NewDatabase_IsEmpty() => Assert.Empty(_cairn.Engine.Projects.List());

    [Fact]
    public void Save_NameInAnotherCase_IsTheSameProject()
    {
        _cairn.Save("One", _cairn.In("Tool"));
        _cairn.Save("Two", _cairn.In("TOOL"));

        Assert.Equal(("Tool", 2L), (Assert.Single(_cairn.Engine.Projects.List()).Name, _cairn.Engine.Projects.List()[0].Entries));
    }

    [Fact]
    public void Rename_Project_TheOldNameLeadsToIt()
    {
        var id = _cairn.Save("A needle", _cairn.In("old"));
        _cairn.Engine.Projects.Rename("OLD", " new ");

        Assert.Equal("new", _cairn.Get(id).Project);
        Assert.Equal([id], _cairn.Find("needle", _cairn.In("Old")));
        Assert.Equal([id], _cairn.Find("needle", _cairn.In("new")));
        Assert.Equal("new", _cairn.Get(_cairn.Save("More", _cairn.In("old"))).Project);
        Assert.Equal(["old"], Assert.Single(_cairn.Engine.Projects.List()).FormerNames);
    }

    [Fact]
    public void RenameAndMerge_Project_ItsCaptureAuditGoesAlong()
    {
        _cairn.Engine.Capture.Capture(
            [new SessionEvent { Kind = SessionEventKind.FinalAnswer, Id = "m1", SessionId = "s1", Client = "codex", OccurredAt = _cairn.Time.GetUtcNow(), Text = "Decision: we use SQLite in WAL mode, because ten processes write it at once." }],
            _cairn.In("tool"));
        Assert.Single(_cairn.Engine.Capture.Audit(10, project: "tool").Events);

        _cairn.Engine.Projects.Rename("tool", "new");
        Assert.Single(_cairn.Engine.Capture.Audit(10, project: "new").Events);

        _cairn.Save("x", _cairn.In("other"));
        _cairn.Entries.MergeProjects("new", "other");
        Assert.Single(_cairn.Engine.Capture.Audit(10, project: "other").Events);
    }

    [Fact]
    public void Rename_OnlyTheCase_LeavesNoFormerName()
    {
        _cairn.Save("One", _cairn.In("tool"));
        _cairn.Engine.Projects.Rename("tool", "Tool");

        Assert.Equal("Tool", Assert.Single(_cairn.Engine.Projects.List()).Name);
        Assert.Null(_cairn.Engine.Projects.List()[0].FormerNames);
    }

    [Fact]
    public void Rename_BackToAFormerName_IsTaken()
    {
        _cairn.Save("One", _cairn.In("first"));
        _cairn.Engine.Projects.Rename("first", "second");
        _cairn.Engine.Projects.Rename("second", "first");

        Assert.Equal("first", Assert.Single(_cairn.Engine.Projects.List()).Name);
        Assert.Equal(["second"], _cairn.Engine.Projects.List()[0].FormerNames);
        Assert.Equal("first", _cairn.Engine.Projects.Current(_cairn.In("second")));
    }

    [Fact]
    public void Rename_OntoAnotherOrItsFormerName_IsRefused()
    {
        _cairn.Save("One", _cairn.In("one"));
        _cairn.Save("Two", _cairn.In("two"));
        _cairn.Engine.Projects.Rename("two", "three");

        foreach (var taken in new[] { "THREE", "two" })
            Assert.Equal((ErrorCode.InvalidArgument, "to"), Refusal("one", taken));
        Assert.Equal(["one", "three"], _cairn.Engine.Projects.List().Select(project => project.Name));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" * ")]
    [InlineData("a\u0001b")]
    [InlineData("a\0b")]
    public void Rename_ToAnImpossibleName_IsRefused(string name)
    {
        _cairn.Save("One", _cairn.In("one"));

        Assert.Equal((ErrorCode.InvalidArgument, "to"), Refusal("one", name));
        Assert.Equal((ErrorCode.InvalidArgument, "to"), Refusal("one", new string('x', 201)));
    }

    [Fact]
    public void Rename_UnknownProject_IsNotFound() => Assert.Equal((ErrorCode.EntryNotFound, "from"), Refusal("unknown", "name"));

    private (ErrorCode, object) Refusal(string from, string to)
    {
        var error = Assert.Throws<EngineException>(() => _cairn.Engine.Projects.Rename(from, to));
        return (error.Code, error.Details["field"]);
    }

    [Fact]
    public void Rename_ToWhatLooksLikeASecret_IsRefusedWithoutShowingIt()
    {
        _cairn.Save("One", _cairn.In("old"));
        var secret = "gh" + "p_" + string.Concat(Enumerable.Range(0, 36).Select(i => "a1B2c3D4e5F6g7H8i9J0"[i * 7 % 20]));

        var error = Assert.Throws<EngineException>(() => _cairn.Engine.Projects.Rename("old", secret));

        Assert.Equal(ErrorCode.PolicyBlocked, error.Code);
        Assert.DoesNotContain(secret, error.Message, StringComparison.Ordinal);
        Assert.Equal("old", Assert.Single(_cairn.Engine.Projects.List()).Name);
    }
}
