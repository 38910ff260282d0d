using System.Buffers;

namespace Cairn.Engine.Policy;

/// <summary>
/// Tokens that a line break or a string concatenation cuts in two, put together: a shell's backslash and PowerShell's
/// backtick at the line's end, "…" + "…" in code, and lines that a mail or an editor wrapped. Only the lines around such
/// joints are in the variant, and only what runs over a joint is to be reported from it.
/// </summary>
internal static class LineJoining
{
    /// <summary>The shortest token that is put together of wrapped lines.</summary>
    private const int ShortestToken = 16;

    /// <summary>A piece that long, with varied characters of two classes, goes on with the token in front of it.</summary>
    private const int ShortestPiece = 8;

    /// <summary>The shortest part of a token on either side of a cut: what rules have for a prefix.</summary>
    private const int ShortestPart = 3;

    /// <summary>So many letters and digits in front of a cut tell a key.</summary>
    private const int ShortestEnding = 12;

    private static readonly SearchValues<char> Cause = SearchValues.Create("\n\"'`");
    private static readonly SearchValues<char> Token = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./+=:@%~");
    private static readonly SearchValues<char> Margin = SearchValues.Create(" \t>|#*");
    private static readonly SearchValues<char> Blank = SearchValues.Create(" \t\r\n");
    private static readonly SearchValues<char> Operator = SearchValues.Create("+.&~|<>\\");

    /// <summary>The variant, or null when there is no joint.</summary>
    public static TextVariant? Of(TextVariant source)
    {
        ReadOnlySpan<char> text = source.Text;
        var builder = new VariantBuilder(source);
        var (taken, lineEnd) = (0, 0); // the end of the last joint, and of the line around it
        for (var at = text.IndexOfAny(Cause); at >= 0;)
        {
            var (start, end) = text[at] == '\n' ? LineBreak(text, at) : Concatenation(text, at);
            if (end > start && start >= taken)
            {
                if (start > lineEnd || lineEnd == 0)
                {
                    var first = Math.Max(text[lineEnd..start].LastIndexOf('\n') + 1 + lineEnd, lineEnd);
                    if (first > lineEnd) builder.Replace(lineEnd, first, VariantBuilder.Gap);
                }
                builder.Replace(start, end, []);
                if (end > lineEnd) lineEnd = text[end..].IndexOf('\n') is >= 0 and var length ? end + length : text.Length;
                taken = end;
            }
            var from = Math.Max(at + 1, end);
            var next = text[from..].IndexOfAny(Cause);
            at = next < 0 ? next : from + next;
        }
        if (lineEnd > 0 && lineEnd < text.Length) builder.Replace(lineEnd, text.Length, VariantBuilder.Gap);
        return builder.Build(VariantKind.Joined);
    }

    /// <summary>What of a finding in joined lines is news, in the original; null when nothing is.</summary>
    /// <param name="joined">The variant.</param>
    /// <param name="finding">What a rule found there.</param>
    /// <param name="known">What is known already, in the original: by position and disjoint.</param>
    public static (int Start, int End)? News(TextVariant joined, SecretFinding finding, List<SecretFinding> known)
    {
        var joints = joined.Joints(finding.Start, finding.End).ToList();
        if (joints.Count == 0 || IsStart(joints[0])) return null;
        if (!IsKnown(finding.Start, joints[0]))
        {
            // A placeholder at a line's end does not become a key by what the next line begins with.
            var text = joined.Text.AsSpan();
            var (first, rest) = (finding.Start..joints[0], joints[0]..finding.End);
            var isLong = joints[0] - finding.Start >= ShortestPart && finding.End - joints[0] >= ShortestPart;
            return isLong && (IsCutKey(text[first]) || IsPiece(text[rest])) ? joined.InOriginal(finding.Start, finding.End) : null;
        }

        // The token was found up to the joint. What follows is more of it only when it looks like that; the last piece may be any rest.
        var end = 0;
        for (var i = 0; i < joints.Count; i++)
        {
            var pieceEnd = i + 1 < joints.Count ? joints[i + 1] : finding.End;
            var piece = joined.Text.AsSpan(joints[i], pieceEnd - joints[i]);
            var isLastOfMany = i > 0 && pieceEnd == finding.End;
            if (IsKnown(joints[i], pieceEnd) || !(isLastOfMany || IsPiece(piece))) break;
            end = pieceEnd;
        }
        return end == 0 ? null : joined.InOriginal(finding.Start, end);

        // What is a secret by itself goes on with nothing.
        bool IsStart(int at) => Known(at, at + 1) is { } other && other.Start == joined.InOriginal(at, at + 1).Start;

        bool IsKnown(int from, int to) => Known(from, to) is not null;

        SecretFinding? Known(int from, int to)
        {
            var (start, stop) = joined.InOriginal(from, to);
            var (low, high) = (0, known.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (known[middle].End <= start) low = middle + 1;
                else high = middle;
            }
            return low < known.Count && known[low].Start < stop ? known[low] : null;
        }
    }

    private static bool IsPiece(ReadOnlySpan<char> text) => text.Length >= ShortestPiece && SecretValue.IsOpaque(text) && !IsWord(text);

    /// <summary>Whether letters and digits mix right in front of the cut, as they do in a key and not in a placeholder's words.</summary>
    private static bool IsCutKey(ReadOnlySpan<char> text)
    {
        if (text.Length < ShortestEnding) return false;
        var ending = text[^ShortestEnding..];
        foreach (var c in ending)
            if (!char.IsAsciiLetterOrDigit(c)) return false;
        return SecretValue.CountDigits(ending) is > 0 and < ShortestEnding;
    }

    /// <summary>The joint at a line's end; empty when there is none.</summary>
    private static (int Start, int End) LineBreak(ReadOnlySpan<char> text, int at)
    {
        var start = at > 0 && text[at - 1] == '\r' ? at - 1 : at;
        var isMarked = start > 0 && (text[start - 1] == '\\' || (text[start - 1] == '`' && IsContinued(text[..start])));
        if (isMarked) start--;
        if (start == 0 || !Token.Contains(text[start - 1])) return default;
        var margin = text[(at + 1)..].IndexOfAnyExcept(Margin);
        if (margin < 0 || !Token.Contains(text[at + 1 + margin])) return default;
        var end = at + 1 + margin;
        var (before, after) = (start - BeforeLength(text, start), end + AfterLength(text, end));
        return !IsWord(text[before..start]) && !IsWord(text[end..after]) && (isMarked || IsWrapped(text[before..start], text[end..after])) ? (start, end) : default;
    }

    /// <summary>Whether the backtick at a line's end is PowerShell's: an even number of them is Markdown's code.</summary>
    private static bool IsContinued(ReadOnlySpan<char> text) => text[(text.LastIndexOf('\n') + 1)..].Count('`') % 2 == 1;

    /// <summary>Whether two runs of characters look like one that was wrapped: long together, and of several classes.</summary>
    private static bool IsWrapped(ReadOnlySpan<char> before, ReadOnlySpan<char> after) =>
        before.Length + after.Length >= ShortestToken
        && (before.ContainsAnyInRange('0', '9') || SecretValue.CountClasses(after) >= 2);

    /// <summary>Letters of one case, the first perhaps a capital, with the punctuation of a sentence behind them.</summary>
    private static bool IsWord(ReadOnlySpan<char> run)
    {
        var word = run.TrimEnd(".:");
        return word.Length > 0 && word.IndexOfAnyExceptInRange('A', 'z') < 0 && !word.ContainsAnyInRange('[', '`')
            && (!word[1..].ContainsAnyInRange('A', 'Z') || !word.ContainsAnyInRange('a', 'z'));
    }

    /// <summary>The joint between two string literals, the first of which ends here; empty when there is none.</summary>
    private static (int Start, int End) Concatenation(ReadOnlySpan<char> text, int at)
    {
        var quote = text[at];
        var start = at;
        while (start > 0 && text[start - 1] == '\\') start--;
        if (start == 0 || !Token.Contains(text[start - 1])) return default;
        var next = Skip(text, at + 1, Blank);
        for (var i = 0; i < 2 && next < text.Length && Operator.Contains(text[next]); i++) next++;
        next = Skip(text, next, Blank);
        for (var i = 0; i < 2 && next + 1 < text.Length && IsLiteralPrefix(text[next]); i++) next++;
        while (next < text.Length && text[next] == '\\') next++;
        return next + 1 < text.Length && text[next] == quote && Token.Contains(text[next + 1]) ? (start, next + 1) : default;
    }

    private static bool IsLiteralPrefix(char c) => c is 'r' or 'R' or 'b' or 'B' or 'f' or 'F' or 'u' or 'U' or '$' or '@';

    private static int Skip(ReadOnlySpan<char> text, int at, SearchValues<char> set) =>
        text[at..].IndexOfAnyExcept(set) is >= 0 and var length ? at + length : text.Length;

    private static int BeforeLength(ReadOnlySpan<char> text, int end) => end - text[..end].LastIndexOfAnyExcept(Token) - 1;

    private static int AfterLength(ReadOnlySpan<char> text, int start) => Skip(text, start, Token) - start;
}
