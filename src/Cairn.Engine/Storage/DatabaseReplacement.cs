using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Cairn.Engine.Storage;

/// <summary>Puts a copy in the place of a whole database, while other processes have it open.</summary>
internal sealed class DatabaseReplacement(Database database)
{
    /// <summary>
    /// Puts a copy's content in the place of all that the database holds, and makes the file when there is none: one
    /// transaction, whatever state the file is in. See <see cref="Backup.Replace"/>.
    /// </summary>
    public void ReplaceBy(string copy)
    {
        database.LocalDisk.Require();
        DatabaseFile.Create(database.Path);
        database.CloseIdle();
        try
        {
            database.Maintain(connection => database.Turns.Waiting(() => { Backup.Replace(connection, copy); return true; }));
        }
        catch (EngineException error) when (StorageErrors.IsDamage(error))
        {
            database.CloseIdle();
            ReplaceDamaged(copy);
        }
        Settle();
    }

    /// <summary>What is left to do after <see cref="ReplaceBy"/>, should its process have died: a file that was made anew is not in WAL mode yet.</summary>
    public void Settle()
    {
        database.Maintain(connection => database.Turns.Waiting(() => { connection.UseWriteAheadLog(); return true; }));
        // A reader may keep the log in use; it is then folded in later, as ever.
        database.Maintain(static connection => connection.FoldIn());
    }

    private void ReplaceDamaged(string copy)
    {
        try
        {
            database.Turns.Waiting(() =>
            {
                using var connection = database.OpenToReplace();
                Backup.Replace(connection, copy);
                return true;
            });
        }
        catch (SqliteException error) when (error.SqliteErrorCode is raw.SQLITE_BUSY)
        {
            // With its header gone and its log empty, nothing tells that the others use a log: the file itself must be locked.
            throw new EngineException(ErrorCode.StorageFailure, $"Other processes have the damaged database open ({database.Path}): nothing was changed. End the clients and servers that use it, then try again.", inner: error);
        }
        catch (SqliteException error)
        {
            throw StorageErrors.Translate(error, database.Path);
        }
    }
}
