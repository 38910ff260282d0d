using Cairn.Engine.Entries;
using Cairn.Engine.Search;

namespace Cairn.Engine.Tests.Entries;

public sealed class MergeProjectsTests : IDisposable
{
    private readonly EngineFixture _cairn = new();

    public void Dispose() => _cairn.Dispose();

    [Fact]
    public void MergeProjects_EntriesAndNames_MoveTogether()
    {
        var (ours, theirs) = (_cairn.Save("Ours needle", _cairn.In("into")), _cairn.Save("Theirs needle", _cairn.In("From")));
        var forgotten = _cairn.Save("Forgotten needle", _cairn.In("From"));
        _cairn.Update(forgotten, EntryAction.Forget);

        Assert.Equal(2, _cairn.Entries.MergeProjects("from", "INTO"));

        var project = Assert.Single(_cairn.Engine.Projects.List());
        Assert.Equal(("into", 3L), (project.Name, project.Entries));
        Assert.Equal(["from"], project.FormerNames);
        Assert.Equal(["into", "into", "into"], _cairn.Entries.Get([ours, theirs, forgotten]).Items.Select(entry => entry.Project));
        Assert.Equal([theirs, ours], _cairn.Find("needle", _cairn.In("FROM")));
        Assert.Equal([ours, theirs], _cairn.Entries.Timeline(theirs, 5, 5).Items.Select(item => item.Id));
    }

    [Fact]
    public void MergeProjects_SavedInTheOldName_GoesToTheNewOne()
    {
        _cairn.Save("Ours", _cairn.In("into"));
        _cairn.Save("Theirs", _cairn.In("from"));
        _cairn.Entries.MergeProjects("from", "into");

        Assert.Equal("into", _cairn.Get(_cairn.Save("New", _cairn.In("from"))).Project);
        Assert.Single(_cairn.Engine.Projects.List());
    }

    [Fact]
    public void MergeProjects_TheSameInBoth_BecomesSuperseded()
    {
        var ours = _cairn.Save("Said in both", _cairn.In("into"));
        var theirs = _cairn.Save("Said in both", _cairn.In("from"));

        Assert.Equal(1, _cairn.Entries.MergeProjects("from", "into"));

        Assert.Equal("active", _cairn.Get(ours).State);
        Assert.Equal(("superseded", ours), (_cairn.Get(theirs).State, _cairn.Get(theirs).SupersededBy));
        Assert.Equal([ours], _cairn.Find("said", _cairn.In("into")));
    }

    [Fact]
    public void MergeProjects_Sessions_MoveAndMeet()
    {
        var shared = _cairn.Context with { SessionId = "shared" };
        _cairn.Save("Ours", shared with { Project = "into" });
        var theirs = _cairn.Save("Theirs", shared with { Project = "from" });
        var alone = _cairn.Save("Alone", _cairn.In("from") with { SessionId = "alone" });

        _cairn.Entries.MergeProjects("from", "into");

        Assert.Equal(["shared", "alone"], _cairn.Entries.Get([theirs, alone]).Items.Select(entry => entry.SessionId));
        Assert.Equal(["into|alone", "into|shared"], _cairn.Rows("SELECT p.name, s.id FROM sessions s JOIN projects p ON p.key = s.project_key ORDER BY s.id"));
        Assert.Equal(2, _cairn.Search(new SearchQuery { Query = "ours theirs", SessionId = "shared" }, _cairn.In("into")).Total);
        Assert.Empty(_cairn.Rows("PRAGMA foreign_key_check"));
    }

    [Fact]
    public void MergeProjects_FormerNamesOfBoth_LeadToTheOne()
    {
        _cairn.Save("Ours", _cairn.In("into-1"));
        _cairn.Save("Theirs", _cairn.In("from-1"));
        _cairn.Engine.Projects.Rename("into-1", "into-2");
        _cairn.Engine.Projects.Rename("from-1", "from-2");

        _cairn.Entries.MergeProjects("from-1", "into-1");

        Assert.All(["from-1", "from-2", "into-1", "into-2"], name => Assert.Equal("into-2", _cairn.Engine.Projects.Current(_cairn.In(name))));
    }

    [Fact]
    public void MergeProjects_UnknownOrTheSame_IsRefused()
    {
        _cairn.Save("Ours", _cairn.In("into"));

        Assert.Equal((ErrorCode.EntryNotFound, "from"), Refusal("unknown", "into"));
        Assert.Equal((ErrorCode.EntryNotFound, "into"), Refusal("into", "unknown"));
        Assert.Equal((ErrorCode.InvalidArgument, "into"), Refusal("into", "INTO"));
    }

    private (ErrorCode, object) Refusal(string from, string into)
    {
        var error = Assert.Throws<EngineException>(() => _cairn.Entries.MergeProjects(from, into));
        return (error.Code, error.Details["field"]);
    }
}
