using Cairn.Engine.Entries;
using CsCheck;

namespace Cairn.Engine.Tests.Entries;

/// <summary>Lists of entries by time: what passes, in which order, and page by page.</summary>
public sealed class ListingTests : IDisposable
{
    private readonly EngineFixture _cairn = new();

    public void Dispose() => _cairn.Dispose();

    [Fact]
    public void List_ShowsEveryState_NewestFirst()
    {
        var old = _cairn.Save("Use SQLite");
        var gone = _cairn.Save("Use a file");
        _cairn.Update(gone, EntryAction.Forget);
        var next = _cairn.Store(new NewEntry { Text = "Use PostgreSQL", Supersedes = [old] }).Id;
        _cairn.Save("Elsewhere", _cairn.In("other"));

        var all = List(new ListQuery());

        Assert.Equal([next, gone, old], all.Items.Select(static item => item.Id));
        Assert.Equal([null, "archived", "superseded"], all.Items.Select(static item => item.State));
        Assert.Equal(next, all.Items[2].SupersededBy);
        Assert.False(all.HasMore);
        Assert.Equal([next], Ids(new ListQuery { State = "active" }));
        Assert.Equal([old], Ids(new ListQuery { State = "superseded" }));
        Assert.Equal([gone], Ids(new ListQuery { State = "archived" }));
    }

    [Fact]
    public void List_OfATypeOrOfAllProjects_ShowsThose()
    {
        var decision = _cairn.Save(new NewEntry { Text = "Use SQLite", Type = "decision" });
        var note = _cairn.Save("A note");
        var elsewhere = _cairn.Save("Elsewhere", _cairn.In("other"));

        Assert.Equal([decision], Ids(new ListQuery { Type = "Decision" }));
        Assert.Equal([elsewhere, note, decision], Ids(new ListQuery(), "*"));
        Assert.Equal([elsewhere], Ids(new ListQuery(), "other"));
        Assert.Empty(Ids(new ListQuery(), "unknown"));
        Assert.Empty(Ids(new ListQuery { Type = "handoff" }));
    }

    [Fact]
    public void List_PageByPage_GivesEachEntryOnce()
    {
        // Some happened at the same moment, so that the time alone is no order.
        for (var i = 0; i < 40; i++) _cairn.Store(new NewEntry { Text = $"Entry {i}", OccurredAt = _cairn.Time.GetUtcNow().AddSeconds(-(i * 7 % 11)) });
        var whole = Ids(new ListQuery());

        Assert.Equal(40, whole.Distinct().Count());
        Gen.Int[1, 45].Sample(limit =>
        {
            var pages = new List<string>();
            for (EntryPage? page = null; page is null || page.HasMore;)
            {
                page = List(new ListQuery { Limit = limit, After = pages.LastOrDefault() });
                pages.AddRange(page.Items.Select(static item => item.Id));
            }
            Assert.Equal(whole, pages);
        }, iter: 40, threads: 1);
    }

    [Fact]
    public void List_OfWhatCannotBe_IsRefused()
    {
        _cairn.Save("One");

        Assert.Equal(ErrorCode.InvalidArgument, Refused(new ListQuery { Limit = 0 }));
        Assert.Equal(ErrorCode.InvalidArgument, Refused(new ListQuery { Limit = ListingService.MaxLimit + 1 }));
        Assert.Equal(ErrorCode.InvalidArgument, Refused(new ListQuery { State = "purged" }));
        Assert.Equal(ErrorCode.InvalidArgument, Refused(new ListQuery { Type = new string('x', 201) }));
        Assert.Equal(ErrorCode.EntryNotFound, Refused(new ListQuery { After = "06BQ1Z7K3M9XWVTD" }));
    }

    [Fact]
    public void Counts_AreByTypeAndState()
    {
        _cairn.Save(new NewEntry { Text = "Use SQLite", Type = "decision" });
        _cairn.Update(_cairn.Save("A note"), EntryAction.Forget);
        _cairn.Save("Another note");
        _cairn.Save("Elsewhere", _cairn.In("other"));

        Assert.Equal([new EntryCount("decision", "active", 1), new EntryCount("note", "active", 1), new EntryCount("note", "archived", 1)], _cairn.Engine.Listings.Counts(_cairn.Context));
        Assert.Equal([new EntryCount("decision", "active", 1), new EntryCount("note", "active", 2), new EntryCount("note", "archived", 1)], _cairn.Engine.Listings.Counts(_cairn.In("*")));
        Assert.Empty(_cairn.Engine.Listings.Counts(_cairn.In("unknown")));
    }

    [Fact]
    public void List_OfWhatOlderRulesLetIn_IsRedacted()
    {
        var secret = "gh" + "p_" + string.Concat(Enumerable.Range(0, 36).Select(static i => "a1B2c3D4e5F6g7H8i9J0"[i * 7 % 20]));
        _cairn.Age(_cairn.Save("Title PLACE"), "PLACE", secret);

        var item = Assert.Single(List(new ListQuery()).Items);

        Assert.Equal("Title [REDACTED:github-token]", item.Title);
        Assert.Equal(1, item.Redacted);
    }

    private EntryPage List(ListQuery query, string project = EngineFixture.Project) => _cairn.Engine.Listings.List(query, _cairn.In(project));

    private IEnumerable<string> Ids(ListQuery query, string project = EngineFixture.Project) => List(query, project).Items.Select(static item => item.Id);

    private ErrorCode Refused(ListQuery query) => Assert.Throws<EngineException>(() => List(query)).Code;
}
