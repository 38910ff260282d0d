using Cairn.Engine.Embeddings;

namespace Cairn.Engine.Search;

/// <summary>The vectors of the last queries: who pages, or asks again with another filter, does not wait for the model again.</summary>
internal sealed class QueryVectors
{
    private const int Most = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ByteVector> _vectors = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = [];

    /// <summary>A query's vector.</summary>
    public ByteVector Of(string query, SentenceModel model)
    {
        lock (_lock)
            if (_vectors.TryGetValue(query, out var known)) return known;
        var vector = ByteVector.Of(model.Embed(query));
        lock (_lock)
        {
            if (!_vectors.TryAdd(query, vector)) return vector;
            _order.Enqueue(query);
            if (_order.Count > Most) _vectors.Remove(_order.Dequeue());
        }
        return vector;
    }
}
