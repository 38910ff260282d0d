using Cairn.Engine.Storage;

namespace Cairn.Engine.Search;

/// <summary>
/// How many entries may have vectors and how many have none, for searches while vectors are being made. Counting looks at
/// every entry, so a count is remembered a hundred times as long as it took: it never costs more than a hundredth of the time.
/// </summary>
internal sealed class CoverageMemory(TimeProvider time)
{
    private const int Worth = 100;
    private const int Most = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<(long Model, long? Project), ((long, long) Count, long At, TimeSpan For)> _counts = [];

    /// <summary>The count of a project, or of all.</summary>
    public (long Of, long Missing) Of(DatabaseConnection connection, long model, long? project)
    {
        lock (_lock)
            if (_counts.TryGetValue((model, project), out var known) && time.GetElapsedTime(known.At) < known.For) return known.Count;
        var begun = time.GetTimestamp();
        var count = VectorIndex.Count(connection, model, project);
        var now = time.GetTimestamp();
        lock (_lock)
        {
            if (_counts.Count >= Most) _counts.Clear();
            _counts[(model, project)] = (count, now, time.GetElapsedTime(begun, now) * Worth);
        }
        return count;
    }
}
