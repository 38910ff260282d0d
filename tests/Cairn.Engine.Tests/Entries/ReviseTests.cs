using System.Text.Json;
using Cairn.Engine.Entries;

namespace Cairn.Engine.Tests.Entries;

public sealed class ReviseTests : IDisposable
{
    private readonly EngineFixture _cairn = new();

    public void Dispose() => _cairn.Dispose();

    [Fact]
    public void Revise_OneField_KeepsWhatIsNotGiven()
    {
        var old = SaveFull();
        var receipt = _cairn.Update(new EntryChange { Id = old, Action = EntryAction.Revise, Text = "New body" });

        Assert.Equal("revised", receipt.Status);
        Assert.Equal([old], receipt.Supersedes);
        var (before, after) = (_cairn.Get(old), _cairn.Get(receipt.Id));
        Assert.Equal(("New body", "Title", "decision", "docs/a.md"), (after.Body, after.Title, after.EntryType, after.SourceRef));
        Assert.Equal(["a", "b"], after.Tags);
        Assert.Equal("""{"k":1.0}""", after.Metadata?.GetRawText());
        Assert.Equal([old], after.Supersedes);
        Assert.Equal(("superseded", receipt.Id, "Old body"), (before.State, before.SupersededBy, before.Body));
        Assert.True(after.CreatedAt > before.CreatedAt);
    }

    [Fact]
    public void Revise_EveryField_ChangesIt()
    {
        var old = SaveFull();
        var after = _cairn.Get(_cairn.Update(new EntryChange
        {
            Id = old,
            Action = EntryAction.Revise,
            Text = "B",
            Title = "T",
            Type = "constraint",
            SourceRef = "b.md",
            Tags = ["c"],
            Metadata = JsonElement.Parse("""{"l":2}"""),
        }).Id);

        Assert.Equal(("B", "T", "constraint", "b.md"), (after.Body, after.Title, after.EntryType, after.SourceRef));
        Assert.Equal(["c"], after.Tags);
        Assert.Equal("""{"l":2}""", after.Metadata?.GetRawText());
    }

    [Fact]
    public void Revise_EmptyTagsAndMetadata_TakesThemAway()
    {
        var after = _cairn.Get(_cairn.Update(new EntryChange { Id = SaveFull(), Action = EntryAction.Revise, Tags = [], Metadata = JsonElement.Parse("{}") }).Id);

        Assert.Null(after.Tags);
        Assert.Null(after.Metadata);
    }

    [Fact]
    public void Revise_DerivedTitle_FollowsTheText()
    {
        var old = _cairn.Save("# First line\n\nmore");

        Assert.Equal("Another line", _cairn.Get(Revise(old, "Another line\n\nmore").Id).Title);
    }

    [Fact]
    public void Revise_GivenTitle_Stays()
    {
        var old = _cairn.Save(new NewEntry { Text = "First line", Title = "Title" });

        Assert.Equal("Title", _cairn.Get(Revise(old, "Another line").Id).Title);
    }

    [Fact]
    public void Revise_DerivedTitleAndNoText_Stays()
    {
        var old = _cairn.Save("First line");

        Assert.Equal("First line", _cairn.Get(_cairn.Update(new EntryChange { Id = old, Action = EntryAction.Revise, Type = "decision" }).Id).Title);
    }

    [Fact]
    public void Revise_PinnedEntry_PinMovesOn()
    {
        var old = _cairn.Save("Old");
        _cairn.Update(old, EntryAction.Pin);

        Assert.True(_cairn.Get(Revise(old, "New").Id).Pinned);
    }

    [Fact]
    public void Revise_SaysTheSame_IsUnchanged()
    {
        var old = SaveFull();
        var before = _cairn.Get(old);
        var receipt = _cairn.Update(new EntryChange { Id = old, Action = EntryAction.Revise, Text = " Old body\n", Title = "Title", Type = "decision", Tags = ["a", "b", "a"] });

        Assert.Equal(("unchanged", old), (receipt.Status, receipt.Id));
        Assert.Equal(before.State, _cairn.Get(old).State);
        Assert.Equal(["0"], _cairn.Rows("SELECT count(*) FROM entry_revisions"));
    }

    [Fact]
    public void Revise_IntoWhatAnotherEntrySays_ThatOneTakesItsPlace()
    {
        var (old, twin) = (_cairn.Save("Old"), _cairn.Save("Twin"));

        var receipt = Revise(old, "Twin");

        Assert.Equal(("revised", twin), (receipt.Status, receipt.Id));
        Assert.Equal(("superseded", twin), (_cairn.Get(old).State, _cairn.Get(old).SupersededBy));
        Assert.Equal("active", _cairn.Get(twin).State);
        Assert.Equal(["2"], _cairn.Rows("SELECT count(*) FROM entries"));
    }

    [Fact]
    public void Revise_PinnedEntryIntoWhatAnotherSays_PinMovesOn()
    {
        var (old, twin) = (_cairn.Save("Old"), _cairn.Save("Twin"));
        _cairn.Update(old, EntryAction.Pin);
        Revise(old, "Twin");

        Assert.True(_cairn.Get(twin).Pinned);
    }

    [Fact]
    public void Revise_OnlyTags_IsANewVersion()
    {
        var old = _cairn.Save("Body");
        var receipt = _cairn.Update(new EntryChange { Id = old, Action = EntryAction.Revise, Tags = ["tag"] });

        Assert.Equal("revised", receipt.Status);
        Assert.NotEqual(old, receipt.Id);
        Assert.Equal(["tag"], _cairn.Get(receipt.Id).Tags);
    }

    [Fact]
    public void Revise_BackAndForth_NeverMakesACircle()
    {
        var first = _cairn.Save("A");
        var second = Revise(first, "B").Id;
        var third = Revise(second, "A").Id;

        Assert.Equal(3, new[] { first, second, third }.Distinct().Count());
        Assert.Equal("active", _cairn.Get(third).State);
        Assert.Equal(["1"], _cairn.Rows("SELECT count(*) FROM entries WHERE state = 'active'"));
    }

    [Fact]
    public void Revise_BrokenRule_LeavesTheEntryAsItWas()
    {
        var old = SaveFull();

        Assert.Equal("title", Assert.Throws<EngineException>(() => _cairn.Update(new EntryChange { Id = old, Action = EntryAction.Revise, Title = new string('x', 301) })).Details["field"]);
        Assert.Equal("active", _cairn.Get(old).State);
    }

    [Fact]
    public void Revise_Superseded_NamesTheSuccessor()
    {
        var old = _cairn.Save("Old");
        var successor = Revise(old, "New").Id;

        Assert.Contains(successor, Assert.Throws<EngineException>(() => Revise(old, "Newer")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Revise_FromAnotherProject_StaysInItsOwn()
    {
        var theirs = _cairn.Save("Theirs", _cairn.In("another"));
        var receipt = EngineFixture.Stored(_cairn.Entries.Update(
            new EntryChange { Id = theirs, Action = EntryAction.Revise, Text = "Theirs, revised" }, _cairn.Context with { Origin = EntryOrigin.Agent, SessionId = "s" }));

        var entry = _cairn.Get(receipt.Id);
        Assert.Equal(("another", "agent", "s"), (entry.Project, entry.Origin, entry.SessionId));
    }

    [Fact]
    public void Revise_Search_FindsTheNewVersionAlone()
    {
        var old = _cairn.Save("alpha beta");
        var id = Revise(old, "alpha gamma").Id;

        Assert.Equal([id], _cairn.Find("alpha"));
        Assert.Empty(_cairn.Find("beta"));
    }

    private string SaveFull() => _cairn.Save(new NewEntry
    {
        Text = "Old body",
        Title = "Title",
        Type = "decision",
        SourceRef = "docs/a.md",
        Tags = ["a", "b"],
        Metadata = JsonElement.Parse("""{"k":1.0}"""),
    });

    private Receipt Revise(string id, string text) => _cairn.Update(new EntryChange { Id = id, Action = EntryAction.Revise, Text = text });
}
