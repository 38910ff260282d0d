using Cairn.Engine.Entries;
using Cairn.Engine.Search;

namespace Cairn.Engine.Tests.Search;

/// <summary>What stands around an entry, what it says twice, when it happened, and what took its place.</summary>
public sealed class ContextTests : IDisposable
{
    private readonly EngineFixture _cairn = new();

    public void Dispose() => _cairn.Dispose();

    [Fact]
    public void Search_NeighbourInTheSession_StandsAboveTheSameWordsElsewhere()
    {
        var near = Say("one", "The needle was sharp", "We used a needle and thread for the sail", "Then it rained and all of us went home")[1];
        var far = Say("two", "Another thing", "We used a needle and thread for the flag", "Then it rained and all of us went home again")[1];

        var found = _cairn.Find("needle thread");

        Assert.True(found.ToList().IndexOf(near) < found.ToList().IndexOf(far));
    }

    [Fact]
    public void Search_NeighbourWithoutAWord_IsFoundAboveWeakMatches()
    {
        var session = Say("one", "Where is the harbour lighthouse key?", "Below the third stone");
        foreach (var i in Enumerable.Range(0, 40)) _cairn.Save($"Key {i} of a door in house {i} with more words around it so that it says less of what is asked");

        var found = _cairn.Find("harbour lighthouse key");

        Assert.Equal(session, found.Take(2));
    }

    [Fact]
    public void Search_NothingBelow_ANeighbourWithoutAWordIsNotListed()
    {
        var session = Say("one", "An answer", "The needle is here", "Another answer");

        Assert.Equal([session[1]], _cairn.Find("needle"));
    }

    [Fact]
    public void Search_NeighbourThatTheFilterKeepsOut_IsNotListed()
    {
        var context = _cairn.Context with { SessionId = "one" };
        var asked = _cairn.Save(new NewEntry { Text = "Where is the harbour lighthouse key?", Type = "question" }, context);
        _cairn.Save(new NewEntry { Text = "Below the third stone", Type = "note" }, context);
        foreach (var i in Enumerable.Range(0, 40)) _cairn.Save(new NewEntry { Text = $"Key {i} of a door in house {i} with more words around it", Type = "question" });

        var found = _cairn.Search(new SearchQuery { Query = "harbour lighthouse key", Type = "question", Limit = 100 });

        Assert.Equal((asked, 41), (found.Items[0].Id, found.Items.Count));
    }

    [Fact]
    public void Search_SessionOfManyEntries_IsNoContext()
    {
        var context = _cairn.Context with { SessionId = "import" };
        foreach (var i in Enumerable.Range(0, ContextIndex.MaxGroup + 1)) _cairn.Save($"Line {i}{(i == 500 ? " with the needle" : "")}", context);
        foreach (var i in Enumerable.Range(0, 3)) _cairn.Save($"A needle {i} among a great many more other words which say nothing of it");

        Assert.Equal(4, _cairn.Search("needle").Total);
    }

    [Fact]
    public void Search_SaidAgain_IsListedOnceWithACount()
    {
        const string text = "The needle must be kept in the third drawer below the window of the workshop, because the others are damp in winter";
        _cairn.Save(text);
        _cairn.Save($"{text}!");
        var last = _cairn.Save($"{text}.");
        var elsewhere = _cairn.Save(text, _cairn.In("other"));

        var here = Assert.Single(_cairn.Search("needle").Items);
        var everywhere = _cairn.Search("needle", _cairn.In("*")).Items;

        Assert.Equal((last, 2), (here.Id, here.Similar));
        Assert.Equal([(elsewhere, null), (last, 2)], everywhere.Select(item => (item.Id, item.Similar)));
    }

    [Theory]
    [InlineData("needle yesterday", 1)]
    [InlineData("needle last month", 2)]
    [InlineData("needle 2026-01-05", 0)]
    public void Search_TimeInTheQuery_IsAPreference(string query, int expected)
    {
        var times = new[] { new DateTimeOffset(2026, 1, 5, 8, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 3, 13, 8, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 2, 10, 8, 0, 0, TimeSpan.Zero) };
        var ids = times.Select((time, i) => _cairn.Save(new NewEntry { Text = $"A needle of word{i}", OccurredAt = time })).ToList();

        var found = _cairn.Find(query);

        Assert.Equal(ids[expected], found[0]);
        Assert.Equal(3, found.Count);
    }

    [Fact]
    public void Search_ReplacedOnes_StandBelowWhatTookTheirPlace()
    {
        var first = _cairn.Save("needle needle needle");
        var second = _cairn.Save(new NewEntry { Text = "A needle among other words of a longer text", Supersedes = [first] });
        var third = _cairn.Save(new NewEntry { Text = "Something else took its place", Supersedes = [second] });
        var other = _cairn.Save("A needle among very many other words, of which there are so many in this text that it says little of it at all");

        Assert.Equal([third, second, first, other], EngineFixture.Ids(_cairn.Search(new SearchQuery { Query = "needle", IncludeSuperseded = true })));
        Assert.Equal([other], _cairn.Find("needle"));
    }

    private List<string> Say(string session, params string[] texts) => [.. texts.Select(text => _cairn.Save(text, _cairn.Context with { SessionId = session }))];
}
