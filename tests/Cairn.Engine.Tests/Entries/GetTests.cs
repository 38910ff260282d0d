using Cairn.Engine.Entries;

namespace Cairn.Engine.Tests.Entries;

public sealed class GetTests : IDisposable
{
    private const string Unknown = "0123456789ABCDEF";

    private readonly EngineFixture _cairn = new();

    public void Dispose() => _cairn.Dispose();

    [Fact]
    public void Get_SeveralIds_AnswersInTheOrderAsked()
    {
        var ids = Enumerable.Range(0, 5).Select(i => _cairn.Save($"Entry {i}")).ToList();
        string[] asked = [ids[3], ids[0], ids[4], ids[1]];

        var list = _cairn.Entries.Get(asked);

        Assert.Equal(asked, list.Items.Select(entry => entry.Id));
        Assert.Null(list.Missing);
    }

    [Theory]
    [InlineData("metadata = '[1]', tags = '[1]'")]
    [InlineData("tags = '[1]'")]
    public void Get_ValueThatCannotHaveBeenSaved_IsDamage(string set)
    {
        var (id, whole) = (_cairn.Save("Entry"), _cairn.Save("Whole"));
        _cairn.Sql($"PRAGMA ignore_check_constraints = ON; UPDATE entries SET {set} WHERE id = '{id}'");

        var error = Assert.Throws<EngineException>(() => _cairn.Entries.Get([id]));

        Assert.Equal(ErrorCode.StorageFailure, error.Code);
        Assert.Contains("The database is damaged", error.Message, StringComparison.Ordinal);
        Assert.Equal(whole, Assert.Single(_cairn.Entries.Get([whole]).Items).Id);
    }

    [Fact]
    public void Get_TheSameIdInSeveralSpellings_IsOneEntry()
    {
        var id = _cairn.Save("Entry");

        Assert.Equal(id, Assert.Single(_cairn.Entries.Get([id.ToLowerInvariant(), $" {id} ", id.Replace('0', 'O')]).Items).Id);
    }

    [Fact]
    public void Get_UnknownIds_AreListedAsTheyWereSent()
    {
        var id = _cairn.Save("Entry");

        var list = _cairn.Entries.Get(["nonsense", id, Unknown.ToLowerInvariant(), "nonsense"]);

        Assert.Equal(id, Assert.Single(list.Items).Id);
        Assert.Equal(["nonsense", Unknown.ToLowerInvariant()], list.Missing);
    }

    [Fact]
    public void Get_WhatIsNoId_IsNamedByItsPlace()
    {
        var secret = "gh" + "p_" + string.Concat(Enumerable.Range(0, 36).Select(i => "a1B2c3D4e5F6g7H8i9J0"[i * 7 % 20]));

        Assert.Equal(["ids[0]", "ids[1]", "ids[2]"], _cairn.Entries.Get([secret, "my password is a word", new string('x', 65)]).Missing);
    }

    [Fact]
    public void Get_OtherProjectOrArchived_IsShown()
    {
        var theirs = _cairn.Save("Theirs", _cairn.In("another"));
        var forgotten = _cairn.Save("Forgotten");
        _cairn.Update(forgotten, EntryAction.Forget);

        var items = _cairn.Entries.Get([theirs, forgotten]).Items;

        Assert.Equal(["another", "cairn"], items.Select(entry => entry.Project));
        Assert.Equal(("archived", "forgotten"), (items[1].State, items[1].StateReason));
    }

    [Fact]
    public void Get_NoIdsOrTooMany_IsRefused()
    {
        Assert.Equal("ids", Assert.Throws<EngineException>(() => _cairn.Entries.Get([])).Details["field"]);
        Assert.Equal(200, _cairn.Entries.Get([.. Enumerable.Range(0, 200).Select(i => $"unknown {i}")]).Missing?.Count);
        TextRulesTests.AssertTooLong(Assert.Throws<EngineException>(() => _cairn.Entries.Get([.. Enumerable.Repeat(Unknown, 201)])), "ids", 200, 201);
    }
}
