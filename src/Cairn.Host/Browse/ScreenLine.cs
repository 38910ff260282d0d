using System.Text;

namespace Cairn.Host.Browse;

/// <summary>How a piece of a line looks. On a terminal without colours, bold, faint and reverse are left.</summary>
internal enum Look
{
    Plain,
    Faint,
    Bold,
    Chosen,
    Mark,
    Warning,
}

/// <summary>A piece of a line, free of what acts on a terminal.</summary>
internal readonly record struct Piece(string Text, Look Look = Look.Plain);

/// <summary>A line of the screen.</summary>
internal sealed record ScreenLine(params IReadOnlyList<Piece> Pieces)
{
    /// <summary>How many cells it takes.</summary>
    public int Width => Pieces.Sum(static piece => CellText.Width(piece.Text));

    /// <summary>Its text alone.</summary>
    public string Text => string.Concat(Pieces.Select(static piece => piece.Text));

    /// <summary>The line, cut to so many cells.</summary>
    public ScreenLine Fit(int width)
    {
        var (pieces, left) = (new List<Piece>(), width);
        foreach (var piece in Pieces)
        {
            if (left <= 0) break;
            var cut = CellText.Cut(piece.Text, left);
            left -= CellText.Width(cut);
            pieces.Add(piece with { Text = cut });
        }
        return new ScreenLine(pieces);
    }

    /// <summary>What a terminal is sent for it.</summary>
    public string Sequence(bool colours)
    {
        var sent = new StringBuilder();
        foreach (var (text, look) in Pieces) sent.Append("\e[0").Append(Attributes(look, colours)).Append('m').Append(text);
        return sent.Append("\e[0m").ToString();
    }

    private static string Attributes(Look look, bool colours) => look switch
    {
        Look.Faint => ";2",
        Look.Bold => ";1",
        Look.Chosen => ";7",
        Look.Mark => colours ? ";32" : "",
        Look.Warning => colours ? ";33" : ";1",
        _ => "",
    };
}
