using Cairn.Engine.Embeddings;
using Cairn.Engine.Storage;
using Microsoft.Data.Sqlite;

namespace Cairn.Engine.Search;

/// <summary>
/// Gives entries their vectors, one text at a time, newest first. Of all processes on the database the one that holds the
/// lease works; what it has stored stays, and whoever comes after it goes on from there. It never holds the write lock
/// while it computes.
/// </summary>
/// <param name="database">The database.</param>
/// <param name="embedder">Makes the vectors.</param>
/// <param name="calls">How many calls this process has had: while more come in, the work makes way for them.</param>
/// <param name="time">Measures how long results are held back.</param>
internal sealed class EmbeddingIndexer(Database database, Embedder embedder, Func<long> calls, TimeProvider time)
{
    private const int PageSize = 256;
    private const int MaxHeld = 64;

    // So many entries one after the other on which the model fails are not the entries' fault.
    private const int MostFailures = 8;

    private const int MostPauses = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan MaxHeldFor = TimeSpan.FromSeconds(1);

    private readonly LeaseFile _lease = new(database.Path, "embedding");

    /// <summary>Whether a process makes vectors now.</summary>
    public bool IsWorking => _lease.IsHeld;

    /// <summary>Why nothing can be stored now, or null.</summary>
    public string? Obstacle => database.Restoring.Exists ? "a restore is under way" : database.Freeze.Exists ? "the database is frozen" : null;

    /// <summary>
    /// Embeds what has no vectors, until nothing is left.
    /// </summary>
    /// <param name="anew">Whether all vectors are made anew.</param>
    /// <param name="progress">Told after each transaction how many entries were embedded so far.</param>
    /// <param name="stop">Ends it after the passage at hand; what is stored by then stays.</param>
    /// <returns>How many entries and vectors were stored; null when another process has the lease.</returns>
    public (long Entries, long Vectors)? Run(bool anew, Action<long>? progress, CancellationToken stop)
    {
        if (!database.Exists) return (0, 0);
        if (!anew && database.Read(connection => VectorIndex.Progress(connection, Embedder.ModelName)).IsComplete) return (0, 0);
        using var lease = _lease.TryTake();
        if (lease is null) return null;
        if (anew) Clear(stop);
        var work = new Work(this, progress, stop);
        while (!stop.IsCancellationRequested && work.Pass()) { }
        return (work.Entries, work.Vectors);
    }

    // A passage takes a processor, and the memory's bandwidth with it, for some time. While calls come one after the other it
    // waits for a gap between them, but not for ever.
    private bool MakesWay(ref long seen, CancellationToken stop)
    {
        for (var i = 0; i < MostPauses && calls() is var now && now != seen; i++)
        {
            seen = now;
            if (stop.WaitHandle.WaitOne(Pause)) return false;
        }
        return !stop.IsCancellationRequested;
    }

    private void Clear(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && database.Write(static scope => VectorIndex.Clear(scope.Connection, 5_000)) > 0) database.Turns.GiveWay();
        database.Write(static scope => { VectorIndex.ClearModels(scope.Connection); return true; });
    }

    private sealed class Work(EmbeddingIndexer indexer, Action<long>? progress, CancellationToken stop)
    {
        private readonly List<EmbeddedText> _held = [];
        private int _heldVectors;
        private long _heldSince;
        private long _calls = indexer.Calls;
        private int _failures;

        public long Entries { get; private set; }

        public long Vectors { get; private set; }

        /// <summary>Goes once through what lacks vectors. False when nothing does.</summary>
        public bool Pass()
        {
            var found = indexer.Database.Read(static connection => VectorIndex.Progress(connection, Embedder.ModelName));
            if (found.IsComplete) return false;
            var model = found.Model != 0 ? found.Model : indexer.Database.Write(static scope => VectorIndex.Model(scope.Connection, Embedder.ModelName));
            for (var before = found.LastEntry + 1; ;)
            {
                var keys = indexer.Database.Read(connection => VectorIndex.Missing(connection, model, found.Begin, before, PageSize));
                if (keys.Count == 0) break;
                foreach (var key in keys)
                    if (!Embed(key, model)) return false;
                before = keys[^1];
            }
            Store(model);
            indexer.Database.Write(scope => { VectorIndex.Complete(scope.Connection, model, found.LastEntry, found.Changes); return true; });
            return true;
        }

        // False when it is to stop, or there is no model any more. Half an entry is never stored.
        private bool Embed(long key, long model)
        {
            var made = Made(key, out var ends);
            if (ends)
            {
                Store(model);
                return false;
            }
            if (made is not null)
            {
                if (_held.Count == 0) _heldSince = indexer.Time.GetTimestamp();
                _held.Add(made);
                _heldVectors += made.Passages.Count;
            }
            if (_heldVectors >= MaxHeld || (_held.Count > 0 && indexer.Time.GetElapsedTime(_heldSince) >= MaxHeldFor)) Store(model);
            return true;
        }

        // Null when the entry is gone, or when it is passed over because it cannot be read or the model fails on it: then it has
        // no vectors until all are made anew, or its text is another.
        private EmbeddedText? Made(long key, out bool ends)
        {
            ends = false;
            try
            {
                if (indexer.Database.Read(connection => VectorIndex.Text(connection, key)) is not { } text) return null;
                var vectors = indexer.Embedder.Use(sentences =>
                {
                    var made = new List<(Passage, ByteVector)>();
                    foreach (var passage in Passages.Of(sentences, text.Title, text.Body, text.Date))
                    {
                        if (!indexer.MakesWay(ref _calls, stop)) return null;
                        made.Add((passage, ByteVector.Of(sentences.Embed(passage.Text))));
                    }
                    return made;
                });
                ends = vectors is null;
                _failures = 0;
                return vectors is null ? null : new EmbeddedText(text, vectors);
            }
            catch (Exception error) when (error is not (OutOfMemoryException or EngineException or SqliteException) && ++_failures < MostFailures)
            {
                indexer.Database.Log(new LogEvent { Event = "embeddings", Status = "error", Code = error.GetType().Name, Entries = 1 });
                return null;
            }
        }

        // On a thread of the pool, whose priority is as usual: who holds the write lock should not wait for a processor.
        private void Store(long model)
        {
            if (_held.Count == 0) return;
            var stored = Task.Run(() => indexer.Database.Write(scope => _held.Where(entry => VectorIndex.Add(scope.Connection, model, entry)).ToList())).GetAwaiter().GetResult();
            Entries += stored.Count;
            Vectors += stored.Sum(static entry => entry.Passages.Count);
            _held.Clear();
            _heldVectors = 0;
            progress?.Invoke(Entries);
            indexer.Database.Turns.GiveWay();
        }
    }

    private Database Database => database;

    private long Calls => calls();

    private Embedder Embedder => embedder;

    private TimeProvider Time => time;
}
