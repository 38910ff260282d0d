using System.Globalization;

namespace Cairn.Engine.Embeddings;

/// <summary>A part of an entry's text that has a vector of its own.</summary>
/// <param name="Start">Where it begins in the text, in UTF-16 characters.</param>
/// <param name="Length">Its length, in UTF-16 characters.</param>
/// <param name="Text">What is read: the title and the date, where the part does not say them itself, and the part.</param>
internal readonly record struct Passage(int Start, int Length, string Text);

/// <summary>
/// Cuts an entry into passages that the model reads whole: at the end of a paragraph where one is near, else of a line, of a
/// sentence, of a word. Each has the title before it. Pure.
/// </summary>
internal static class Passages
{
    /// <summary>The greatest number of passages of one entry: what a text of a megabyte says in its first part, and enough to find it by.</summary>
    public const int Most = 64;

    private const int HeadTokens = 48;
    private const int Marks = 2;
    private static readonly string[] Borders = ["\n\n", "\n", ". ", "。", " "];

    /// <summary>The passages of an entry, at least one.</summary>
    /// <param name="model">Counts tokens.</param>
    /// <param name="title">The entry's title.</param>
    /// <param name="body">The entry's text.</param>
    /// <param name="date">When it happened, if somebody said so; else null.</param>
    public static IEnumerable<Passage> Of(SentenceModel model, string title, string body, DateTimeOffset? date)
    {
        var head = title[..model.Fit(title, HeadTokens)] + (date is { } day ? day.UtcDateTime.ToString(" (d MMMM yyyy)", CultureInfo.InvariantCulture) : "");
        var room = SentenceModel.MaxTokens - Marks - model.Count(head);
        var (start, count) = (0, 0);
        do
        {
            var length = Next(model, body.AsSpan(start), room);
            var part = body.Substring(start, length);
            yield return new Passage(start, length, Says(part, title) && date is null ? part : $"{head}\n{part}");
            start += length;
            while (start < body.Length && char.IsWhiteSpace(body[start])) start++;
        }
        while (start < body.Length && ++count < Most);
    }

    // A title that was made of the first line is the text's beginning already, but for an ellipsis.
    private static bool Says(string part, string title) => part.Contains(title.TrimEnd('…'), StringComparison.OrdinalIgnoreCase);

    private static int Next(SentenceModel model, ReadOnlySpan<char> rest, int room)
    {
        // No token is longer than the characters that this leaves it, and a megabyte need not be read to find the next few hundred words.
        var near = rest[..Math.Min(rest.Length, room * 32)];
        var fits = model.Fit(near, room);
        if (fits >= rest.Length) return rest.Length;
        if (fits <= 0) fits = Math.Min(rest.Length, room);
        foreach (var border in Borders)
        {
            // A border in the first half would leave half of the passage empty.
            var at = rest[..fits].LastIndexOf(border);
            if (at >= fits / 2) return at + border.Length;
        }
        return char.IsHighSurrogate(rest[fits - 1]) && fits > 1 ? fits - 1 : fits;
    }
}
