using System.Globalization;

namespace Cairn.Benchmarks.Capture;

/// <summary>What must be remembered of a window: an entry of a type, whose title or text holds a word.</summary>
internal sealed record ExpectedEntry(string Type, string? Word)
{
    public bool IsMetBy(string type, string text) => type == Type && (Word is null || text.Contains(Word, StringComparison.OrdinalIgnoreCase));
}

/// <summary>A turn of a session written by hand, and what must be remembered of it.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Events">Its events, in the form of the engine's own examples.</param>
/// <param name="Expected">The entries; none for most turns.</param>
internal sealed record LabelledWindow(string Name, string Events, IReadOnlyList<ExpectedEntry> Expected)
{
    /// <summary>How many windows are made of one that has slots: the words in them are others each time.</summary>
    public const int Variants = 3;

    /// <summary>
    /// Reads a file of this form:
    /// <code>
    /// slot store: SQLite | DuckDB          words that {store} stands for
    /// == name
    /// expect: decision:{store} handoff     types, each with a word that must be in it; or: none
    /// u: the events
    /// </code>
    /// </summary>
    /// <exception cref="FormatException">A line is not of this form.</exception>
    public static IReadOnlyList<LabelledWindow> Read(string path)
    {
        var slots = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var windows = new List<LabelledWindow>();
        foreach (var block in File.ReadAllText(path).ReplaceLineEndings("\n").Split("\n== ").Select(static block => block.Trim('\n')))
        {
            var lines = block.Split('\n');
            if (lines[0].StartsWith("slot ", StringComparison.Ordinal))
                foreach (var line in lines)
                    slots.Add(line[5..line.IndexOf(':')], line[(line.IndexOf(':') + 1)..].Split('|', StringSplitOptions.TrimEntries));
            else if (lines.Length > 2 && lines[1].StartsWith("expect: ", StringComparison.Ordinal)) windows.AddRange(Make(lines, slots));
            else throw new FormatException($"{path}: \"{lines[0]}\" expects nothing, not even none.");
        }
        return windows;
    }

    private static IEnumerable<LabelledWindow> Make(string[] lines, Dictionary<string, string[]> slots)
    {
        var text = string.Join('\n', lines[1..]);
        var used = slots.Where(slot => text.Contains($"{{{slot.Key}}}", StringComparison.Ordinal)).ToList();
        for (var variant = 0; variant < (used.Count == 0 ? 1 : Variants); variant++)
        {
            var filled = text;
            foreach (var (slot, words) in used) filled = filled.Replace($"{{{slot}}}", words[variant % words.Length], StringComparison.Ordinal);
            var end = filled.IndexOf('\n');
            yield return new LabelledWindow(
                used.Count == 0 ? lines[0] : string.Create(CultureInfo.InvariantCulture, $"{lines[0]} ({variant + 1})"), filled[(end + 1)..],
                Entries(filled[8..end].Replace(", ", " ", StringComparison.Ordinal)));
        }
    }

    /// <summary>What a label expects: types, each with a word that must be in it, or "none". A word may be of several: it reaches to the next type.</summary>
    public static IReadOnlyList<ExpectedEntry> Entries(string label) => label == "none" ? [] : [.. Split(label)];

    private static IEnumerable<ExpectedEntry> Split(string expected)
    {
        string[] types = ["decision", "bugfix", "constraint", "question", "preference", "command", "handoff"];
        ExpectedEntry? open = null;
        foreach (var word in expected.Split(' '))
        {
            var colon = word.IndexOf(':');
            if (Array.IndexOf(types, colon < 0 ? word : word[..colon]) >= 0)
            {
                if (open is not null) yield return open;
                open = new ExpectedEntry(colon < 0 ? word : word[..colon], colon < 0 ? null : word[(colon + 1)..]);
            }
            else open = open! with { Word = $"{open.Word} {word}" };
        }
        if (open is not null) yield return open;
    }
}
