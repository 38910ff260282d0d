using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Cairn.Engine.Storage;

/// <summary>
/// All waiting for others: for the other writers of this process, in order; for those of other processes, at the gate; and
/// for SQLite's locks. None lasts longer than <see cref="EngineOptions.BusyTimeout"/>, and <see cref="Dispose"/> ends all.
/// </summary>
internal sealed class Turns(EngineOptions options, TimeProvider time) : IDisposable
{
    private const int GivenMilliseconds = 10;
    private const int NextMilliseconds = 1;

    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly WriteGate _gate = new(options.DatabasePath);
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Whether all waits are ended.</summary>
    public bool IsStopping => _stopping.IsCancellationRequested;

    /// <summary>Ends all waits, and those to come, with <see cref="OperationCanceledException"/>.</summary>
    public void Dispose() => _stopping.Cancel();

    /// <summary>Throws once all waits are ended.</summary>
    public void RequireRunning() => _stopping.Token.ThrowIfCancellationRequested();

    /// <summary>
    /// Lets others write between two transactions of long work, also those who do not queue: SQLite, left to itself, lets
    /// who asks again at once win always, and another process could wait until it gives up.
    /// </summary>
    public void GiveWay() => _stopping.Token.WaitHandle.WaitOne(GivenMilliseconds);

    /// <summary>Repeats work while another process holds a lock that it needs: with jitter, since SQLite queues nobody.</summary>
    public T Waiting<T>(Func<T> work)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                return work();
            }
            catch (SqliteException error) when (error.SqliteErrorCode is raw.SQLITE_BUSY or raw.SQLITE_LOCKED && !IsOver(started))
            {
                Nap(AnyMilliseconds());
            }
        }
    }

    /// <summary>Runs work as the one writer of this process. SQLite's lock is then asked for by one a process.</summary>
    public T AsTheWriter<T>(Func<T> work)
    {
        if (!_writing.Wait(options.BusyTimeout, _stopping.Token)) throw new SqliteException("The writers of this process did not end in time.", raw.SQLITE_BUSY);
        try
        {
            return work();
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>
    /// Begins a write transaction in turn. Who has the gate looks each millisecond for SQLite's lock, and lets the next one
    /// through as soon as it has that: the next one is awake by the time of the commit.
    /// </summary>
    public void BeginWrite(DatabaseConnection connection)
    {
        var started = time.GetTimestamp();
        using var turn = _gate.Enter(options.BusyTimeout / 2, _stopping.Token);
        while (!connection.TryBeginWrite())
        {
            if (IsOver(started)) throw new SqliteException("The writers of other processes did not end in time.", raw.SQLITE_BUSY);
            Nap(turn is null ? AnyMilliseconds() : NextMilliseconds);
        }
    }

    private bool IsOver(long started) => time.GetElapsedTime(started) >= options.BusyTimeout;

    private void Nap(int milliseconds)
    {
        _stopping.Token.WaitHandle.WaitOne(milliseconds);
        RequireRunning();
    }

    private static int AnyMilliseconds() => Random.Shared.Next(1, 12);
}
