using System.Runtime.InteropServices;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Search.RankedIndex;

/// <summary>
/// Makes segments of entries that are in none, and merges them. Of all processes on the database the one that holds the
/// lease works. It never holds the write lock while it reads or computes; a segment that needs several transactions is
/// not read before the last, and what a process that died left of one is removed. Whoever changes an entry of its range
/// meanwhile takes the segment away, whole or not, and it is begun anew.
/// </summary>
/// <param name="database">The database.</param>
/// <param name="layout">How keys are divided.</param>
internal sealed class RankedIndexer(Database database, RankedLayout layout)
{
    private const int TextsAtOnce = 256;
    private const int BytesAtOnce = 1 << 19;
    private const int PagesAtOnce = 300;
    private const int MostTries = 20;

    private readonly LeaseFile _lease = new(database.Path, "ranking");

    /// <summary>Is told after each write.</summary>
    public Action Stepped { get; set; } = static () => { };

    /// <summary>Whether a process makes segments now.</summary>
    public bool IsWorking => _lease.IsHeld;

    /// <summary>Makes and merges segments until nothing is left.</summary>
    /// <param name="damaged">Segments that go first; 0 stands for all.</param>
    /// <param name="stop">Ends it soon; what is whole by then stays.</param>
    /// <returns>How many entries were taken into segments; null when another process has the lease.</returns>
    public long? Run(IReadOnlyList<long> damaged, CancellationToken stop)
    {
        if (!database.Exists) return 0;
        if (damaged.Count == 0 && database.Read(Next) is null) return 0;
        using var lease = _lease.TryTake();
        if (lease is null) return null;
        if (damaged.Count > 0) Write(connection => { Drop(connection, damaged); return true; });
        long entries = 0;
        for (var failures = 0; failures < MostTries && !stop.IsCancellationRequested && database.Read(Next) is { } step;)
        {
            var done = step switch
            {
                { Left: { } left } => Write(connection => { RankedStore.Remove(connection, left, PagesAtOnce); return 0L; }),
                { Merged: { } merged } => Merge(merged, step.Size, stop),
                { IsReset: true } => Write(static connection => { FullTextSchema.ResetRanked(connection); return 0L; }),
                _ => Build(step.First, step.Size, stop),
            };
            if (done is { } added) entries += added;
            else failures++;
            database.Turns.GiveWay();
        }
        return entries;
    }

    private static void Drop(DatabaseConnection connection, IReadOnlyList<long> damaged)
    {
        if (damaged.Contains(0)) FullTextSchema.ResetRanked(connection);
        else foreach (var segment in damaged) RankedStore.Retire(connection, segment);
    }

    // What is to be done next: remove what is left over, merge, or make a segment; null when there is nothing.
    private Step? Next(DatabaseConnection connection)
    {
        if (RankedStore.View(connection) is not { } view) return FullTextSchema.IsAttached(connection) ? new Step { IsReset = true } : null;
        if (RankedStore.Segments(connection).Find(static segment => !segment.IsWhole) is { Key: not 0 } left) return new Step { Left = left.Key };
        if (view.Entries < layout.Least) return null;
        foreach (var size in layout.Sizes.SkipLast(1))
        {
            var merged = size * layout.Fan;
            if (view.Segments.Where(segment => segment.Size == size).GroupBy(segment => segment.First / merged).FirstOrDefault(group => group.Count() == layout.Fan) is { } group)
                return new Step { Merged = [.. group], Size = merged };
        }
        long next = 0;
        foreach (var segment in view.Segments)
        {
            if (Fits(next, segment.First) is { } between) return between;
            next = segment.Last + 1;
        }
        return Fits(next, view.Greatest + 1);

        // The largest but one size at a time: what is made of text is then small, and merges are cheap.
        Step? Fits(long begin, long end)
        {
            var large = layout.Base * layout.Fan;
            if (begin % large == 0 && begin + large <= end) return new Step { First = begin, Size = large };
            return begin + layout.Base <= end ? new Step { First = begin, Size = layout.Base } : null;
        }
    }

    // Null when something changed meanwhile.
    private long? Build(long first, int size, CancellationToken stop)
    {
        var last = first + size - 1;
        var (postings, texts) = database.Read(connection =>
        {
            var view = RankedStore.View(connection);
            var read = new MemoryPostings(first, size);
            for (var from = first; view is not null && from <= last && !stop.IsCancellationRequested; from += TextsAtOnce)
                foreach (var text in RankedStore.Texts(connection, from, Math.Min(last, from + TextsAtOnce - 1))) read.Add(connection.Tokenizer, text);
            return (read, view is null ? -1 : Texts(view, first, last));
        });
        if (stop.IsCancellationRequested) return null;
        var pages = new List<(int Number, byte[] Data)>();
        var writer = new SegmentWriter(postings.Lengths, postings.Entries, (number, data) => pages.Add((number, data)));
        foreach (var (term, list) in postings.InOrder()) writer.Add(term, CollectionsMarshal.AsSpan(list));
        writer.Complete();
        return Write(connection =>
        {
            if (RankedStore.View(connection) is not { } view || Texts(view, first, last) != texts) return (long?)null;
            if (view.Segments.Exists(segment => segment.First <= last && segment.Last >= first)) return null;
            var segment = RankedStore.Add(connection, first, size);
            foreach (var (number, data) in pages) RankedStore.AddPage(connection, segment, number, data);
            RankedStore.Complete(connection, segment, postings.Entries);
            return postings.Entries;
        });
    }

    private long? Merge(IReadOnlyList<SegmentRow> rows, int size, CancellationToken stop)
    {
        List<(int Number, byte[] Data)> pages;
        int entries;
        try
        {
            (pages, entries) = database.Read(connection =>
            {
                var segments = rows.Select(row => Segment.Load(connection, row)).ToList();
                return (SegmentMerge.Pages(segments, size, (segment, number) => RankedStore.Page(connection, segment, number) ?? throw new DamagedSegmentException(segment), stop), segments.Sum(static segment => segment.Entries));
            });
        }
        catch (DamagedSegmentException damage)
        {
            Write(connection => { RankedStore.Retire(connection, damage.Segment); return true; });
            return null;
        }
        if (stop.IsCancellationRequested) return null;
        if (Write(connection => AreThere(connection, rows) ? RankedStore.Add(connection, rows[0].First, size) : (long?)null) is not { } merged) return null;
        for (var at = 0; at < pages.Count && !stop.IsCancellationRequested; database.Turns.GiveWay())
        {
            var isThere = Write(connection =>
            {
                if (!RankedStore.IsThere(connection, merged)) return false;
                for (var bytes = 0; at < pages.Count && bytes < BytesAtOnce; at++)
                {
                    RankedStore.AddPage(connection, merged, pages[at].Number, pages[at].Data);
                    bytes += pages[at].Data.Length;
                }
                return true;
            });
            if (!isThere) return null;
        }
        if (stop.IsCancellationRequested) return null;
        return Write(connection =>
        {
            if (!RankedStore.IsThere(connection, merged) || !AreThere(connection, rows)) return (long?)null;
            RankedStore.Complete(connection, merged, entries);
            foreach (var row in rows) RankedStore.Retire(connection, row.Key);
            return 0;
        });
    }

    private static bool AreThere(DatabaseConnection connection, IReadOnlyList<SegmentRow> rows) => rows.All(row => RankedStore.IsThere(connection, row.Key));

    private static long Texts(RankedView view, long first, long last)
    {
        long texts = 0;
        for (var range = first / RankedStore.ChangeRange; range <= last / RankedStore.ChangeRange; range++) texts += view.Changes.GetValueOrDefault(range).Texts;
        return texts;
    }

    // On a thread of the pool, whose priority is as usual: who holds the write lock should not wait for a processor.
    private T Write<T>(Func<DatabaseConnection, T> work)
    {
        var result = Task.Run(() => database.Write(scope => work(scope.Connection))).GetAwaiter().GetResult();
        Stepped();
        return result;
    }

    private sealed record Step
    {
        public bool IsReset { get; init; }
        public long? Left { get; init; }
        public IReadOnlyList<SegmentRow>? Merged { get; init; }
        public long First { get; init; }
        public int Size { get; init; }
    }
}
