using Cairn.Benchmarks.Evaluation;
using CsCheck;

namespace Cairn.Engine.Tests.Evaluation;

public sealed class RankingMetricsTests
{
    // Lists of 0-30 of the names 0-39, some of them twice, and 1-12 relevant names.
    private static readonly Gen<(string[] Ranked, HashSet<string> Relevant)> Answers = Gen.Select(
        Gen.Int[0, 39].Select(Name).Array[0, 30],
        Gen.Int[0, 39].Select(Name).Array[1, 12].Select(static names => names.ToHashSet()));

    [Fact]
    public void Of_OneAnswerAtPlaceThree_CountsFromThere()
    {
        var metrics = RankingMetrics.Of(["a", "b", "x", "c"], Set("x"));

        Assert.Equal(new RankingMetrics(1, 1, 1, 1, 1.0 / 3, 0.5), metrics); // 1 / log2(4)
    }

    [Fact]
    public void Of_TwoOfFourAnswers_IsHalfTheRecall()
    {
        string[] ranked = ["x", "1", "2", "3", "4", "y", "5", "6", "7", "8", "9", "10"];

        var metrics = RankingMetrics.Of(ranked, Set("x", "y", "z", "w"));

        Assert.Equal((0.25, 0.5, 0.5), (metrics.Recall5, metrics.Recall10, metrics.Recall20));
        Assert.Equal(1, metrics.Mrr);
        var (found, ideal) = (1 + 1 / Math.Log2(7), 1 + 1 / Math.Log2(3) + 1 / Math.Log2(4) + 1 / Math.Log2(5));
        Assert.Equal(found / ideal, metrics.Ndcg10, 12);
    }

    [Fact]
    public void Of_TheSameTwice_CountsOnceAndTakesUpThePlace()
    {
        Assert.Equal(0.5, RankingMetrics.Of(["x", "x"], Set("x", "y")).Recall5);
        Assert.Equal(1.0 / 3, RankingMetrics.Of(["a", "a", "x"], Set("x")).Mrr, 12);
    }

    [Fact]
    public void Of_BehindTheTenth_IsRecallAtTwentyAlone()
    {
        string[] ranked = [.. Enumerable.Range(0, 10).Select(Name), "x"];

        Assert.Equal(new RankingMetrics(0, 0, 1, 0, 1.0 / 11, 0), RankingMetrics.Of(ranked, Set("x")));
    }

    [Fact]
    public void Of_NothingRelevant_IsRefused() => Assert.Throws<ArgumentException>(static () => RankingMetrics.Of(["a"], Set()));

    [Fact]
    public void Of_AnyList_StaysBetweenNothingAndAll() => Answers.Sample(static answer =>
    {
        var (recall5, recall10, recall20, hit10, mrr, ndcg) = RankingMetrics.Of(answer.Ranked, answer.Relevant);
        return new[] { recall5, recall10, recall20, hit10, mrr, ndcg }.All(static figure => figure is >= 0 and <= 1 + 1e-9)
            && recall5 <= recall10 && recall10 <= recall20
            && hit10 == (recall10 > 0 ? 1 : 0)
            && ndcg > 0 == recall10 > 0
            && mrr >= (recall10 > 0 ? 0.1 : 0);
    });

    [Fact]
    public void Of_TheAnswersThemselves_IsAllThatCanBe() => Answers.Sample(static answer =>
    {
        var metrics = RankingMetrics.Of([.. answer.Relevant, .. answer.Ranked.Except(answer.Relevant)], answer.Relevant);
        return Math.Abs(metrics.Ndcg10 - 1) < 1e-9 && metrics.Mrr == 1 && metrics.Recall10 == Math.Min(10, answer.Relevant.Count) / (double)answer.Relevant.Count;
    });

    [Fact]
    public void Of_OneAnswerMovedUp_IsNeverWorse() => Answers.Sample(static answer =>
    {
        string[] ranked = [.. answer.Ranked.Distinct()];
        var at = Array.FindIndex(ranked, Math.Min(1, ranked.Length), answer.Relevant.Contains);
        if (at < 1) return true;
        var before = RankingMetrics.Of(ranked, answer.Relevant);
        (ranked[at - 1], ranked[at]) = (ranked[at], ranked[at - 1]);
        var after = RankingMetrics.Of(ranked, answer.Relevant);
        return after.Ndcg10 >= before.Ndcg10 - 1e-9 && after.Mrr >= before.Mrr && after.Recall5 >= before.Recall5 && after.Recall10 >= before.Recall10;
    });

    [Fact]
    public void Mean_OfTwo_IsBetweenThem()
    {
        var mean = RankingMetrics.Mean([new RankingMetrics(1, 1, 1, 1, 1, 1), new RankingMetrics(0, 0, 1, 0, 0.5, 0)]);

        Assert.Equal(new RankingMetrics(0.5, 0.5, 1, 0.5, 0.75, 0.5), mean);
        Assert.Equal(default, RankingMetrics.Mean([]));
    }

    [Theory]
    [InlineData("old new", true)]
    [InlineData("new old", false)]
    [InlineData("old", true)]
    [InlineData("new", false)]
    [InlineData("other", false)]
    public void OutdatedFirst_Order_IsTold(string ranked, bool outdatedFirst) =>
        Assert.Equal(outdatedFirst, RankingMetrics.OutdatedFirst(ranked.Split(' '), Set("old"), Set("new")));

    private static HashSet<string> Set(params string[] names) => [.. names];

    private static string Name(int number) => $"n{number}";
}
