using Cairn.Engine.Entries;

namespace Cairn.Engine.Tests.Entries;

/// <summary>What becomes of an entry in each state; <see cref="ReviseTests"/> looks at new versions.</summary>
public sealed class UpdateTests : IDisposable
{
    private readonly EngineFixture _cairn = new();

    public void Dispose() => _cairn.Dispose();

    [Theory]
    [InlineData("active", EntryAction.Revise, "revised", "superseded")]
    [InlineData("active", EntryAction.Supersede, "superseded", "superseded")]
    [InlineData("active", EntryAction.Forget, "forgotten", "archived")]
    [InlineData("active", EntryAction.Reinstate, "unchanged", "active")]
    [InlineData("active", EntryAction.Pin, "pinned", "active")]
    [InlineData("active", EntryAction.Unpin, "unchanged", "active")]
    [InlineData("superseded", EntryAction.Revise, null, "superseded")]
    [InlineData("superseded", EntryAction.Supersede, "superseded", "superseded")]
    [InlineData("superseded", EntryAction.Forget, "forgotten", "archived")]
    [InlineData("superseded", EntryAction.Reinstate, null, "superseded")]
    [InlineData("superseded", EntryAction.Pin, "pinned", "superseded")]
    [InlineData("superseded", EntryAction.Unpin, "unchanged", "superseded")]
    [InlineData("archived", EntryAction.Revise, null, "archived")]
    [InlineData("archived", EntryAction.Supersede, null, "archived")]
    [InlineData("archived", EntryAction.Forget, "unchanged", "archived")]
    [InlineData("archived", EntryAction.Reinstate, "reinstated", "active")]
    [InlineData("archived", EntryAction.Pin, "pinned", "archived")]
    [InlineData("archived", EntryAction.Unpin, "unchanged", "archived")]
    public void Update_ActionInState_HasItsOutcome(string state, EntryAction action, string? status, string stateAfter)
    {
        var other = _cairn.Save("Another entry");
        var id = InState(state);
        var change = new EntryChange
        {
            Id = id,
            Action = action,
            Text = action == EntryAction.Revise ? "New text" : null,
            SupersededBy = action == EntryAction.Supersede ? other : null,
        };

        if (status is null)
        {
            var error = Assert.Throws<EngineException>(() => _cairn.Update(change));
            Assert.Equal((ErrorCode.InvalidArgument, "action", state), (error.Code, error.Details["field"], error.Details["state"]));
        }
        else
        {
            Assert.Equal(status, _cairn.Update(change).Status);
        }
        Assert.Equal(stateAfter, _cairn.Get(id).State);
        Assert.Equal(status is null or "unchanged" ? "" : action.ToString().ToLowerInvariant(), LastRevision(id));
    }

    [Theory]
    [InlineData("active", EntryAction.Pin, true, "unchanged")]
    [InlineData("active", EntryAction.Unpin, false, "unpinned")]
    [InlineData("archived", EntryAction.Unpin, false, "unpinned")]
    public void Update_PinnedEntry_IsPinnedUntilUnpinned(string state, EntryAction action, bool pinned, string status)
    {
        var id = InState(state);
        _cairn.Update(id, EntryAction.Pin);

        Assert.Equal(status, _cairn.Update(id, action).Status);
        Assert.Equal(pinned ? true : null, _cairn.Get(id).Pinned);
    }

    [Theory]
    [InlineData(EntryAction.Revise)]
    [InlineData(EntryAction.Supersede)]
    [InlineData(EntryAction.Forget)]
    [InlineData(EntryAction.Reinstate)]
    [InlineData(EntryAction.Pin)]
    [InlineData(EntryAction.Unpin)]
    public void Update_UnknownId_IsNotFound(EntryAction action)
    {
        foreach (var id in new[] { "0123456789ABCDEF", "no id at all" })
        {
            var change = new EntryChange { Id = id, Action = action, Text = action == EntryAction.Revise ? "x" : null, SupersededBy = action == EntryAction.Supersede ? id : null };
            Assert.Equal(ErrorCode.EntryNotFound, Assert.Throws<EngineException>(() => _cairn.Update(change)).Code);
        }
    }

    public static TheoryData<string, EntryChange> FieldsThatDoNotFit
    {
        get
        {
            var data = new TheoryData<string, EntryChange>();
            foreach (var action in Enum.GetValues<EntryAction>())
            {
                var change = new EntryChange { Id = "0123456789ABCDEF", Action = action };
                if (action != EntryAction.Supersede) data.Add("superseded_by", change with { SupersededBy = "0123456789ABCDEF" });
                if (action == EntryAction.Revise) continue;
                data.Add("text", change with { Text = "x" });
                data.Add("title", change with { Title = "x" });
                data.Add("type", change with { Type = "x" });
                data.Add("source_ref", change with { SourceRef = "x" });
                data.Add("tags", change with { Tags = [] });
                data.Add("metadata", change with { Metadata = System.Text.Json.JsonElement.Parse("{}") });
            }
            return data;
        }
    }

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(FieldsThatDoNotFit))]
    public void Update_FieldThatDoesNotFitTheAction_IsRefused(string field, EntryChange change)
    {
        var error = Assert.Throws<EngineException>(() => _cairn.Update(change));

        Assert.Equal((ErrorCode.InvalidArgument, field), (error.Code, error.Details["field"]));
        Assert.False(File.Exists(_cairn.DatabasePath));
    }

    [Fact]
    public void Update_FieldThatTheActionNeeds_IsAskedFor()
    {
        var id = _cairn.Save("Entry");

        Assert.Equal("text", Assert.Throws<EngineException>(() => _cairn.Update(id, EntryAction.Revise)).Details["field"]);
        Assert.Equal("superseded_by", Assert.Throws<EngineException>(() => _cairn.Update(id, EntryAction.Supersede)).Details["field"]);
    }

    [Fact]
    public void Update_Reason_IsKeptAndLimited()
    {
        var id = _cairn.Save("Entry");
        _cairn.Update(new EntryChange { Id = id, Action = EntryAction.Forget, Reason = " it was\nwrong " });

        Assert.Equal(["forget|it was wrong|user"], _cairn.Rows("SELECT action, reason, origin FROM entry_revisions"));
        _cairn.Update(new EntryChange { Id = id, Action = EntryAction.Reinstate, Reason = new string('r', 200) });
        TextRulesTests.AssertTooLong(
            Assert.Throws<EngineException>(() => _cairn.Update(new EntryChange { Id = id, Action = EntryAction.Forget, Reason = new string('r', 201) })), "reason", 200, 201);
    }

    [Fact]
    public void Update_Forget_TakesItOutOfSearchAndReinstateBringsItBack()
    {
        var id = _cairn.Save("The needle");

        Assert.Equal(id, _cairn.Update(id, EntryAction.Forget).Id);
        Assert.Empty(_cairn.Find("needle"));
        Assert.Equal(("archived", "forgotten"), (_cairn.Get(id).State, _cairn.Get(id).StateReason));

        _cairn.Update(id, EntryAction.Reinstate);
        Assert.Equal([id], _cairn.Find("needle"));
        Assert.Null(_cairn.Get(id).StateReason);
    }

    [Fact]
    public void Update_ReinstateWhenItWasSavedAgain_AnswersDuplicate()
    {
        var forgotten = _cairn.Save("Said twice");
        _cairn.Update(forgotten, EntryAction.Forget);
        var again = _cairn.Save("Said twice");

        var receipt = _cairn.Update(forgotten, EntryAction.Reinstate);

        Assert.Equal(("duplicate", again), (receipt.Status, receipt.Id));
        Assert.Equal("archived", _cairn.Get(forgotten).State);
    }

    [Fact]
    public void Update_ReinstateOfASupersededEntryThatWasForgotten_IsSupersededAgain()
    {
        var old = _cairn.Save("Old");
        var successor = _cairn.Save(new NewEntry { Text = "New", Supersedes = [old] });
        _cairn.Update(old, EntryAction.Forget);

        var receipt = _cairn.Update(old, EntryAction.Reinstate);

        Assert.Equal(("reinstated", successor), (receipt.Status, receipt.SupersededBy));
        Assert.Equal(("superseded", successor), (_cairn.Get(old).State, _cairn.Get(old).SupersededBy));
    }

    [Fact]
    public void Update_ReinstateWhenTheSuccessorWasPurged_IsActiveAgain()
    {
        var old = _cairn.Save("Old");
        _cairn.Purge(_cairn.Save(new NewEntry { Text = "New", Supersedes = [old] }));
        Assert.Equal("superseded", _cairn.Get(old).State);

        Assert.Equal("reinstated", _cairn.Update(old, EntryAction.Reinstate).Status);
        Assert.Equal("active", _cairn.Get(old).State);
    }

    [Fact]
    public void Update_SupersedeByUnknownOrOtherProjectOrItself_IsRefused()
    {
        var (id, theirs) = (_cairn.Save("Ours"), _cairn.Save("Theirs", _cairn.In("another")));

        Assert.Equal(ErrorCode.EntryNotFound, Assert.Throws<EngineException>(() => Supersede(id, "0123456789ABCDEF")).Code);
        Assert.Equal("superseded_by", Assert.Throws<EngineException>(() => Supersede(id, theirs)).Details["field"]);
        Assert.Equal("superseded_by", Assert.Throws<EngineException>(() => Supersede(id, id.ToLowerInvariant())).Details["field"]);
        Assert.Equal("active", _cairn.Get(id).State);
    }

    [Fact]
    public void Update_SupersedeInACircle_IsRefused()
    {
        var (first, second, third) = (_cairn.Save("One"), _cairn.Save("Two"), _cairn.Save("Three"));
        Supersede(first, second);
        Supersede(second, third);

        foreach (var successor in new[] { first, second })
            Assert.Equal("superseded_by", Assert.Throws<EngineException>(() => Supersede(third, successor)).Details["field"]);
        Assert.Equal("active", _cairn.Get(third).State);
    }

    [Fact]
    public void Update_SupersededAnew_ShowsTheNewestSuccessor()
    {
        var (old, first, second) = (_cairn.Save("Old"), _cairn.Save("First"), _cairn.Save("Second"));
        Supersede(old, first);
        Supersede(old, second);

        Assert.Equal(second, _cairn.Get(old).SupersededBy);
        Assert.Equal("active", _cairn.Get(first).State);
    }

    private Receipt Supersede(string id, string successor) => _cairn.Update(new EntryChange { Id = id, Action = EntryAction.Supersede, SupersededBy = successor });

    private string InState(string state)
    {
        var id = _cairn.Save("The entry");
        if (state == "superseded") _cairn.Save(new NewEntry { Text = "Its successor", Supersedes = [id] });
        if (state == "archived") _cairn.Update(id, EntryAction.Forget);
        _cairn.Sql("DELETE FROM entry_revisions");
        return id;
    }

    private string LastRevision(string id) =>
        _cairn.Rows($"SELECT action FROM entry_revisions WHERE entry_key = (SELECT key FROM entries WHERE id = '{id}') ORDER BY key DESC").FirstOrDefault("");

    [Fact]
    public void Update_SupersededByAnArchivedEntry_IsRefused()
    {
        var (old, gone) = (_cairn.Save("Old"), _cairn.Save("Gone"));
        _cairn.Update(gone, EntryAction.Forget);

        var error = Assert.Throws<EngineException>(() => _cairn.Update(new EntryChange { Id = old, Action = EntryAction.Supersede, SupersededBy = gone }));

        Assert.Equal("superseded_by", error.Details["field"]);
        Assert.Equal("active", _cairn.Get(old).State);
    }

    [Fact]
    public void Update_SupersededAgainByTheFirst_TheLastWordHolds()
    {
        var (old, first, second) = (_cairn.Save("Old"), _cairn.Save("First"), _cairn.Save("Second"));
        foreach (var successor in new[] { first, second, first })
            _cairn.Update(new EntryChange { Id = old, Action = EntryAction.Supersede, SupersededBy = successor });

        Assert.Equal(first, _cairn.Get(old).SupersededBy);
    }
}
