using System.Collections.Frozen;

namespace Cairn.Engine.Search;

/// <summary>
/// English words that say nothing of what is searched. They stand in most entries, and a query that keeps them reads
/// most of the index for them.
/// </summary>
internal static class StopWords
{
    private static readonly FrozenSet<string> Words = """
        a about above after again all also am an and any are aren as at be because been before being below between both but by
        can cannot could couldn did didn do does doesn doing don down during each few for from further had hadn has hasn have
        haven having he her here hers herself him himself his how i if in into is isn it its itself just let ll me more most
        must my myself no nor not of off on once only or other our ours ourselves out over own re same shall she should
        shouldn so some such than that the their theirs them themselves then there these they this those through to too
        under until up us ve very was wasn we were weren what when where which while who whom why will with won would
        wouldn you your yours yourself yourselves
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a word is one of them.</summary>
    public static bool Contains(string word) => Words.Contains(word);
}
