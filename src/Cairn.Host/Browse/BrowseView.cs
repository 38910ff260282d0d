using System.Globalization;
using Cairn.Engine.Entries;

namespace Cairn.Host.Browse;

/// <summary>What is seen of a state: as many lines as the screen has, none wider than it. Pure.</summary>
internal static class BrowseView
{
    private const int TypeWidth = 10;
    private const int ProjectWidth = 14;
    private const int Roomy = 60; // columns from which on a line of a list has more than a day, a type and a title

    /// <summary>The lines, from the top.</summary>
    public static IReadOnlyList<ScreenLine> Render(BrowseState state)
    {
        var size = state.Size;
        var lines = new List<ScreenLine>(size.Height);
        if (size.HasHeading) lines.Add(Heading(state));
        for (var row = 0; row < size.Rows; row++) lines.Add(Row(state, state.Page.Scroll.Top + row));
        if (size.HasDetail) lines.Add(Detail(state.Page));
        if (size.HasFoot) lines.Add(Foot(state));
        return lines.ConvertAll(line => line.Fit(size.Width));
    }

    private static ScreenLine Heading(BrowseState state)
    {
        var (title, count) = state.Page switch
        {
            ListPage { Source: Request.Search search } list => ($"Search: {CellText.Line(search.Words)}", Total(list)),
            ListPage { Source: Request.Around } => ("Timeline", null),
            ListPage list => ("Entries", Total(list)),
            EntryPage => ("Entry", null),
            ChoicePage => ("Show only", null),
            _ => ("Keys", null),
        };
        var scope = state.Page is ListPage { Source: not Request.Around } ? $"  {ScopeWords(state)}" : "";
        var place = BrowseState.Count(state.Page) is var lines and > 0 ? Place(state, lines) : "";
        var right = CellText.Line(count is null || place.Length == 0 ? place : $"{place} of {count}");
        var left = CellText.Cut($"{title}{scope}", Math.Max(0, state.Size.Width - CellText.Width(right) - 2));
        var gap = Math.Max(0, state.Size.Width - CellText.Width(left) - CellText.Width(right));
        return new ScreenLine(new Piece(left, Look.Bold), new Piece(new string(' ', gap)), new Piece(right, Look.Faint));
    }

    private static string? Total(ListPage list) => list.More is null ? Number(list.Items.Count) : list.Total;

    private static string Place(BrowseState state, int lines) => state.Page switch
    {
        ListPage or ChoicePage => Number(state.Page.Scroll.Cursor + 1),
        _ => $"{Number(Math.Min(lines, state.Page.Scroll.Top + state.Size.Rows))}/{Number(lines)}",
    };

    private static string ScopeWords(BrowseState state)
    {
        var scope = state.Scope;
        var project = scope.Project switch { null => state.Here, "*" => "all projects", var name => name };
        return CellText.Line(string.Join(", ", new[] { project, scope.EntryType, scope.State }.OfType<string>()));
    }

    private static ScreenLine Row(BrowseState state, int at) => state.Page switch
    {
        ListPage { Items.Count: 0 } when at == 0 => new ScreenLine(new Piece("Nothing here. f chooses another project, type or state; / searches.", Look.Faint)),
        ListPage list when at < list.Items.Count => Chosen(Item(list.Items[at], state), at == list.Scroll.Cursor, state.Size.Width),
        EntryPage entry when at < entry.Lines.Count => entry.Lines[at],
        ChoicePage page when at < page.Choices.Count => Chosen(Offer(page.Choices[at], state), at == page.Scroll.Cursor, state.Size.Width),
        HelpPage when at < BrowseHelp.Lines.Count => new ScreenLine(new Piece(BrowseHelp.Lines[at])),
        _ => new ScreenLine(),
    };

    // What is chosen shows without colours and without reverse as well: by the sign before it.
    private static ScreenLine Chosen(ScreenLine line, bool isChosen, int width) => isChosen
        ? new ScreenLine(new Piece(CellText.Fill($"> {line.Text}", width), Look.Chosen))
        : new ScreenLine([new Piece("  "), .. line.Pieces]);

    // The title comes last: whatever a terminal makes of its characters, no column moves.
    private static ScreenLine Item(IndexItem item, BrowseState state)
    {
        var roomy = state.Size.Width >= Roomy;
        var time = item.CreatedAt.ToLocalTime().ToString(roomy ? "yyyy-MM-dd HH:mm" : "MM-dd", CultureInfo.InvariantCulture);
        var pieces = new List<Piece>
        {
            new($"{time} ", Look.Faint),
            new($"{CellText.Fill(CellText.Line(item.EntryType), TypeWidth)} ", Look.Mark),
        };
        if (roomy && state.Scope.Project is "*") pieces.Add(new Piece($"{CellText.Fill(CellText.Line(item.Project), ProjectWidth)} "));
        if (item.State is { } marked) pieces.Add(new Piece($"({marked}) ", Look.Warning));
        if (item.Stale is not null) pieces.Add(new Piece("(files changed) ", Look.Warning));
        pieces.Add(new Piece(CellText.Line(item.Title)));
        return new ScreenLine(pieces);
    }

    private static ScreenLine Offer(Choice choice, BrowseState state) => new(
        new Piece($"{(choice.Scope == state.Scope ? "*" : " ")} "),
        new Piece($"{choice.Field,-8} ", Look.Faint),
        new Piece(choice.Entries is { } count ? $"{Number(count),9}  " : "           ", Look.Mark),
        new Piece(CellText.Line(choice.Value)));

    private static ScreenLine Detail(Page page)
    {
        if (page is not ListPage { Items.Count: > 0 } list) return new ScreenLine();
        var item = list.Items[list.Scroll.Cursor];
        var more = new[]
        {
            item.SupersededBy is { } by ? $"superseded by {by}" : null,
            item.Similar is { } similar ? $"and {Number(similar)} more that say the same" : null,
            item.Stale is { } stale ? Cli.EntryFacts.Stale(stale) : null,
            item.SourceRef,
            item.Snippet == item.Title ? null : item.Snippet,
        };
        return new ScreenLine(new Piece($"{item.Id}  ", Look.Mark), new Piece(CellText.Line(string.Join("  ", more.OfType<string>())), Look.Faint));
    }

    private static ScreenLine Foot(BrowseState state)
    {
        if (state.Prompt is { } words) return new ScreenLine(new Piece("/", Look.Bold), new Piece(CellText.End(CellText.Line(words), state.Size.Width - 2)), new Piece(" ", Look.Chosen));
        if (state.Notice is { } notice) return new ScreenLine(new Piece(CellText.Line(notice), Look.Warning));
        if (state.Waiting is { IsNext: false }) return new ScreenLine(new Piece("Reading ... (Esc: leave it)", Look.Faint));
        var keys = state.Page switch
        {
            ListPage => "Enter open  / search  f filter  t timeline  ? keys  q back",
            EntryPage { Entry: var entry } => $"j/k move  t timeline{(entry.SupersededBy is null ? "" : "  > newer")}{(entry.Supersedes is null ? "" : "  < older")}  / search  q back",
            ChoicePage => "Enter choose  q back",
            _ => "q back",
        };
        return new ScreenLine(new Piece(keys, Look.Faint));
    }

    private static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
