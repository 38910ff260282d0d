using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Cairn.Engine.Storage;

/// <summary>A write transaction: its connection, and the one time that everything in it is stamped with.</summary>
internal readonly record struct WriteScope(DatabaseConnection Connection, DateTimeOffset Now);

/// <summary>
/// The one SQLite file, shared by any number of processes. It opens connections, begins and ends transactions, and is
/// the only place that waits for another process. An answered write is committed and fsynced. It never touches the
/// files by plain file calls while they may be open: closing any other descriptor would drop SQLite's locks.
/// </summary>
internal sealed class Database(EngineOptions options, TimeProvider time) : IDisposable
{
    private const int MaxIdle = 4;
    private const int TurnMilliseconds = 10;

    private readonly ConcurrentBag<DatabaseConnection> _idle = [];
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly WriteGate _gate = new(options.DatabasePath);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _opening = new();
    private int _running;
    private volatile bool _ready;

    /// <summary>Absolute path of the file.</summary>
    public string Path => options.DatabasePath;

    /// <summary>While it is there, nothing is written: <see cref="Write"/>, <see cref="Compact"/> and <see cref="Migrate"/> refuse.</summary>
    public FreezeFile Freeze { get; } = new(options.DatabasePath);

    /// <summary>While it is there, only the restore that it belongs to writes.</summary>
    public RestoreJournal Restoring { get; } = new(options.DatabasePath);

    /// <summary>
    /// Runs before the schema of a database that holds something is changed, inside the transaction that changes it, so
    /// that nothing can be written in between, and gives the name of the backup. When it throws, the schema stays as it is.
    /// </summary>
    public Func<string>? BeforeUpgrade { get; set; }

    /// <summary>Is told what happens to the database itself: a migration, an index that is lost or made anew.</summary>
    public Action<LogEvent> Log { get; set; } = static _ => { };

    /// <summary>Is told when a write transaction of this process has begun (true) and has ended.</summary>
    public Action<bool> Writing { get; set; } = static _ => { };

    /// <summary>The name of the last good backup, for the words about a damaged database; null when there is none.</summary>
    public Func<string?> LastBackup { get; set; } = static () => null;

    /// <summary>Runs reads on one consistent view of the database.</summary>
    public T Read<T>(Func<DatabaseConnection, T> work) => Run(ready: true, connection => Waiting(() => InTransaction(connection, () => connection.ExecuteScript("BEGIN"), () => work(connection))));

    /// <summary>
    /// Runs a write transaction that holds the write lock from its start, so that what it reads stays true until it
    /// commits. Waits for other writers up to <see cref="EngineOptions.BusyTimeout"/>; on any exception nothing is written.
    /// A full-text index that is missing or damaged is detached, and the write goes on without it: search makes it anew.
    /// </summary>
    public T Write<T>(Func<WriteScope, T> work)
    {
        RequireUnfrozen(); // at once, not when the lock is free
        try
        {
            return WriteOnce(work);
        }
        catch (EngineException error) when (error.InnerException is { } cause && FullTextSchema.CanFailWrite(cause))
        {
            // Without the index it works, or the failure was not the index's and this transaction is undone as well.
            var result = WriteOnce(scope => { FullTextSchema.Detach(scope.Connection); return work(scope); });
            Log(new LogEvent { Event = "index.detached", Status = "error", Code = ErrorCode.StorageFailure.Word() });
            return result;
        }
    }

    /// <summary>
    /// Lets others write between two transactions of long work. SQLite queues nobody: who asks again at once always wins,
    /// and another process could wait until it gives up.
    /// </summary>
    public void GiveWay() => _stopping.Token.WaitHandle.WaitOne(TurnMilliseconds);

    /// <summary>Runs work on a connection outside any transaction and without a look at the schema: migration, checks, pragmas.</summary>
    public T Maintain<T>(Func<DatabaseConnection, T> work) => Run(ready: false, work);

    /// <summary>
    /// Writes the file anew, without what was deleted: SQLite leaves copies of a row wherever its pages were split or its
    /// overflow moved, also with secure_delete at the time of the deletion. Needs memory and disk for the file once more.
    /// </summary>
    public void Compact() => Maintain(connection =>
    {
        RequireUnfrozen(connection);
        Waiting(() => Marked(() => { connection.ExecuteScript("VACUUM"); return true; }));
        return Waiting(() => FoldIn(connection) ? true : throw new SqliteException("Readers keep the write-ahead log in use.", raw.SQLITE_BUSY));
    });

    /// <summary>Folds the write-ahead log into the file and empties it. False when somebody reads or writes just now.</summary>
    public bool FoldIn() => Maintain(connection =>
    {
        RequireUnfrozen(connection);
        return FoldIn(connection);
    });

    private static bool FoldIn(DatabaseConnection connection) => connection.Number("PRAGMA wal_checkpoint(TRUNCATE)") is 0L;

    /// <summary>The lengths of the file and of its write-ahead log, in bytes; 0 when not there. A look at the directory only.</summary>
    public (long File, long WriteAheadLog) Sizes => (Length(Path), Length($"{Path}-wal"));

    /// <summary>Whether the file is there. A look at the directory only.</summary>
    public bool Exists => File.Exists(Path);

    /// <summary>Brings the schema to the latest version, creating the file when there is none. Any number of processes may do so at once.</summary>
    public IReadOnlyList<Migration> Migrate()
    {
        if (!Exists) RequireUnfrozen();
        DatabaseFile.Create(Path);
        return Maintain(connection => Waiting(() =>
        {
            Migrator.RequireOurs(connection);
            if (Migrator.Version(connection) == Migrator.Latest && connection.Text("PRAGMA journal_mode") == "wal") return [];
            RequireUnfrozen(connection);
            UseWriteAheadLog(connection);
            return Upgrade(connection);
        }));
    }

    private T Marked<T>(Func<T> write)
    {
        Writing(true);
        try
        {
            return write();
        }
        finally
        {
            Writing(false);
        }
    }

    private static long Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;

    private IReadOnlyList<Migration> Upgrade(DatabaseConnection connection)
    {
        try
        {
            var applied = Marked(() => Migrator.Up(connection, time, () => RequireUnfrozen(connection), BeforeUpgrade));
            foreach (var migration in applied) Log(new LogEvent { Event = "migration", Migration = migration.Version, Status = "ok" });
            return applied;
        }
        catch (EngineException error)
        {
            Log(new LogEvent { Event = "migration", Migration = error.Details.TryGetValue("migration", out var version) && version is int number ? number : null, Status = "error", Code = error.Code.Word() });
            throw;
        }
    }

    /// <summary>Copies what is committed into an empty file of its own: one snapshot, for which no writer waits. See <see cref="Backup.Copy"/>.</summary>
    public void CopyTo(string path) => Maintain(connection => Waiting(() => { Backup.Copy(connection, path); return true; }));

    /// <summary>
    /// Puts a copy's content in the place of all that the database holds, and makes the file when there is none: one
    /// transaction, whatever state the file is in, while other processes have it open. See <see cref="Backup.Replace"/>.
    /// </summary>
    public void ReplaceBy(string copy)
    {
        DatabaseFile.Create(Path);
        CloseIdle();
        try
        {
            Maintain(connection => Waiting(() => { Backup.Replace(connection, copy); return true; }));
        }
        catch (EngineException error) when (StorageErrors.IsDamage(error))
        {
            CloseIdle();
            ReplaceDamaged(copy);
        }
        Settle();
    }

    /// <summary>What is left to do after <see cref="ReplaceBy"/>, should its process have died: a file that was made anew is not in WAL mode yet.</summary>
    public void Settle()
    {
        Maintain(connection => Waiting(() => { UseWriteAheadLog(connection); return true; }));
        // A reader may keep the log in use; it is then folded in later, as ever.
        Maintain(static connection => connection.Number("PRAGMA wal_checkpoint(TRUNCATE)"));
    }

    /// <summary>Looks at the database as it is; without a connection when there is none or it cannot be opened.</summary>
    public T Look<T>(Func<DatabaseConnection?, T> look)
    {
        DatabaseConnection? connection = null;
        try
        {
            if (Exists) connection = DatabaseConnection.Open(Path, options.CacheKibibytes);
        }
        catch (SqliteException)
        {
            // Whoever looks says what that means.
        }
        using (connection)
            return look(connection);
    }

    /// <summary>Waits until no write is under way that began before this call.</summary>
    public void AwaitWriters() => Maintain(connection => Waiting(() => { connection.ExecuteScript("BEGIN IMMEDIATE; ROLLBACK"); return true; }));

    /// <summary>Closes the connections that wait for their next use, so that this process has the file open no more while no call runs.</summary>
    public void CloseIdle()
    {
        while (_idle.TryTake(out var connection)) connection.Dispose();
        _ready = false;
    }

    /// <summary>Lets running work finish, closes the connections, and so lets the last process fold the WAL into the file.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        SpinWait.SpinUntil(() => Volatile.Read(ref _running) == 0, TimeSpan.FromSeconds(0.4));
        CloseIdle();
    }

    private void ReplaceDamaged(string copy)
    {
        try
        {
            Waiting(() =>
            {
                using var connection = DatabaseConnection.OpenToReplace(Path, options.CacheKibibytes);
                Backup.Replace(connection, copy);
                return true;
            });
        }
        catch (SqliteException error) when (error.SqliteErrorCode is raw.SQLITE_BUSY)
        {
            // With its header gone and its log empty, nothing tells that the others use a log: the file itself must be locked.
            throw new EngineException(ErrorCode.StorageFailure, $"Other processes have the damaged database open ({Path}): nothing was changed. End the clients and servers that use it, then try again.", inner: error);
        }
        catch (SqliteException error)
        {
            throw StorageErrors.Translate(error, Path);
        }
    }

    // Changing the journal mode does not wait by itself; here it does.
    private static void UseWriteAheadLog(DatabaseConnection connection)
    {
        if (connection.Text("PRAGMA journal_mode") != "wal") connection.ExecuteScript("PRAGMA journal_mode = WAL");
    }

    private void RequireUnfrozen()
    {
        if (Restoring.Exists) Look(connection => { Restoring.Require(connection); return true; });
        Freeze.Require();
    }

    private void RequireUnfrozen(DatabaseConnection connection)
    {
        Restoring.Require(connection);
        Freeze.Require();
    }

    // The writers of this process queue here, in order; SQLite's lock, which queues nobody, is then taken by one a process.
    private T WriteOnce<T>(Func<WriteScope, T> work) => Run(ready: true, connection =>
    {
        if (!_writing.Wait(options.BusyTimeout, _stopping.Token)) throw new SqliteException("The writers of this process did not end in time.", raw.SQLITE_BUSY);
        try
        {
            return Waiting(() => InTransaction(connection, () => BeginInTurn(connection), () =>
            {
                RequireUnfrozen(connection); // with the lock in hand: who freezes and then gets the lock knows that nobody writes
                Migrator.RequireCurrent(connection);
                Writing(true);
                return work(new WriteScope(connection, time.GetUtcNow()));
            }));
        }
        finally
        {
            Writing(false);
            _writing.Release();
        }
    });

    // Who has the gate looks each millisecond for SQLite's lock, and lets the next one through as soon as it has it: that
    // one is awake by the time of the commit.
    private void BeginInTurn(DatabaseConnection connection)
    {
        var started = time.GetTimestamp();
        using var turn = _gate.Enter(options.BusyTimeout / 2, _stopping.Token);
        while (!connection.TryBeginWrite())
        {
            if (time.GetElapsedTime(started) >= options.BusyTimeout) throw new SqliteException("The writers of other processes did not end in time.", raw.SQLITE_BUSY);
            _stopping.Token.WaitHandle.WaitOne(turn is null ? Random.Shared.Next(1, 12) : 1);
            _stopping.Token.ThrowIfCancellationRequested();
        }
    }

    private T Run<T>(bool ready, Func<DatabaseConnection, T> work)
    {
        Interlocked.Increment(ref _running);
        DatabaseConnection? connection = null;
        try
        {
            _stopping.Token.ThrowIfCancellationRequested();
            if (ready && !_ready) MakeReady();
            connection = Take();
            if (ready && connection.HasMoved)
            {
                Forget(connection);
                MakeReady();
                connection = Take();
            }
            var result = work(connection);
            Return(connection);
            return result;
        }
        catch (SqliteException error)
        {
            connection?.Dispose(); // after an I/O error a connection's view is not to be trusted
            _ready = false; // nor that the file is there: the next call looks again
            throw StorageErrors.Translate(error, Path, LastBackup);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            connection?.Dispose();
            throw StorageErrors.Translate(error, Path);
        }
        catch (OperationCanceledException error) when (_stopping.IsCancellationRequested)
        {
            connection?.Dispose();
            throw new EngineException(ErrorCode.StorageFailure, "Cairn was asked to end while this waited for other processes; nothing was saved. Call it again.", inner: error);
        }
        catch
        {
            // A file that was refused may be moved away and another put in its place: no connection to it is kept.
            if (_ready && connection is not null) Return(connection);
            else connection?.Dispose();
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private DatabaseConnection Take() => _idle.TryTake(out var idle) ? idle : DatabaseConnection.Open(Path, options.CacheKibibytes);

    // The file at the path is another one now, or none: no connection to the former one is used again.
    private void Forget(DatabaseConnection connection)
    {
        connection.Dispose();
        CloseIdle();
    }

    private void Return(DatabaseConnection connection)
    {
        if (_idle.Count < MaxIdle && !_stopping.IsCancellationRequested) _idle.Add(connection);
        else connection.Dispose();
    }

    private void MakeReady()
    {
        lock (_opening)
        {
            if (_ready) return;
            if (!Exists || !Maintain(connection => Waiting(() => Migrator.IsCurrent(connection)))) Migrate();
            _ready = true;
        }
    }

    private static T InTransaction<T>(DatabaseConnection connection, Action begin, Func<T> work)
    {
        begin();
        try
        {
            var result = work();
            connection.ExecuteScript("COMMIT");
            return result;
        }
        catch
        {
            // SQLite ends the transaction itself on some errors (disk full, I/O); else it is ours to end.
            if (raw.sqlite3_get_autocommit(connection.Handle) == 0) connection.ExecuteScript("ROLLBACK");
            throw;
        }
    }

    /// <summary>Repeats work while another process holds the lock: with jitter, since SQLite queues nobody.</summary>
    private T Waiting<T>(Func<T> work)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                return work();
            }
            catch (SqliteException error) when (error.SqliteErrorCode is raw.SQLITE_BUSY or raw.SQLITE_LOCKED
                && time.GetElapsedTime(started) < options.BusyTimeout)
            {
                _stopping.Token.WaitHandle.WaitOne(Random.Shared.Next(1, 12));
                _stopping.Token.ThrowIfCancellationRequested();
            }
        }
    }
}
