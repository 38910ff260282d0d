namespace Cairn.Engine.Search;

/// <summary>An entry that matches, with what its rank is made of.</summary>
/// <param name="Key">The entry's key.</param>
/// <param name="FullText">Its full-text score; greater is better.</param>
/// <param name="OccurredAt">When it happened, in Unix milliseconds.</param>
internal readonly record struct Candidate(long Key, double FullText, long OccurredAt);

/// <summary>
/// The one place where candidates get their order. Pure. Today: by full-text score, and of equal ones the newer first.
/// </summary>
internal static class RankFusion
{
    /// <summary>The candidates, best first, each with its score.</summary>
    public static List<(long Key, double Score)> Rank(IReadOnlyList<Candidate> candidates) =>
    [
        .. candidates
            .OrderByDescending(candidate => candidate.FullText)
            .ThenByDescending(candidate => candidate.OccurredAt)
            .ThenByDescending(candidate => candidate.Key)
            .Select(candidate => (candidate.Key, FourDigits(candidate.FullText))),
    ];

    // In a small database every score is small: its first digits tell, not its first decimals.
    private static double FourDigits(double score) =>
        score <= 0 ? 0 : Math.Round(score, Math.Clamp(3 - (int)Math.Floor(Math.Log10(score)), 0, 15));
}
