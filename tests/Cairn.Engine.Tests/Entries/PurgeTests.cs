using System.Text.Json;
using Cairn.Engine.Entries;

namespace Cairn.Engine.Tests.Entries;

public sealed class PurgeTests : IDisposable
{
    private const string Needle = "xqzneedlexqz";

    private readonly EngineFixture _cairn = new();

    public void Dispose() => _cairn.Dispose();

    [Fact]
    public void Purge_Entry_IsGoneFromEveryAnswer()
    {
        var (before, id, after) = (_cairn.Save("Before"), _cairn.Save($"The {Needle}"), _cairn.Save("After"));

        Assert.Equal([id], Purge(id).Ids);
        Assert.Equal([id], _cairn.Entries.Get([id]).Missing);
        Assert.Empty(_cairn.Find(Needle));
        Assert.Equal([before, after], _cairn.Entries.Timeline(before, 5, 5).Items.Select(item => item.Id));
        Assert.Equal(ErrorCode.EntryNotFound, Assert.Throws<EngineException>(() => Purge(id)).Code);
        Assert.Equal(ErrorCode.EntryNotFound, Assert.Throws<EngineException>(() => _cairn.Entries.Timeline(id, 1, 1)).Code);
        Assert.Equal(ErrorCode.EntryNotFound, Assert.Throws<EngineException>(() => _cairn.Update(id, EntryAction.Reinstate)).Code);
    }

    [Fact]
    public void Purge_Entry_KeepsIdTimeAndReason()
    {
        var id = _cairn.Save("Entry");
        var now = _cairn.Time.GetUtcNow().ToUnixTimeMilliseconds();
        _cairn.Engine.Purges.Purge([id.ToLowerInvariant()], " a key\nwas in it ");

        Assert.Equal([$"{id}|a key was in it|{now}"], _cairn.Rows("SELECT id, reason, purged_at FROM purged_entries"));
    }

    [Theory]
    [InlineData("active")]
    [InlineData("superseded")]
    [InlineData("archived")]
    public void Purge_EntryInAnyState_IsGone(string state)
    {
        var id = _cairn.Save("Entry");
        if (state == "superseded") _cairn.Save(new NewEntry { Text = "Successor", Supersedes = [id] });
        if (state == "archived") _cairn.Update(id, EntryAction.Forget);
        Purge(id);

        Assert.Equal([id], _cairn.Entries.Get([id]).Missing);
        Assert.Equal(["0|0"], _cairn.Rows("SELECT (SELECT count(*) FROM entry_links), (SELECT count(*) FROM entry_revisions)"));
    }

    [Fact]
    public void Purge_SavedAgain_IsAnotherEntry()
    {
        var id = _cairn.Save("Entry");
        Purge(id);

        Assert.NotEqual(id, _cairn.Save("Entry"));
    }

    [Fact]
    public void Purge_UnknownIdOrLongReason_IsRefused()
    {
        Assert.Equal(ErrorCode.EntryNotFound, Assert.Throws<EngineException>(() => Purge("no id at all")).Code);
        TextRulesTests.AssertTooLong(Assert.Throws<EngineException>(() => _cairn.Engine.Purges.Purge([_cairn.Save("Entry")], new string('r', 201))), "reason", 200, 201);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3_000)]
    [InlineData(60_000)]
    public void Purge_Entry_LeavesItsTextInNoByte(int length)
    {
        SaveOthers(50);
        var id = SaveNeedle(length);
        SaveOthers(50);
        Assert.True(_cairn.Holds(Needle));

        Purge(id);

        Assert.False(_cairn.Holds(Needle));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3_000)]
    [InlineData(60_000)]
    public void Purge_EntryThatMovedAboutInTheFile_LeavesItsTextInNoByte(int length)
    {
        SaveOthers(50);
        var id = SaveNeedle(length);
        SaveOthers(10);
        foreach (var action in new[] { EntryAction.Pin, EntryAction.Forget, EntryAction.Reinstate, EntryAction.Unpin, EntryAction.Forget, EntryAction.Reinstate }) _cairn.Update(id, action);
        SaveOthers(50);
        _cairn.Update(new EntryChange { Id = id, Action = EntryAction.Supersede, SupersededBy = _cairn.Save("Successor") });
        _cairn.Update(id, EntryAction.Forget);
        Assert.True(_cairn.Holds(Needle));

        Purge(id);

        Assert.False(_cairn.Holds(Needle));
    }

    [Fact]
    public void Purge_AllVersionsOfAnEntry_LeavesTheTextInNoByte()
    {
        SaveOthers(30);
        var ids = new List<string> { SaveNeedle(5_000) };
        for (var i = 0; i < 5; i++)
            ids.Add(_cairn.Update(new EntryChange { Id = ids[^1], Action = EntryAction.Revise, Tags = [$"tag{i}"], Text = $"{Needle} {new string('y', i * 900)}" }).Id);
        SaveOthers(30);

        foreach (var id in ids) Purge(id);

        Assert.False(_cairn.Holds(Needle));
    }

    [Fact]
    public void Purge_Others_AreFoundAsBefore()
    {
        SaveOthers(20);
        var kept = _cairn.Save($"Kept {Needle}");
        Purge(SaveNeedle(10_000));

        Assert.Equal([kept], _cairn.Find(Needle));
        Assert.Equal(20, _cairn.Search("other").Total);
        _cairn.Sql("INSERT INTO entries_fts (entries_fts, rank) VALUES ('integrity-check', 1)");
        Assert.Equal(["ok"], _cairn.Rows("PRAGMA integrity_check"));
    }

    [Fact]
    public void Purge_Several_AreGoneAtOnceOrNotAtAll()
    {
        var (first, second, third) = (_cairn.Save("First"), _cairn.Save("Second"), _cairn.Save("Third"));

        Assert.Throws<EngineException>(() => Purge(first, "0000000000000000"));
        Assert.Equal(3, _cairn.Entries.Get([first, second, third]).Items.Count);
        Assert.Equal([first, third], Purge(first, third, first.ToLowerInvariant()).Ids);
        Assert.Equal([second], _cairn.Entries.Get([first, second, third]).Items.Select(entry => entry.Id));
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<EngineException>(() => Purge()).Code);
        TextRulesTests.AssertTooLong(Assert.Throws<EngineException>(() => Purge([.. Enumerable.Repeat(second, 201)])), "ids", 200, 201);
    }

    [Fact]
    public void Purge_LastOfItsSessionAndProject_TakesTheirNamesWithIt()
    {
        var context = _cairn.Context with { Project = $"project-{Needle}", SessionId = $"session-{Needle}" };
        var (one, two) = (_cairn.Save("One", context), _cairn.Save("Two", context));
        var other = _cairn.Save("Other", _cairn.Context with { SessionId = "another" });

        Purge(one);
        Assert.True(_cairn.Holds(Needle));
        Purge(two);

        Assert.False(_cairn.Holds(Needle));
        Assert.Equal([$"{other}|another|{EngineFixture.Project}"], _cairn.Rows("SELECT e.id, s.id, p.name FROM entries e JOIN sessions s ON s.key = e.session_key JOIN projects p ON p.key = e.project_key"));
        _cairn.Save("Saved again", context);
    }

    [Fact]
    public void Purge_WhileAnotherProcessReads_SaysThatBytesMayBeLeft()
    {
        using var cairn = new EngineFixture(options => options with { BusyTimeout = TimeSpan.FromMilliseconds(50) }, TimeProvider.System);
        var id = cairn.Save($"Text {Needle}");
        using (var reader = cairn.Connect())
        {
            using var begin = reader.CreateCommand();
            begin.CommandText = "BEGIN; SELECT count(*) FROM entries";
            begin.ExecuteNonQuery();

            var purged = cairn.Engine.Purges.Purge([id], null);
            Assert.Equal([id], purged.Ids);
            Assert.EndsWith("another process uses the database just now. When it is done, run: cairn purge --compact", purged.BytesLeft, StringComparison.Ordinal);
        }
        Assert.Equal([id], cairn.Entries.Get([id]).Missing);
        Assert.Null(cairn.Engine.Purges.Compact());
        Assert.False(cairn.Holds(Needle));
    }

    private string SaveNeedle(int length) => _cairn.Save(new NewEntry
    {
        Text = $"Text {Needle} {new string('x', length)} {Needle} end",
        Title = $"Title {Needle}",
        SourceRef = $"docs/{Needle}.md",
        Tags = [Needle],
        Metadata = JsonElement.Parse($$"""{"{{Needle}}":"{{Needle}}"}"""),
    });

    private void SaveOthers(int count)
    {
        for (var i = 0; i < count; i++) _cairn.Save($"An other entry, saved at {_cairn.Time.GetUtcNow():O}, which is {new string((char)('a' + i % 26), i * 37 % 800)} long");
    }

    private PurgeResult Purge(params IReadOnlyList<string> ids)
    {
        var purged = _cairn.Engine.Purges.Purge(ids, null);
        Assert.Null(purged.BytesLeft);
        return purged;
    }
}
