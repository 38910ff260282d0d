using System.Text.Json.Nodes;
using Cairn.Engine.Entries;
using Cairn.Engine.Maintenance;
using Cairn.Engine.Storage;
using Microsoft.Data.Sqlite;

namespace Cairn.Engine.Tests.Maintenance;

public sealed class BackupServiceTests : IDisposable
{
    private readonly EngineFixture _cairn = new();

    private BackupService Backups => _cairn.Engine.Backups;

    private string Standard => Path.Combine(Path.GetDirectoryName(_cairn.DatabasePath)!, "backups");

    public void Dispose() => _cairn.Dispose();

    [Fact]
    public void Create_NoDatabase_SaysSoAndMakesNothing()
    {
        var error = Assert.Throws<EngineException>(() => Backups.Create());

        Assert.Equal(ErrorCode.StorageFailure, error.Code);
        Assert.Contains("nothing to back up", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Standard));
    }

    [Fact]
    public void Create_Database_IsOneFileWithAManifest()
    {
        var first = _cairn.Save("Kept");
        _cairn.Update(_cairn.Save("Put away"), EntryAction.Forget);
        _cairn.Update(new EntryChange { Id = first, Action = EntryAction.Revise, Text = "Kept anew" });
        var now = _cairn.Time.GetUtcNow();

        var created = Backups.Create();

        var manifest = created.Backup.Manifest!;
        Assert.Equal("memory-20260314T092657589Z.db", created.Backup.Name);
        Assert.Equal((0, now, BackupStatus.Ok), (created.RemovedUnfinished, created.Backup.CreatedAt, created.Backup.Status));
        Assert.Equal(
            new BackupCounts { ActiveEntries = 1, SupersededEntries = 1, ArchivedEntries = 1, Projects = 1, HighestEntryKey = 3 },
            manifest.Counts);
        Assert.Equal((BackupReason.Manual, Migrator.Latest, "memory.db", new FileInfo(created.Backup.Path).Length),
            (manifest.Reason, manifest.Schema, manifest.Source, manifest.SizeBytes));
        Assert.Equal(["memory-20260314T092657589Z.db", "memory-20260314T092657589Z.json"], Files(Standard));
        Assert.Equal(["delete"], RowsOf(created.Backup.Path, "PRAGMA journal_mode"));
        Assert.Equal(["ok"], RowsOf(created.Backup.Path, "PRAGMA integrity_check"));
        Assert.Equal(["1"], RowsOf(created.Backup.Path, "SELECT count(*) FROM entries_fts WHERE entries_fts MATCH 'anew'"));
    }

    [Fact]
    public void Create_FolderAndFiles_AreTheUsersAlone()
    {
        _cairn.Save("Entry");

        Backups.Create();

        if (OperatingSystem.IsWindows()) return; // no modes there: folders inherit the user's access list
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Standard));
        foreach (var file in Directory.GetFiles(Standard)) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public void Create_SameMoment_TakesAnotherName()
    {
        _cairn.Save("Entry");

        var names = Enumerable.Range(0, 3).Select(_ => Backups.Create().Backup.Name).ToList();

        Assert.Equal(["memory-20260314T092654589Z.db", "memory-20260314T092654590Z.db", "memory-20260314T092654591Z.db"], names);
        Assert.Equal(names.AsEnumerable().Reverse(), Backups.List().Select(backup => backup.Name));
    }

    [Fact]
    public async Task Create_TwentyAtTheSameMoment_AreTwentyWholeBackups()
    {
        _cairn.Save("Entry");
        var engines = Enumerable.Range(0, 20).Select(_ => _cairn.Another()).ToList();
        using var start = new Barrier(engines.Count);

        var names = await Task.WhenAll(engines.Select(engine => Task.Factory.StartNew(
            () => { start.SignalAndWait(TestContext.Current.CancellationToken); return engine.Backups.Create().Backup.Name; },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        Assert.Equal(20, names.Distinct().Count());
        Assert.Equal(40, Files(Standard).Length);
        Assert.All(Backups.VerifyAll(), backup => Assert.True(backup.Passed, backup.Problem));
        foreach (var engine in engines) engine.Dispose();
    }

    [Theory]
    [InlineData("a folder")]
    [InlineData("Gedächtnis 記憶 #100%?x=1&y;é")]
    public void Create_UnusualPath_CanBeVerified(string name)
    {
        if (OperatingSystem.IsWindows()) name = name.Replace("?", "", StringComparison.Ordinal);
        using var cairn = new EngineFixture(options => options with { DatabasePath = Path.Combine(Path.GetDirectoryName(options.DatabasePath)!, name, $"{name}.db") });
        cairn.Save("Entry");
        var elsewhere = Path.Combine(cairn.Folder, "to " + name);

        var backup = cairn.Engine.Backups.Create(elsewhere).Backup;

        Assert.StartsWith($"{name}-2026", backup.Name, StringComparison.Ordinal);
        Assert.True(Assert.Single(cairn.Engine.Backups.VerifyAll(elsewhere)).Passed);
        Assert.True(cairn.Engine.Backups.Verify(backup.Path).Passed);
        Assert.Equal(2, Files(elsewhere).Length);
    }

    [Fact]
    public void Create_TargetIsUnderAFile_SaysSo()
    {
        _cairn.Save("Entry");
        File.WriteAllText(Path.Combine(_cairn.Folder, "file"), "");

        var error = Assert.Throws<EngineException>(() => Backups.Create(Path.Combine(_cairn.Folder, "file", "backups")));

        Assert.Equal(ErrorCode.StorageFailure, error.Code);
        Assert.Contains("name another folder", error.Message, StringComparison.Ordinal);
        _cairn.Save("Saves go on");
    }

    [Fact]
    public void Create_DamagedIndex_IsMadeAnewInTheCopyAlone()
    {
        _cairn.Save("Findable");
        _cairn.Sql("UPDATE entries_fts_data SET block = zeroblob(4) WHERE id > 10");
        Assert.NotEqual(["ok"], _cairn.Rows("PRAGMA quick_check"));

        var backup = Backups.Create().Backup;

        Assert.True(Backups.Verify().Passed);
        Assert.Equal(["1"], RowsOf(backup.Path, "SELECT count(*) FROM entries_fts WHERE entries_fts MATCH 'findable'"));
        Assert.NotEqual(["ok"], _cairn.Rows("PRAGMA quick_check"));
    }

    [Fact]
    public void Create_DamagedDatabase_LeavesNoBackup()
    {
        for (var i = 0; i < 50; i++) _cairn.Save($"Entry {i} {new string('x', 2000)}");
        _cairn.Engine.Dispose();
        var page = int.Parse(_cairn.Rows("SELECT rootpage FROM sqlite_schema WHERE name = 'entries_by_time'")[0], System.Globalization.CultureInfo.InvariantCulture);
        using (var file = new FileStream(_cairn.DatabasePath, FileMode.Open))
        {
            file.Seek((page - 1) * 4096L, SeekOrigin.Begin);
            file.Write(new byte[200]);
        }
        using var engine = _cairn.Another();

        var error = Assert.Throws<EngineException>(() => engine.Backups.Create());

        Assert.Equal(ErrorCode.StorageFailure, error.Code);
        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
        Assert.Empty(Files(Standard));
    }

    [Fact]
    public void Create_LeftoversOfDeadProcesses_AreRemovedAndCounted()
    {
        _cairn.Save("Entry");
        var whole = Backups.Create().Backup.Path;
        var alone = Standard + Path.DirectorySeparatorChar;
        File.WriteAllText(alone + "memory-20250101T000000000Z.json.partial", ""); // killed while copying
        File.WriteAllText(alone + "memory-20250101T000000000Z.db.partial", "half");
        File.WriteAllText(alone + "memory-20250101T000000000Z.db.partial-wal", "");
        File.WriteAllText(alone + "memory-20250102T000000000Z.json.partial", "{"); // killed before the manifest had its name
        File.WriteAllText(alone + "memory-20250102T000000000Z.db", "whole, but nobody says so");
        File.WriteAllText(alone + "memory-20250103T000000000Z.db", "put there by somebody");
        File.WriteAllText(alone + "other-20250101T000000000Z.json.partial", "another database's");
        File.WriteAllText(alone + "memory-notes.json.partial", "somebody's");

        var created = Backups.Create();

        Assert.Equal(2, created.RemovedUnfinished);
        Assert.Equal(
            new[]
            {
                "memory-20250103T000000000Z.db", "memory-notes.json.partial", "other-20250101T000000000Z.json.partial",
                Path.GetFileName(whole), Path.ChangeExtension(Path.GetFileName(whole), ".json"),
                created.Backup.Name, Path.ChangeExtension(created.Backup.Name, ".json"),
            }.Order(StringComparer.Ordinal),
            Files(Standard));
    }

    [Fact]
    public void Create_AnotherIsUnderWay_LeavesItAlone()
    {
        _cairn.Save("Entry");
        var folder = new BackupFolder(Standard, "memory");
        using (var other = folder.Take(_cairn.Time.GetUtcNow()).Files)
        {
            other.CreateCopy();

            Assert.Equal(0, Backups.Create().RemovedUnfinished);

            Assert.True(File.Exists(other.Copy));
            Assert.Single(Backups.List());
        }
        Assert.Equal(2, Files(Standard).Length);
    }

    [Fact]
    public void Verify_NoBackups_SaysSo()
    {
        Assert.Empty(Backups.List());
        foreach (var call in new Action[] { () => Backups.Verify(), () => Backups.VerifyAll() })
            Assert.Contains("no backup", Assert.Throws<EngineException>(call).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void List_NamedFolderIsMissing_IsInvalid() =>
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<EngineException>(() => Backups.List(Path.Combine(_cairn.Folder, "missing"))).Code);

    [Fact]
    public void Verify_NameThatIsNotThere_IsInvalid() =>
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<EngineException>(() => Backups.Verify("memory-20250101T000000000Z.db")).Code);

    [Fact]
    public void Verify_TheDatabaseItself_IsRefused()
    {
        _cairn.Save("Entry");

        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<EngineException>(() => Backups.Verify(_cairn.DatabasePath)).Code);
    }

    [Fact]
    public void Verify_Whole_ChangesNothing()
    {
        _cairn.Save("Entry");
        var backup = Backups.Create().Backup;
        var before = File.GetLastWriteTimeUtc(backup.Path);

        Assert.Null(Backups.Verify(backup.Name).Problem);

        Assert.Equal(2, Files(Standard).Length);
        Assert.Equal(before, File.GetLastWriteTimeUtc(backup.Path));
    }

    [Fact]
    public void Verify_EachByteOfTheCopy_Counts()
    {
        _cairn.Save("Entry");
        var backup = Backups.Create().Backup;
        var content = File.ReadAllBytes(backup.Path);
        for (var position = 0; position < content.Length; position += content.Length / 31)
        {
            content[position] ^= 1;
            File.WriteAllBytes(backup.Path, content);
            Assert.Contains("SHA-256", Backups.Verify().Problem, StringComparison.Ordinal);
            content[position] ^= 1;
        }
        File.WriteAllBytes(backup.Path, content);
        Assert.True(Backups.Verify().Passed);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Verify_OtherLength_Fails(int change)
    {
        _cairn.Save("Entry");
        var backup = Backups.Create().Backup;
        using (var file = new FileStream(backup.Path, FileMode.Open)) file.SetLength(file.Length + change);

        Assert.Contains("as long as", Backups.Verify().Problem, StringComparison.Ordinal);
        Assert.Equal(BackupStatus.Damaged, Assert.Single(Backups.List()).Status);
    }

    [Theory]
    [InlineData("sha256", "0000000000000000000000000000000000000000000000000000000000000000", "SHA-256")]
    [InlineData("schema", 1, "counts")]
    [InlineData("size_bytes", 1, "as long as")]
    [InlineData("active_entries", 2, "counts")]
    [InlineData("projects", 0, "counts")]
    [InlineData("highest_entry_key", 7, "counts")]
    [InlineData("format_version", 2, "manifest cannot be read")]
    [InlineData("reason", null, "manifest cannot be read")]
    public void Verify_EditedManifest_Fails(string field, object? value, string words)
    {
        _cairn.Save("Entry");
        var backup = Backups.Create().Backup;
        var path = Path.ChangeExtension(backup.Path, ".json");
        var manifest = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        var owner = manifest.ContainsKey(field) ? manifest : manifest["counts"]!.AsObject();
        owner[field] = value switch { int number => number, string text => text, _ => null };
        File.WriteAllText(path, manifest.ToJsonString());

        var verified = Backups.Verify();

        Assert.False(verified.Passed);
        Assert.Contains(words, verified.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("\"text\"")]
    public void List_DamagedManifest_SaysSo(string content)
    {
        _cairn.Save("Entry");
        var backup = Backups.Create().Backup;
        File.WriteAllText(Path.ChangeExtension(backup.Path, ".json"), content);

        Assert.Equal(BackupStatus.DamagedManifest, Assert.Single(Backups.List()).Status);
        Assert.Contains("manifest cannot be read", Backups.Verify().Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void List_HugeManifest_IsNotRead()
    {
        _cairn.Save("Entry");
        var backup = Backups.Create().Backup;
        File.AppendAllText(Path.ChangeExtension(backup.Path, ".json"), new string(' ', 100_000));

        Assert.Equal(BackupStatus.DamagedManifest, Assert.Single(Backups.List()).Status);
    }

    [Fact]
    public void List_LostManifest_IsUnverified()
    {
        _cairn.Save("Entry");
        var backup = Backups.Create().Backup;
        File.Delete(Path.ChangeExtension(backup.Path, ".json"));

        Assert.Equal(BackupStatus.Unverified, Assert.Single(Backups.List()).Status);
        Assert.Contains("no manifest", Backups.Verify().Problem, StringComparison.Ordinal);
        Assert.Equal(0, Backups.Create().RemovedUnfinished);
        Assert.Equal(2, Backups.List().Count);
    }

    private static string[] Files(string folder) =>
        Directory.Exists(folder) ? [.. Directory.GetFiles(folder).Select(Path.GetFileName).OfType<string>().Where(name => name != ".lock").Order(StringComparer.Ordinal)] : [];

    /// <summary>The rows of a query on a copy of a backup, so that the backup itself is not opened.</summary>
    private List<string> RowsOf(string backup, string sql)
    {
        var path = Path.Combine(_cairn.Folder, "opened.db");
        File.WriteAllBytes(path, File.ReadAllBytes(backup));
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read()) rows.Add($"{reader.GetValue(0)}");
        return rows;
    }
}
