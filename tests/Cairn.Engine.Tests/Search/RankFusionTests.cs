using Cairn.Engine.Search;
using CsCheck;

namespace Cairn.Engine.Tests.Search;

public sealed class RankFusionTests
{
    [Fact]
    public void Rank_Candidates_BestFirstThenNewestThenLastSaved()
    {
        Candidate[] candidates = [new(1, 1.0, 50), new(2, 3.0, 10), new(3, 1.0, 60), new(4, 1.0, 60), new(5, 2.0, 0)];

        Assert.Equal([2L, 5, 4, 3, 1], Keys(RankFusion.Rank(candidates)));
    }

    [Theory]
    [InlineData(1.23456789, 1.235)]
    [InlineData(0.00000123456, 0.000001235)]
    [InlineData(123.456, 123.5)]
    [InlineData(0, 0)]
    [InlineData(-1, 0)]
    public void FourDigits_Score_KeepsFourDigits(double score, double shown) => Assert.Equal(shown, RankFusion.FourDigits(score), 12);

    [Fact]
    public void Rank_Neighbours_LendThreeTenthsAndTheSecondHalfOfIt()
    {
        // Own 1; 0.3 of the neighbours' 2, 0.15 of the second ones' 4; half of the mean of the best three.
        Candidate[] candidates = [new(1, 4, 0, 7, 0), new(2, 2, 0, 7, 1), new(3, 1, 0, 7, 2)];

        var scores = RankFusion.Rank(candidates).ToDictionary(hit => hit.Key, hit => hit.Score);

        var group = 0.5 * (4 + 2 + 1) / 3;
        Assert.Equal(4 + 0.3 * 2 + 0.15 * 1 + group, scores[1], 3);
        Assert.Equal(2 + 0.3 * (4 + 1) + group, scores[2], 3);
        Assert.Equal(1 + 0.3 * 2 + 0.15 * 4 + group, scores[3], 3);
    }

    [Fact]
    public void Rank_OfAGroup_TheBestThreeCountAndOthersAreNoNeighbours()
    {
        Candidate[] candidates = [new(1, 4, 0, 7), new(2, 3, 0, 7), new(3, 2, 0, 7), new(4, 1, 0, 7), new(5, 1, 0, 8, 3), new(6, 1, 0, 9, 3)];

        var scores = RankFusion.Rank(candidates).ToDictionary(hit => hit.Key, hit => hit.Score);

        Assert.Equal(1 + 0.5 * 3, scores[4], 3);
        Assert.Equal(scores[5], scores[6]);
    }

    [Fact]
    public void Rank_EntryOfNoGroup_IsAGroupOfOne() =>
        Assert.Equal([(2L, 1.167), (1, 1.167)], RankFusion.Rank([new(1, 1, 0), new(2, 1, 1, 5, 0)]));

    [Fact]
    public void Rank_NeighbourWithoutAWord_RisesAndIsLeftOutAtTheEnd()
    {
        Candidate[] candidates = [new(1, 10, 0, 7, 0), new(2, 0, 0, 7, 1), new(3, 1, 0), new(4, 0, 0, 7, 2), new(5, 0, 0, 8, 0)];

        Assert.Equal([1L, 2, 4, 3], Keys(RankFusion.Rank(candidates)));
        Assert.Equal([1L], Keys(RankFusion.Rank(candidates[..2])));
    }

    [Fact]
    public void Rank_WithCosines_SumsBothOnOneScale()
    {
        // Cosines 0.1 and 0.3: mean 0.2, deviation 0.1, so z is -1 and 1.
        Candidate[] candidates = [new(1, 6, 0), new(2, 0, 0)];
        var cosines = new Dictionary<long, double> { [1] = 0.1, [2] = 0.3 };

        var scores = RankFusion.Rank(candidates, summedIdf: 12, cosines).ToDictionary(hit => hit.Key, hit => hit.Score);

        Assert.Equal((0.7 * -1 / 5 + 0.3 * 0.5) * (1 + 0.5 / 3), scores[1], 3);
        Assert.Equal(0.7 * 1 / 5 * (1 + 0.5 / 3), scores[2], 3);
    }

    [Fact]
    public void Rank_WithCosines_NeighboursLendLessAndMissingOnesAreAverage()
    {
        // Two of three stand in a conversation: meaning weighs 0.7 - 0.25 * 2 / 3.
        Candidate[] candidates = [new(1, 10, 0, 7, 0), new(2, 1, 0, 7, 1), new(3, 1, 0)];
        var cosines = new Dictionary<long, double> { [8] = 0.1, [9] = 0.3 };

        var scores = RankFusion.Rank(candidates, summedIdf: 10, cosines).ToDictionary(hit => hit.Key, hit => hit.Score);

        var words = 1 - (0.7 - 0.25 * 2 / 3);
        Assert.Equal(words * (0.1 + 0.2 * 1 + 0.5 * (1 + 0.1) / 3), scores[2], 3);
        Assert.Equal(words * 0.1 * (1 + 0.5 / 3), scores[3], 3);
    }

    [Fact]
    public void Rank_FewHaveVectors_OneWithoutIsNotBelowAllThatHave()
    {
        // The first has all words of the query and no vector yet; the second no word, and is as near as one of a thousand.
        Candidate[] candidates = [new(1, 6, 0), new(2, 0, 0)];
        var cosines = new Dictionary<long, double> { [2] = 0.5 };

        Assert.Equal([1L, 2], Keys(RankFusion.Rank(candidates, 12, cosines, distribution: (0.2, 0.1), covered: 0.05)));
        Assert.Equal([2L, 1], Keys(RankFusion.Rank(candidates, 12, cosines, distribution: (0.2, 0.1), covered: 1)));
    }

    [Fact]
    public void Rank_CosinesThatAreAllEqual_LeaveTheOrderToTheWords() =>
        Assert.Equal([2L, 1], Keys(RankFusion.Rank([new(1, 1, 9), new(2, 2, 0)], 3, new Dictionary<long, double> { [1] = 0.5, [2] = 0.5 })));

    [Fact]
    public void Rank_TimelyOne_IsPreferredAndNotForced()
    {
        Assert.Equal([2L, 1], Keys(RankFusion.Rank([new(1, 1.2, 0), new(2, 1, 0, IsTimely: true)])));
        Assert.Equal([1L, 2], Keys(RankFusion.Rank([new(1, 1.3, 0), new(2, 1, 0, IsTimely: true)])));
    }

    [Fact]
    public void Rank_Replaced_NeverStandAboveWhatTookTheirPlace()
    {
        Candidate[] candidates = [new(1, 9, 0), new(2, 3, 0), new(3, 0, 0), new(4, 5, 0)];

        Assert.Equal([3L, 2, 1, 4], Keys(RankFusion.Rank(candidates, replaced: [(1, 2), (2, 3)])));
        Assert.Equal([3L, 2, 1, 4], Keys(RankFusion.Rank(candidates, replaced: [(2, 3), (1, 2)])));
    }

    [Fact]
    public void Rank_AnyChainOfReplaced_IsInItsOrder() => Gen.Double[0.1, 9].Array[2, 12].Sample(scores =>
    {
        var candidates = scores.Select((score, i) => new Candidate(i + 1, score, 0)).ToArray();
        var chain = Enumerable.Range(1, scores.Length - 1).Select(i => ((long)i, (long)i + 1)).ToArray();
        var keys = Keys(RankFusion.Rank(candidates, replaced: chain));
        return keys.SequenceEqual(keys.OrderDescending()) && keys.Length == scores.Length;
    });

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

    private static long[] Keys(List<(long Key, double Score)> ranked) => [.. ranked.Select(hit => hit.Key)];
}
