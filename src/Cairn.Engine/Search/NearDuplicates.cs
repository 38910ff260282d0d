using System.Globalization;

namespace Cairn.Engine.Search;

/// <summary>
/// Which texts say the same with hardly another word: nine of ten pairs of adjacent words in common, and the same numbers,
/// for a version or a date makes another statement. Of long texts the first 400 words are compared. Pure.
/// </summary>
internal sealed class NearDuplicates
{
    private const int MaxWords = 400, MaxScanned = 4_000, FewWords = 8;
    private const double Same = 0.9;

    private readonly List<Text> _kept = [];

    /// <summary>The number of the text that was kept before and says the same; -1 when there is none, and then this one is kept.</summary>
    public int Find(string text)
    {
        var other = Read(text);
        var found = _kept.FindIndex(kept => AreSame(kept, other));
        if (found < 0) _kept.Add(other);
        return found;
    }

    private static bool AreSame(Text one, Text other)
    {
        if (one.Words != other.Words && (Math.Min(one.Words, other.Words) < FewWords || Math.Min(one.Words, other.Words) < Same * Math.Max(one.Words, other.Words))) return false;
        if (one.Words < FewWords) return one.Pairs.SetEquals(other.Pairs);
        if (!one.Numbers.SetEquals(other.Numbers)) return false;
        var common = one.Pairs.Count(other.Pairs.Contains);
        return common >= Same * (one.Pairs.Count + other.Pairs.Count - common);
    }

    private static Text Read(string text)
    {
        var words = Engine.Words.Of(text.Length > MaxScanned ? text[..MaxScanned] : text);
        if (words.Count > MaxWords) words.RemoveRange(MaxWords, words.Count - MaxWords);
        var hashes = words.ConvertAll(static word => StringComparer.OrdinalIgnoreCase.GetHashCode(word));
        var pairs = new HashSet<long>(hashes.Count);
        for (var i = 0; i < hashes.Count; i++) pairs.Add(((long)(i > 0 ? hashes[i - 1] : 0) << 32) | (uint)hashes[i]);
        return new Text(words.Count, pairs, [.. words.Where(static word => word.Any(char.IsDigit)).Select(static word => word.ToLower(CultureInfo.InvariantCulture))]);
    }

    private sealed record Text(int Words, HashSet<long> Pairs, HashSet<string> Numbers);
}
