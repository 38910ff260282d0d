using System.Collections.Frozen;
using Cairn.Engine.Search;

namespace Cairn.Engine.Briefing;

/// <summary>
/// The words of a prompt that say what it is about, and whether a text shares enough of them to be shown unasked: of two or
/// three both or two, of more a half, never more than five. The score of a search does not tell: in a small memory anything
/// is the best hit. Pure.
/// </summary>
internal sealed class RelatedWords
{
    private const int MaxLength = 4_000;
    private const int MaxWords = 16;
    private const int MostNeeded = 5;
    private const int LongestEnding = 3;
    private const int ShortestStem = 4;

    // What prompts to a coding agent are made of, whatever they are about.
    private static readonly FrozenSet<string> Filler = """
        add also back big change changes check code continue could create do done error explain file files find fix fixes get give go good
        help implement issue let like line lines look make need new next now ok okay please problem project put read refactor remove
        rename run see set show small something start stop sure take task tell test tests thanks thing things think time try update use
        used using want way well work works working write yes
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private readonly List<string> _words;

    private RelatedWords(List<string> words) => _words = words;

    /// <summary>Whether there are words enough to tell anything by.</summary>
    public bool CanTell => _words.Count >= 2;

    /// <summary>They themselves, the longest first.</summary>
    public IReadOnlyList<string> All => _words;

    /// <summary>Reads a prompt.</summary>
    public static RelatedWords Of(string prompt)
    {
        var text = prompt.Length <= MaxLength ? prompt : prompt[..(char.IsHighSurrogate(prompt[MaxLength - 1]) ? MaxLength - 1 : MaxLength)];
        // Long words are rare ones, mostly: of a long prompt they tell more, and cost less to look for.
        return new RelatedWords([.. Engine.Words.Of(text)
            .Where(static word => word.Length is > 2 and <= 60 && !StopWords.Contains(word) && !Filler.Contains(word) && !word.All(char.IsAsciiDigit))
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .OrderByDescending(static word => word.Length).Take(MaxWords)]);
    }

    /// <summary>Whether a text shares enough of them.</summary>
    public bool Fit(string text)
    {
        var others = Engine.Words.Of(text).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        return _words.Count(word => others.Exists(other => Same(word, other))) >= Math.Clamp((_words.Count + 1) / 2, 2, MostNeeded);
    }

    // round, rounds and rounded, cache and caching; never form and forum.
    private static bool Same(string one, string other)
    {
        if (one.Equals(other, StringComparison.OrdinalIgnoreCase)) return true;
        var (shorter, longer) = one.Length <= other.Length ? (one, other) : (other, one);
        if (shorter.Length < ShortestStem || longer.Length == shorter.Length || longer.Length - shorter.Length > LongestEnding) return false;
        var stem = Math.Max(ShortestStem, shorter.Length - 1); // a last e or y goes
        return longer.AsSpan(0, stem).Equals(shorter.AsSpan(0, stem), StringComparison.OrdinalIgnoreCase);
    }
}
