using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Cairn.Host.Tests.Harness;

/// <summary>A database file as SQLite itself sees it, past all of Cairn.</summary>
internal static class DatabaseFile
{
    static DatabaseFile() => SQLitePCL.Batteries_V2.Init();

    public static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    /// <summary>Runs statements that give no rows; makes the file when there is none.</summary>
    public static void Execute(string path, string sql)
    {
        using var connection = Open(path);
        Execute(connection, sql);
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>The first column of all rows, as text.</summary>
    public static IReadOnlyList<string> Column(string path, string sql)
    {
        using var connection = Open(path);
        return Column(connection, sql);
    }

    public static IReadOnlyList<string> Column(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var values = new List<string>();
        while (reader.Read())
            values.Add(reader.GetString(0));
        return values;
    }

    public static long Number(string path, string sql) =>
        long.Parse(Assert.Single(Column(path, sql)), CultureInfo.InvariantCulture);

    /// <summary>How many rows a table has; 0 when there is no file.</summary>
    public static long Count(string path, string table) =>
        File.Exists(path) ? Number(path, $"SELECT count(*) FROM {table}") : 0;

    /// <summary>Fails unless tables, foreign keys and full-text index are whole and agree. No server may hold the file.</summary>
    public static void AssertIntact(string path)
    {
        Assert.Equal(["ok"], Column(path, "PRAGMA integrity_check"));
        Assert.Empty(Column(path, "PRAGMA foreign_key_check"));
        // With rank 1 FTS5 compares its index with the table; it throws when they differ.
        Execute(path, "INSERT INTO entries_fts (entries_fts, rank) VALUES ('integrity-check', 1)");
    }
}
