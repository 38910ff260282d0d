namespace Cairn.Host.Browse;

/// <summary>What the reply to a request changes. Pure.</summary>
internal static class BrowseReplies
{
    /// <summary>The state after a reply; the same when something else is waited for by now.</summary>
    public static BrowseState Take(BrowseState before, Request request, Reply reply)
    {
        if (!ReferenceEquals(before.Waiting, request)) return before;
        var state = before with { Waiting = null };
        return reply switch
        {
            Reply.Failed failed => state with { Notice = failed.Message },
            Reply.Whole whole => state.Over(new EntryPage(whole.Entry, EntryLines.Of(whole.Entry, state.Size.Width))),
            Reply.Choices choices => state.Over(BrowseState.Placed(new ChoicePage(choices.All), InForce(choices.All, state.Scope), state.Size)),
            Reply.Items items => Take(state, request, items),
            _ => state,
        };
    }

    private static BrowseState Take(BrowseState state, Request request, Reply.Items items)
    {
        if (request.IsNext) return state with { Pages = [.. state.Pages.Select(page => page is ListPage list && ReferenceEquals(list.More, request) ? Longer(list, items) : page)] };
        var page = BrowseState.Placed(new ListPage(request, items.Entries, items.More, items.Total), items.Chosen, state.Size);
        return request switch
        {
            Request.List => state with { Pages = [page] },
            Request.Around => state.Page is ListPage { Source: Request.Around } ? state.With(page) : state.Over(page),
            _ => state with { Pages = [.. state.Pages.TakeWhile(static under => under is not ListPage { Source: Request.Search }), page] },
        };
    }

    // Saves between two pages of a search move its hits.
    private static ListPage Longer(ListPage list, Reply.Items items) => list with
    {
        Items = [.. list.Items, .. items.Entries.ExceptBy(list.Items.Select(static item => item.Id), static item => item.Id)],
        More = items.More,
        Total = items.Total ?? list.Total,
    };

    private static int InForce(IReadOnlyList<Choice> choices, Scope scope)
    {
        for (var i = 0; i < choices.Count; i++)
            if (choices[i].Scope == scope) return i;
        return 0;
    }
}
