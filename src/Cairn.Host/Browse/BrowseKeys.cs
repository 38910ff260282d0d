namespace Cairn.Host.Browse;

/// <summary>A key as it is meant here.</summary>
internal enum KeyName
{
    Text,
    Enter,
    Escape,
    Backspace,
    Clear,
    Up,
    Down,
    PageUp,
    PageDown,
    Home,
    End,
    Interrupt,
    None,
}

/// <summary>A key, and its character when it is text.</summary>
internal readonly record struct KeyPress(KeyName Name, char Character = '\0');

/// <summary>What a key does. Pure: what has to be read is left in <see cref="BrowseState.Waiting"/>.</summary>
internal static class BrowseKeys
{
    // As long as a search may be.
    private const int MaxPrompt = 4_000;

    /// <summary>The state after a key.</summary>
    public static BrowseState Press(BrowseState before, KeyPress key)
    {
        var state = before with { Notice = null };
        if (key.Name == KeyName.Interrupt) return state with { IsDone = true };
        if (state.Prompt is { } words) return Type(state, words, key);
        return Command(key) switch
        {
            'j' => Move(state, +1),
            'k' => Move(state, -1),
            ' ' => Move(state, state.Size.Rows),
            'b' => Move(state, -state.Size.Rows),
            'g' => MoveTo(state, 0),
            'G' => MoveTo(state, int.MaxValue),
            'q' => Back(state),
            '/' => state with { Prompt = "" },
            '?' => state.Page is HelpPage ? state : state.Over(new HelpPage()),
            'f' => state.Page is HelpPage or ChoicePage ? state : state with { Waiting = new Request.Choices(state.Scope) },
            'r' => state.Page is ListPage list ? state with { Waiting = list.Source } : state,
            't' => Chosen(state) is { } id ? state with { Waiting = new Request.Around(id) } : state,
            '>' => Successor(state) is { } id ? state with { Waiting = new Request.Whole(id) } : state,
            '<' => state.Page is EntryPage { Entry.Supersedes: [.., var older] } ? state with { Waiting = new Request.Whole(older) } : state,
            '\n' => Open(state),
            _ => state,
        };
    }

    private static char Command(KeyPress key) => key.Name switch
    {
        KeyName.Text => key.Character,
        KeyName.Down => 'j',
        KeyName.Up => 'k',
        KeyName.PageDown => ' ',
        KeyName.PageUp => 'b',
        KeyName.Home => 'g',
        KeyName.End => 'G',
        KeyName.Enter => '\n',
        KeyName.Escape => 'q',
        _ => '\0',
    };

    private static BrowseState Type(BrowseState state, string words, KeyPress key) => key.Name switch
    {
        KeyName.Text when words.Length < MaxPrompt && !char.IsControl(key.Character) => state with { Prompt = words + key.Character },
        KeyName.Backspace => words.Length > 0 ? state with { Prompt = words[..^LastLength(words)] } : state with { Prompt = null },
        KeyName.Clear => state with { Prompt = "" },
        KeyName.Escape => state with { Prompt = null },
        KeyName.Enter when string.IsNullOrWhiteSpace(words) => state with { Prompt = null },
        KeyName.Enter => state with { Prompt = null, Waiting = new Request.Search(state.Scope, words.Trim()) },
        _ => state,
    };

    // A character outside the basic plane is two of them.
    private static int LastLength(string words) => words.Length > 1 && char.IsSurrogatePair(words[^2], words[^1]) ? 2 : 1;

    private static BrowseState Move(BrowseState state, int by) => MoveTo(state, state.Page.Scroll.Cursor + by);

    // Near the end of what is there, more of it is asked for.
    private static BrowseState MoveTo(BrowseState state, int cursor)
    {
        var moved = state.With(BrowseState.Placed(state.Page, cursor, state.Size));
        return moved is { Waiting: null, Page: ListPage { More: { } more } list } && list.Scroll.Cursor + state.Size.Rows >= list.Items.Count ? moved with { Waiting = more } : moved;
    }

    private static BrowseState Back(BrowseState state)
    {
        if (state.Waiting is { IsNext: false }) return state with { Waiting = null };
        return state.Pages.Count == 1 ? state with { IsDone = true } : state with { Pages = [.. state.Pages.SkipLast(1)], Waiting = null };
    }

    private static BrowseState Open(BrowseState state) => state.Page switch
    {
        ListPage => Chosen(state) is { } id ? state with { Waiting = new Request.Whole(id) } : state,
        ChoicePage { Choices: { Count: > 0 } choices } page => Narrow(state, choices[page.Scroll.Cursor].Scope),
        _ => state,
    };

    // What was searched is searched again, in the other scope; a timeline has none, and gives way to the list, as does a
    // search for what none finds.
    private static BrowseState Narrow(BrowseState state, Scope scope)
    {
        var below = state.Pages.SkipLast(1).OfType<ListPage>().LastOrDefault(static page => page.Source is not Request.Around);
        Request request = below?.Source is Request.Search search && scope.State is not "archived" ? new Request.Search(scope, search.Words) : new Request.List(scope);
        return state with { Pages = [.. state.Pages.SkipLast(1)], Waiting = request };
    }

    private static string? Chosen(BrowseState state) => state.Page switch
    {
        ListPage { Items.Count: > 0 } list => list.Items[list.Scroll.Cursor].Id,
        EntryPage entry => entry.Entry.Id,
        _ => null,
    };

    private static string? Successor(BrowseState state) => state.Page switch
    {
        ListPage { Items.Count: > 0 } list => list.Items[list.Scroll.Cursor].SupersededBy,
        EntryPage entry => entry.Entry.SupersededBy,
        _ => null,
    };
}
