using System.Text.Json;
using Cairn.Engine.Entries;

namespace Cairn.Engine.Tests.Entries;

/// <summary>Every field that is written passes the policy; what it finds is never stored, answered or said.</summary>
public sealed class WritePolicyTests : IDisposable
{
    // Put together here: the repository holds no text that looks like a secret.
    private static readonly string Secret = "gh" + "p_" + string.Concat(Enumerable.Range(0, 36).Select(i => "a1B2c3D4e5F6g7H8i9J0"[i * 7 % 20]));

    private readonly EngineFixture _cairn = new();

    public void Dispose() => _cairn.Dispose();

    public static TheoryData<string, Func<NewEntry, NewEntry>> EntryFields => new()
    {
        { "text", entry => entry with { Text = $"first line\nthe token is {Secret} here" } },
        { "title", entry => entry with { Title = $"token {Secret}" } },
        { "type", entry => entry with { Type = Secret } },
        { "source_ref", entry => entry with { SourceRef = $"https://host/{Secret}" } },
        { "tags[1]", entry => entry with { Tags = ["fine", Secret] } },
        { "metadata.token", entry => entry with { Metadata = Json($$"""{"token":"{{Secret}}"}""") } },
        { "metadata.a[1].b[0]", entry => entry with { Metadata = Json($$$"""{"a":[1,{"b":["{{{Secret}}}"]}]}""") } },
        { "metadata (key 1)", entry => entry with { Metadata = Json($$"""{"{{Secret}}":1}""") } },
        { "metadata.a[0] (key 2)", entry => entry with { Metadata = Json($$$"""{"a":[{"b":1,"{{{Secret}}}":{"c":2}}]}""") } },
        { "metadata.escaped", entry => entry with { Metadata = Json($$"""{"escaped":"\u0067\u0068{{Secret[2..]}}"}""") } },
    };

    public static TheoryData<string, Func<CallContext, CallContext>> ContextFields => new()
    {
        { "project", context => context with { Project = Secret } },
        { "session_id", context => context with { SessionId = Secret } },
        { "client", context => context with { SessionId = "s", Client = Secret } },
        { "commit", context => context with { Commit = Secret } },
    };

    public static TheoryData<string, Func<EntryChange, EntryChange>> ChangeFields => new()
    {
        { "text", change => change with { Text = Secret } },
        { "title", change => change with { Title = Secret } },
        { "type", change => change with { Type = Secret } },
        { "source_ref", change => change with { SourceRef = Secret } },
        { "tags[0]", change => change with { Tags = [Secret] } },
        { "metadata.a.b", change => change with { Metadata = Json($$$"""{"a":{"b":"{{{Secret}}}"}}""") } },
        { "reason", change => change with { Title = "New title", Reason = $"because {Secret}" } },
    };

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(EntryFields))]
    public void Save_SecretInAField_StoresNothingAndDoesNotSayIt(string field, Func<NewEntry, NewEntry> spoil) =>
        AssertBlocked(field, _cairn.Entries.Save(spoil(new NewEntry { Text = "fine" }), _cairn.Context));

    [Theory]
    [InlineData("""{"db_password":"PLACE"}""", "metadata.db_password", 1)]
    [InlineData("""{"a":[{"API-Token":["fine","PLACE"]}]}""", "metadata.a[0][1][1]", 1)]
    public void Save_ValueUnderATellingNameInMetadata_IsRefusedAtItsPlace(string json, string field, int column)
    {
        var value = "Tr0ub" + "4dor&3xK9q";

        var blocked = Assert.IsType<SaveOutcome.Blocked>(_cairn.Entries.Save(
            new NewEntry { Text = "fine", Metadata = Json(json.Replace("PLACE", value, StringComparison.Ordinal)) }, _cairn.Context));

        var violation = Assert.Single(blocked.Violations);
        Assert.Equal((field, column, value.Length), (violation.Field, violation.Column, violation.Length));
    }

    [Theory]
    [InlineData("""{"token_count":"1500","password":"${DB_PASSWORD}","key":"docs/adr/0001-use-sqlite.md","secret":"[REDACTED:github-token]"}""")]
    public void Save_MetadataWhoseNamesOnlySoundTelling_IsStored(string json) =>
        Assert.IsType<SaveOutcome.Stored>(_cairn.Entries.Save(new NewEntry { Text = "fine", Metadata = Json(json) }, _cairn.Context));

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(ContextFields))]
    public void Save_SecretInTheContext_StoresNothingAndDoesNotSayIt(string field, Func<CallContext, CallContext> spoil) =>
        AssertBlocked(field, _cairn.Entries.Save(new NewEntry { Text = "fine" }, spoil(_cairn.Context)));

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(ChangeFields))]
    public void Update_SecretInAField_StoresNothingAndDoesNotSayIt(string field, Func<EntryChange, EntryChange> spoil)
    {
        var id = _cairn.Save("fine");

        AssertBlocked(field, _cairn.Entries.Update(spoil(new EntryChange { Id = id, Action = EntryAction.Revise }), _cairn.Context));
        Assert.Equal("active", _cairn.Get(id).State);
    }

    [Fact]
    public void Update_SecretInTheReasonOfAnyAction_StoresNothing()
    {
        var id = _cairn.Save("fine");

        foreach (var action in new[] { EntryAction.Forget, EntryAction.Reinstate, EntryAction.Pin, EntryAction.Unpin })
            AssertBlocked("reason", _cairn.Entries.Update(new EntryChange { Id = id, Action = action, Reason = Secret }, _cairn.Context));
    }

    [Fact]
    public void Purge_SecretInTheReason_PurgesNothing()
    {
        var id = _cairn.Save("fine");

        var error = Assert.Throws<EngineException>(() => _cairn.Engine.Purges.Purge([id], $"it held {Secret}"));
        Assert.Equal((ErrorCode.PolicyBlocked, "reason"), (error.Code, error.Details["field"]));
        AssertSaysNothing(error);
        Assert.Equal("active", _cairn.Get(id).State);
    }

    [Fact]
    public void Save_SecretInAField_SaysWhereItStands()
    {
        var blocked = Assert.IsType<SaveOutcome.Blocked>(_cairn.Entries.Save(new NewEntry { Text = $"one\ntwo {Secret}", Title = Secret }, _cairn.Context));

        Assert.Equal([("text", 2, 5, Secret.Length), ("title", 1, 1, Secret.Length)], blocked.Violations.Select(found => (found.Field, found.Line, found.Column, found.Length)));
    }

    [Fact]
    public void Save_SecretInAFieldThatBreaksARule_IsNotInTheError()
    {
        foreach (var entry in new[]
        {
            new NewEntry { Text = "\0" + Secret },
            new NewEntry { Text = "x", Title = $"{Secret} {new string('x', 300)}" },
            new NewEntry { Text = "x", Type = Secret + '\u0001' },
            new NewEntry { Text = "x", Tags = [Secret + Secret] },
            new NewEntry { Text = "x", Metadata = Json($$"""{"{{Secret}}":"\u0000"}""") },
            new NewEntry { Text = "x", Metadata = Json($$$"""{"{{{Secret}}}":{"\ud800":1}}""") },
            new NewEntry { Text = "x", Metadata = Json($"[\"{Secret}\"]") },
            new NewEntry { Text = "x", Supersedes = [Secret] },
        })
        {
            AssertSaysNothing(Assert.Throws<EngineException>(() => _cairn.Entries.Save(entry, _cairn.Context)));
        }
        AssertSaysNothing(Assert.Throws<EngineException>(() => _cairn.Entries.Save(new NewEntry { Text = "x" }, _cairn.In(Secret + '\u0001'))));
        AssertSaysNothing(Assert.Throws<EngineException>(() => _cairn.Update(Secret, EntryAction.Forget)));
        AssertSaysNothing(Assert.Throws<EngineException>(() => _cairn.Entries.Timeline(Secret, 1, 1)));
        AssertSaysNothing(Assert.Throws<EngineException>(() => _cairn.Engine.Purges.Purge([Secret], null)));
        AssertSaysNothing(Assert.Throws<EngineException>(() => _cairn.Engine.Projects.Rename(Secret, "name")));
        AssertSaysNothing(Assert.Throws<EngineException>(() => DateText.Parse("after", Secret)));
        Assert.False(_cairn.Holds(Secret));
    }

    private void AssertBlocked(string field, SaveOutcome outcome)
    {
        var blocked = Assert.IsType<SaveOutcome.Blocked>(outcome);
        Assert.Contains(blocked.Violations, found => found.Field == field && found.Length > 0);
        foreach (var found in blocked.Violations) Assert.DoesNotContain(Secret[4..], found.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.False(_cairn.Holds(Secret));
    }

    private static void AssertSaysNothing(EngineException error)
    {
        Assert.DoesNotContain(Secret[4..], error.ToString(), StringComparison.OrdinalIgnoreCase);
        foreach (var detail in error.Details.Values) Assert.DoesNotContain(Secret[4..], $"{detail}", StringComparison.OrdinalIgnoreCase);
    }

    private static JsonElement Json(string json) => JsonElement.Parse(json);

    [Fact]
    public void Save_SecretKeptApartByAControlCharacter_IsRefused() =>
        AssertBlocked("text", _cairn.Entries.Save(new NewEntry { Text = $"key {Secret[..20]}\u0001{Secret[20..]}" }, _cairn.Context));

    [Fact]
    public void Save_ThousandsOfSecrets_TellsAndRecordsTheFirstAHundred()
    {
        var blocked = Assert.IsType<SaveOutcome.Blocked>(_cairn.Entries.Save(new NewEntry { Text = string.Concat(Enumerable.Repeat($"{Secret}\n", 2000)) }, _cairn.Context));

        Assert.Equal((100, 2000), (blocked.Violations.Count, blocked.Total));
        Assert.Equal(["100"], _cairn.Rows("SELECT count(*) FROM policy_events"));
    }

    [Fact]
    public void Save_InAFolderThatIsNamedLikeASecret_KeepsNothingOfTheName()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_cairn.Folder, Secret)).FullName;
        var context = _cairn.Context with { Project = null, WorkingDirectory = folder };

        var id = _cairn.Save("Something", context);

        Assert.Equal("default", _cairn.Get(id).Project);
        Assert.Equal([id], _cairn.Find("something", context));
        Assert.Empty(_cairn.Rows("SELECT value FROM project_aliases"));
    }
}
