using Cairn.Engine.Entries;
using Cairn.Host.Cli;

namespace Cairn.Host.Browse;

/// <summary>An entry as lines: its title, what is known of it, its text. Pure.</summary>
internal static class EntryLines
{
    /// <summary>The lines of an entry, none wider than so many cells.</summary>
    public static IReadOnlyList<ScreenLine> Of(Entry entry, int width)
    {
        var lines = new List<ScreenLine>();
        void Add(string text, Look look) => lines.AddRange(CellText.Wrap(text, width).Select(line => new ScreenLine(new Piece(line, look))));

        Add(CellText.Line(entry.Title), Look.Bold);
        if (entry.Stale is { } stale) Add(CellText.Line(EntryFacts.Stale(stale)), Look.Warning);
        foreach (var (name, value) in EntryFacts.Of(entry)) Fact(name, CellText.Line(value));
        Add("", Look.Plain);
        Add(CellText.Lines(entry.Body), Look.Plain);
        return lines;

        // The name stands before the first line of its value, where there is room for both.
        void Fact(string name, string value)
        {
            const int gap = EntryFacts.NameWidth + 1;
            if (width <= gap * 2)
            {
                Add(name, Look.Faint);
                Add(value, Look.Plain);
                return;
            }
            foreach (var line in CellText.Wrap(value, width - gap))
            {
                lines.Add(new ScreenLine(new Piece(name.PadRight(gap), Look.Faint), new Piece(line)));
                name = "";
            }
        }
    }
}
