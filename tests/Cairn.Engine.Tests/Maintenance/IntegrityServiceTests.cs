using Cairn.Engine.Entries;
using Cairn.Engine.Retention;

namespace Cairn.Engine.Tests.Maintenance;

/// <summary>What the integrity check sees beyond SQLite's own.</summary>
public sealed class IntegrityServiceTests : IDisposable
{
    private readonly EngineFixture _cairn = new();

    public void Dispose() => _cairn.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Check_DatabaseInUse_PassesAndChangesNothing(bool quick)
    {
        var old = _cairn.Save("First");
        _cairn.Update(new EntryChange { Id = old, Action = EntryAction.Revise, Text = "Second" });
        _cairn.Update(_cairn.Save("Put away"), EntryAction.Forget);
        _cairn.Engine.Purges.Purge([_cairn.Save("Purged")], null);
        _cairn.Engine.Retention.DryRun(new RetentionInputs { MaxAgeDays = 1 });

        var report = _cairn.Engine.Integrity.Check(quick);

        Assert.All(report.Checks, static check => Assert.True(check.Status == "pass", $"{check.Name}: {check.Detail}"));
        Assert.Equal("pass", report.Status);
        string[] lines = ["sqlite", "foreign_keys", "schema", "index", "ranked_index", "audit", "states"];
        Assert.Equal(quick ? lines : [.. lines, "texts"], report.Checks.Select(static check => check.Name));
        Assert.DoesNotContain(Directory.EnumerateFiles(_cairn.Folder, "*", SearchOption.AllDirectories), static file => file.Contains(".partial", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_NoDatabase_SaysSo() =>
        Assert.Contains("nothing to check", Assert.Throws<EngineException>(() => _cairn.Engine.Integrity.Check()).Message, StringComparison.Ordinal);

    public static TheoryData<string, string, string> Faults => new()
    {
        { "DROP TRIGGER entries_fts_update", "schema", "trigger entries_fts_update is missing" },
        { "DROP INDEX entries_by_time", "schema", "index entries_by_time is missing" },
        { "CREATE TABLE theirs (x)", "schema", "table theirs is none of the migrations'" },
        { "DROP TABLE entries_fts; DROP TRIGGER entries_fts_insert; DROP TRIGGER entries_fts_delete; DROP TRIGGER entries_fts_update", "index", "is missing" },
        { "INSERT INTO entries_fts (entries_fts, rowid, title, body, search_text) SELECT 'delete', key, title, body, search_text FROM entries WHERE key = 1", "index", "1 entries are not in it" },
        { "UPDATE retention_audit_events SET inputs = '{}'", "audit", "this row was altered" },
        { "UPDATE entries SET state = 'superseded' WHERE key = 1", "states", "1 superseded, and nothing took their place" },
        { "INSERT INTO entry_links VALUES (1, 2, 'supersedes', 1), (2, 3, 'supersedes', 1), (3, 1, 'supersedes', 1)", "states", "3 in a circle" },
        { "DROP INDEX entries_content; UPDATE entries SET content_hash = x'00' WHERE key < 3", "states", "1 active twice" },
        { "PRAGMA ignore_check_constraints = ON; UPDATE entries SET metadata = '{' WHERE key = 1", "states", "1 with tags or metadata that are no JSON" },
        { "UPDATE entries SET id = '0123456789abcdef' WHERE key = 1", "states", "1 with an id that is none" },
        { "PRAGMA ignore_check_constraints = ON; UPDATE entries SET state = 'archived' WHERE key = 1", "states", "1 archived without a reason" },
        { "UPDATE entries SET recorded_at = -140000000000000 WHERE key = 1", "states", "1 with a time that is none" },
        { "PRAGMA foreign_keys = OFF; DELETE FROM projects", "foreign_keys", "entries: 3" },
        { "UPDATE entries SET body = 'Another text' WHERE key = 2", "texts", "1 entries with a text that is not the one that was saved (keys 2)" },
        { "UPDATE entries SET branch = CAST(x'ff41' AS TEXT) WHERE key = 2", "texts", "texts that are not UTF-8 in entries: 1" },
        { "DROP TRIGGER entries_fts_update; UPDATE entries SET search_text = 'elsewhere' WHERE key = 2; CREATE TRIGGER entries_fts_update AFTER UPDATE OF title, body, search_text ON entries BEGIN\n    INSERT INTO entries_fts (entries_fts, rowid, title, body, search_text)\n    VALUES ('delete', old.key, old.title, old.body, old.search_text);\n    INSERT INTO entries_fts (rowid, title, body, search_text)\n    VALUES (new.key, new.title, new.body, new.search_text);\nEND", "index", "is not as the entries are" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Check_SomethingAmiss_IsNamedWithWhatMendsIt(string fault, string line, string words)
    {
        foreach (var text in new[] { "One", "Two", "Three" }) _cairn.Save(text);
        _cairn.Engine.Retention.DryRun(new RetentionInputs { MaxAgeDays = 1 });
        _cairn.Sql(fault);

        var report = _cairn.Engine.Integrity.Check();

        var check = Assert.Single(report.Checks, check => check.Name == line);
        Assert.Equal(("fail", "fail"), (report.Status, check.Status));
        Assert.Contains(words, check.Detail, StringComparison.Ordinal);
        Assert.Contains("cairn", check.Fix!, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_SupersededByOneThatWasPurged_Passes()
    {
        var old = _cairn.Save("First");
        _cairn.Engine.Purges.Purge([_cairn.Update(new EntryChange { Id = old, Action = EntryAction.Revise, Text = "Second" }).Id], null);

        Assert.Equal("pass", _cairn.Engine.Integrity.Check().Status);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    [InlineData(-140_000_000_000_000)] // the highest bit of today's six bytes
    public void Read_EntryWithATimeThatIsNone_IsReadAndRecoveredAllTheSame(long time)
    {
        var (first, second) = (_cairn.Save("First about basalt"), _cairn.Save("Second"));
        var recordedAt = _cairn.Rows("SELECT occurred_at FROM entries WHERE key = 1").Select(long.Parse).Single();
        _cairn.Sql($"UPDATE entries SET recorded_at = {time}, changed_at = {time} WHERE key = 1");

        Assert.Equal("First about basalt", _cairn.Get(first).Body);
        Assert.Equal([first], _cairn.Find("basalt"));
        Assert.All(_cairn.Engine.Health.Check(), check => Assert.NotEqual("fail", check.Status));
        Assert.Equal([], _cairn.Engine.Retention.DryRun(new RetentionInputs { MaxAgeDays = 1 }).CandidateIds);
        var recovered = _cairn.Engine.Recovery.Recover();
        Assert.Equal([first], recovered.DamagedIds);
        Assert.All(recovered.Checks, check => Assert.Equal("pass", check.Status));
        using var other = new CairnEngine(_cairn.Options with { DatabasePath = recovered.Database.Path }, _cairn.Time);
        Assert.Equal([(first, recordedAt), (second, recordedAt + 1000)], other.Entries.Get([first, second]).Items.Select(entry => (entry.Id, entry.CreatedAt.ToUnixTimeMilliseconds())));
    }

    [Fact]
    public void Read_DamagedDatabase_NamesTheCheckAndTheLastBackup()
    {
        _cairn.Save("Entry");
        var backup = _cairn.Engine.Backups.Create().Backup.Name;
        _cairn.Engine.Dispose();
        var bytes = File.ReadAllBytes(_cairn.DatabasePath);
        File.WriteAllBytes(_cairn.DatabasePath, bytes[..(bytes.Length / 2 / 4096 * 4096)]);
        _cairn.Reopen();

        var error = Assert.Throws<EngineException>(() => _cairn.Search("entry"));

        Assert.Equal(ErrorCode.StorageFailure, error.Code);
        Assert.Contains("run cairn integrity check", error.Message, StringComparison.Ordinal);
        Assert.Contains($"the last good backup is {backup}", error.Message, StringComparison.Ordinal);
        var report = _cairn.Engine.Integrity.Check();
        Assert.Equal(("fail", "cairn recover"), (report.Status, report.Checks[0].Fix));
    }
}
