using System.Globalization;
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
        MakeVersionOne(withEntry: false);

        Assert.NotEmpty(_cairn.Engine.Maintenance.Migrate());
        Assert.False(Directory.Exists(Standard));
    }

    [Fact]
    public void Migrate_OlderDatabase_IsBackedUpAsItWas()
    {
        MakeVersionOne(withEntry: true);

        _cairn.Save("The first use migrates");

        var backup = Assert.Single(_cairn.Engine.Backups.List());
        Assert.Equal((BackupReason.Migrate, 1, 1L), (backup.Manifest!.Reason, backup.Manifest.Schema, backup.Manifest.Counts.Entries));
        Assert.True(_cairn.Engine.Backups.Verify().Passed);
        Assert.Equal([$"{Migrator.Latest}"], _cairn.Rows("PRAGMA user_version"));
        Assert.Equal(["2"], _cairn.Rows("SELECT count(*) FROM entries"));
    }

    [Fact]
    public void Scrub_BackupOfAnOlderSchema_TakesThePurgedOutAndKeepsTheSchema()
    {
        MakeVersionOne(withEntry: true);
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
        MakeVersionOne(withEntry: true);
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
        MakeVersionOne(withEntry: true);
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

    /// <summary>A database as the first migration alone leaves it.</summary>
    private void MakeVersionOne(bool withEntry)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_cairn.DatabasePath)!);
        var first = Migrator.All[0];
        _cairn.Sql(string.Create(CultureInfo.InvariantCulture, $"""
            PRAGMA journal_mode = WAL;
            {first.Sql}
            INSERT INTO schema_migrations VALUES (1, '{first.Name}', '{first.Checksum}', 0);
            PRAGMA application_id = {0x4341524E};
            PRAGMA user_version = 1;
            """));
        if (!withEntry) return;
        _cairn.Sql("""
            INSERT INTO projects VALUES (1, 'cairn', 0);
            INSERT INTO entries (id, project_key, occurred_at, recorded_at, changed_at, origin, entry_type, content_hash, title, search_text, body)
            VALUES ('0000000000000001', 1, 0, 0, 0, 'user', 'note', x'00', 'An older entry', '', 'An older entry');
            """);
    }
}
