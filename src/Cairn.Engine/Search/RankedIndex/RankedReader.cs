using Cairn.Engine.Storage;

namespace Cairn.Engine.Search.RankedIndex;

/// <summary>
/// Answers queries from segments, and from the words of the newest entries in memory; null for what the full-text index
/// must answer: phrases, filters by path, and everything while much is in no segment yet. Its answers are those of the
/// full-text index in every score. Safe for several threads.
/// </summary>
/// <param name="database">The database, to read the newest entries beside a caller.</param>
/// <param name="layout">How keys are divided.</param>
/// <param name="cacheBytes">How much of the segments is kept in memory at most, in bytes.</param>
internal sealed class RankedReader(Database database, RankedLayout layout, long cacheBytes)
{
    private const int MostPieces = 40;
    private const int MostPrefixed = 400;
    private const int MostFilters = 16;

    // To rank an entry with all others costs the full-text index about 0.1 µs and more; to read one into memory, 40.
    private const int ReadingPrice = 400;

    private readonly Lock _lock = new();
    private readonly PageCache _pages = new(cacheBytes);
    private readonly UnsegmentedEntries _unsegmented = new(layout);
    private readonly Dictionary<long, Segment> _segments = [];
    private readonly Dictionary<SearchFilter, PassingEntries> _filters = [];
    private readonly HashSet<long> _damaged = [];
    private Task? _reading;
    private long _cookie;

    /// <summary>Is told once of each segment that is found to be damaged.</summary>
    public Action<long> Damaged { get; set; } = static _ => { };

    /// <summary>Whether what is new is read into memory beside the callers: in a server, which will be asked again.</summary>
    public bool ReadsBeside { get; set; }

    /// <summary>Is told when more entries are in no segment than need be.</summary>
    public Action Behind { get; set; } = static () => { };

    /// <summary>The best by bm25, with their scores, best first; null when the full-text index must answer.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="match">The FTS5 expression.</param>
    /// <param name="filter">What every entry must be; null for all entries, whatever their state.</param>
    /// <param name="count">How many at most.</param>
    public List<(long Key, double Score)>? Best(DatabaseConnection connection, string match, SearchFilter? filter, int count)
    {
        if (filter?.Path is not null) return null;
        return Attempt(connection, match, (view, terms, places) =>
        {
            var scan = new RankedScan([.. Holding(terms.Count, places).Select(holding => RankedScan.Idf(holding, view.Entries))], view.Words / (double)view.Entries, count);
            var passing = filter is null ? null : Passing(filter);
            foreach (var place in places) scan.Scan(place, passing is null ? null : (key, words) => passing.Of(connection, view, key, words));
            return scan.Best();
        });
    }

    /// <summary>How many entries each word of an expression is held by; null when the full-text index must answer.</summary>
    public long[]? Holding(DatabaseConnection connection, string match) => Attempt(connection, match, static (_, terms, places) => Holding(terms.Count, places));

    /// <summary>The segments that were found to be damaged, to be dropped; 0 when it is the tables.</summary>
    public IReadOnlyList<long> TakeDamaged()
    {
        lock (_lock)
        {
            var taken = _damaged.ToList();
            _damaged.Clear();
            return taken;
        }
    }

    /// <summary>These could not be dropped.</summary>
    public void GiveBack(IReadOnlyList<long> damaged)
    {
        lock (_lock) _damaged.UnionWith(damaged);
    }

    private T? Attempt<T>(DatabaseConnection connection, string match, Func<RankedView, List<RankedTerm>, List<ScanSource>, T?> answer) where T : class
    {
        try
        {
            if (RankedStore.View(connection) is not { } view || view.Entries < layout.Least || RankedQuery.Parse(match, connection.Tokenizer) is not { } terms) return null;
            return Places(connection, view, terms) is { } places ? answer(view, terms, places) : null;
        }
        catch (DamagedSegmentException damage)
        {
            Report(damage.Segment);
            return null;
        }
        catch (Microsoft.Data.Sqlite.SqliteException error) when (error.SqliteErrorCode is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_ERROR)
        {
            // Its tables are missing or damaged. If it is more than these, the full-text index says so.
            Report(0);
            return null;
        }
    }

    private void Report(long segment)
    {
        lock (_lock)
        {
            if (!_damaged.Add(segment)) return;
        }
        Damaged(segment);
    }

    private static long[] Holding(int terms, List<ScanSource> places)
    {
        var holding = new long[terms];
        foreach (var place in places)
            for (var i = 0; i < terms; i++) holding[i] += place.Lists[i]?.Entries ?? 0;
        return holding;
    }

    // Where the words are looked for: the segments and the pieces between and behind them. All together hold every entry.
    private List<ScanSource>? Places(DatabaseConnection connection, RankedView view, List<RankedTerm> terms)
    {
        Renew(view);
        var gaps = _unsegmented.Gaps(view, MostPieces);
        if (gaps.Count > 1) Behind();
        if (gaps.Count > MostPieces) return null;
        if (_unsegmented.Unread(view, gaps) * ReadingPrice > view.Entries)
        {
            ReadBeside();
            return null;
        }
        var places = new List<ScanSource>();
        long entries = 0;
        foreach (var row in view.Segments)
        {
            var segment = Head(connection, row);
            var lists = new ListPlace?[terms.Count];
            byte[] Page(int number) => _pages.Get(connection, row.Key, number);
            for (var i = 0; i < lists.Length; i++)
            {
                var term = terms[i];
                if (!term.IsPrefix) lists[i] = segment.Find(term.Bytes, Page);
                else if (segment.FindAll(term.Bytes, Page, MostPrefixed) is { } found) lists[i] = Joined(found, segment.Lengths);
                else return null;
            }
            places.Add(new ScanSource(row.First, row.Size, segment.Lengths, lists));
            entries += segment.Entries;
        }
        foreach (var first in gaps)
        {
            places.Add(_unsegmented.Use(connection, view, first, (postings, last) =>
            {
                entries += postings.EntriesTo(last);
                return new ScanSource(first, layout.Base, postings.Lengths, [.. terms.Select(term => term.IsPrefix ? Joined(postings.FindAll(term.Token, last), postings.Lengths) : postings.Find(term.Token, last))]);
            }));
        }
        return entries == view.Entries ? places : null;
    }

    // Entries that hold any of several words, as a list of its own.
    private static ListPlace? Joined(List<ListPlace> lists, int[] lengths)
    {
        if (lists.Count <= 1) return lists.Count == 0 ? null : lists[0];
        var postings = new List<Posting>();
        var cursor = new ListCursor();
        foreach (var list in lists)
        {
            cursor.Open(list, lengths);
            cursor.Drain(0, postings);
        }
        postings.Sort(static (one, other) => one.Place.CompareTo(other.Place));
        var joined = new List<Posting>(postings.Count);
        foreach (var posting in postings)
        {
            if (joined.Count > 0 && joined[^1].Place == posting.Place) joined[^1] = joined[^1] with { Weight = joined[^1].Weight + posting.Weight };
            else joined.Add(posting);
        }
        var bytes = new ByteWriter(4 * joined.Count);
        PostingList.Write(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(joined), lengths, bytes);
        return new ListPlace(bytes.Written.ToArray(), 0, bytes.Length, joined.Count);
    }

    private Segment Head(DatabaseConnection connection, SegmentRow row)
    {
        lock (_lock)
        {
            if (_segments.TryGetValue(row.Key, out var known)) return known;
        }
        var segment = Segment.Load(connection, row);
        lock (_lock) _segments[row.Key] = segment;
        return segment;
    }

    private PassingEntries Passing(SearchFilter filter)
    {
        lock (_lock)
        {
            if (_filters.TryGetValue(filter, out var known)) return known;
            if (_filters.Count == MostFilters) _filters.Clear();
            return _filters[filter] = new PassingEntries(filter);
        }
    }

    // What belongs to another database in the file's place goes, and the heads of segments that are no longer there.
    private void Renew(RankedView view)
    {
        lock (_lock)
        {
            if (_cookie != view.Cookie)
            {
                _filters.Clear();
                _unsegmented.Clear();
                _cookie = view.Cookie;
            }
            if (_segments.Count > 2 * view.Segments.Count + 8)
                foreach (var key in _segments.Keys.Except(view.Segments.Select(static segment => segment.Key)).ToList()) _segments.Remove(key);
        }
    }

    // Beside the caller, whom the full-text index answers meanwhile.
    private void ReadBeside()
    {
        if (!ReadsBeside) return;
        lock (_lock) _reading ??= Task.Run(ReadNew);
    }

    /// <summary>Reads the words of the entries that no segment has into memory.</summary>
    public void ReadNew()
    {
        try
        {
            database.Read(connection =>
            {
                if (RankedStore.View(connection) is not { } view) return false;
                Renew(view);
                var gaps = _unsegmented.Gaps(view, MostPieces);
                if (gaps.Count > MostPieces) return false;
                _unsegmented.Keep(gaps);
                // In steps: who searches meanwhile waits for one.
                foreach (var first in gaps)
                    for (var to = first + 63; to < first + layout.Base; to += 64)
                        _unsegmented.Use(connection, view with { Greatest = Math.Min(view.Greatest, to) }, first, static (postings, _) => postings.Entries);
                return true;
            });
        }
        catch (EngineException)
        {
            // The database cannot be read: the search that asked for this says so, and the next one asks again.
        }
        finally
        {
            lock (_lock) _reading = null;
        }
    }
}
