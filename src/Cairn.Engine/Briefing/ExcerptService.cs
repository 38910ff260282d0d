using Cairn.Engine.Entries;
using Cairn.Engine.Search;
using Cairn.Engine.Tokens;

namespace Cairn.Engine.Briefing;

/// <summary>
/// Gives whole entries, stale ones marked; within a budget of tokens where there is one: each body is then cut to its
/// excerpt, and what is cut is marked.
/// </summary>
public sealed class ExcerptService
{
    /// <summary>The least budget that shows anything.</summary>
    public const int MinMaxTokens = 100;

    /// <summary>The greatest budget.</summary>
    public const int MaxMaxTokens = 100_000;

    private const int LeastTokensOfABody = 16;
    private const int CharactersThatFitNoToken = 12;
    private const int Attempts = 8;

    // As wide as a number of tokens becomes.
    private const int AnyNumber = 999_999;

    private readonly EntryService _entries;
    private readonly FreshnessService _freshness;

    internal ExcerptService(EntryService entries, FreshnessService freshness) => (_entries, _freshness) = (entries, freshness);

    /// <summary>
    /// Entries by their ids, in that order. Each keeps its fields beside the body whole; those for which a budget has no
    /// room even so are left out from the end and counted.
    /// </summary>
    /// <param name="ids">1 to 200 ids.</param>
    /// <param name="maxTokens">The budget, <see cref="MinMaxTokens"/> to <see cref="MaxMaxTokens"/> tokens (o200k_base), never passed; null for none.</param>
    /// <param name="around">What was searched; null when it is not known.</param>
    /// <param name="context">The call: its folder's repository tells what is stale.</param>
    /// <param name="render">What the reader will be given: this is what the budget holds for.</param>
    /// <exception cref="EngineException">The budget or the number of ids is out of range.</exception>
    public EntryList Get(IReadOnlyList<string> ids, int? maxTokens, string? around, CallContext context, Func<EntryList, string> render)
    {
        if (maxTokens is < MinMaxTokens or > MaxMaxTokens)
            throw EngineException.Invalid("max_tokens", $"must be {MinMaxTokens} to {MaxMaxTokens}", ("limit", MaxMaxTokens), ("size", maxTokens.Value));
        var list = _freshness.Mark(_entries.Get(ids), context);
        return maxTokens is { } most ? Fit(list, most, around, render) : list;
    }

    private static EntryList Fit(EntryList list, int maxTokens, string? around, Func<EntryList, string> render)
    {
        if (Fits(render(list), maxTokens)) return list;

        var words = around is null ? [] : Snippet.Telling(FullTextQuery.Parse(around).Words);
        var shown = Shorten(list, maxTokens, render);
        var costs = shown.Items.Select(static entry => Excerpt.Cost(entry.Body)).ToList();
        var room = maxTokens - TokenCount.Of(render(Bare(shown)));
        for (var attempt = 0; attempt < Attempts && room > 0; attempt++)
        {
            var fitted = shown with { Items = [.. shown.Items.Zip(Shares(costs, room), costs).Select(one => Cut(one.First, words, one.Second, one.Third))] };
            var excess = TokenCount.Of(render(fitted)) - maxTokens;
            if (excess <= 0) return fitted;
            room -= excess + LeastTokensOfABody;
        }
        return shown with { Items = [.. shown.Items.Zip(costs, static (entry, cost) => entry with { Body = "", Truncated = true, OmittedTokens = cost })] };
    }

    private static bool Fits(string text, int maxTokens) =>
        TokenBound.Of(text) <= maxTokens || (text.Length <= maxTokens * CharactersThatFitNoToken && TokenCount.Of(text) <= maxTokens);

    // The most entries of which all but the bodies fits, each with a little of its body; of ids that none has, as many as fit.
    private static EntryList Shorten(EntryList list, int maxTokens, Func<EntryList, string> render)
    {
        var count = Most(list.Items.Count, count => Frame(list, count, list.Missing?.Count ?? 0, maxTokens, render));
        if (count > 0 || list.Missing is not { Count: > 0 } missing) return First(list, count, list.Missing?.Count ?? 0);
        return First(list, 0, Most(missing.Count, known => Frame(list, 0, known, maxTokens, render)));
    }

    private static bool Frame(EntryList list, int count, int missing, int maxTokens, Func<EntryList, string> render) =>
        TokenCount.Of(render(Bare(First(list, count, missing)))) + (count * LeastTokensOfABody) <= maxTokens;

    private static EntryList First(EntryList list, int count, int missing)
    {
        var left = list.Items.Count - count + (list.Missing?.Count ?? 0) - missing;
        return list with { Items = [.. list.Items.Take(count)], Missing = missing > 0 ? [.. list.Missing!.Take(missing)] : null, LeftOut = left > 0 ? left : null };
    }

    private static EntryList Bare(EntryList list) =>
        list with { Items = [.. list.Items.Select(static entry => entry with { Body = "", Truncated = true, OmittedTokens = AnyNumber })] };

    private static int Most(int greatest, Func<int, bool> fits)
    {
        var (fitting, beyond) = (0, greatest + 1);
        while (beyond - fitting > 1)
        {
            var middle = (fitting + beyond) / 2;
            if (fits(middle)) fitting = middle;
            else beyond = middle;
        }
        return fitting;
    }

    // What a short body does not need goes to the long ones.
    private static List<int> Shares(List<int> costs, int room)
    {
        var shares = new int[costs.Count];
        var open = costs.Count;
        foreach (var i in Enumerable.Range(0, costs.Count).OrderBy(i => costs[i]))
        {
            shares[i] = Math.Min(costs[i], room / open--);
            room -= shares[i];
        }
        return [.. shares];
    }

    private static Entry Cut(Entry entry, IReadOnlyList<string> words, int share, int cost)
    {
        if (share >= cost) return entry;
        var excerpt = Excerpt.Of(entry.Body, words, share);
        return entry with { Body = excerpt, Truncated = true, OmittedTokens = Math.Max(1, cost - Excerpt.Cost(excerpt)) };
    }
}
