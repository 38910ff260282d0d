using Cairn.Engine.Storage;

namespace Cairn.Engine.Search.RankedIndex;

/// <summary>
/// Pages of segments in memory, up to a number of bytes: those that were asked for lately, in two generations. When the
/// younger has half of the bytes, the older goes. Safe for several threads.
/// </summary>
internal sealed class PageCache(long capacity)
{
    private readonly Lock _lock = new();
    private Dictionary<(long Segment, int Number), byte[]> _young = [], _old = [];
    private long _bytes;

    /// <summary>A page of a segment.</summary>
    /// <exception cref="DamagedSegmentException">It is missing or not what was written.</exception>
    public byte[] Get(DatabaseConnection connection, long segment, int number)
    {
        var key = (segment, number);
        lock (_lock)
        {
            if (_young.TryGetValue(key, out var young)) return young;
            if (_old.Remove(key, out var old))
            {
                Keep(key, old);
                return old;
            }
        }
        var page = RankedStore.Page(connection, segment, number) ?? throw new DamagedSegmentException(segment);
        lock (_lock) Keep(key, page);
        return page;
    }

    /// <summary>Lets go of all.</summary>
    public void Clear()
    {
        lock (_lock) (_young, _old, _bytes) = ([], [], 0);
    }

    private void Keep((long, int) key, byte[] page)
    {
        if (!_young.TryAdd(key, page)) return;
        _bytes += page.Length + 64;
        if (_bytes <= capacity / 2) return;
        (_old, _young, _bytes) = (_young, [], 0);
    }
}
