using Cairn.Engine.Entries;
using Cairn.Engine.Search;

namespace Cairn.Engine.Tests.Recovery;

/// <summary>200 bytes overwritten on each kind of page, many times: it is noticed or it harms nothing, and what stands elsewhere comes back.</summary>
public sealed class DamageTests
{
    private const int Seeds = 3;

    public static TheoryData<string> Kinds => ["schema", "leaf", "interior", "overflow", "index", "other", "full-text", "free"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void IntegrityCheck_BytesOverwritten_FailsOrNothingIsHarmed(string kind)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            using var copy = Damaged(kind, seed);
            using var engine = copy.Open();

            var report = engine.Integrity.Check();

            if (report.Status == "fail") continue;
            Assert.True(SavedDatabase.Instance.Dump.SequenceEqual(SavedDatabase.Read(copy.Path)), $"{kind}, seed {seed}, {copy}: not noticed");
            Assert.Equal(1, engine.Search.Search(new SearchQuery { Query = "entry77" }, Everywhere).Total);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Recover_BytesOverwritten_KeepsWhatStandsElsewhereAndNamesTheRest(string kind)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            using var copy = Damaged(kind, seed);
            using var engine = copy.Open();

            Recovered.Assert(copy, engine.Recovery.Recover(), $"{kind}, seed {seed}");
        }
    }

    [Theory]
    [InlineData("leaf")]
    [InlineData("overflow")]
    [InlineData("interior")]
    public void Get_OtherEntriesDamaged_HealthyOnesAreStillRead(string kind)
    {
        using var copy = Damaged(kind, 1);
        using var engine = copy.Open();
        var (read, refused) = (0, 0);

        foreach (var id in SavedDatabase.Instance.Saved.Keys.Take(60))
        {
            try
            {
                if (engine.Entries.Get([id]).Items.Count == 1) read++;
            }
            catch (EngineException error)
            {
                Assert.Equal(ErrorCode.StorageFailure, error.Code);
                Assert.Contains("run cairn integrity check", error.Message, StringComparison.Ordinal);
                refused++;
            }
        }

        Assert.True(kind == "interior" || read > 50, $"{read} read, {refused} refused");
    }

    internal static CallContext Everywhere { get; } = new() { WorkingDirectory = Path.GetTempPath(), Project = "*", Origin = EntryOrigin.User };

    private static DamagedCopy Damaged(string kind, int seed)
    {
        var random = new Random(seed * 7919 + kind.Length);
        var copy = new DamagedCopy();
        var pages = SavedDatabase.Instance.Pages.Of[kind];
        copy.Overwrite(pages[random.Next(pages.Count)], random);
        return copy;
    }
}
