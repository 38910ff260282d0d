using System.Runtime.InteropServices;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Search.RankedIndex;

/// <summary>
/// Which entries pass a filter, a bit each, in ranges of <see cref="RankedStore.ChangeRange"/> keys: read when first
/// asked for, and again once something changed in a range. Safe for several threads.
/// </summary>
internal sealed class PassingEntries(SearchFilter filter)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, Range> _ranges = [];

    /// <summary>The bits of some entries.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="view">How it stands.</param>
    /// <param name="key">The first entry's key; a multiple of 64.</param>
    /// <param name="words">How many times 64 entries.</param>
    public ReadOnlyMemory<ulong> Of(DatabaseConnection connection, RankedView view, long key, int words)
    {
        var number = key / RankedStore.ChangeRange;
        var begin = number * RankedStore.ChangeRange;
        var to = Math.Min(view.Greatest, begin + RankedStore.ChangeRange - 1);
        var states = view.ChangesAt(key).States;
        lock (_lock)
        {
            ref var range = ref CollectionsMarshal.GetValueRefOrAddDefault(_ranges, number, out _);
            if (range is null || range.States != states) range = new Range(states, begin - 1, new ulong[RankedStore.ChangeRange / 64]);
            if (range.KnownTo < to)
            {
                var bits = (ulong[])range.Bits.Clone(); // others read the former ones
                foreach (var passing in FullTextIndex.PassingKeys(connection, range.KnownTo + 1, to, filter)) bits[(passing - begin) >> 6] |= 1UL << (int)(passing - begin);
                range = new Range(states, to, bits);
            }
            return range.Bits.AsMemory((int)(key - begin) >> 6, words);
        }
    }

    private sealed record Range(long States, long KnownTo, ulong[] Bits);
}
