using System.Globalization;
using Cairn.Engine.Entries;
using Cairn.Engine.Maintenance;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Tests.Maintenance;

/// <summary>A backup takes the database's place, whatever state that is in, while other engines have it open.</summary>
public sealed class RestoreServiceTests : IDisposable
{
    private static readonly RestoreOptions Plain = new();

    private readonly EngineFixture _cairn = new();

    public void Dispose() => _cairn.Dispose();

    [Fact]
    public void Restore_WhileOthersHaveItOpen_AllSeeTheBackupAndWriteOn()
    {
        var kept = _cairn.Save("A needle from before");
        var changed = _cairn.Save("Pinned later");
        var backup = _cairn.Engine.Backups.Create().Backup;
        var others = Enumerable.Range(0, 2).Select(_ => _cairn.Another()).ToList();
        foreach (var other in others) Assert.Equal(2, other.Search.Search(new() { Query = "needle later" }, _cairn.Context).Total);
        var lost = _cairn.Save("Saved after the backup");
        _cairn.Update(changed, EntryAction.Pin);

        var result = _cairn.Engine.Restores.Restore(backup.Name, Plain);

        Assert.Equal((backup.Path, 1L, 1L, 0L, "backup"),
            (result.Backup.Path, result.Safety.EntriesOnlyHere, result.Safety.EntriesThatDiffer, result.Safety.PurgedEntriesBack, result.Safety.Kind));
        Assert.Equal(["integrity", "count", "get", "search", "timeline"], result.Checks.Select(check => check.Name));
        Assert.Equal((BackupReason.BeforeRestore, 3L), (_cairn.Engine.Backups.List()[0].Manifest!.Reason, _cairn.Engine.Backups.List()[0].Manifest!.Counts.Entries));
        foreach (var engine in others.Append(_cairn.Engine))
        {
            Assert.Equal([lost], engine.Entries.Get([kept, lost]).Missing);
            Assert.Equal([kept], EngineFixture.Ids(engine.Search.Search(new() { Query = "needle" }, _cairn.Context)));
            Assert.Null(Assert.Single(engine.Entries.Get([changed]).Items).Pinned);
        }
        var saves = others.Select((other, i) => EngineFixture.Stored(other.Entries.Save(new NewEntry { Text = $"Written on {i}" }, _cairn.Context)).Id).ToList();
        Assert.Equal(2, _cairn.Entries.Get(saves).Items.Count);
        Assert.Equal(["ok", "wal"], [.. _cairn.Rows("PRAGMA integrity_check"), .. _cairn.Rows("PRAGMA journal_mode")]);
        foreach (var other in others) other.Dispose();
        AssertNothingIsLeft();
    }

    [Fact]
    public void Restore_TheSafetyBackup_BringsTheFormerDatabaseBack()
    {
        _cairn.Save("First");
        var backup = _cairn.Engine.Backups.Create().Backup;
        var later = _cairn.Save("Second");

        var safety = _cairn.Engine.Restores.Restore(backup.Name, Plain).Safety;
        _cairn.Engine.Restores.Restore(Path.GetFileName(safety.Path!), Plain);

        Assert.Equal("Second", _cairn.Get(later).Body);
    }

    [Fact]
    public void Restore_EntryWasPurgedSince_SaysThatItIsBack()
    {
        var id = _cairn.Save("To be purged");
        var backup = _cairn.Engine.Backups.Create().Backup;
        _cairn.Purge(id);

        Assert.Equal(1, _cairn.Engine.Restores.Restore(backup.Name, Plain).Safety.PurgedEntriesBack);
    }

    [Fact]
    public void Restore_OlderSchema_IsUpgradedBeforeAnybodySeesIt()
    {
        var backup = OlderBackup();
        var present = _cairn.Save("Of the present");
        var steps = new List<string>();

        var result = _cairn.Engine.Restores.Restore(backup, new RestoreOptions { Progress = (step, _) => steps.Add(step) });

        Assert.Equal(["verifying", "copying", "checking", "upgrading", "replacing", "checking"], steps);
        Assert.Equal(Migrator.All.Skip(1).Select(migration => migration.Name), result.Migrated);
        Assert.Equal([present], _cairn.Entries.Get([present]).Missing);
        Assert.Single(_cairn.Find("older"));
        AssertNothingIsLeft();
    }

    [Theory]
    [InlineData("garbage header")]
    [InlineData("one wrong byte in the header")]
    [InlineData("garbage throughout")]
    [InlineData("zero length")]
    [InlineData("cut short")]
    [InlineData("damaged pages")]
    [InlineData("missing")]
    [InlineData("missing, its log left behind")]
    [InlineData("a newer schema")]
    public void Restore_OverAnUnusableDatabase_Works(string form)
    {
        for (var i = 0; i < 50; i++) _cairn.Save($"Entry {i} {new string('x', 2000)}");
        var backup = _cairn.Engine.Backups.Create().Backup;
        _cairn.Engine.Dispose();
        var before = Spoil(form);
        using var engine = _cairn.Another();

        var result = engine.Restores.Restore(backup.Name, Plain);

        Assert.Equal(form switch { "zero length" or "missing" or "missing, its log left behind" => "none", "a newer schema" => "backup", _ => "damaged" }, result.Safety.Kind);
        if (result.Safety.Kind == "damaged") Assert.Equal(before, File.ReadAllBytes(result.Safety.Path!));
        Assert.Equal(50, engine.Search.Search(new() { Query = "entry" }, _cairn.Context).Total);
        EngineFixture.Stored(engine.Entries.Save(new NewEntry { Text = "Saves go on" }, _cairn.Context));
        engine.Dispose();
        Assert.Equal(["ok", "wal", "51"], [.. _cairn.Rows("PRAGMA integrity_check"), .. _cairn.Rows("PRAGMA journal_mode"), .. _cairn.Rows("SELECT count(*) FROM entries")]);
        AssertNothingIsLeft();
    }

    private byte[] Spoil(string form)
    {
        var path = _cairn.DatabasePath;
        if (form == "a newer schema")
        {
            _cairn.Sql("PRAGMA user_version = 999");
            return [];
        }
        if (form.StartsWith("missing", StringComparison.Ordinal))
        {
            File.Delete(path);
            if (form != "missing") File.WriteAllBytes(path + "-wal", new byte[5000]);
            return [];
        }
        var page = int.Parse(_cairn.Rows("SELECT rootpage FROM sqlite_schema WHERE name = 'entries_by_time'")[0], CultureInfo.InvariantCulture);
        using (var file = new FileStream(path, FileMode.Open))
        {
            var noise = new byte[form == "garbage throughout" ? file.Length : 100];
            new Random(7).NextBytes(noise);
            if (form.StartsWith("garbage", StringComparison.Ordinal)) file.Write(noise);
            if (form == "one wrong byte in the header") file.WriteByte(0);
            if (form == "damaged pages")
            {
                file.Seek((page - 1) * 4096L, SeekOrigin.Begin);
                file.Write(new byte[200]);
            }
            if (form == "zero length") file.SetLength(0);
            if (form == "cut short") file.SetLength(file.Length / 2 + 100);
        }
        return File.ReadAllBytes(path);
    }

    private string OlderBackup()
    {
        OlderDatabase.Make(_cairn);
        _cairn.Save("The first use migrates");
        return Assert.Single(_cairn.Engine.Backups.List()).Name;
    }

    private void AssertNothingIsLeft() => Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(_cairn.DatabasePath)!, "*.restoring*"));
}
