using System.Collections.Concurrent;

namespace Cairn.Engine.Storage;

/// <summary>The connections of this process to one file that wait for their next use. Safe for concurrent calls.</summary>
internal sealed class ConnectionPool(string path, int cacheKibibytes)
{
    private const int MaxIdle = 4;

    private readonly ConcurrentBag<DatabaseConnection> _idle = [];
    private volatile bool _closed;

    /// <summary>A connection for one caller: one that waits, or a new one.</summary>
    public DatabaseConnection Take() => _idle.TryTake(out var idle) ? idle : DatabaseConnection.Open(path, cacheKibibytes);

    /// <summary>Takes a connection back that no transaction is open on.</summary>
    public void Return(DatabaseConnection connection)
    {
        // A file that is opened as it lies there may be written by others, or by us, when the next call comes.
        if (_idle.Count < MaxIdle && !connection.IsImmutable && !_closed) _idle.Add(connection);
        else connection.Dispose();
    }

    /// <summary>Closes those that wait.</summary>
    public void Clear()
    {
        while (_idle.TryTake(out var connection)) connection.Dispose();
    }

    /// <summary>From now on, each is closed when it is returned.</summary>
    public void Close() => _closed = true;
}
