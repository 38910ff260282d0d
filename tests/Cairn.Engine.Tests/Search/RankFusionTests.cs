using Cairn.Engine.Search;
using CsCheck;

namespace Cairn.Engine.Tests.Search;

public sealed class RankFusionTests
{
    [Fact]
    public void Rank_Candidates_BestFirstThenNewestThenLastSaved()
    {
        Candidate[] candidates = [new(1, 1.0, 50), new(2, 3.0, 10), new(3, 1.0, 60), new(4, 1.0, 60), new(5, 2.0, 0)];

        Assert.Equal([2L, 5, 4, 3, 1], RankFusion.Rank(candidates).Select(hit => hit.Key));
    }

    [Fact]
    public void Rank_Scores_AreRounded() => Assert.Equal(1.2346, Assert.Single(RankFusion.Rank([new(1, 1.23456789, 0)])).Score);

    [Fact]
    public void Rank_AnyOrderOfTheSameCandidates_IsTheSame()
    {
        var candidates = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3]).List[0, 20].Select(list => list.Select((pair, i) => new Candidate(i, pair.Item1, pair.Item2)).ToArray());
        Gen.Select(candidates, Gen.Int).Sample((list, seed) =>
        {
            var shuffled = list.ToArray();
            new Random(seed).Shuffle(shuffled);
            return RankFusion.Rank(list).SequenceEqual(RankFusion.Rank(shuffled));
        });
    }
}
