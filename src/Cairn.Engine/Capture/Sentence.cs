using System.Text;
using System.Text.RegularExpressions;

namespace Cairn.Engine.Capture;

/// <summary>A sentence that somebody wrote in a session, as rules see it. Code blocks and quoted lines are none.</summary>
/// <param name="Event">Where it was said.</param>
/// <param name="Text">The sentence as it was written, on one line.</param>
/// <param name="Probe">The same in lower case, with plain apostrophes, and with what stands in quotation marks left out.</param>
/// <param name="Heading">The heading, or the line that ends in a colon, that it stands under; lower case.</param>
/// <param name="IsItem">Whether it is the first of a list's item.</param>
/// <param name="Paragraph">Counts paragraphs and items: sentences of one stand together.</param>
/// <param name="IsPasted">Whether the user has it from somewhere: it stands behind a line that announces a log, a mail, somebody's words.</param>
internal sealed partial record Sentence(SessionEvent Event, string Text, string Probe, string? Heading, bool IsItem, int Paragraph, bool IsPasted)
{
    /// <summary>The longest sentence that is looked at, in characters: what is longer is no sentence.</summary>
    public const int MaxLength = 1000;

    private const int MaxSourceLine = 120, MaxPrompt = 4_000, MaxAnswer = 16_000, MaxSummary = 64_000, MaxLeadWords = 6;

    // Ends no sentence, for all its dot.
    private static readonly string[] Abbreviations = ["e.g.", "i.e.", "etc.", "vs.", "approx.", "incl.", "resp.", "cf.", "no.", "mr.", "dr."];

    /// <summary>Whether it asks.</summary>
    public bool IsQuestion { get; } = Text.TrimEnd('"', ')', '*', '_', ' ').EndsWith('?');

    /// <summary>The sentences of an event's text. Of a very long one the start: a prompt of many pages is pasted, and speaks for somebody else.</summary>
    public static IEnumerable<Sentence> Of(SessionEvent source)
    {
        if (source.Text is not { Length: > 0 } text) yield break;
        var limit = source.Kind switch
        {
            SessionEventKind.UserPrompt => MaxPrompt,
            SessionEventKind.CompactionSummary => MaxSummary,
            _ => MaxAnswer,
        };
        var paragraph = 0;
        var seen = text.Length > limit ? text[..limit] : text;
        var pasted = source.Kind == SessionEventKind.UserPrompt ? Pasted(seen) : seen.Length;
        foreach (var (block, isPasted) in Blocks(seen[..pasted]).Select(static block => (block, false)).Concat(Blocks(seen[pasted..]).Select(static block => (block, true))))
        {
            paragraph++;
            var first = true;
            foreach (var sentence in Split(block.Text).Where(static sentence => sentence.Length <= MaxLength))
            {
                yield return new Sentence(source, sentence, Probing(sentence), block.Heading, block.IsItem && first, paragraph, isPasted);
                first = false;
            }
        }
    }

    // Where what the user pastes begins: behind the first line that says where it is from and ends in a colon.
    private static int Pasted(string text)
    {
        for (var (start, end) = (0, 0); start < text.Length; start = end + 1)
        {
            end = text.IndexOf('\n', start);
            if (end < 0) break;
            var line = text.AsSpan(start, end - start).TrimEnd();
            if (line.Length is > 0 and <= MaxSourceLine && line[^1] == ':' && Source().IsMatch(line)) return end + 1;
        }
        return text.Length;
    }

    [GeneratedRegex(@"\b(?:e-?mails?|mails?|logs?|output|outputs|errors?|warnings?|traces?|stack ?trace|console|readme|docs|documentation|article|blog|ticket|issue|comments?|transcript|chat|thread|review|quote|wrote|writes|says|said|reads|tells|told|asked|answered|prints?|printed|shows?|showed|reports?|reported)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Source();

    // Paragraphs and items of Markdown, each on one line, without code, quotes, tables and tags.
    private static IEnumerable<Block> Blocks(string text)
    {
        string? heading = null, lead = null, fence = null;
        var (open, isItem) = (new StringBuilder(), false);
        var lines = text.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.TrimEntries);
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            if (fence is not null)
            {
                if (line.StartsWith(fence, StringComparison.Ordinal)) fence = null;
                continue;
            }
            var isFence = line.StartsWith("```", StringComparison.Ordinal) || line.StartsWith("~~~", StringComparison.Ordinal);
            var mark = ItemMark(line);
            var leads = mark == 0 && IsLead(line) && (open.Length == 0 || LeadsToItem(lines, i));
            if (open.Length > 0 && (isFence || leads || line.Length == 0 || mark > 0 || line[0] is '#' or '>' or '|' or '<'))
            {
                yield return new Block(open.ToString(), lead ?? heading, isItem);
                open.Clear();
            }
            if (isFence) fence = line[..3];
            else if (line.Length == 0) isItem = false;
            else if (line[0] is '>' or '|' or '<') { }
            else if (line[0] == '#') (heading, lead) = (line.Trim('#', ' ', '*', ':').ToLowerInvariant(), null);
            else if (leads) lead = line.Trim('*', '_', ':', ' ').ToLowerInvariant();
            else
            {
                if (open.Length == 0)
                {
                    // Plain text after a list no longer stands under the line that led to it.
                    if (mark == 0) lead = null;
                    isItem = mark > 0;
                }
                else open.Append(' ');
                open.Append(line, mark, line.Length - mark);
            }
        }
        if (open.Length > 0) yield return new Block(open.ToString(), lead ?? heading, isItem);
    }

    private static bool IsLead(string line) =>
        line.TrimEnd('*', '_') is [.., ':'] && line.Split(' ').Length <= MaxLeadWords;

    private static bool LeadsToItem(string[] lines, int at) => lines.Skip(at + 1).FirstOrDefault(static line => line.Length > 0) is { } next && ItemMark(next) > 0;

    private static int ItemMark(string line)
    {
        if (line is ['-' or '*' or '+' or '•', ' ', ..]) return 2;
        var digits = line.TakeWhile(char.IsAsciiDigit).Count();
        return digits is > 0 and <= 3 && line.Length > digits + 1 && line[digits] is '.' or ')' && line[digits + 1] == ' ' ? digits + 2 : 0;
    }

    private static IEnumerable<string> Split(string block)
    {
        var start = 0;
        var (inCode, inQuotes, hasPairs) = (false, false, block.Count(static c => c == '"') % 2 == 0);
        for (var i = 0; i < block.Length; i++)
        {
            if (block[i] == '`') inCode = !inCode;
            else if (block[i] is '"' && hasPairs) inQuotes = !inQuotes;
            if (inCode || inQuotes || block[i] is not ('.' or '!' or '?')) continue;
            var end = i + 1;
            while (end < block.Length && block[end] is '.' or '!' or '?' or '\'' or ')' or '*') end++;
            if (end < block.Length && (block[end] != ' ' || end + 1 >= block.Length || char.IsLower(block[end + 1]))) continue;
            var before = block.AsSpan(start, end - start);
            var isShort = false;
            foreach (var word in Abbreviations) isShort |= before.EndsWith(word, StringComparison.OrdinalIgnoreCase) && (before.Length == word.Length || !char.IsLetter(before[^(word.Length + 1)]));
            if (isShort) continue;
            if (before.Trim() is { Length: > 0 } sentence) yield return sentence.ToString();
            start = i = end;
        }
        if (start < block.Length && block[start..].Trim() is { Length: > 0 } rest) yield return rest;
    }

    private static string Probing(string sentence)
    {
        var probe = new StringBuilder(sentence.Length);
        for (var i = 0; i < sentence.Length; i++)
        {
            var close = sentence[i] switch { '"' => '"', '“' => '”', '„' => '“', '«' => '»', _ => '\0' };
            if (close != '\0' && sentence.IndexOf(close, i + 1) is var end && end > i && sentence.AsSpan(i, end - i).Contains(' '))
            {
                probe.Append("\"\"");
                i = end;
            }
            else if (sentence[i] is not ('*' or '_') || IsInWord(sentence, i)) probe.Append(sentence[i] is '’' ? '\'' : char.ToLowerInvariant(sentence[i]));
        }
        return probe.ToString().Trim();
    }

    private static bool IsInWord(string text, int at) => at > 0 && at + 1 < text.Length && !char.IsWhiteSpace(text[at - 1]) && char.IsLetterOrDigit(text[at - 1]) && char.IsLetterOrDigit(text[at + 1]);

    private sealed record Block(string Text, string? Heading, bool IsItem);
}
