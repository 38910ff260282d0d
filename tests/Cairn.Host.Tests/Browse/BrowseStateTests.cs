using Cairn.Engine.Entries;
using Cairn.Host.Browse;
using CsCheck;

namespace Cairn.Host.Tests.Browse;

/// <summary>What keys and replies do, and what is seen then: all on plain values.</summary>
public sealed class BrowseStateTests
{
    private static readonly Scope All = new("*", null, null);
    private static readonly ScreenSize Size = new(80, 10);

    [Fact]
    public void Keys_MoveWithinTheList_AndTheViewFollows()
    {
        var state = Listed(30);

        Assert.Equal(new Scroll(1, 0), Press(state, 'j').Page.Scroll);
        Assert.Equal(new Scroll(0, 0), Press(state, 'k').Page.Scroll);
        Assert.Equal(new Scroll(29, 23), Press(state, 'G').Page.Scroll);
        Assert.Equal(new Scroll(7, 1), Press(state, ' ').Page.Scroll);
        Assert.Equal(new Scroll(22, 22), Press(state, 'G', 'b').Page.Scroll);
        Assert.Equal(new Scroll(0, 0), Press(state, 'G', 'g').Page.Scroll);
    }

    [Fact]
    public void Enter_ReadsTheEntry_AndEscapeGoesBackToItsLine()
    {
        var asked = Press(Listed(5), 'j', '\n');
        var open = Take(asked, new Reply.Whole(BrowseTexts.Entry("0000000000000001", "Title", "Body")));
        var back = Press(open, KeyName.Escape);

        Assert.Equal("0000000000000001", Assert.IsType<Request.Whole>(asked.Waiting).Id);
        Assert.Contains("Body", Text(Press(open, 'G')), StringComparison.Ordinal);
        Assert.Equal(1, Assert.IsType<ListPage>(back.Page).Scroll.Cursor);
        Assert.False(back.IsDone);
        Assert.True(Press(back, 'q').IsDone);
    }

    [Fact]
    public void Reply_ThatIsNotWaitedForAnyMore_ChangesNothing()
    {
        var asked = Press(Listed(5), '\n');
        var left = Press(asked, KeyName.Escape);

        Assert.Null(left.Waiting);
        Assert.Same(left, BrowseReplies.Take(left, asked.Waiting!, new Reply.Whole(BrowseTexts.Entry("1", "Title", "Body"))));
    }

    [Fact]
    public void Search_IsTyped_Asked_AndLiesOnTheList()
    {
        var typed = Press(Listed(5), [.. "/retry polixc".Select(static c => c)]);
        var asked = Press(Press(Press(typed, KeyName.Backspace, KeyName.Backspace), 'c', 'y'), KeyName.Enter);
        var found = Take(asked, new Reply.Items([BrowseTexts.Item(9, "Found")], null, "1"));

        Assert.Equal("retry polixc", typed.Prompt);
        Assert.Equal(new Request.Search(All, "retry policy"), asked.Waiting);
        Assert.Equal(2, found.Pages.Count);
        Assert.Contains("Search: retry policy", Text(found), StringComparison.Ordinal);
        // A second search takes the place of the first.
        Assert.Equal(2, Take(Press(Press(found, '/', 'x'), KeyName.Enter), new Reply.Items([], null, "0")).Pages.Count);
        Assert.Null(Press(Press(found, '/'), KeyName.Escape).Prompt);
        Assert.Null(Press(Press(found, '/', 'x'), KeyName.Backspace, KeyName.Backspace).Prompt);
    }

    [Fact]
    public void Filter_NarrowsTheSearchThatIsThere_OrTheList()
    {
        var decisions = All with { EntryType = "decision" };
        var choices = new Reply.Choices([new Choice("type", "any", null, All), new Choice("type", "decision", 3, decisions)]);
        var search = Take(Press(Press(Listed(5), '/', 'x'), KeyName.Enter), new Reply.Items([], null, "0"));

        var ofList = Press(Take(Press(Listed(5), 'f'), choices), 'j', '\n');
        var ofSearch = Press(Take(Press(search, 'f'), choices), 'j', '\n');

        Assert.Equal(new Request.List(decisions), ofList.Waiting);
        Assert.Equal(new Request.Search(decisions, "x"), ofSearch.Waiting);
        Assert.Equal(All, ofSearch.Scope); // until there is something to show
        Assert.Equal(decisions, Take(ofSearch, new Reply.Items([], null, "0")).Scope);
        Assert.Equal(All, Press(Take(ofSearch, new Reply.Items([], null, "0")), 'q').Scope);
    }

    [Fact]
    public void Filter_ToWhatNoSearchFinds_ShowsTheList()
    {
        var archived = All with { State = "archived" };
        var search = Take(Press(Press(Listed(5), '/', 'x'), KeyName.Enter), new Reply.Items([], null, "0"));

        var asked = Press(Take(Press(search, 'f'), new Reply.Choices([new Choice("state", "archived", 1, archived)])), '\n');

        Assert.Equal(new Request.List(archived), asked.Waiting);
        Assert.Single(Take(asked, new Reply.Items([], null, null)).Pages);
    }

    [Fact]
    public void Timeline_BeginsAtItsAnchor_AndGoesOnFromAnother()
    {
        var first = Take(Press(Listed(5), 't'), new Reply.Items([.. Items(20)], null, null, Chosen: 12));
        var second = Take(Press(first, 'j', 't'), new Reply.Items([.. Items(20)], null, null, Chosen: 13));

        Assert.Equal(12, first.Page.Scroll.Cursor);
        Assert.Equal([2, 2], new[] { first, second }.Select(static state => state.Pages.Count));
        Assert.Equal(13, second.Page.Scroll.Cursor);
    }

    [Fact]
    public void EndOfTheList_AsksForMoreOnce_AndKeepsItsPlace()
    {
        var next = new Request.List(All, "0000000000000029");
        var end = Press(Listed(30, next), 'G');
        var longer = Take(end, new Reply.Items([BrowseTexts.Item(29, "Twice"), .. Items(45).Skip(30)], null, null));

        Assert.Same(next, end.Waiting);
        Assert.Same(next, Press(end, 'k').Waiting);
        Assert.Equal(45, Assert.IsType<ListPage>(longer.Page).Items.Count);
        Assert.Equal(29, longer.Page.Scroll.Cursor);
        Assert.Null(Press(longer, 'G').Waiting);
    }

    [Fact]
    public void Entry_LeadsToTheOneThatReplacedIt_AndTheOneThatItReplaced()
    {
        var entry = BrowseTexts.Entry("1", "Title", "Body") with { State = "superseded", SupersededBy = "2", Supersedes = ["0"] };
        var open = Take(Press(Listed(5), '\n'), new Reply.Whole(entry));

        Assert.Equal(new Request.Whole("2"), Press(open, '>').Waiting);
        Assert.Equal(new Request.Whole("0"), Press(open, '<').Waiting);
        Assert.Contains("superseded by 2", Text(open), StringComparison.Ordinal);
    }

    [Fact]
    public void Failure_IsSaid_UntilTheNextKey()
    {
        var failed = Take(Press(Listed(5), '\n'), new Reply.Failed("STORAGE_FAILURE The disk is full."));

        Assert.Contains("The disk is full", Text(failed), StringComparison.Ordinal);
        Assert.DoesNotContain("The disk is full", Text(Press(failed, 'j')), StringComparison.Ordinal);
    }

    [Fact]
    public void Interrupt_EndsItFromEverywhere()
    {
        Assert.True(Press(Press(Listed(5), '/', 'x'), KeyName.Interrupt).IsDone);
        Assert.True(Press(Press(Listed(5), '?'), KeyName.Interrupt).IsDone);
    }

    [Fact]
    public void Colours_AreLeftOutWhereNoneAreWanted()
    {
        var lines = BrowseView.Render(Listed(3));

        Assert.Contains(lines, static line => line.Sequence(colours: true).Contains("\e[0;32m", StringComparison.Ordinal));
        Assert.All(lines, static line => Assert.DoesNotMatch(@"\e\[[0-9;]*3\dm", line.Sequence(colours: false)));
        Assert.Contains("\e[0;7m", lines[1].Sequence(colours: false), StringComparison.Ordinal);
    }

    [Fact]
    public void AnyKeysRepliesAndSizes_FillTheScreen_AndNoMore() => Gen.Select(Gen.Int[0, 60], BrowseTexts.Size, Step.List[0, 40]).Sample((count, size, steps) =>
    {
        var state = Listed(count).Resized(size);
        foreach (var step in steps)
        {
            state = step(state);
            AssertFits(state);
        }
    }, iter: 3_000);

    private static void AssertFits(BrowseState state)
    {
        var lines = BrowseView.Render(state);
        Assert.Equal(state.Size.Height, lines.Count);
        Assert.All(lines, line =>
        {
            Assert.InRange(line.Width, 0, state.Size.Width);
            Assert.InRange(BrowseTexts.Columns(line.Text), 0, state.Size.Width);
            Assert.True(BrowseTexts.IsHarmless(line.Text), line.Text);
        });
        foreach (var page in state.Pages)
        {
            var (count, scroll) = (BrowseState.Count(page), page.Scroll);
            Assert.InRange(scroll.Cursor, 0, Math.Max(0, count - 1));
            Assert.InRange(scroll.Top, 0, scroll.Cursor);
            Assert.InRange(scroll.Cursor - scroll.Top, 0, state.Size.Rows - 1);
        }
    }

    // A key, another size, or a reply to what is waited for, whatever that is.
    private static readonly Gen<Func<BrowseState, BrowseState>> Step = Gen.Frequency(
        (6, Gen.OneOf([.. "jjkgG b/f?tr<>qx漢\ud83d"]).Select<char, Func<BrowseState, BrowseState>>(static c => state => Alive(BrowseKeys.Press(state, new KeyPress(KeyName.Text, c))))),
        (5, Gen.OneOf(Enum.GetValues<KeyName>()).Select<KeyName, Func<BrowseState, BrowseState>>(static name => state => Alive(BrowseKeys.Press(state, new KeyPress(name, 'x'))))),
        (1, BrowseTexts.Size.Select<ScreenSize, Func<BrowseState, BrowseState>>(static size => state => state.Resized(size))),
        (5, Gen.Select(BrowseTexts.Line, BrowseTexts.Lines, Gen.Int[0, 50], Gen.Bool).Select<(string Line, string Lines, int Count, bool Fails), Func<BrowseState, BrowseState>>(static text => state => Reply(state, text.Line, text.Lines, text.Count, text.Fails))));

    private static BrowseState Reply(BrowseState state, string line, string lines, int count, bool fails)
    {
        if (state.Waiting is not { } request) return state;
        Reply reply = request switch
        {
            _ when fails && count % 3 == 0 => new Reply.Failed(lines),
            Request.Whole whole => new Reply.Whole(BrowseTexts.Entry(whole.Id, line, lines) with { SupersededBy = fails ? "1" : null, Supersedes = fails ? ["2"] : null }),
            Request.Choices => new Reply.Choices([.. Enumerable.Range(0, count).Select(i => new Choice("type", line, i, new Scope(line, i % 2 == 0 ? null : line, null)))]),
            Request.List or Request.Search => new Reply.Items([.. Enumerable.Range(request.IsNext ? 100 : 0, count).Select(i => BrowseTexts.Item(i, line, fails ? "superseded" : null))], fails ? Next(request) : null, line),
            _ => new Reply.Items([.. Enumerable.Range(0, count).Select(i => BrowseTexts.Item(i, line))], null, null, count / 2),
        };
        return BrowseReplies.Take(state, request, reply);
    }

    private static Request? Next(Request request) => request switch
    {
        Request.List list => list with { After = "0000000000000001" },
        Request.Search search => search with { Offset = search.Offset + 100 },
        _ => null,
    };

    // What is over is begun anew, so that the rest of the steps count.
    private static BrowseState Alive(BrowseState state) => state with { IsDone = false };

    private static BrowseState Listed(int count, Request? more = null) =>
        new(Size, "here", [new ListPage(new Request.List(All), [.. Items(count)], more, null)]);

    private static IEnumerable<IndexItem> Items(int count) => Enumerable.Range(0, count).Select(static i => BrowseTexts.Item(i, $"Title {i}"));

    private static BrowseState Press(BrowseState state, params ReadOnlySpan<char> keys)
    {
        foreach (var key in keys) state = BrowseKeys.Press(state, key is '\n' ? new KeyPress(KeyName.Enter) : new KeyPress(KeyName.Text, key));
        return state;
    }

    private static BrowseState Press(BrowseState state, params ReadOnlySpan<KeyName> keys)
    {
        foreach (var key in keys) state = BrowseKeys.Press(state, new KeyPress(key));
        return state;
    }

    private static BrowseState Take(BrowseState state, Reply reply) => BrowseReplies.Take(state, state.Waiting!, reply);

    private static string Text(BrowseState state) => string.Join('\n', BrowseView.Render(state).Select(static line => line.Text));
}
