namespace Cairn.Benchmarks.Evaluation;

/// <summary>A way in which Cairn ranks, as settings of its server.</summary>
internal sealed record RankingMode(string Name, IReadOnlyList<(string Name, string Value)> Settings)
{
    /// <summary>Words alone.</summary>
    public static RankingMode Lexical { get; } = new("cairn, lexical", [("MEMORY_EMBEDDINGS", "off")]);

    /// <summary>Words and meaning.</summary>
    public static RankingMode Hybrid { get; } = new("cairn, hybrid", [("MEMORY_EMBEDDINGS", "on")]);
}
