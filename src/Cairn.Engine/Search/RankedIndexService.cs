using System.Diagnostics;
using System.Globalization;
using Cairn.Engine.Search.RankedIndex;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Search;

/// <summary>How the ranked index stands.</summary>
/// <param name="State">on or off.</param>
/// <param name="Segments">How many segments there are.</param>
/// <param name="Covered">How many entries are in a segment.</param>
/// <param name="Of">How many there are.</param>
/// <param name="Bytes">How many bytes the segments have.</param>
/// <param name="Working">Whether a process makes segments now.</param>
public sealed record RankedIndexStatus(string State, int Segments, long Covered, long Of, long Bytes, bool Working);

/// <summary>
/// The index by which searches rank without reading all that matches: derived from the entries, made in the background of
/// servers. Searches give the same without it, only later.
/// </summary>
public sealed class RankedIndexService : IDisposable
{
    private readonly Database _database;
    private readonly RankedIndexer _indexer;
    private readonly BackgroundWorker _worker;
    private readonly bool _enabled;

    internal RankedIndexService(EngineOptions options, Database database, TimeProvider time)
    {
        (_database, _enabled) = (database, options.RankedIndex);
        var layout = new RankedLayout(options.RankedLayout.Base, options.RankedLayout.Fan, options.RankedLayout.Least);
        _indexer = new RankedIndexer(database, layout);
        _worker = new BackgroundWorker("ranking", Work, Failed, time);
        if (!_enabled) return;
        Reader = new RankedReader(database, layout, options.RankedCacheKibibytes * 1024L)
        {
            Damaged = _ =>
            {
                _database.Log(new LogEvent { Event = "ranked_index.damaged", Status = "error", Code = ErrorCode.StorageFailure.Word() });
                Wake();
            },
            Behind = Wake,
        };
    }

    /// <summary>Answers queries; null when it is off.</summary>
    internal RankedReader? Reader { get; }

    /// <summary>Is told after each write of the work.</summary>
    internal Action Stepped { set => _indexer.Stepped = value; }

    /// <summary>From now on segments are made in the background of this process; for servers.</summary>
    public void Start()
    {
        if (!_enabled) return;
        Reader!.ReadsBeside = true;
        _worker.Start();
    }

    /// <summary>How it stands.</summary>
    public RankedIndexStatus Status()
    {
        var state = _enabled ? "on" : "off";
        if (!_database.Exists) return new RankedIndexStatus(state, 0, 0, 0, 0, false);
        return _database.Maintain(connection =>
        {
            if (!Migrator.IsCurrent(connection) || RankedStore.View(connection) is not { } view) return new RankedIndexStatus(state, 0, 0, 0, 0, false);
            return new RankedIndexStatus(state, view.Segments.Count, view.Segments.Sum(static segment => (long)segment.Entries), view.Entries, RankedStore.Volume(connection).Bytes, _indexer.IsWorking);
        });
    }

    /// <summary>Makes what segments are missing, now. Nothing when it is off, or another process is at it.</summary>
    /// <returns>How many entries were taken into segments.</returns>
    public long Build(CancellationToken cancellation)
    {
        return _enabled ? Make(cancellation) ?? 0 : 0;
    }

    /// <summary>Ends the work in the background.</summary>
    public void Dispose() => _worker.Dispose();

    /// <summary>Says that something was written.</summary>
    internal void Wake() => _worker.Wake();

    /// <summary>What of the segments is not as it was written, or does not agree with the entries.</summary>
    internal static List<string> Problems(DatabaseConnection connection)
    {
        if (RankedStore.View(connection) is not { } view) return ["a trigger of the ranked index is missing"];
        var problems = new List<string>();
        long next = 0;
        foreach (var row in view.Segments)
        {
            var keys = string.Create(CultureInfo.InvariantCulture, $"the segment of the keys {row.First} to {row.Last}");
            if (row.First < next) problems.Add($"{keys} overlaps another");
            next = row.Last + 1;
            try
            {
                var segment = Segment.Load(connection, row);
                if (RankedStore.Pages(connection, row.Key).Exists(number => RankedStore.Page(connection, row.Key, number) is null)) problems.Add($"{keys} is damaged");
                foreach (var _ in segment.Terms(number => RankedStore.Page(connection, row.Key, number) ?? throw new DamagedSegmentException(row.Key))) { }
                if (segment.Entries != RankedStore.Entries(connection, row.First, row.Last)) problems.Add($"{keys} does not have the entries that there are");
            }
            catch (DamagedSegmentException)
            {
                problems.Add($"{keys} is damaged");
            }
        }
        return problems;
    }

    private bool Work(CancellationToken stop)
    {
        if (_database.Restoring.Exists || _database.Freeze.Exists) return true;
        var begun = Stopwatch.GetTimestamp();
        if (Make(stop) is not { } entries) return false;
        if (entries > 0) _database.Log(new LogEvent { Event = "ranked_index", Status = "ok", Entries = (int)entries, Milliseconds = Math.Round(Stopwatch.GetElapsedTime(begun).TotalMilliseconds) });
        return true;
    }

    private long? Make(CancellationToken stop)
    {
        var damaged = Reader!.TakeDamaged();
        try
        {
            if (_indexer.Run(damaged, stop) is { } entries) return entries;
            Reader.GiveBack(damaged);
            return null;
        }
        catch (EngineException)
        {
            Reader.GiveBack(damaged);
            throw;
        }
    }

    private void Failed(Exception error)
    {
        if (error is EngineException refused && StorageErrors.IsUnwritable(refused)) return; // frozen or read-only
        _database.Log(new LogEvent { Event = "ranked_index", Status = "error", Code = error is EngineException known ? known.Code.Word() : error.GetType().Name });
    }
}
