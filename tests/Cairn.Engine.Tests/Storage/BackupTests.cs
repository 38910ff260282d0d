using System.Globalization;
using Cairn.Engine.Storage;
using Microsoft.Data.Sqlite;

namespace Cairn.Engine.Tests.Storage;

public sealed class BackupTests : IDisposable
{
    private readonly EngineFixture _cairn = new();

    public void Dispose() => _cairn.Dispose();

    [Fact]
    public void CopyTo_DiskFills_SaysSo()
    {
        FillDatabase();
        using var disk = new SmallDisk(256 * 1024);
        using var database = new Database(_cairn.Options, TimeProvider.System);
        var path = Path.Combine(disk.Path, "copy.db");
        if (!disk.IsFileSystem) path = Path.Combine(disk.Path, "missing", "copy.db");
        else File.WriteAllText(path, "");

        var error = Assert.Throws<EngineException>(() => database.CopyTo(path));

        Assert.Equal(ErrorCode.StorageFailure, error.Code);
        if (disk.IsFileSystem) Assert.Contains($"The disk of {disk.Path} is full", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_TooLittleSpace_CopiesNothing()
    {
        FillDatabase();
        using var disk = new SmallDisk(256 * 1024);

        var error = Assert.Throws<EngineException>(() => _cairn.Engine.Backups.Create(disk.Path));

        Assert.Equal(ErrorCode.StorageFailure, error.Code);
        Assert.Contains(disk.Path, error.Message, StringComparison.Ordinal);
        if (disk.IsFileSystem) Assert.Equal(256 * 1024L, error.Details["free_bytes"]);
        Assert.Empty(disk.Files.Except([".lock"]));
        _cairn.Save("Saves go on");
    }

    // A little more each time: the disk fills in the copy, in SQLite's journal, in the manifest, and then not at all.
    [Fact]
    public void Create_DiskFillsAtAnyStep_LeavesNothingOrAWholeBackup()
    {
        FillDatabase();
        var needed = _cairn.Rows("PRAGMA page_count").Select(pages => long.Parse(pages, CultureInfo.InvariantCulture) * 4096).Single();
        var outcomes = new List<bool>();
        for (var spare = -1; spare <= 6; spare++)
        {
            using var disk = new SmallDisk(needed + spare * 4096);
            var folder = Path.Combine(disk.Path, "backups");
            try
            {
                _cairn.Engine.Backups.Create(folder);
                Assert.True(_cairn.Engine.Backups.Verify(folder: folder).Passed);
                outcomes.Add(true);
            }
            catch (EngineException error)
            {
                Assert.Equal(ErrorCode.StorageFailure, error.Code);
                Assert.False(Directory.Exists(folder) && Directory.EnumerateFiles(folder, "memory*").Any());
                outcomes.Add(false);
                if (!disk.IsFileSystem) return;
            }
        }
        Assert.Equal((false, true), (outcomes[0], outcomes[^1]));
    }

    [Fact]
    public void Copy_WriterIsInTheMiddle_TakesWhatIsCommitted()
    {
        _cairn.Save("Committed");
        using var writer = _cairn.Connect();
        using var transaction = writer.BeginTransaction();
        using var insert = writer.CreateCommand();
        insert.CommandText = "INSERT INTO projects (name, created_at) VALUES ('not committed', 0)";
        insert.ExecuteNonQuery();

        var counts = _cairn.Engine.Backups.Create().Backup.Manifest!.Counts;

        Assert.Equal((1L, 1L), (counts.Projects, counts.Entries));
    }

    [Fact]
    public void Copy_DatabaseIsLocked_WaitsAndIsThenRefused()
    {
        using var cairn = new EngineFixture(options => options with { BusyTimeout = TimeSpan.Zero });
        cairn.Save("Entry");
        cairn.Engine.Dispose();
        using var owner = cairn.Connect();
        using var command = owner.CreateCommand();
        command.CommandText = "PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; UPDATE projects SET name = name;";
        command.ExecuteNonQuery();
        using var engine = cairn.Another();

        var error = Assert.Throws<EngineException>(() => engine.Backups.Create());

        Assert.Equal(ErrorCode.StorageFailure, error.Code);
        Assert.Contains("busy", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_FileThatIsNoDatabase_Fails()
    {
        var path = Path.Combine(_cairn.Folder, "text.db");
        File.WriteAllText(path, new string('x', 8192));

        Assert.Throws<SqliteException>(() => Backup.Inspect(path));
        Assert.Equal([path], Directory.GetFiles(_cairn.Folder));
    }

    private void FillDatabase()
    {
        for (var i = 0; i < 100; i++) _cairn.Save($"Entry {i} {new string('x', 10_000)}");
    }
}
