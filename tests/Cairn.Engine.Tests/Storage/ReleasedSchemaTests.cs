using System.Globalization;
using Cairn.Engine.Entries;
using Cairn.Engine.Maintenance;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Tests.Storage;

/// <summary>
/// A database of every schema that ever was, with the rows that its own program wrote, is upgraded by today's. The rows
/// are text (Released/*.sql, made by the builds of their time), so that a review sees them; the tables are made by the
/// migrations, whose texts the recorded checksums hold to what they were. A release with a new schema adds its file.
/// </summary>
public sealed class ReleasedSchemaTests : IDisposable
{
    private readonly EngineFixture _cairn = new();

    private static readonly int[] Files = [.. typeof(ReleasedSchemaTests).Assembly.GetManifestResourceNames()
        .Where(static name => name.StartsWith("Released/", StringComparison.Ordinal)).Select(static name => int.Parse(name["Released/".Length..], CultureInfo.InvariantCulture)).Order()];

    public static TheoryData<int> Versions => [1, .. Files];

    public void Dispose() => _cairn.Dispose();

    [Theory]
    [MemberData(nameof(Versions))]
    public void Upgrade_ADatabaseOfItsTime_KeepsEveryRowAndFindsIt(int version)
    {
        Make(version);
        var tables = Tables();
        var before = tables.Select(Content).ToList();

        using (var engine = _cairn.Another())
        {
            Assert.NotEmpty(engine.Projects.List());
            Assert.Equal(Enumerable.Range(1, Migrator.Latest), engine.Maintenance.Schema().Migrations.Where(static migration => migration.AppliedAt is not null).Select(static migration => migration.Version));
            Assert.DoesNotContain(engine.Maintenance.Schema().Migrations, static migration => migration.ChecksumDiffers is true);
        }

        foreach (var (table, rows) in tables.Zip(before).Where(static pair => pair.First.Name != "schema_migrations"))
            Assert.Equal(rows, Content(table));
        Assert.Equal(before[tables.FindIndex(static table => table.Name == "schema_migrations")], Content(tables.Find(static table => table.Name == "schema_migrations")).Take(version));
        Assert.Equal(["ok"], _cairn.Rows("PRAGMA integrity_check"));
        _cairn.Sql("INSERT INTO entries_fts (entries_fts, rank) VALUES ('integrity-check', 1)");
        AssertWorks();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Upgrade_ByTenAtOnce_IsDoneOnceAfterABackup(int version)
    {
        Make(version);
        var entries = long.Parse(Assert.Single(_cairn.Rows("SELECT count(*) FROM entries")), CultureInfo.InvariantCulture);
        using var together = new Barrier(10);

        await Task.WhenAll(Enumerable.Range(0, 10).Select(number => EngineFixture.Start(() =>
        {
            using var engine = _cairn.Another();
            Assert.True(together.SignalAndWait(TimeSpan.FromMinutes(1)));
            return EngineFixture.Stored(engine.Entries.Save(new NewEntry { Text = $"Saved by number {number}" }, _cairn.In("atlas"))).Id;
        })));

        Assert.Equal([$"{entries + 10}"], _cairn.Rows("SELECT count(*) FROM entries"));
        Assert.Equal([$"{Migrator.Latest}"], _cairn.Rows("SELECT count(*) FROM schema_migrations"));
        AssertWorks();
        if (version == Migrator.Latest)
        {
            Assert.Empty(_cairn.Engine.Backups.List());
            return;
        }
        // Between two steps of one another may come in, which then takes a copy of its own before its step.
        var backups = _cairn.Engine.Backups.List();
        Assert.Equal(backups.Count, backups.Select(static backup => backup.Manifest!.Schema).Distinct().Count());
        var backup = Assert.Single(backups, backup => backup.Manifest!.Schema == version);
        Assert.Equal((BackupReason.BeforeMigrate, entries), (backup.Manifest!.Reason, backup.Manifest.Counts.Entries));
        Assert.All(_cairn.Engine.Backups.VerifyAll(), static verified => Assert.True(verified.Passed));
    }

    // The schema of that version, and the rows of the oldest program that wrote them: with schema 1 alone none was ever used.
    private void Make(int version)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_cairn.DatabasePath)!);
        using var stream = new StreamReader(typeof(ReleasedSchemaTests).Assembly.GetManifestResourceStream(string.Create(CultureInfo.InvariantCulture, $"Released/{Math.Max(version, Files[0])}"))!);
        _cairn.Sql($"PRAGMA journal_mode = WAL; {string.Concat(Migrator.All.Take(version).Select(static migration => migration.Sql))}");
        _cairn.Sql(stream.ReadToEnd());
        _cairn.Sql(string.Create(CultureInfo.InvariantCulture, $"DELETE FROM schema_migrations WHERE version > {version}; PRAGMA application_id = {Migrator.ApplicationId}; PRAGMA user_version = {version}"));
    }

    private void AssertWorks()
    {
        var atlas = _cairn.In("atlas");
        Assert.Equal("How the harbour is entered.", _cairn.Get(Assert.Single(_cairn.Find("harbour", atlas))).Body);
        Assert.Equal("The parser reads UTF-8: naïve café, 記憶の検索, 🧭", _cairn.Get(Assert.Single(_cairn.Find("検索", atlas))).Body);
        Assert.Equal(["Deploys happen on Wednesdays"], _cairn.Find("deploys", atlas).Select(id => _cairn.Get(id).Body));
        Assert.Empty(_cairn.Find("reminder", atlas));
        Assert.Single(_cairn.Find("notes", _cairn.In("borealis")));
        Assert.Equal(["asked for"], _cairn.Rows("SELECT reason FROM purged_entries"));
    }

    // What is searched beside title and body is made of the other columns, and made anew by some migrations.
    private List<(string Name, string Columns)> Tables() =>
    [
        .. _cairn.Rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'entries\\_fts%' ESCAPE '\\' ORDER BY name")
            .Select(name => (name, string.Join(" || '|' || ", _cairn.Rows($"SELECT 'quote(\"' || name || '\")' FROM pragma_table_info('{name}') WHERE name <> 'search_text'")))),
    ];

    private List<string> Content((string Name, string Columns) table) => _cairn.Rows($"SELECT {table.Columns} AS content FROM {table.Name} ORDER BY 1");
}
