using System.Text.Json;
using Cairn.Engine.Entries;
using Cairn.Engine.Tokens;
using CsCheck;

namespace Cairn.Engine.Tests.Briefing;

public sealed class ExcerptTests : IDisposable
{
    private const string Filler = "The corridor is painted grey and the plants are watered on Mondays, as they were in the years before.\n\n";

    private readonly EngineFixture _cairn = new();

    public void Dispose() => _cairn.Dispose();

    [Fact]
    public void Get_RoomForAll_ChangesNothing()
    {
        var id = _cairn.Save("Short");

        Assert.Equal(Json(_cairn.Entries.Get([id])), Json(Get([id], 2_000)));
        Assert.Equal(Json(_cairn.Entries.Get([id])), Json(Get([id], null)));
    }

    [Fact]
    public void Get_LongBody_IsCutAroundWhatWasSearched()
    {
        var id = _cairn.Save("A title\n\n" + string.Concat(Enumerable.Repeat(Filler, 40)) + "The retry limit is five.\n\n" + string.Concat(Enumerable.Repeat(Filler, 40)));

        var entry = Assert.Single(Get([id], 400, "retrying limits").Items);

        Assert.Contains("The retry limit is five.", entry.Body, StringComparison.Ordinal);
        Assert.StartsWith("A title", entry.Body, StringComparison.Ordinal);
        Assert.Contains("…", entry.Body, StringComparison.Ordinal);
        Assert.True(entry.Truncated);
        Assert.InRange(entry.OmittedTokens!.Value, 500, 3_000);
    }

    [Fact]
    public void Get_NothingSearched_KeepsTheBeginningAndTheReason()
    {
        var id = _cairn.Save("A title\n\n" + string.Concat(Enumerable.Repeat(Filler, 40)) + "We decided so because the gateway must never block.\n\n" + string.Concat(Enumerable.Repeat(Filler, 40)));

        var body = Assert.Single(Get([id], 300).Items).Body;

        Assert.StartsWith("A title", body, StringComparison.Ordinal);
        Assert.Contains("because the gateway", body, StringComparison.Ordinal);
    }

    [Fact]
    public void Get_ShortBesideLong_StaysWhole()
    {
        var shorter = _cairn.Save("Short, and whole");
        var longer = _cairn.Save("Long\n\n" + string.Concat(Enumerable.Repeat(Filler, 200)));

        var found = Get([longer, shorter], 600);

        Assert.Null(found.LeftOut);
        Assert.Equal("Short, and whole", found.Items[1].Body);
        Assert.Null(found.Items[1].Truncated);
        Assert.InRange(TokenCount.Of(Json(found)), 500, 600);
    }

    [Fact]
    public void Get_NoRoomForAll_LeavesOutTheLastOnesAndCountsThem()
    {
        var ids = Enumerable.Range(0, 30).Select(i => _cairn.Save($"Entry {i}\n\n{Filler}")).ToList();

        var found = Get(ids, 500);

        Assert.Equal(ids.Take(found.Items.Count), found.Items.Select(entry => entry.Id));
        Assert.InRange(found.Items.Count, 1, 10);
        Assert.Equal(30 - found.Items.Count, found.LeftOut);
    }

    [Fact]
    public void Get_ManyMissingIds_StayWithinTheBudget()
    {
        var found = Get([.. Enumerable.Range(0, 200).Select(i => $"{i:D16}")], 200);

        Assert.InRange(TokenCount.Of(Json(found)), 50, 200);
        Assert.Equal(200, found.Missing!.Count + found.LeftOut);
    }

    [Theory]
    [InlineData(99)]
    [InlineData(100_001)]
    public void Get_BudgetOutOfRange_IsRefused(int maxTokens)
    {
        var error = Assert.Throws<EngineException>(() => Get(["0123456789ABCDEF"], maxTokens));

        Assert.Equal((ErrorCode.InvalidArgument, "max_tokens"), (error.Code, error.Details["field"]));
    }

    [Fact]
    public void Get_AnyText_StaysWithinTheBudgetAndSplitsNoPair()
    {
        var piece = Gen.OneOf("word ", "🙂", "記憶", "\"", "\\", "\n", "\n\n", "память ", "\t", "👩‍💻", ". ", new string('a', 700), "because ");
        Gen.Select(piece.Array[1, 400].Select(string.Concat), Gen.Int[100, 600]).Sample((text, maxTokens) =>
        {
            if (string.IsNullOrWhiteSpace(text)) return true;
            using var cairn = new EngineFixture();
            var id = EngineFixture.Stored(cairn.Entries.Save(new NewEntry { Text = text, Title = "A title" }, cairn.Context)).Id;
            var found = cairn.Engine.Excerpts.Get([id], maxTokens, "word", cairn.Context, Json);
            foreach (var entry in found.Items) TextRules.RequireStorable("body", entry.Body);
            return TokenCount.Of(Json(found)) <= maxTokens;
        }, iter: 60, threads: 1);
    }

    private EntryList Get(IReadOnlyList<string> ids, int? maxTokens, string? around = null) => _cairn.Engine.Excerpts.Get(ids, maxTokens, around, _cairn.Context, Json);

    // As the wire writes it: what is null is left out, and text is not escaped more than JSON asks.
    private static readonly JsonSerializerOptions Wire = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static string Json(EntryList list) => JsonSerializer.Serialize(list, Wire);
}
