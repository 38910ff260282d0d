using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Cairn.Engine.Storage;

/// <summary>A write transaction: its connection, and the one time that everything in it is stamped with.</summary>
internal readonly record struct WriteScope(DatabaseConnection Connection, DateTimeOffset Now);

/// <summary>
/// The one SQLite file, shared by any number of processes: transactions, and what is done to it as a whole. An answered
/// write is committed and fsynced. It never touches the files by plain file calls while they may be open: closing any
/// other descriptor would drop SQLite's locks.
/// </summary>
internal sealed class Database(EngineOptions options, TimeProvider time) : IDisposable
{
    private readonly ConnectionPool _connections = new(options.DatabasePath, options.CacheKibibytes);
    private readonly Lock _opening = new();
    private int _running;
    private volatile bool _ready;

    /// <summary>Absolute path of the file.</summary>
    public string Path => options.DatabasePath;

    /// <summary>While it is there, nothing is written: <see cref="Write"/>, <see cref="Compact"/> and <see cref="Migrate"/> refuse.</summary>
    public FreezeFile Freeze { get; } = new(options.DatabasePath);

    /// <summary>While it is there, only the restore that it belongs to writes.</summary>
    public RestoreJournal Restoring { get; } = new(options.DatabasePath);

    /// <summary>Refuses writes where the file is not on a disk of this machine.</summary>
    public LocalDisk LocalDisk { get; } = new(options.DatabasePath);

    /// <summary>All waiting for other writers and other processes.</summary>
    public Turns Turns { get; } = new(options, time);

    /// <summary>
    /// Runs before the schema of a database that holds something is changed, inside the transaction that changes it, so
    /// that nothing can be written in between, and gives the name of the backup. When it throws, the schema stays as it is.
    /// </summary>
    public Func<string>? BeforeUpgrade { get; set; }

    /// <summary>Is told that a database that held something has a newer schema now: the one before, the one now, and the backup of before.</summary>
    public Action<int, int, string> Upgraded { get; set; } = static (_, _, _) => { };

    /// <summary>Is told what happens to the database itself: a migration, an index that is lost or made anew.</summary>
    public Action<LogEvent> Log { get; set; } = static _ => { };

    /// <summary>Is told when a write transaction of this process has begun (true) and has ended.</summary>
    public Action<bool> Writing { get; set; } = static _ => { };

    /// <summary>The name of the last good backup, for the words about a damaged database; null when there is none.</summary>
    public Func<string?> LastBackup { get; set; } = static () => null;

    /// <summary>Runs reads on one consistent view of the database.</summary>
    public T Read<T>(Func<DatabaseConnection, T> work) => Run(ready: true, connection => Turns.Waiting(() => InTransaction(connection, () => connection.ExecuteScript("BEGIN"), () => work(connection))));

    /// <summary>
    /// Runs a write transaction that holds the write lock from its start, so that what it reads stays true until it
    /// commits. Waits for other writers up to <see cref="EngineOptions.BusyTimeout"/>; on any exception nothing is written.
    /// A full-text index that is missing or damaged is detached, and the write goes on without it: search makes it anew.
    /// </summary>
    public T Write<T>(Func<WriteScope, T> work)
    {
        RequireUnfrozen(); // at once, not when the lock is free
        LocalDisk.Require();
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

    /// <summary>Runs work on a connection outside any transaction and without a look at the schema: migration, checks, pragmas.</summary>
    public T Maintain<T>(Func<DatabaseConnection, T> work) => Run(ready: false, work);

    /// <summary>
    /// Writes the file anew, without what was deleted: SQLite leaves copies of a row wherever its pages were split or its
    /// overflow moved, also with secure_delete at the time of the deletion. Needs memory and disk for the file once more.
    /// </summary>
    public void Compact() => Maintain(connection =>
    {
        Turns.Waiting(() =>
        {
            RequireUnfrozen(connection); // after each wait: others may have frozen it meanwhile
            return Marked(() => { connection.ExecuteScript("VACUUM"); return true; });
        });
        return Turns.Waiting(() => connection.FoldIn() ? true : throw new SqliteException("Readers keep the write-ahead log in use.", raw.SQLITE_BUSY));
    });

    /// <summary>Folds the write-ahead log into the file and empties it. False when somebody reads or writes just now.</summary>
    public bool FoldIn() => Maintain(connection =>
    {
        RequireUnfrozen(connection);
        return connection.FoldIn();
    });

    /// <summary>The lengths of the file and of its write-ahead log, in bytes; 0 when not there. A look at the directory only.</summary>
    public (long File, long WriteAheadLog) Sizes => (Length(Path), Length($"{Path}-wal"));

    /// <summary>Whether the file is there. A look at the directory only.</summary>
    public bool Exists => File.Exists(Path);

    /// <summary>Brings the schema to the latest version, creating the file when there is none. Any number of processes may do so at once.</summary>
    public IReadOnlyList<Migration> Migrate()
    {
        if (!Exists)
        {
            RequireUnfrozen();
            LocalDisk.Require();
            DatabaseFile.Create(Path);
        }
        return Maintain(connection => Turns.Waiting(() =>
        {
            Migrator.RequireOurs(connection);
            if (Migrator.Version(connection) == Migrator.Latest && connection.Text("PRAGMA journal_mode") == "wal") return [];
            RequireUnfrozen(connection);
            LocalDisk.Require();
            connection.UseWriteAheadLog();
            return Upgrade(connection);
        }));
    }

    /// <summary>Copies what is committed into an empty file of its own: one snapshot, for which no writer waits. See <see cref="Backup.Copy"/>.</summary>
    public void CopyTo(string path) => Maintain(connection => Turns.Waiting(() => { Backup.Copy(connection, path); return true; }));

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
    public void AwaitWriters() => Maintain(connection => Turns.Waiting(() =>
    {
        // SQLite lets a transaction begin there, and refuses the first write.
        if (connection.IsImmutable) throw new SqliteException("The folder may not be written.", raw.SQLITE_READONLY);
        connection.ExecuteScript("BEGIN IMMEDIATE; ROLLBACK");
        return true;
    }));

    /// <summary>A connection that takes the file for empty, whatever it holds. See <see cref="DatabaseConnection.OpenToReplace"/>.</summary>
    public DatabaseConnection OpenToReplace() => DatabaseConnection.OpenToReplace(Path, options.CacheKibibytes);

    /// <summary>Closes the connections that wait for their next use, so that this process has the file open no more while no call runs.</summary>
    public void CloseIdle()
    {
        _connections.Clear();
        _ready = false;
    }

    /// <summary>Lets running work finish, closes the connections, and so lets the last process fold the WAL into the file.</summary>
    public void Dispose()
    {
        Turns.Dispose();
        _connections.Close();
        SpinWait.SpinUntil(() => Volatile.Read(ref _running) == 0, TimeSpan.FromSeconds(0.4));
        CloseIdle();
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
            string? backup = null;
            var applied = Marked(() => Migrator.Up(connection, time, () => RequireUnfrozen(connection), BeforeUpgrade is { } before ? () => backup = before() : null));
            foreach (var migration in applied) Log(new LogEvent { Event = "migration", Migration = migration.Version, Status = "ok" });
            if (backup is not null && applied.Count > 0) Upgraded(applied[0].Version - 1, applied[^1].Version, backup);
            return applied;
        }
        catch (EngineException error)
        {
            Log(new LogEvent { Event = "migration", Migration = error.Details.TryGetValue("migration", out var version) && version is int number ? number : null, Status = "error", Code = error.Code.Word() });
            throw;
        }
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

    private T WriteOnce<T>(Func<WriteScope, T> work) => Run(ready: true, connection => Turns.AsTheWriter(() =>
    {
        try
        {
            return Turns.Waiting(() => InTransaction(connection, () => Turns.BeginWrite(connection), () =>
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
        }
    }));

    private T Run<T>(bool ready, Func<DatabaseConnection, T> work)
    {
        Interlocked.Increment(ref _running);
        DatabaseConnection? connection = null;
        try
        {
            Turns.RequireRunning();
            if (ready && !_ready) MakeReady();
            connection = _connections.Take();
            if (ready && connection.HasMoved)
            {
                // The file at the path is another one now, or none: no connection to the former one is used again.
                connection.Dispose();
                CloseIdle();
                MakeReady();
                connection = _connections.Take();
            }
            var result = work(connection);
            if (connection.IsImmutable && !DatabaseFile.IsSealed(Path))
                throw new EngineException(ErrorCode.StorageFailure, $"Another user began to write the database while it was read ({Path}). Call it again.");
            _connections.Return(connection);
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
        catch (OperationCanceledException error) when (Turns.IsStopping)
        {
            connection?.Dispose();
            throw new EngineException(ErrorCode.StorageFailure, "Cairn was asked to end while this waited for other processes; nothing was saved. Call it again.", inner: error);
        }
        catch
        {
            // A file that was refused may be moved away and another put in its place: no connection to it is kept.
            if (_ready && connection is not null) _connections.Return(connection);
            else connection?.Dispose();
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private void MakeReady()
    {
        lock (_opening)
        {
            if (_ready) return;
            if (!Exists || !Maintain(connection => Turns.Waiting(() => Migrator.IsCurrent(connection)))) Migrate();
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
}
