using System.Text.Json;
using Cairn.Engine.Entries;
using Cairn.Engine.Search;

namespace Cairn.Engine.Tests.Search;

/// <summary>Every entry holds the word "needle"; the filters decide.</summary>
public sealed class SearchFilterTests : IDisposable
{
    private static readonly SearchQuery Needle = new() { Query = "needle" };

    private readonly EngineFixture _cairn = new();

    public void Dispose() => _cairn.Dispose();

    [Fact]
    public void Search_Project_IsTheCallersUnlessItIsAStar()
    {
        var (ours, theirs) = (Save("ours"), _cairn.Save("needle theirs", _cairn.In("another")));

        Assert.Equal([ours], Find(Needle));
        Assert.Equal([theirs], EngineFixture.Ids(_cairn.Search(Needle, _cairn.In("ANOTHER"))));
        Assert.Equal([theirs, ours], EngineFixture.Ids(_cairn.Search(Needle, _cairn.In("*"))));
    }

    [Fact]
    public void Search_ProjectWithSpacesAround_IsTheOneThatIsSavedTo()
    {
        var id = _cairn.Save("needle", _cairn.In("  two\twords "));

        Assert.Equal([id], EngineFixture.Ids(_cairn.Search(Needle, _cairn.In(" two  words"))));
        Assert.Equal("two words", _cairn.Engine.Projects.Current(_cairn.In("  two\twords ")));
    }

    [Fact]
    public void Search_UnknownProject_FindsNothingAndMakesNothing()
    {
        Save("ours");

        var result = _cairn.Search(Needle, _cairn.In("unknown"));

        Assert.Empty(result.Items);
        Assert.Equal((0, null), (result.Total, result.TotalIsEstimate));
        Assert.Equal([EngineFixture.Project], _cairn.Engine.Projects.List().Select(project => project.Name));
    }

    [Theory]
    [InlineData(".", true)]
    [InlineData("./", true)]
    [InlineData("src//deep", true)]
    [InlineData("./src/./deep/a.cs", true)]
    [InlineData("ROOT/src/deep/a.cs", true)]
    [InlineData("ROOT", true)]
    [InlineData("ROOT/other", false)]
    [InlineData("ROOT/../elsewhere/src/deep/a.cs", false)]
    [InlineData("../src/deep", false)]
    public void Search_PathOfTheWorkspace_IsMeantBelowItsRoot(string path, bool found)
    {
        var id = Save("there", entry => entry with { SourceRef = "src/deep/a.cs" });
        var root = Directory.CreateDirectory(Path.Combine(_cairn.Folder, "work")).FullName; // the fixture's own folder holds the home

        Assert.Equal(found ? [id] : [], EngineFixture.Ids(_cairn.Search(Needle with { Path = path.Replace("ROOT", root, StringComparison.Ordinal) }, _cairn.Context with { WorkingDirectory = root })));
    }

    [Fact]
    public void Search_SameTextAsAnotherType_IsShownAsWell()
    {
        var text = "needle: we keep the retry budget of the upstream client at three attempts";

        Assert.Equal(2, new[] { _cairn.Save(new NewEntry { Text = text, Type = "decision" }), _cairn.Save(new NewEntry { Text = text + ".", Type = "question" }) }.Intersect(Find(Needle)).Count());
    }

    [Fact]
    public void Search_ReplacedEntriesBeyondTheBest_StandBelowWhatReplacedThem()
    {
        for (var i = 0; i < 310; i++) Save(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"number{i}"));
        var old = Save(string.Join(' ', Enumerable.Range(0, 40).Select(static i => $"word{i}")));
        var replacing = Save(string.Join(' ', Enumerable.Range(0, 400).Select(static i => $"other{i}")), entry => entry with { Supersedes = [old] });

        var found = Find(Needle with { IncludeSuperseded = true, Limit = 100, Offset = 250 });

        Assert.InRange(found.ToList().IndexOf(replacing), 0, found.ToList().IndexOf(old));
    }

    [Fact]
    public void Search_Type_IsComparedWithoutCase()
    {
        var id = Save("a decision", entry => entry with { Type = "Decision" });
        Save("a note");

        Assert.Equal([id], Find(Needle with { Type = "decision" }));
        Assert.Equal([id], Find(Needle with { Type = " DECISION " }));
        Assert.Empty(Find(Needle with { Type = "decisions" }));
    }

    [Fact]
    public void Search_TypeAndSessionWithSpaces_AreReadAsASaveReadsThem()
    {
        var id = _cairn.Save(new NewEntry { Text = "needle", Type = " two\twords " }, _cairn.Context with { SessionId = "a\n b" });

        Assert.Equal([id], Find(Needle with { Type = " two\twords ", SessionId = "a\n b" }));
        Assert.Equal([id], Find(Needle with { Type = "two words", SessionId = "a b" }));
    }

    [Fact]
    public void Search_AfterAndBefore_BoundTheTimeOfWhatHappened()
    {
        var days = Enumerable.Range(1, 5).Select(day => Save($"day {day}", entry => entry with { OccurredAt = Day(day) })).ToList();

        Assert.Equal(days[2..], Oldest(Needle with { After = Day(3) }));
        Assert.Equal(days[..2], Oldest(Needle with { Before = Day(3) }));
        Assert.Equal(days[1..4], Oldest(Needle with { After = Day(2), Before = Day(4).AddMilliseconds(1) }));
        Assert.Empty(Find(Needle with { After = Day(4), Before = Day(4) }));
    }

    [Fact]
    public void Search_Session_IsMatchedWhole()
    {
        var id = _cairn.Save("needle one", _cairn.Context with { SessionId = "session-1" });
        _cairn.Save("needle two", _cairn.Context with { SessionId = "session-10" });
        Save("none");

        Assert.Equal([id], Find(Needle with { SessionId = " session-1 " }));
        Assert.Empty(Find(Needle with { SessionId = "unknown" }));
    }

    [Theory]
    [InlineData("src/a.cs", "src/a.cs", true)]
    [InlineData("src/a.cs", "src", true)]
    [InlineData("src/a.cs", "src/", true)]
    [InlineData("src/a.cs", "./src", true)]
    [InlineData("src/a.cs", "src\\a.cs", true)]
    [InlineData("src\\a.cs", "src\\a.cs", true)]
    [InlineData("src\\a.cs", "src/a.cs", true)]
    [InlineData("src\\a.cs", "src", true)]
    [InlineData("src/a.cs:42", "src/a.cs", true)]
    [InlineData("src/a.cs#part", "src/a.cs", true)]
    [InlineData("src/a.css", "src/a.cs", false)]
    [InlineData("srcs/a.cs", "src", false)]
    [InlineData("other/src/a.cs", "src", false)]
    [InlineData("src/a.cs", "src/a.cs/b", false)]
    [InlineData("src/a%b_c.cs", "src/a%b_c.cs", true)]
    [InlineData("src/axbxc.cs", "src/a%b_c.cs", false)]
    [InlineData("ドキュメント/設計.md", "ドキュメント", true)]
    public void Search_Path_IsAFileOrAFolder(string source, string path, bool found)
    {
        var id = Save("bound", entry => entry with { SourceRef = source });
        Save("free");

        Assert.Equal(found ? [id] : [], Find(Needle with { Path = path }));
    }

    [Theory]
    [InlineData("""{"paths":["docs/a.md","src/b.cs"]}""", "src/b.cs", true)]
    [InlineData("""{"paths":["docs/a.md","src/b.cs"]}""", "docs", true)]
    [InlineData("""{"paths":["docs\\a.md"]}""", "docs/a.md", true)]
    [InlineData("""{"paths":["docs/a.md"]}""", "doc", false)]
    [InlineData("""{"paths":"src/b.cs"}""", "src", true)]
    [InlineData("""{"paths":[1,null,{"x":1},"src/b.cs"]}""", "src", true)]
    [InlineData("""{"paths":{}}""", "src", false)]
    [InlineData("""{"other":["src/b.cs"]}""", "src", false)]
    public void Search_Path_LooksAtTheMetadataToo(string metadata, string path, bool found)
    {
        var id = Save("bound", entry => entry with { Metadata = JsonElement.Parse(metadata) });

        Assert.Equal(found ? [id] : [], Find(Needle with { Path = path }));
    }

    [Fact]
    public void Search_Superseded_OnlyWhenAskedForAndArchivedNever()
    {
        var (old, forgotten) = (Save("old"), Save("forgotten"));
        var successor = Save("successor", entry => entry with { Supersedes = [old] });
        _cairn.Update(forgotten, EntryAction.Forget);

        Assert.Equal([successor], Find(Needle));
        var items = _cairn.Search(Needle with { IncludeSuperseded = true }).Items;
        Assert.Equal([successor, old], items.Select(item => item.Id));
        Assert.Equal([(null, null), ("superseded", successor)], items.Select(item => (item.State, item.SupersededBy)));
    }

    [Fact]
    public void Search_AllFiltersAtOnce_AllHold()
    {
        var context = _cairn.Context with { SessionId = "session" };
        var wanted = new NewEntry { Text = "needle wanted", Type = "decision", SourceRef = "src/a.cs", OccurredAt = Day(3) };
        var id = _cairn.Save(wanted, context);
        _cairn.Save(wanted, context with { Project = "another" });
        _cairn.Save(wanted with { Text = "needle b", Type = "note" }, context);
        _cairn.Save(wanted with { Text = "needle c", SourceRef = "docs/a.md" }, context);
        _cairn.Save(wanted with { Text = "needle d", OccurredAt = Day(2) }, context);
        _cairn.Save(wanted with { Text = "needle e", OccurredAt = Day(5) }, context);
        _cairn.Save(wanted with { Text = "needle f" }, context with { SessionId = "other" });
        _cairn.Save(wanted with { Text = "thimble g" }, context);

        Assert.Equal([id], Find(Needle with { Type = "decision", Path = "src", After = Day(3), Before = Day(4), SessionId = "session", IncludeSuperseded = true }));
    }

    public static TheoryData<string, SearchQuery> BrokenQueries => new()
    {
        { "query", Needle with { Query = "" } },
        { "query", Needle with { Query = " \n " } },
        { "query", Needle with { Query = new string('x', 4001) } },
        { "query", Needle with { Query = "a\0b" } },
        { "query", Needle with { Query = "a\uD800" } },
        { "limit", Needle with { Limit = 0 } },
        { "limit", Needle with { Limit = 101 } },
        { "offset", Needle with { Offset = -1 } },
        { "offset", Needle with { Offset = 10_001 } },
        { "type", Needle with { Type = "" } },
        { "type", Needle with { Type = new string('x', 201) } },
        { "session_id", Needle with { SessionId = "a\u0001" } },
        { "path", Needle with { Path = "\0" } },
        { "path", Needle with { Path = new string('x', 201) } },
    };

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(BrokenQueries))]
    public void Search_BrokenRule_NamesTheField(string field, SearchQuery query)
    {
        var error = Assert.Throws<EngineException>(() => _cairn.Search(query));

        Assert.Equal((ErrorCode.InvalidArgument, field), (error.Code, error.Details["field"]));
    }

    [Fact]
    public void Search_AtTheLimits_IsTaken()
    {
        Save("one");

        Assert.Equal(100, _cairn.Search(Needle with { Limit = 100 }).Limit);
        Assert.Empty(_cairn.Search(Needle with { Offset = 10_000, Limit = 100 }).Items);
        Assert.Empty(_cairn.Search(Needle with { Query = new string('x', 4000) }).Items);
    }

    private string Save(string text, Func<NewEntry, NewEntry>? with = null)
    {
        var entry = new NewEntry { Text = $"needle {text}" };
        return _cairn.Save(with?.Invoke(entry) ?? entry);
    }

    private IReadOnlyList<string> Find(SearchQuery query) => EngineFixture.Ids(_cairn.Search(query));

    private IEnumerable<string> Oldest(SearchQuery query) => _cairn.Search(query).Items.OrderBy(item => item.CreatedAt).Select(item => item.Id);

    private static DateTimeOffset Day(int day) => new(2026, 1, day, 0, 0, 0, TimeSpan.Zero);
}
