using Cairn.Engine.Storage;

namespace Cairn.Engine.Search;

/// <summary>
/// The vectors of the database in memory: read on their first use, beside the caller, and from then on kept as the database
/// is by each search, which costs it two look-ups and what is new.
/// </summary>
internal sealed class VectorMemory(Database database, string model)
{
    private readonly Lock _lock = new();
    private Held? _held;
    private Task? _loading;

    /// <summary>
    /// The vectors as one view of the database has them; null while they are not in memory, which they soon will be.
    /// </summary>
    public VectorSet? Of(DatabaseConnection connection, EmbeddingProgress progress)
    {
        lock (_lock)
        {
            if (_held is not { } held || held.Cookie != progress.Cookie || held.Model != progress.Model)
            {
                _held = null;
                _loading ??= Task.Run(Load);
                return null;
            }
            var set = held.Set;
            // A view from before what is held, beside a newer one: it gets its own, and what is held stays as it is.
            var isOlder = progress.Changes < held.Changes;
            if (held.Changes != progress.Changes) set = set.Keeping(VectorIndex.Rows(connection, progress.Model, set.LastRow).ToDictionary(static row => row.Row, static row => row.Project));
            if (isOlder) return set;
            if (VectorIndex.LastRow(connection) > set.LastRow)
            {
                set = set.Successor();
                _held = null; // a set of which half was added is of no use to anyone: it is read anew
                VectorIndex.Read(connection, progress.Model, set.LastRow, set.Add);
            }
            _held = held with { Set = set, Changes = progress.Changes };
            return set;
        }
    }

    /// <summary>Begins to read them, if they are not in memory, and gives what to wait for.</summary>
    public Task Prepare()
    {
        lock (_lock) return _held is not null ? Task.CompletedTask : _loading ??= Task.Run(Load);
    }

    /// <summary>Lets go of them.</summary>
    public void Clear()
    {
        lock (_lock) _held = null;
    }

    private void Load()
    {
        Held? loaded = null;
        try
        {
            loaded = database.Read(connection =>
            {
                var progress = VectorIndex.Progress(connection, model);
                var set = new VectorSet((int)Math.Min(VectorIndex.Vectors(connection, progress.Model), Array.MaxLength / Embeddings.SentenceModel.Dimensions));
                VectorIndex.Read(connection, progress.Model, 0, set.Add);
                return new Held(set, progress.Model, progress.Cookie, progress.Changes);
            });
        }
        catch (EngineException)
        {
            // The database cannot be read: the search that asked for them says so, and the next one asks again.
        }
        finally
        {
            lock (_lock) (_held, _loading) = (loaded, null);
        }
    }

    private sealed record Held(VectorSet Set, long Model, long Cookie, long Changes);
}
