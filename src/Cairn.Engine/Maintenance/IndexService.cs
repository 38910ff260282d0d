using System.Diagnostics;
using Cairn.Engine.Operations;
using Cairn.Engine.Search;
using Cairn.Engine.Storage;
using Microsoft.Data.Sqlite;

namespace Cairn.Engine.Maintenance;

/// <summary>How fast a fixed set of queries is answered, and how much they find.</summary>
/// <param name="Queries">How many queries.</param>
/// <param name="MedianMilliseconds">Half of them took no longer.</param>
/// <param name="SlowestMilliseconds">The slowest.</param>
/// <param name="Hits">What all of them found together.</param>
public sealed record IndexLatency(int Queries, double MedianMilliseconds, double SlowestMilliseconds, int Hits);

/// <summary>What a rebuild did.</summary>
/// <param name="Backup">The backup that was made before.</param>
/// <param name="Entries">How many entries the index holds.</param>
/// <param name="Milliseconds">How long others could not write.</param>
/// <param name="Before">The queries before; null when the index could not be searched.</param>
/// <param name="After">The same queries after.</param>
public sealed record IndexRebuilt(BackupInfo Backup, long Entries, double Milliseconds, IndexLatency? Before, IndexLatency After);

/// <summary>The searches of one shape.</summary>
/// <param name="Terms">How many words.</param>
/// <param name="Filters">The fields by which they were narrowed, "" for none.</param>
/// <param name="Searches">How many.</param>
/// <param name="Empty">How many of them found nothing.</param>
/// <param name="Slow">How many of them took longer than <see cref="IndexService.SlowMilliseconds"/>.</param>
/// <param name="MedianMilliseconds">Half of them took no longer.</param>
/// <param name="SlowestMilliseconds">The slowest.</param>
public sealed record SearchShape(int Terms, string Filters, int Searches, int Empty, int Slow, double MedianMilliseconds, double SlowestMilliseconds);

/// <summary>What was searched since a time, by shape.</summary>
/// <param name="Log">The folder with the log.</param>
/// <param name="Since">From when on.</param>
/// <param name="Searches">How many searches.</param>
/// <param name="Shapes">Their shapes, those with the most slow and empty ones first.</param>
/// <param name="Ranked">How the ranked index stands.</param>
public sealed record IndexStatistics(string Log, DateTimeOffset Since, int Searches, IReadOnlyList<SearchShape> Shapes, RankedIndexStatus Ranked);

/// <summary>The full-text index: made anew, measured, and what was asked of it.</summary>
public sealed class IndexService
{
    /// <summary>Beyond this a search counts as slow.</summary>
    public const double SlowMilliseconds = 100;

    /// <summary>The greatest number of days that <see cref="Statistics"/> looks back.</summary>
    public const int MaxDays = 3650;

    private const int OwnWords = 12;
    private const int Depth = 300;

    // Words of one to four, a path, and one that hardly anybody wrote: the same for every database.
    private static readonly string[] Queries = ["error", "decision", "test", "release version", "database migration", "configuration file path", "why was this changed", "src/main", "zyzzyva"];

    private readonly Database _database;
    private readonly BackupService _backups;
    private readonly LogService _logs;
    private readonly TimeProvider _time;
    private readonly RankedIndexService _ranking;

    internal IndexService(Database database, BackupService backups, LogService logs, TimeProvider time, RankedIndexService ranking) => (_database, _backups, _logs, _time, _ranking) = (database, backups, logs, time, ranking);

    /// <summary>Backs the database up, and makes the index anew from the entries, while searches go on; saves wait meanwhile.</summary>
    /// <param name="progress">Is told what begins.</param>
    /// <exception cref="EngineException">There is no database, or the backup failed: then the index is as it was. Or the entries cannot be read: so it is then, too.</exception>
    public IndexRebuilt Rebuild(Action<string>? progress = null)
    {
        progress?.Invoke("backing up");
        var backup = _backups.BeforeIndexRebuild();
        progress?.Invoke("measuring");
        var queries = _database.Read(QuerySet);
        var before = Measure(queries);
        progress?.Invoke("rebuilding");
        var begun = Stopwatch.GetTimestamp();
        var entries = _database.Write(static scope =>
        {
            FullTextSchema.Rebuild(scope.Connection);
            return FullTextIndex.Count(scope.Connection);
        });
        var took = Milliseconds(begun);
        _database.Log(new LogEvent { Event = "index.rebuilt", Status = "ok", Milliseconds = took });
        progress?.Invoke("ranking");
        _ranking.Build(CancellationToken.None);
        progress?.Invoke("measuring");
        return new IndexRebuilt(backup, entries, took, before,
            Measure(queries) ?? throw new EngineException(ErrorCode.StorageFailure, "The full-text index was made anew and still cannot be searched: the database is damaged. Run cairn integrity check."));
    }

    /// <summary>What was searched, by shape: how many words and which filters, never which words. From the event log beside the database.</summary>
    /// <param name="days">How many days back, 1 to <see cref="MaxDays"/>; the log keeps fewer.</param>
    /// <exception cref="EngineException">The number is out of range, or the log cannot be read.</exception>
    public IndexStatistics Statistics(int days)
    {
        if (days is < 1 or > MaxDays) throw EngineException.Invalid("days", $"must be 1 to {MaxDays}", ("limit", MaxDays), ("size", days));
        var since = _time.GetUtcNow().AddDays(-days);
        var searches = _logs.Searches(since);
        var shapes = from search in searches
                     group search by (Terms: search.Terms!.Value, Filters: string.Join(", ", search.Filters ?? [])) into shape
                     let times = shape.Select(static search => search.Milliseconds!.Value).Order().ToList()
                     let empty = shape.Count(static search => search.Hits == 0)
                     let slow = times.Count(static time => time > SlowMilliseconds)
                     orderby empty + slow descending, times.Count descending, shape.Key.Terms, shape.Key.Filters
                     select new SearchShape(shape.Key.Terms, shape.Key.Filters, times.Count, empty, slow, Round(times[times.Count / 2]), Round(times[^1]));
        return new IndexStatistics(_logs.Folder, since, searches.Count, [.. shapes], _ranking.Status());
    }

    // The same before and after: queries for every database, and words of this one's newest titles, which are shown nowhere.
    private static List<string> QuerySet(DatabaseConnection connection) =>
        [.. Queries.Concat(FullTextIndex.NewestTitles(connection, OwnWords)).Select(static text => FullTextQuery.Parse(text).Match).OfType<string>()];

    private IndexLatency? Measure(List<string> queries)
    {
        try
        {
            return _database.Read(connection =>
            {
                var (times, hits) = (new List<double>(), 0);
                foreach (var match in queries)
                {
                    var begun = Stopwatch.GetTimestamp();
                    hits += FullTextIndex.Best(connection, match, new SearchFilter(), Depth, _ranking.Reader).Count;
                    times.Add(Milliseconds(begun));
                }
                times.Sort();
                return new IndexLatency(times.Count, times[times.Count / 2], times[^1], hits);
            });
        }
        catch (EngineException error) when (error.InnerException is SqliteException cause && FullTextSchema.CanFailSearch(cause))
        {
            return null;
        }
    }

    private static double Milliseconds(long begun) => Round(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);

    private static double Round(double milliseconds) => Math.Round(milliseconds, 2);
}
