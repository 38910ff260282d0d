using System.Globalization;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Tests.Storage;

/// <summary>A copy in the place of a database: what tells the former from the new one, and what others see meanwhile.</summary>
public sealed class DatabaseReplaceTests : IDisposable
{
    private readonly EngineFixture _cairn = new();
    private readonly Database _database;
    private readonly string _backup;

    public DatabaseReplaceTests()
    {
        _cairn.Save("In the backup");
        _backup = _cairn.Engine.Backups.Create().Backup.Path;
        _database = new Database(_cairn.Options, TimeProvider.System);
    }

    public void Dispose()
    {
        _database.Dispose();
        _cairn.Dispose();
    }

    [Fact]
    public void ReplaceBy_Live_RaisesTheSchemaCookieByOneEachTime()
    {
        for (var i = 0; i < 3; i++)
        {
            _cairn.Save($"Saved since {i}");
            var before = Cookie();

            new DatabaseReplacement(_database).ReplaceBy(_backup);

            Assert.Equal(before + 1, Cookie());
            Assert.Equal(["1"], _cairn.Rows("SELECT count(*) FROM entries"));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ReplaceBy_NoContent_SetsTheSchemaCookieToOne(bool missing)
    {
        _cairn.Engine.Dispose();
        if (missing) File.Delete(_cairn.DatabasePath);
        else File.WriteAllBytes(_cairn.DatabasePath, []);

        new DatabaseReplacement(_database).ReplaceBy(_backup);

        Assert.Equal(1, Cookie());
    }

    [Fact]
    public void ReplaceBy_RuinedHeader_LeavesTheRuinUntilTheCopyIsWhole()
    {
        _cairn.Engine.Dispose();
        using (var file = new FileStream(_cairn.DatabasePath, FileMode.Open)) file.Write(new byte[100]);
        var ruin = File.ReadAllBytes(_cairn.DatabasePath);
        var damaged = File.ReadAllBytes(_backup)[..8192];
        var half = Path.Combine(_cairn.Folder, "half.db");
        File.WriteAllBytes(half, damaged);

        Assert.Throws<EngineException>(() => new DatabaseReplacement(_database).ReplaceBy(half));
        Assert.Equal(ruin, File.ReadAllBytes(_cairn.DatabasePath));

        new DatabaseReplacement(_database).ReplaceBy(_backup);
        Assert.Equal((1, "wal"), (Cookie(), _cairn.Rows("PRAGMA journal_mode")[0]));
    }

    [Fact]
    public void ReplaceBy_ReaderIsInTheMiddle_ReadsItsSnapshotToTheEnd()
    {
        _cairn.Save("Saved since");
        using var reader = _cairn.Connect();
        using var command = reader.CreateCommand();
        command.CommandText = "BEGIN; SELECT count(*) FROM entries";
        Assert.Equal(2L, Scalar(command));

        new DatabaseReplacement(_database).ReplaceBy(_backup);

        command.CommandText = "SELECT count(*) FROM entries";
        Assert.Equal(2L, Scalar(command));
        command.CommandText = "COMMIT; SELECT count(*) FROM entries";
        Assert.Equal(1L, Scalar(command));
    }

    private long Cookie() => long.Parse(_cairn.Rows("PRAGMA schema_version")[0], CultureInfo.InvariantCulture);

    private static long Scalar(Microsoft.Data.Sqlite.SqliteCommand command)
    {
        using var reader = command.ExecuteReader();
        Assert.True(reader.Read());
        return reader.GetInt64(0);
    }
}
