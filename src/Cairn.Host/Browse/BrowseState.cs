using Cairn.Engine.Entries;

namespace Cairn.Host.Browse;

/// <summary>What a terminal shows, in cells; at least one each way.</summary>
internal readonly record struct ScreenSize(int Width, int Height)
{
    public int Width { get; } = Math.Max(1, Width);
    public int Height { get; } = Math.Max(1, Height);

    /// <summary>Lines between the heading and the foot. What a low screen has no room for goes first: the detail, the heading, the foot.</summary>
    public int Rows => Height - (HasHeading ? 1 : 0) - (HasDetail ? 1 : 0) - (HasFoot ? 1 : 0);
    public bool HasHeading => Height >= 3;
    public bool HasDetail => Height >= 6;
    public bool HasFoot => Height >= 2;
}

/// <summary>Whose entries are shown, and which. Null asks for nothing; of the project it means the one of the folder, and "*" all.</summary>
internal sealed record Scope(string? Project, string? EntryType, string? State);

/// <summary>Which of some lines are in view: the one that is chosen is always among them.</summary>
internal readonly record struct Scroll(int Cursor, int Top)
{
    /// <summary>The same with another line chosen, or the nearest that there is.</summary>
    public Scroll To(int cursor, int count, int rows)
    {
        var chosen = Math.Clamp(cursor, 0, Math.Max(0, count - 1));
        var top = Math.Clamp(Top, 0, Math.Max(0, count - rows));
        return new Scroll(chosen, Math.Clamp(top, Math.Max(0, chosen - rows + 1), chosen));
    }
}

/// <summary>One of the things that lie on each other; the last is seen.</summary>
internal abstract record Page
{
    /// <summary>Where one is in it.</summary>
    public Scroll Scroll { get; init; }
}

/// <summary>Entries of a list, a search or a timeline.</summary>
/// <param name="Source">What was asked for, to ask it again.</param>
/// <param name="Items">The entries so far.</param>
/// <param name="More">What asks for the next ones; null when there are none.</param>
/// <param name="Total">How many there are in all, in words; null when that is not known.</param>
internal sealed record ListPage(Request Source, IReadOnlyList<IndexItem> Items, Request? More, string? Total) : Page;

/// <summary>An entry, whole, in lines as wide as the screen.</summary>
internal sealed record EntryPage(Entry Entry, IReadOnlyList<ScreenLine> Lines) : Page;

/// <summary>What a list can be narrowed to.</summary>
internal sealed record ChoicePage(IReadOnlyList<Choice> Choices) : Page;

/// <summary>The keys.</summary>
internal sealed record HelpPage : Page;

/// <summary>One of the choices of a filter.</summary>
/// <param name="Field">project, type or state.</param>
/// <param name="Value">Its value, in words.</param>
/// <param name="Entries">How many entries it holds; null where that is not counted.</param>
/// <param name="Scope">What is shown once it is chosen.</param>
internal sealed record Choice(string Field, string Value, long? Entries, Scope Scope);

/// <summary>What is to be read from the database.</summary>
internal abstract record Request
{
    /// <summary>What it keeps to; null for what is asked of an entry.</summary>
    public Scope? Within => this switch
    {
        List list => list.Scope,
        Search search => search.Scope,
        Choices choices => choices.Scope,
        _ => null,
    };

    /// <summary>Whether it asks for what follows on a page that is there.</summary>
    public bool IsNext => this is List { After: not null } or Search { Offset: > 0 };

    /// <summary>Entries by time, from behind one of them or from the newest on.</summary>
    public sealed record List(Scope Scope, string? After = null) : Request;

    /// <summary>Hits of a search.</summary>
    public sealed record Search(Scope Scope, string Words, int Offset = 0) : Request;

    /// <summary>What happened around an entry.</summary>
    public sealed record Around(string Id) : Request;

    /// <summary>An entry, whole.</summary>
    public sealed record Whole(string Id) : Request;

    /// <summary>What a list can be narrowed to.</summary>
    public sealed record Choices(Scope Scope) : Request;
}

/// <summary>What came of a request.</summary>
internal abstract record Reply
{
    /// <summary>Entries; the one to begin with is chosen.</summary>
    public sealed record Items(IReadOnlyList<IndexItem> Entries, Request? More, string? Total, int Chosen = 0) : Reply;

    /// <summary>An entry.</summary>
    public sealed record Whole(Entry Entry) : Reply;

    /// <summary>Choices; the ones in force are known by their scope.</summary>
    public sealed record Choices(IReadOnlyList<Choice> All) : Reply;

    /// <summary>Nothing, and why.</summary>
    public sealed record Failed(string Message) : Reply;
}

/// <summary>
/// All that is seen, and what is waited for; the first page is always a list. <see cref="BrowseKeys"/> and <see cref="BrowseReplies"/> say what follows on it.
/// </summary>
/// <param name="Size">The terminal's.</param>
/// <param name="Here">The name of the folder's project.</param>
/// <param name="Pages">What lies on each other; the last is seen.</param>
internal sealed record BrowseState(ScreenSize Size, string Here, IReadOnlyList<Page> Pages)
{
    /// <summary>What is shown: the list's or search's that is seen, or that lies below.</summary>
    public Scope Scope => Pages.OfType<ListPage>().Select(static page => page.Source.Within).OfType<Scope>().Last();

    /// <summary>The words of a search while they are typed.</summary>
    public string? Prompt { get; init; }

    /// <summary>What went wrong, until the next key.</summary>
    public string? Notice { get; init; }

    /// <summary>What is being read; the reply to anything else comes too late.</summary>
    public Request? Waiting { get; init; }

    /// <summary>Whether it is over.</summary>
    public bool IsDone { get; init; }

    /// <summary>What is seen.</summary>
    public Page Page => Pages[^1];

    /// <summary>The same with something else in the place of what is seen.</summary>
    public BrowseState With(Page page) => this with { Pages = [.. Pages.SkipLast(1), page] };

    /// <summary>The same with something on top.</summary>
    public BrowseState Over(Page page) => this with { Pages = [.. Pages, page] };

    /// <summary>The same in another size: lines are broken anew, and what is chosen stays in view.</summary>
    public BrowseState Resized(ScreenSize size) => this with
    {
        Size = size,
        Pages = [.. Pages.Select(page => Placed(page is EntryPage entry ? entry with { Lines = EntryLines.Of(entry.Entry, size.Width) } : page, page.Scroll.Cursor, size))],
    };

    /// <summary>A page with this line chosen.</summary>
    public static Page Placed(Page page, int cursor, ScreenSize size) => page switch
    {
        // Of a text no line is chosen: where it begins is moved, and the last lines fill the screen.
        EntryPage or HelpPage => page with { Scroll = Text(cursor, Count(page), size.Rows) },
        _ => page with { Scroll = page.Scroll.To(cursor, Count(page), size.Rows) },
    };

    /// <summary>How many lines a page has.</summary>
    public static int Count(Page page) => page switch
    {
        ListPage list => list.Items.Count,
        EntryPage entry => entry.Lines.Count,
        ChoicePage choice => choice.Choices.Count,
        _ => BrowseHelp.Lines.Count,
    };

    private static Scroll Text(int top, int count, int rows)
    {
        var first = Math.Clamp(top, 0, Math.Max(0, count - rows));
        return new Scroll(first, first);
    }
}
