using Cairn.Engine.Storage;
using Microsoft.Data.Sqlite;

namespace Cairn.Engine.Tests.Storage;

public sealed class DatabaseConnectionTests : IDisposable
{
    private readonly EngineFixture _cairn = new();
    private readonly DatabaseConnection _connection;

    public DatabaseConnectionTests()
    {
        _cairn.Save("Entry");
        _connection = DatabaseConnection.Open(_cairn.DatabasePath, cacheKibibytes: 2048);
    }

    public void Dispose()
    {
        _connection.Dispose();
        _cairn.Dispose();
    }

    [Theory]
    [InlineData("journal_mode", "wal")]
    [InlineData("synchronous", "2")]
    [InlineData("foreign_keys", "1")]
    [InlineData("trusted_schema", "0")]
    [InlineData("cell_size_check", "1")]
    [InlineData("recursive_triggers", "0")]
    [InlineData("temp_store", "2")]
    [InlineData("cache_size", "-2048")]
    [InlineData("mmap_size", "0")]
    public void Open_Pragma_Holds(string pragma, string value) => Assert.Equal(value, _connection.Text($"PRAGMA {pragma}"));

    [Theory]
    [InlineData("DELETE FROM entries_fts_data")]
    [InlineData("UPDATE entries_fts_config SET v = 9")]
    [InlineData("PRAGMA writable_schema = ON; DELETE FROM sqlite_schema")]
    [InlineData("PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = '' WHERE name = 'entries'")]
    public void Open_Defensive_RefusesToSpoilTheSchema(string sql) => Assert.Throws<SqliteException>(() => _connection.ExecuteScript(sql));

    [Fact]
    public void Open_ForeignKeys_AreEnforced() =>
        Assert.Equal(SQLitePCL.raw.SQLITE_CONSTRAINT, Assert.Throws<SqliteException>(() => _connection.Execute("DELETE FROM projects")).SqliteErrorCode);

    [Fact]
    public void Open_MissingFile_IsNotCreated()
    {
        var missing = Path.Combine(_cairn.Folder, "missing.db");

        Assert.Throws<SqliteException>(() => DatabaseConnection.Open(missing, 1024).Dispose());
        Assert.False(File.Exists(missing));
    }

    [Fact]
    public void Bind_Values_ArriveAsTheyAre()
    {
        var time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(2));

        Assert.Equal(
            ("'; --", (string?)null, 7L, time.ToUnixTimeMilliseconds(), 1L),
            _connection.First("SELECT ?1, ?2, ?3, ?4, ?5", static row => (row.GetString(0), row.TextOrNull(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)), "'; --", null, 7, time, true));
    }

    [Fact]
    public void Query_SameStatementAgain_TakesTheNewValues()
    {
        Assert.Equal([1L, 2, 3], Enumerable.Range(1, 3).Select(i => _connection.Number("SELECT ?1", i)!.Value));
        Assert.Null(_connection.Number("SELECT ?1", [null]));
        Assert.Null(_connection.Text("SELECT 1 WHERE 0"));
    }
}
