using Cairn.Engine.Entries;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Tests.Storage;

/// <summary>The full-text index may be lost at any time: saves go on, and the next search makes it anew.</summary>
public sealed class FullTextSchemaTests : IDisposable
{
    private readonly EngineFixture _cairn = new();

    public void Dispose() => _cairn.Dispose();

    public static TheoryData<string> Faults =>
    [
        "DROP TABLE entries_fts",
        "DROP TRIGGER entries_fts_insert",
        "DROP TRIGGER entries_fts_delete",
        "DROP TRIGGER entries_fts_insert; DROP TRIGGER entries_fts_delete; DROP TRIGGER entries_fts_update",
        "DROP TABLE entries_fts; DROP TRIGGER entries_fts_insert; DROP TRIGGER entries_fts_delete; DROP TRIGGER entries_fts_update",
        "DELETE FROM entries_fts_data",
        "UPDATE entries_fts_data SET block = zeroblob(length(block)) WHERE id > 10",
        "UPDATE entries_fts_data SET block = CAST(substr(hex(block), 1, length(block)) AS BLOB) WHERE id > 10",
        "DROP TABLE entries_fts_data",
        "DROP TABLE entries_fts_idx",
        "DROP TABLE entries_fts_docsize",
    ];

    [Theory]
    [MemberData(nameof(Faults))]
    public void Save_IndexIsLost_GoesOnAndTheNextSearchFindsAll(string fault)
    {
        var (before, forgotten) = (_cairn.Save("A needle, saved before"), _cairn.Save("A needle to forget"));
        _cairn.Sql(fault);

        var meanwhile = _cairn.Save("A needle, saved meanwhile");
        _cairn.Update(forgotten, EntryAction.Forget);
        var revised = _cairn.Update(new EntryChange { Id = before, Action = EntryAction.Revise, Text = "A needle, revised meanwhile" }).Id;

        using var other = _cairn.Another();
        Assert.Equal(2, other.Search.Search(new() { Query = "needle" }, _cairn.Context).Total);
        Assert.Equal([revised, meanwhile], Found());
        AssertSound();
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void Purge_IndexIsLost_GoesOn(string fault)
    {
        var (purged, kept) = (_cairn.Save("A needle to purge"), _cairn.Save("A needle to keep"));
        _cairn.Sql(fault);

        _cairn.Purge(purged);

        using var other = _cairn.Another();
        Assert.Equal([kept], EngineFixture.Ids(other.Search.Search(new() { Query = "needle" }, _cairn.Context)));
        Assert.Equal([kept], Found());
        AssertSound();
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void Search_IndexIsLost_FindsAll(string fault)
    {
        var id = _cairn.Save("A needle");
        _cairn.Sql(fault);
        using var other = _cairn.Another();

        Assert.Equal([id], EngineFixture.Ids(other.Search.Search(new() { Query = "needle" }, _cairn.Context)));
        Assert.Equal([id], Found());
        AssertSound();
    }

    [Fact]
    public void Index_MixOfSavesChangesAndPurges_StaysInStepWithTheTable()
    {
        var random = new Random(20260314);
        var ids = new List<string>();
        for (var i = 0; i < 150; i++)
        {
            var id = ids.Count == 0 ? "" : ids[random.Next(ids.Count)];
            switch (random.Next(6))
            {
                case 0 when ids.Count > 0 && _cairn.Get(id).State == "active":
                    ids.Add(_cairn.Update(new EntryChange { Id = id, Action = EntryAction.Revise, Text = $"Revised {i} 検索{i}", Tags = [$"t{i}"] }).Id);
                    break;
                case 1 when ids.Count > 0:
                    _cairn.Update(id, EntryAction.Forget);
                    break;
                case 2 when ids.Count > 0 && _cairn.Get(id).State == "archived":
                    _cairn.Update(id, EntryAction.Reinstate);
                    break;
                case 3 when i % 4 == 0 && ids.Count > 0:
                    _cairn.Purge(id);
                    ids.Remove(id);
                    break;
                default:
                    ids.Add(_cairn.Save(new NewEntry { Text = $"Entry {i} of {new string('x', random.Next(300))} 全文検索", Type = i % 3 == 0 ? "decision" : null }));
                    break;
            }
        }

        AssertSound();
    }

    [Fact]
    public void Rebuild_Index_IsAsTheMigrationMadeIt()
    {
        _cairn.Save("Entry");
        var before = Schema();
        _cairn.Sql("DROP TABLE entries_fts");
        _cairn.Search("entry");

        Assert.Equal(before, Schema());
        Assert.Equal(["secure-delete|1"], _cairn.Rows("SELECT k, v FROM entries_fts_config WHERE k = 'secure-delete'"));
    }

    private IEnumerable<string> Found() => _cairn.Search("needle").Items.OrderByDescending(item => item.CreatedAt).Select(item => item.Id);

    private void AssertSound()
    {
        using var connection = DatabaseConnection.Open(_cairn.DatabasePath, 1024);
        Assert.True(FullTextSchema.IsAttached(connection));
        connection.ExecuteScript("INSERT INTO entries_fts (entries_fts, rank) VALUES ('integrity-check', 1)");
        Assert.Equal("ok", connection.Text("PRAGMA integrity_check"));
    }

    private List<string> Schema() => _cairn.Rows("SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name LIKE 'entries_fts%' ORDER BY name");
}
