namespace Cairn.Benchmarks;

/// <summary>A table in Markdown, its columns as wide as their widest cell.</summary>
internal static class Table
{
    public static void Write(TextWriter output, string[] header, IEnumerable<string[]> rows)
    {
        string[][] cells = [header, .. rows];
        var widths = header.Select((_, column) => cells.Max(row => row[column].Length)).ToArray();
        for (var i = 0; i < cells.Length; i++)
        {
            output.WriteLine("| " + string.Join(" | ", cells[i].Select((cell, column) => cell.PadRight(widths[column]))) + " |");
            if (i == 0) output.WriteLine("|" + string.Join("|", widths.Select(width => new string('-', width + 2))) + "|");
        }
    }
}
