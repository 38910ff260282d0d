using Cairn.Engine.Entries;
using Cairn.Engine.Search;

namespace Cairn.Engine.Tests.Search;

public sealed class SearchResultTests : IDisposable
{
    private readonly EngineFixture _cairn = new();

    public void Dispose() => _cairn.Dispose();

    [Fact]
    public void Search_Hit_HasWhatAListShows()
    {
        var created = _cairn.Time.GetUtcNow();
        var id = _cairn.Save(new NewEntry { Title = "A title", Text = $"Body with\nthe needle {new string('x', 400)}", Type = "decision", SourceRef = "docs/a.md" });

        var item = Assert.Single(_cairn.Search("needle").Items);

        Assert.Equal((id, "A title", "decision", "cairn", created, "docs/a.md"), (item.Id, item.Title, item.EntryType, item.Project, item.CreatedAt, item.SourceRef));
        Assert.StartsWith("Body with the needle xxx", item.Snippet, StringComparison.Ordinal);
        Assert.True(item.Snippet!.Length <= 160);
        Assert.NotNull(item.Score);
        Assert.Null(item.State);
    }

    [Fact]
    public void Search_EqualScores_NewestFirst()
    {
        var ids = Enumerable.Range(0, 5).Select(i => _cairn.Save($"needle word{i}")).ToList();

        Assert.Equal(Enumerable.Reverse(ids), _cairn.Find("needle"));
    }

    [Fact]
    public void Search_OffsetAndLimit_PageThroughAll()
    {
        var ids = Enumerable.Range(0, 7).Select(i => _cairn.Save($"needle word{i}")).Reverse().ToList();
        var query = new SearchQuery { Query = "needle", Limit = 3 };

        var pages = new[] { 0, 3, 6, 9 }.Select(offset => _cairn.Search(query with { Offset = offset })).ToList();

        Assert.Equal(ids, pages.SelectMany(EngineFixture.Ids));
        Assert.Equal([3, 3, 1, 0], pages.Select(page => page.Items.Count));
        Assert.All(pages, page => Assert.Equal((7, null, 3), (page.Total, page.TotalIsEstimate, page.Limit)));
        Assert.Equal([0, 3, 6, 9], pages.Select(page => page.Offset));
    }

    [Fact]
    public void Search_NewDatabase_FindsNothing()
    {
        Assert.Empty(_cairn.Search("needle").Items);
        Assert.Empty(_cairn.Engine.Projects.List());
    }

    [Fact]
    public void Search_InTheEntryOfAnotherProcess_IsFoundAtOnce()
    {
        _cairn.Save("first");
        Assert.Empty(_cairn.Find("needle"));

        using var other = _cairn.Another();
        var id = EngineFixture.Stored(other.Entries.Save(new NewEntry { Text = "needle" }, _cairn.Context)).Id;

        Assert.Equal([id], _cairn.Find("needle"));
    }
}
