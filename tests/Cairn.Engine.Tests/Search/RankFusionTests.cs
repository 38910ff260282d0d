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

    [Theory]
    [InlineData(1.23456789, 1.235)]
    [InlineData(0.00000123456, 0.000001235)]
    [InlineData(123.456, 123.5)]
    [InlineData(0, 0)]
    public void Rank_Scores_KeepFourDigits(double score, double shown) => Assert.Equal(shown, Assert.Single(RankFusion.Rank([new(1, score, 0)])).Score, 12);

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
