using System.Security.Cryptography;
using System.Text;

namespace Cairn.Engine.Capture;

/// <summary>
/// When two texts say the same: a fingerprint that capitals, punctuation and white space do not change, and the share of
/// words and word pairs that two texts have in common (Jaccard's index), with the words that only one of them has. Pure.
/// </summary>
internal sealed class Shingles
{
    /// <summary>From this share on two texts count as one.</summary>
    public const double Near = 0.6;

    private const int MaxWords = 400, MaxTelling = 40, FingerprintLength = 16;

    // Words that are in any sentence tell nothing of what two have in common.
    private static readonly HashSet<string> Common = new(StringComparer.Ordinal)
    {
        "a", "an", "and", "are", "as", "at", "be", "by", "do", "does", "for", "from", "has", "have", "i", "in", "is", "it", "its", "of", "on", "or", "our", "so", "than", "that", "the", "their", "then",
        "there", "they", "this", "to", "was", "we", "were", "will", "with", "you", "your", "s", "t", "open", "question", "decision", "decided", "should", "whether", "which", "what", "how", "can",
    };

    // What turns a sentence into its opposite though all other words stay, and what sets one thing against another.
    private static readonly HashSet<string> Negations = new(StringComparer.Ordinal) { "not", "never", "no", "none", "cannot", "without", "neither", "nor", "stop", "stopped", "against", "longer" };
    private static readonly HashSet<string> Contrasts = new(StringComparer.Ordinal) { "instead", "rather", "over", "before", "after", "above", "below", "not" };

    private readonly HashSet<string> _words = new(StringComparer.Ordinal);
    private readonly HashSet<string> _pairs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _marks = new(StringComparer.Ordinal);

    /// <summary>The shingles of a text's first <see cref="MaxWords"/> words.</summary>
    public Shingles(string text)
    {
        string? before = null, last = null;
        foreach (var word in Words(text).Take(MaxWords))
        {
            if (Negations.Contains(word) || (word == "t" && before is [.., 'n'])) _marks.Add("not");
            else if (word.Any(char.IsAsciiDigit)) _marks.Add(word);
            before = word;
            if (Common.Contains(word)) continue;
            var stem = Stem(word);
            _words.Add(stem);
            if (last is not null) _pairs.Add($"{last} {stem}");
            last = stem;
        }
    }

    /// <summary>Whether the two say much the same: the share of words and pairs that both have is at least <see cref="Near"/>. False for texts that are too short to tell.</summary>
    public bool IsNear(Shingles other)
    {
        if (_words.Count + _pairs.Count < 3 || other._words.Count + other._pairs.Count < 3) return false;
        var both = _words.Count(other._words.Contains) + _pairs.Count(other._pairs.Contains);
        return (double)both / (_words.Count + _pairs.Count + other._words.Count + other._pairs.Count - both) >= Near;
    }

    /// <summary>
    /// Whether the two say the same: near, with the same numbers and both or neither denied, and one has no telling word that
    /// the other lacks. One word in place of another, and it may be the opposite: 60 seconds, Postgres, not.
    /// </summary>
    public bool SaysTheSame(Shingles other)
    {
        if (!IsNear(other) || !_marks.SetEquals(other._marks)) return false;
        var (shorter, longer) = _words.Count <= other._words.Count ? (this, other) : (other, this);
        return shorter._words.IsSubsetOf(longer._words) && (!shorter._words.Overlaps(Contrasts) || shorter._pairs.IsSubsetOf(longer._pairs));
    }

    /// <summary>The words of a text's beginning that tell what it says, each once.</summary>
    public static IReadOnlyList<string> Telling(string text) =>
        [.. Words(text).Where(static word => word.Length > 1 && !Common.Contains(word)).Take(MaxTelling).Distinct(StringComparer.Ordinal)];

    /// <summary>The share of the first text's telling words that the second has.</summary>
    public static double Share(string first, string second)
    {
        var words = Words(first).Where(static word => !Common.Contains(word)).Select(Stem).ToHashSet(StringComparer.Ordinal);
        return words.Count == 0 ? 0 : (double)words.Intersect(Words(second).Select(Stem)).Count() / words.Count;
    }

    /// <summary>A name for what a text says, whatever its capitals and punctuation: 16 hex digits of SHA-256 over type and words.</summary>
    public static string Fingerprint(string type, string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{type}\0{string.Join(' ', Words(text))}")))[..FingerprintLength];

    private static string Stem(string word) => word.Length > 4 && word.EndsWith('s') && !word.EndsWith("ss", StringComparison.Ordinal) ? word[..^1] : word;

    private static IEnumerable<string> Words(string text)
    {
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && char.IsLetterOrDigit(text[i])) start = start < 0 ? i : start;
            else if (start >= 0)
            {
                yield return text[start..i].ToLowerInvariant();
                start = -1;
            }
        }
    }
}
