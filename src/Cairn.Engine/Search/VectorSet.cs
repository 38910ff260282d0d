using System.Runtime.InteropServices;
using Cairn.Engine.Embeddings;

namespace Cairn.Engine.Search;

/// <summary>
/// A database's vectors in memory, in one array that is read from end to end. Immutable to who reads it: what is added goes
/// behind the end that a reader knows, and what is removed makes another set.
/// </summary>
internal sealed class VectorSet
{
    private const int Dimensions = SentenceModel.Dimensions;

    private readonly Dictionary<long, int> _entryOf;
    private sbyte[] _vectors;
    private Row[] _rows;
    private Owner[] _owners;

    /// <summary>An empty set with room for a number of vectors.</summary>
    public VectorSet(int capacity)
    {
        _vectors = new sbyte[capacity * Dimensions];
        _rows = new Row[capacity];
        _owners = new Owner[capacity];
        _entryOf = new Dictionary<long, int>(capacity);
    }

    private VectorSet(VectorSet other) =>
        (_vectors, _rows, _owners, _entryOf, Count, Entries, LastRow) = (other._vectors, other._rows, other._owners, other._entryOf, other.Count, other.Entries, other.LastRow);

    /// <summary>How many vectors there are.</summary>
    public int Count { get; private set; }

    /// <summary>How many entries they are of.</summary>
    public int Entries { get; private set; }

    /// <summary>The greatest row that was taken in.</summary>
    public long LastRow { get; private set; }

    /// <summary>The same vectors, to which more can be added without a reader of this set seeing them. One successor a set.</summary>
    public VectorSet Successor() => new(this);

    /// <summary>Adds a row; rows come in the order of their keys.</summary>
    public void Add(long row, long entry, long project, float scale, ReadOnlySpan<sbyte> vector)
    {
        if (vector.Length != Dimensions) return; // damaged: a row of another shape is none of ours
        if (Count == _rows.Length) Grow();
        lock (_entryOf)
        {
            ref var owner = ref CollectionsMarshal.GetValueRefOrAddDefault(_entryOf, entry, out var known);
            if (!known)
            {
                if (Entries == _owners.Length) Array.Resize(ref _owners, Math.Max(64, Entries * 2));
                _owners[owner = Entries++] = new Owner(entry, project);
            }
            _rows[Count] = new Row(row, scale, owner);
        }
        vector.CopyTo(_vectors.AsSpan(Count * Dimensions));
        Count++;
        LastRow = row;
    }

    /// <summary>Another set of those rows that are still there, each with its entry's project of now.</summary>
    public VectorSet Keeping(IReadOnlyDictionary<long, long> projects)
    {
        var kept = new VectorSet(Count);
        for (var i = 0; i < Count; i++)
            if (projects.TryGetValue(_rows[i].Key, out var project))
                kept.Add(_rows[i].Key, _owners[_rows[i].Owner].Entry, project, _rows[i].Scale, _vectors.AsSpan(i * Dimensions, Dimensions));
        kept.LastRow = LastRow;
        return kept;
    }

    /// <summary>How near each entry of a project, or of all, is to a query.</summary>
    public MeaningScores Compare(ByteVector query, long? project)
    {
        var scores = new float[Entries];
        var best = new int[Entries];
        Array.Fill(best, -1);
        for (var i = 0; i < Count; i++)
        {
            var row = _rows[i];
            if (project is { } wanted && _owners[row.Owner].Project != wanted) continue;
            var score = ByteVector.Dot(_vectors.AsSpan(i * Dimensions, Dimensions), query.Values) * row.Scale * query.Scale;
            if (best[row.Owner] >= 0 && score <= scores[row.Owner]) continue;
            (scores[row.Owner], best[row.Owner]) = (score, i);
        }
        return new MeaningScores(this, scores, best);
    }

    /// <summary>The place of an entry in the set's order of entries, or -1.</summary>
    internal int IndexOf(long entry)
    {
        lock (_entryOf) return _entryOf.TryGetValue(entry, out var index) && index < Entries ? index : -1;
    }

    /// <summary>The key of an entry by its place.</summary>
    internal long EntryAt(int index) => _owners[index].Entry;

    /// <summary>The key of a row by its place.</summary>
    internal long RowAt(int index) => _rows[index].Key;

    private void Grow()
    {
        var capacity = Math.Max(64, Count + Math.Max(1_024, Count / 4));
        Array.Resize(ref _vectors, capacity * Dimensions);
        Array.Resize(ref _rows, capacity);
    }

    private readonly record struct Row(long Key, float Scale, int Owner);

    private readonly record struct Owner(long Entry, long Project);
}
