using System.Buffers;
using System.Globalization;

namespace Cairn.Engine.Search;

/// <summary>
/// Which texts say the same with hardly another word: nine of ten pairs of adjacent words in common, and all in common that
/// turns a statement into another: numbers, signs (C++ and C#, -1 and 1, != and ==) and negations. Of long texts the first
/// 400 words are compared. Pure.
/// </summary>
internal sealed class NearDuplicates
{
    private const int MaxWords = 400, MaxScanned = 4_000, FewWords = 8;
    private const double Same = 0.9;
    private static readonly char[] Punctuation = ['.', ',', ';', ':', '?', '"', '\'', '(', ')', '[', ']', '{', '}', '*', '_', '`', '“', '”', '„', '…'];
    private static readonly SearchValues<char> Dashes = SearchValues.Create("-–—~=#*|/\\");
    private static readonly HashSet<string> Negations = new(StringComparer.OrdinalIgnoreCase) { "not", "no", "never", "none", "nor", "without", "cannot", "neither", "nothing", "nobody", "unless", "except", "only" };

    // The full comparison is only for texts that have a word pair in common which is the least of all by some order of
    // them. Texts that are nine tenths the same have one of four such pairs in common in all but one case of ten thousand.
    private readonly List<(string Text, (uint, uint, uint, uint) Least)> _kept = [];

    /// <summary>The number of the text that was kept before and says the same; -1 when there is none, and then this one is kept.</summary>
    public int Find(string text)
    {
        var least = Least(text);
        Text? read = null;
        for (var i = 0; i < _kept.Count; i++)
        {
            var other = _kept[i].Least;
            if (other.Item1 != least.Item1 && other.Item2 != least.Item2 && other.Item3 != least.Item3 && other.Item4 != least.Item4) continue;
            if (AreSame(Read(_kept[i].Text), read ??= Read(text))) return i;
        }
        _kept.Add((text, least));
        return -1;
    }

    private static (uint, uint, uint, uint) Least(string text)
    {
        var least = (uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue);
        var (pair, word, words) = (0u, 0u, 0);
        for (var i = 0; i <= text.Length && i < MaxScanned && words < MaxWords; i++)
        {
            if (i < text.Length && char.IsLetterOrDigit(text[i]))
            {
                word = (word ^ char.ToLowerInvariant(text[i])) * 16777619;
                continue;
            }
            if (word == 0) continue;
            var hash = (pair * 31) ^ word;
            least = (Math.Min(least.Item1, hash * 2654435761), Math.Min(least.Item2, (hash ^ 0x55555555) * 2246822519), Math.Min(least.Item3, (hash ^ 0x33333333) * 3266489917), Math.Min(least.Item4, (hash ^ 0x0F0F0F0F) * 668265263));
            (pair, word) = (word, 0);
            words++;
        }
        return least;
    }

    private static bool AreSame(Text one, Text other)
    {
        if (one.Words != other.Words && (Math.Min(one.Words, other.Words) < FewWords || Math.Min(one.Words, other.Words) < Same * Math.Max(one.Words, other.Words))) return false;
        if (!one.Telling.SequenceEqual(other.Telling)) return false;
        if (one.Words < FewWords) return one.Words > 0 && one.Pairs.SetEquals(other.Pairs);
        var common = one.Pairs.Count(other.Pairs.Contains);
        return common >= Same * (one.Pairs.Count + other.Pairs.Count - common);
    }

    private static Text Read(string text)
    {
        if (text.Length > MaxScanned) text = text[..MaxScanned];
        var words = Engine.Words.Of(text);
        if (words.Count > MaxWords) words.RemoveRange(MaxWords, words.Count - MaxWords);
        var hashes = words.ConvertAll(static word => StringComparer.OrdinalIgnoreCase.GetHashCode(word));
        var pairs = new HashSet<long>(hashes.Count);
        for (var i = 0; i < hashes.Count; i++) pairs.Add(((long)(i > 0 ? hashes[i - 1] : 0) << 32) | (uint)hashes[i]);
        return new Text(words.Count, pairs, Telling(text));
    }

    // What words alone do not tell: pieces with a digit or a sign in them, and what negates. Punctuation around a piece is none of it.
    private static List<string> Telling(string text) =>
    [
        .. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Select(static piece => piece.Trim(Punctuation))
            .Where(static piece => piece.Length > 0 && (Negations.Contains(piece) || piece.EndsWith("n't", StringComparison.OrdinalIgnoreCase) || piece.EndsWith("n’t", StringComparison.OrdinalIgnoreCase)
                || (piece.AsSpan().ContainsAnyExcept(Dashes) && piece.Any(static c => char.IsDigit(c) || c is '+' or '#' or '<' or '>' or '=' or '~' or '-' or '%' or '/' or '\\' || char.IsSurrogate(c) || char.IsSymbol(c)))))
            .Select(static piece => piece.ToLower(CultureInfo.InvariantCulture))
            .Order(StringComparer.Ordinal),
    ];

    private sealed record Text(int Words, HashSet<long> Pairs, List<string> Telling);
}
