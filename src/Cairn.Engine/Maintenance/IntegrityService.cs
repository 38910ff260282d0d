using Cairn.Engine.Storage;
using Microsoft.Data.Sqlite;

namespace Cairn.Engine.Maintenance;

/// <summary>What the checks of a database found.</summary>
public sealed record IntegrityReport
{
    /// <summary>The database.</summary>
    public required string Database { get; init; }

    /// <summary>"pass" or "fail".</summary>
    public required string Status { get; init; }

    /// <summary>The checks, each with what mends it.</summary>
    public required IReadOnlyList<HealthCheck> Checks { get; init; }

    internal static IntegrityReport Of(string database, IReadOnlyList<HealthCheck> checks) => new()
    {
        Database = database,
        Status = checks.Any(static check => check.Status == "fail") ? "fail" : "pass",
        Checks = checks,
    };
}

/// <summary>Whether the database is what was written to it. It reads only, while servers go on; it may be broken off at any time.</summary>
public sealed class IntegrityService
{
    private readonly Database _database;
    private readonly BackupService _backups;

    internal IntegrityService(Database database, BackupService backups) => (_database, _backups) = (database, backups);

    /// <summary>
    /// Checks the database: SQLite's own check, foreign keys, the schema's objects, the full-text index, the record of
    /// retention, states and links, and unless <paramref name="quick"/> each text against its hash and the index against
    /// each word, on a copy that is removed again.
    /// </summary>
    /// <exception cref="EngineException">There is no database, or its schema is not the latest. Damage is no exception but a line.</exception>
    public IntegrityReport Check(bool quick = false, Action<string>? progress = null)
    {
        if (!_database.Exists) throw new EngineException(ErrorCode.StorageFailure, $"There is no database at {_database.Path} yet: nothing to check.");
        var backup = _backups.LastGood();
        try
        {
            var checks = _database.Maintain(connection =>
            {
                Require(connection);
                return InOneView(connection, () => IntegrityChecks.Run(connection, quick, progress, backup));
            });
            if (!quick && checks.TrueForAll(static check => check.Name is not ("index" or "full_text") || check.Status == "pass"))
            {
                progress?.Invoke("full-text index against the entries");
                checks[checks.FindIndex(static check => check.Name == "index")] = CompareIndex();
            }
            return IntegrityReport.Of(_database.Path, checks);
        }
        catch (EngineException error) when (StorageErrors.IsDamage(error))
        {
            return IntegrityReport.Of(_database.Path, [new HealthCheck { Name = "sqlite", Status = "fail", Detail = error.Message, Fix = "cairn recover" }]);
        }
    }

    /// <summary>The full-text index alone, against each word of the entries.</summary>
    /// <exception cref="EngineException">As for <see cref="Check"/>.</exception>
    public IntegrityReport CheckIndex(Action<string>? progress = null)
    {
        if (!_database.Exists) throw new EngineException(ErrorCode.StorageFailure, $"There is no database at {_database.Path} yet: nothing to check.");
        progress?.Invoke("full-text index");
        var check = _database.Maintain(connection =>
        {
            Require(connection);
            return IntegrityChecks.Check("index", "", "cairn index rebuild", IntegrityChecks.Guarded(() => IntegrityChecks.Index(connection)));
        });
        if (check.Status == "pass") progress?.Invoke("full-text index against the entries");
        progress?.Invoke("ranked index");
        var ranked = _database.Maintain(static connection => IntegrityChecks.Ranked(connection));
        return IntegrityReport.Of(_database.Path, [check.Status == "pass" ? CompareIndex() : check, ranked]);
    }

    private static void Require(DatabaseConnection connection)
    {
        Migrator.RequireOurs(connection);
        Migrator.RequireCurrent(connection);
    }

    // FTS5 compares with the write lock in hand: on a copy, so that nobody waits for it and nothing of the database is written.
    private HealthCheck CompareIndex()
    {
        const string passed = "the full-text index is as the entries are, word by word";
        try
        {
            return _backups.OnCopy(path =>
            {
                using var copy = DatabaseConnection.Open(path, 16 * 1024);
                try
                {
                    IntegrityStore.CompareIndex(copy);
                    return new HealthCheck { Name = "index", Status = "pass", Detail = passed };
                }
                catch (SqliteException)
                {
                    return new HealthCheck { Name = "index", Status = "fail", Detail = "the full-text index is not as the entries are", Fix = "cairn index rebuild" };
                }
            });
        }
        catch (EngineException error)
        {
            return new HealthCheck { Name = "index", Status = "warn", Detail = $"its structure is right; it was not compared with the entries, which takes a copy of the database: {error.Message}" };
        }
    }

    private static T InOneView<T>(DatabaseConnection connection, Func<T> look)
    {
        connection.ExecuteScript("BEGIN");
        try
        {
            return look();
        }
        finally
        {
            if (SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) == 0) connection.ExecuteScript("ROLLBACK");
        }
    }
}
