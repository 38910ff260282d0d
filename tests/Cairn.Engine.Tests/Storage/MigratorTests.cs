using Cairn.Engine.Entries;
using Cairn.Engine.Maintenance;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Tests.Storage;

public sealed class MigratorTests : IDisposable
{
    private readonly EngineFixture _cairn = new();

    public void Dispose() => _cairn.Dispose();

    [Fact]
    public void All_Migrations_AreNumberedWithoutAGapUpToLatest()
    {
        Assert.Equal(Enumerable.Range(1, Migrator.Latest), Migrator.All.Select(migration => migration.Version));
        Assert.Equal(Migrator.Latest, MaintenanceService.LatestSchema);
        Assert.All(Migrator.All, migration => Assert.DoesNotContain('\r', migration.Sql));
    }

    [Fact]
    public void Up_NewFile_AppliesAndRecordsAll()
    {
        Assert.Equal(Migrator.All.Select(migration => migration.Name), _cairn.Engine.Maintenance.Migrate());

        Assert.Equal(
            Migrator.All.Select(migration => $"{migration.Version}|{migration.Name}|{migration.Checksum}|{_cairn.Time.Start.ToUnixTimeMilliseconds()}"),
            _cairn.Rows("SELECT version, name, checksum, applied_at FROM schema_migrations ORDER BY version"));
        Assert.Equal([$"{Migrator.Latest}"], _cairn.Rows("PRAGMA user_version"));
        Assert.Equal(["wal"], _cairn.Rows("PRAGMA journal_mode"));
    }

    [Fact]
    public void Up_Again_AppliesNothing()
    {
        _cairn.Engine.Maintenance.Migrate();

        Assert.Empty(_cairn.Engine.Maintenance.Migrate());
    }

    [Fact]
    public async Task Up_TenEnginesAtOnce_OneMigratesAndAllSave()
    {
        var engines = Enumerable.Range(0, 10).Select(_ => _cairn.Another()).ToList();
        using var start = new Barrier(engines.Count);
        var ids = await Task.WhenAll(engines.Select((engine, i) => EngineFixture.Start(() =>
        {
            start.SignalAndWait();
            return EngineFixture.Stored(engine.Entries.Save(new NewEntry { Text = $"Entry {i}" }, _cairn.Context)).Id;
        })));

        Assert.Equal(10, _cairn.Entries.Get(ids).Items.Count);
        Assert.Equal(Migrator.All.Select(migration => $"{migration.Version}"), _cairn.Rows("SELECT version FROM schema_migrations ORDER BY version"));
        Assert.Equal(["1"], _cairn.Rows("SELECT count(*) FROM projects"));
        foreach (var engine in engines) engine.Dispose();
    }

    [Fact]
    public void Up_OlderFile_AppliesWhatIsMissing()
    {
        _cairn.Save("Saved before");
        GoBackToVersionOne();

        Assert.Equal(Migrator.All.Skip(1).Select(static migration => migration.Name), _cairn.Engine.Maintenance.Migrate());
        Assert.Single(_cairn.Rows("SELECT id FROM entries"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("DROP TRIGGER entries_fts_insert; DROP TRIGGER entries_fts_delete; DROP TRIGGER entries_fts_update;")]
    [InlineData("DROP TRIGGER entries_fts_insert; DROP TRIGGER entries_fts_delete; DROP TRIGGER entries_fts_update; DROP TABLE entries_fts;")]
    public void Up_BeforeNames_EntriesAreFoundByNamesAndMetadataAsIfSavedNow(string damage)
    {
        OlderDatabase.Make(_cairn, withEntry: false);
        _cairn.Sql($$"""
            {{string.Concat(Migrator.All.Where(migration => migration.Version is 2 or 3).Select(migration => migration.Sql))}}
            PRAGMA user_version = 3;
            INSERT INTO projects VALUES (1, 'cairn', 0);
            INSERT INTO entries (id, project_key, occurred_at, recorded_at, changed_at, origin, entry_type, source_ref, tags, metadata, content_hash, title, search_text, body)
            VALUES ('0000000000000001', 1, 1700000000000, 0, 0, 'user', 'bugfix', 'src/Program.cs', '["one","two"]', '{"speaker":"Ann"}', x'00', 'A title', 'bugfix', 'It was MAX_WAIT'),
                   ('0000000000000002', 1, 1700000000000, 0, 0, 'user', 'note', NULL, NULL, NULL, x'01', 'Another', 'note', 'callsGetUser');
            {{damage}}
            """);
        var metadata = System.Text.Json.JsonElement.Parse("""{"speaker":"Ann"}""");
        var draft = EntryDraft.From(new NewEntry { Text = "It was MAX_WAIT", Title = "A title", Type = "bugfix", SourceRef = "src/Program.cs", Tags = ["one", "two"], Metadata = metadata });

        Assert.Equal(Migrator.All.Skip(3).Select(static migration => migration.Name), _cairn.Engine.Maintenance.Migrate());

        Assert.Equal([draft.SearchText(DateTimeOffset.FromUnixTimeMilliseconds(1700000000000)).ReplaceLineEndings(" ")], _cairn.Rows("SELECT replace(search_text, char(10), ' ') FROM entries WHERE key = 1"));
        Assert.Equal(["0000000000000001"], _cairn.Find("ann"));
        Assert.Equal(["0000000000000001"], _cairn.Find("maxwait"));
        Assert.Equal(["0000000000000002"], _cairn.Find("user"));
        Assert.Empty(SchemaDifferences());
    }

    [Fact]
    public void Up_FailingMigration_IsRolledBack()
    {
        _cairn.Save("Saved before");
        GoBackToVersionOne();
        _cairn.Sql("CREATE TABLE entries_fts_delete (x); CREATE TRIGGER entries_fts_update AFTER DELETE ON entries BEGIN SELECT 1; END");

        var error = Assert.Throws<EngineException>(() => _cairn.Engine.Maintenance.Migrate());

        Assert.Equal((ErrorCode.MigrationFailure, 2), (error.Code, error.Details["migration"]));
        Assert.Equal(["1"], _cairn.Rows("PRAGMA user_version"));
        Assert.Equal(["0"], _cairn.Rows("SELECT count(*) FROM sqlite_schema WHERE name IN ('entries_fts', 'entries_fts_insert')"));
    }

    [Fact]
    public void RequireOurs_NewerSchema_IsRefusedAndLeftAlone()
    {
        _cairn.Save("Entry");
        _cairn.Sql($"PRAGMA user_version = {Migrator.Latest + 1}");

        AssertRefusedAndLeftAlone($"schema {Migrator.Latest + 1}");
    }

    [Theory]
    [InlineData("PRAGMA application_id = 252006674; CREATE TABLE t (x); INSERT INTO t VALUES ('theirs')")]
    [InlineData("CREATE TABLE entries (x); INSERT INTO entries VALUES ('theirs')")]
    [InlineData("PRAGMA user_version = 1")]
    [InlineData("PRAGMA user_version = 3; PRAGMA application_id = 1")]
    [InlineData("PRAGMA journal_mode = WAL; CREATE TABLE t (x)")]
    public void RequireOurs_DatabaseOfAnotherProgram_IsRefusedAndLeftAlone(string sql)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_cairn.DatabasePath)!);
        _cairn.Sql(sql);

        AssertRefusedAndLeftAlone("another program");
    }

    [Theory]
    [InlineData("short")]
    [InlineData("SQLite format 3")]
    [InlineData("A text of some length that is no database at all, but notes that somebody keeps in a file with a name like one of ours, in some lines.\n")]
    public void RequireOurs_TextFile_IsRefusedAndLeftAlone(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_cairn.DatabasePath)!);
        File.WriteAllText(_cairn.DatabasePath, text);

        AssertRefusedAndLeftAlone("not a SQLite database");
    }

    [Fact]
    public void RequireOurs_EmptyFile_IsANewDatabase()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_cairn.DatabasePath)!);
        File.WriteAllText(_cairn.DatabasePath, "");

        Assert.Equal("Entry", _cairn.Get(_cairn.Save("Entry")).Body);
    }

    [Fact]
    public void RequireCurrent_SchemaGrewUnderAnOpenEngine_StopsWrites()
    {
        var id = _cairn.Save("Entry");
        _cairn.Sql($"PRAGMA user_version = {Migrator.Latest + 1}");

        Assert.Equal(ErrorCode.MigrationFailure, Assert.Throws<EngineException>(() => _cairn.Save("Another")).Code);
        Assert.Equal(ErrorCode.MigrationFailure, Assert.Throws<EngineException>(() => _cairn.Update(id, EntryAction.Forget)).Code);
        Assert.Equal(["1"], _cairn.Rows("SELECT count(*) FROM entries"));

        _cairn.Sql($"PRAGMA user_version = {Migrator.Latest}");
        _cairn.Save("Another");
    }

    private void AssertRefusedAndLeftAlone(string words)
    {
        _cairn.Engine.Dispose();
        var before = File.ReadAllBytes(_cairn.DatabasePath);
        using (var engine = _cairn.Another())
        {
            foreach (var call in new Action[]
            {
                () => engine.Entries.Save(new NewEntry { Text = "x" }, _cairn.Context),
                () => engine.Entries.Get(["0123456789ABCDEF"]),
                () => engine.Search.Search(new() { Query = "x" }, _cairn.Context),
                () => engine.Projects.List(),
                () => engine.Maintenance.Migrate(),
                () => engine.Maintenance.Schema(),
            })
            {
                var error = Assert.Throws<EngineException>(call);
                Assert.Equal(ErrorCode.MigrationFailure, error.Code);
                Assert.Contains(words, error.Message, StringComparison.Ordinal);
            }
            Assert.Contains(engine.Maintenance.Check(), check => check.Status == "fail");
        }
        Assert.Equal(before, File.ReadAllBytes(_cairn.DatabasePath));
        Assert.Equal([_cairn.DatabasePath], Directory.GetFiles(Path.GetDirectoryName(_cairn.DatabasePath)!).Except([$"{_cairn.DatabasePath}.lock"]));
    }

    private List<string> SchemaDifferences()
    {
        using var connection = DatabaseConnection.Open(_cairn.DatabasePath, 1024);
        return SchemaObjects.Differences(connection);
    }

    private void GoBackToVersionOne()
    {
        _cairn.Sql("""
            DROP TRIGGER ranked_index_text;
            DROP TRIGGER ranked_index_gone;
            DROP TRIGGER ranked_index_state;
            DROP TABLE ranked_segments;
            DROP TABLE ranked_pages;
            DROP TABLE ranked_changes;
            DROP TRIGGER embeddings_text;
            DROP TRIGGER embeddings_moved;
            DROP TRIGGER embeddings_reinstated;
            DROP INDEX entries_by_commit;
            DROP TABLE git_histories;
            DROP TABLE session_files;
            DROP TABLE capture_events;
            DROP INDEX entries_pinned;
            DROP INDEX entries_brief;
            DROP TABLE embeddings;
            DROP TABLE embedding_models;
            DROP TABLE embedding_changes;
            DROP TABLE policy_events;
            ALTER TABLE entries DROP COLUMN rule_set_key;
            DROP TABLE policy_rule_sets;
            DROP TRIGGER entries_fts_insert;
            DROP TRIGGER entries_fts_delete;
            DROP TRIGGER entries_fts_update;
            DROP TABLE entries_fts;
            DELETE FROM schema_migrations WHERE version > 1;
            PRAGMA user_version = 1;
            """);
    }
}
