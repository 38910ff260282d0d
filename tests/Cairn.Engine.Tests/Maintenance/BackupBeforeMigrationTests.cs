using Cairn.Engine.Entries;
using Cairn.Engine.Maintenance;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Tests.Maintenance;

/// <summary>A database of an older schema is copied before it is changed; without the copy it is not changed.</summary>
public sealed class BackupBeforeMigrationTests : IDisposable
{
    private readonly EngineFixture _cairn = new();

    private string Standard => Path.Combine(Path.GetDirectoryName(_cairn.DatabasePath)!, "backups");

    public void Dispose() => _cairn.Dispose();

    [Fact]
    public void Migrate_NewDatabase_MakesNoBackup()
    {
        _cairn.Save("Entry");

        Assert.False(Directory.Exists(Standard));
    }

    [Fact]
    public void Migrate_OlderDatabaseWithoutContent_MakesNoBackup()
    {
        OlderDatabase.Make(_cairn, withEntry: false);

        Assert.NotEmpty(_cairn.Engine.Maintenance.Migrate());
        Assert.False(Directory.Exists(Standard));
    }

    [Fact]
    public void Migrate_OlderDatabase_IsBackedUpAsItWas()
    {
        OlderDatabase.Make(_cairn);

        _cairn.Save("The first use migrates");

        var backup = Assert.Single(_cairn.Engine.Backups.List());
        Assert.Equal((BackupReason.BeforeMigrate, 1, 1L), (backup.Manifest!.Reason, backup.Manifest.Schema, backup.Manifest.Counts.Entries));
        Assert.True(_cairn.Engine.Backups.Verify().Passed);
        Assert.Equal([$"{Migrator.Latest}"], _cairn.Rows("PRAGMA user_version"));
        Assert.Equal(["2"], _cairn.Rows("SELECT count(*) FROM entries"));
    }

    [Fact]
    public void Scrub_BackupOfAnOlderSchema_TakesThePurgedOutAndKeepsTheSchema()
    {
        OlderDatabase.Make(_cairn);
        _cairn.Save("The first use migrates");
        _cairn.Purge("0000000000000001");

        var scrubbed = Assert.Single(_cairn.Engine.BackupScrubs.ScrubAll());

        Assert.Equal(("rewritten", 1), (scrubbed.Outcome, scrubbed.Removed));
        var verified = _cairn.Engine.Backups.Verify();
        Assert.Equal((null, 1, 0L), (verified.Problem, verified.Manifest!.Schema, verified.Manifest.Counts.Entries));
        Assert.False(_cairn.Holds("An older entry"));
    }

    [Fact]
    public void Migrate_BackupFails_SchemaStaysAndTheReasonIsSaid()
    {
        OlderDatabase.Make(_cairn);
        File.WriteAllText(Standard, "a file where the folder should be");

        foreach (var call in new Action[] { () => _cairn.Engine.Maintenance.Migrate(), () => _cairn.Save("Entry"), () => _cairn.Find("older") })
        {
            var error = Assert.Throws<EngineException>(call);
            Assert.Equal(ErrorCode.MigrationFailure, error.Code);
            Assert.Contains("not changed, since the backup that comes first failed", error.Message, StringComparison.Ordinal);
        }
        Assert.Equal(["1"], _cairn.Rows("PRAGMA user_version"));

        File.Delete(Standard);
        _cairn.Save("Entry");
        Assert.Equal(["2"], _cairn.Rows("SELECT count(*) FROM entries"));
        Assert.Single(_cairn.Engine.Backups.List());
    }

    [Fact]
    public async Task Migrate_TenEnginesAtOnce_MakeOneBackup()
    {
        OlderDatabase.Make(_cairn);
        var engines = Enumerable.Range(0, 10).Select(_ => _cairn.Another()).ToList();
        using var start = new Barrier(engines.Count);

        await Task.WhenAll(engines.Select((engine, i) => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(TestContext.Current.CancellationToken);
                return engine.Entries.Save(new NewEntry { Text = $"Entry {i}" }, _cairn.Context);
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        Assert.Single(_cairn.Engine.Backups.List());
        Assert.Equal(["11"], _cairn.Rows("SELECT count(*) FROM entries"));
        foreach (var engine in engines) engine.Dispose();
    }
}
