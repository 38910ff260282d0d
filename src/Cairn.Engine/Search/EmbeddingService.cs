using System.Diagnostics;
using Cairn.Engine.Embeddings;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Search;

/// <summary>
/// The search by meaning: whether there is one, what it covers, and the vectors that it goes by. Everything works without
/// it. Nothing of it is loaded before the first search or the first entry without vectors.
/// </summary>
public sealed class EmbeddingService : IDisposable
{
    private readonly Database _database;
    private readonly Embedder _embedder;
    private readonly EmbeddingIndexer _indexer;
    private readonly BackgroundWorker _worker;
    private readonly VectorMemory _vectors;
    private readonly CoverageMemory _coverage;
    private readonly QueryVectors _queries = new();
    private readonly bool _enabled;
    private long _calls;

    internal EmbeddingService(EngineOptions options, Database database, TimeProvider time)
    {
        (_database, _enabled) = (database, options.Embeddings);
        IsSetUp = options.ModelDirectory is not null;
        _embedder = new Embedder(options.ModelDirectory, time);
        _vectors = new VectorMemory(database, Embedder.ModelName);
        _coverage = new CoverageMemory(time);
        _embedder.Unloaded = _vectors.Clear;
        _indexer = new EmbeddingIndexer(database, _embedder, () => Interlocked.Read(ref _calls), time);
        _worker = new BackgroundWorker("embedding", Work, Failed, time);
    }

    /// <summary>Whether this engine was told where a model would be.</summary>
    internal bool IsSetUp { get; }

    /// <summary>Whether vectors are made and used.</summary>
    private bool IsUsable => _enabled && _embedder.Obstacle is null;

    /// <summary>How it stands.</summary>
    public EmbeddingStatus Status()
    {
        var problem = !_enabled ? null : _embedder.Obstacle;
        var status = new EmbeddingStatus
        {
            State = !_enabled ? "off" : problem is null ? "on" : "unavailable",
            Problem = problem ?? (_enabled ? _indexer.Obstacle : null),
            Model = Embedder.ModelName,
            Covered = 0,
            Of = 0,
            Vectors = 0,
            Working = _indexer.IsWorking,
        };
        if (!_database.Exists) return status;
        return _database.Maintain(connection =>
        {
            if (!Migrator.IsCurrent(connection)) return status;
            var progress = VectorIndex.Progress(connection, Embedder.ModelName);
            var (of, missing) = VectorIndex.Count(connection, progress.Model, project: null);
            return status with { Of = of, Covered = of - missing, PassedOver = progress.IsComplete && missing > 0 ? missing : null, Vectors = VectorIndex.Vectors(connection, progress.Model) };
        });
    }

    /// <summary>Makes the vectors of every entry anew, and tells how many are done.</summary>
    /// <exception cref="EngineException">Embeddings are off or unavailable, another process makes vectors, or nothing can be written.</exception>
    public EmbeddingRebuild Rebuild(Action<long>? progress, CancellationToken cancellation)
    {
        if (!_enabled) throw new EngineException(ErrorCode.InvalidArgument, "Embeddings are off: cairn embeddings on");
        if (_embedder.Obstacle is { } obstacle) throw new EngineException(ErrorCode.StorageFailure, $"Embeddings are unavailable: {obstacle}.");
        var begun = Stopwatch.GetTimestamp();
        _embedder.Use(static model => model); // a model that cannot be loaded costs no vector
        if (_embedder.Obstacle is { } unusable) throw new EngineException(ErrorCode.StorageFailure, $"Embeddings are unavailable: {unusable}. The vectors are as they were.");
        var (entries, vectors) = _indexer.Run(anew: true, progress, cancellation)
            ?? throw new EngineException(ErrorCode.StorageFailure, "Another process makes vectors of this database now: try again when it is done (cairn embeddings status).");
        if (_embedder.Obstacle is { } failure) throw new EngineException(ErrorCode.StorageFailure, $"Embeddings are unavailable: {failure}.");
        return new EmbeddingRebuild(entries, vectors, Math.Round(Stopwatch.GetElapsedTime(begun).TotalMilliseconds));
    }

    /// <summary>From now on entries get their vectors in the background of this process; for servers.</summary>
    public void Start()
    {
        if (IsUsable) _worker.Start();
    }

    /// <summary>Ends the work in the background and unloads the model.</summary>
    public void Dispose()
    {
        _worker.Dispose();
        _embedder.Dispose();
    }

    /// <summary>Says that something was written.</summary>
    internal void Wake()
    {
        Interlocked.Increment(ref _calls);
        _worker.Wake();
    }

    /// <summary>
    /// What a search by meaning needs before it looks at the database. Null when there is no such search; without a vector
    /// when the model is not in memory yet, which this call then begins to load.
    /// </summary>
    /// <param name="query">The query's text.</param>
    /// <param name="patience">How long the model may take to load; nothing, for whoever wants an answer at once.</param>
    internal Meaning? Ask(string query, TimeSpan patience)
    {
        if (!IsUsable) return null;
        Interlocked.Increment(ref _calls);
        var vectors = _database.Exists ? _vectors.Prepare() : Task.CompletedTask;
        var vector = _embedder.TryUse(patience, model => _queries.Of(query, model));
        if (patience > TimeSpan.Zero) vectors.Wait(patience);
        return new Meaning(this, vector);
    }

    /// <summary>A query's meaning, for one search.</summary>
    /// <param name="service">Where the vectors are.</param>
    /// <param name="vector">The query's vector; null while the model is being loaded.</param>
    internal sealed class Meaning(EmbeddingService service, ByteVector? vector)
    {
        /// <summary>How near the entries of a project, or of all, are; null while that cannot be said. Wakes the worker when vectors are missing.</summary>
        /// <param name="connection">The database.</param>
        /// <param name="filter">What every answer must be.</param>
        /// <param name="coverage">How many could be compared; null when that was all of them.</param>
        public NearEntries? Compare(DatabaseConnection connection, SearchFilter filter, out SemanticCoverage? coverage)
        {
            coverage = null;
            var progress = VectorIndex.Progress(connection, Embedder.ModelName);
            if (!progress.IsComplete) service._worker.Wake();
            var scores = vector is null ? null : service._vectors.Of(connection, progress)?.Compare(vector, filter.ProjectKey);
            if (scores is not null && progress.IsComplete) return NearEntries.Of(connection, scores, filter, covered: 1);
            var (of, missing) = service._coverage.Of(connection, progress.Model, filter.ProjectKey);
            if (of > 0) coverage = new SemanticCoverage(scores is null ? 0 : of - missing, of);
            return scores is null ? null : NearEntries.Of(connection, scores, filter, of > 0 ? (double)(of - missing) / of : 1);
        }
    }

    private bool Work(CancellationToken stop)
    {
        var begun = Stopwatch.GetTimestamp();
        if (_indexer.Obstacle is not null) return true;
        if (_indexer.Run(anew: false, progress: null, stop) is not var (entries, _)) return false;
        if (entries > 0) _database.Log(new LogEvent { Event = "embeddings", Status = "ok", Entries = (int)entries, Milliseconds = Math.Round(Stopwatch.GetElapsedTime(begun).TotalMilliseconds) });
        return true;
    }

    private void Failed(Exception error)
    {
        if (error is EngineException refused && StorageErrors.IsUnwritable(refused)) return; // frozen or read-only: status says so
        _database.Log(new LogEvent { Event = "embeddings", Status = "error", Code = error is EngineException known ? known.Code.Word() : error.GetType().Name });
    }
}
