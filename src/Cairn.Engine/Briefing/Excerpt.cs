using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Cairn.Engine.Tokens;

namespace Cairn.Engine.Briefing;

/// <summary>
/// The passages of a text that matter most within a budget of tokens, in their order, with a line of "…" for what is left
/// out between them. Those that hold what was searched come first; without that, the beginning and what looks like a
/// reason, a cause or a rule. Pure.
/// </summary>
internal static class Excerpt
{
    private const int LongestPassage = 600;
    private const int LongestCounted = 64 * 1024;
    private const int LeastWorthCutting = 12;
    private const string Gap = "\n…\n";

    // What is left out between two passages, and what JSON makes of its two line ends.
    private const int GapTokens = 6;
    private const int EndTokens = 2;

    private static readonly string[] Telling =
        ["because", "since", "so that", "cause", "decided", "decision", "instead", "must", "never", "always", "fix", "should", "next", "todo", "error", "fail", "note"];

    /// <summary>The tokens of a text within JSON; of a very long one an estimate by its beginning.</summary>
    public static int Cost(string text)
    {
        if (text.Length <= LongestCounted) return TokenCount.Of(Escaped(text));
        var length = char.IsHighSurrogate(text[LongestCounted - 1]) ? LongestCounted - 1 : LongestCounted;
        return (int)((long)TokenCount.Of(Escaped(text[..length])) * text.Length / length);
    }

    /// <summary>An excerpt of at most so many tokens within JSON; empty when there is room for nothing.</summary>
    public static string Of(string text, IReadOnlyList<string> words, int maxTokens)
    {
        var passages = Passages(text);
        var ranked = passages.Select((passage, i) => (Index: i, Score: Score(text.AsSpan(passage.Start, passage.Length), i, words)))
            .OrderByDescending(static one => one.Score).ThenBy(static one => one.Index);
        var taken = new SortedDictionary<int, string>();
        var left = maxTokens - EndTokens;
        foreach (var (index, _) in ranked)
        {
            if (left <= 0) break;
            var passage = text.Substring(passages[index].Start, passages[index].Length);
            var gap = index == 0 || taken.ContainsKey(index - 1) ? 0 : GapTokens;
            var cost = TokenCount.Of(Escaped(passage)) + gap;
            if (cost > left)
            {
                // The first that does not fit is cut at its end, and nothing of less worth takes its room.
                if (left - gap >= LeastWorthCutting || taken.Count == 0) taken[index] = Beginning(passage, left - gap);
                break;
            }
            taken[index] = passage;
            left -= cost;
        }
        return Within(Join(taken, passages, text.Length), maxTokens);
    }

    /// <summary>The longest beginning that costs at most so many tokens within JSON.</summary>
    private static string Beginning(string text, int maxTokens)
    {
        var room = maxTokens;
        while (room > 0)
        {
            var beginning = text[..TokenCount.Beginning(text, room)];
            if (TokenCount.Of(Escaped(beginning)) is var cost && cost <= maxTokens) return beginning;
            room -= Math.Max(1, cost - maxTokens);
        }
        return "";
    }

    private static string Within(string text, int maxTokens) => TokenCount.Of(Escaped(text)) <= maxTokens ? text : Beginning(text, maxTokens);

    private static string Escaped(string text) => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();

    private static string Join(SortedDictionary<int, string> taken, List<(int Start, int Length)> passages, int end)
    {
        var text = new StringBuilder();
        var reached = 0;
        foreach (var (index, passage) in taken)
        {
            if (passages[index].Start > reached) text.Append(text.Length == 0 ? "…\n" : Gap);
            text.Append(passage);
            reached = passages[index].Start + passage.Length;
        }
        if (reached < end) text.Append('…');
        return text.ToString();
    }

    private static int Score(ReadOnlySpan<char> passage, int index, IReadOnlyList<string> words)
    {
        var score = index == 0 ? 4 : index == 1 ? 1 : 0;
        foreach (var word in words)
            if (Holds(passage, Stem(word))) score += 10;
        foreach (var word in Telling)
            if (Holds(passage, word)) score++;
        return score;
    }

    // As for a snippet: a word counts where its beginning stands at the beginning of a word.
    private static ReadOnlySpan<char> Stem(string word) => word.Length > 5 ? word.AsSpan(0, Math.Max(4, word.Length - 3)) : word;

    private static bool Holds(ReadOnlySpan<char> passage, ReadOnlySpan<char> word)
    {
        for (var from = 0; ;)
        {
            var at = passage[from..].IndexOf(word, StringComparison.OrdinalIgnoreCase);
            if (at < 0) return false;
            at += from;
            if (at == 0 || !char.IsLetterOrDigit(passage[at - 1]) || passage[at] > '\u0E00') return true;
            from = at + 1;
        }
    }

    // Paragraphs; a long one falls into pieces at its lines, else its sentences, else its spaces.
    private static List<(int Start, int Length)> Passages(string text)
    {
        var passages = new List<(int, int)>();
        for (var start = 0; start < text.Length;)
        {
            var paragraph = text.IndexOf("\n\n", start, StringComparison.Ordinal);
            var end = paragraph < 0 ? text.Length : paragraph + 2;
            if (end - start > LongestPassage) end = Cut(text, start, start + LongestPassage);
            passages.Add((start, end - start));
            start = end;
        }
        return passages;
    }

    private static int Cut(string text, int start, int end)
    {
        foreach (var mark in (string[])["\n", ". ", " "])
            if (text.LastIndexOf(mark, end - 1, (end - start) / 2, StringComparison.Ordinal) is var at and >= 0) return at + mark.Length;
        return char.IsHighSurrogate(text[end - 1]) ? end - 1 : end;
    }
}
