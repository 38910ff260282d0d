using System.Text.Json;
using Cairn.Engine.Entries;
using Cairn.Engine.Search;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace Cairn.Engine.Tests.Entries;

public sealed class SaveTests : IDisposable
{
    private readonly EngineFixture _cairn = new();

    public void Dispose() => _cairn.Dispose();

    [Fact]
    public void Save_OnlyText_HasTheDefaults()
    {
        var now = _cairn.Time.GetUtcNow();
        var receipt = _cairn.Store(new NewEntry { Text = "# Retry twice\n\nThe upstream drops the first request." });

        Assert.Equal("saved", receipt.Status);
        Assert.Equal(now, receipt.CreatedAt);
        Assert.Equal(
            new Entry
            {
                Id = receipt.Id,
                Title = "Retry twice",
                Body = "# Retry twice\n\nThe upstream drops the first request.",
                EntryType = "note",
                Project = EngineFixture.Project,
                Origin = "user",
                State = "active",
                CreatedAt = now,
            },
            _cairn.Get(receipt.Id));
    }

    [Fact]
    public void Save_AllFields_ReadsBackAll()
    {
        var happened = new DateTimeOffset(2025, 12, 24, 18, 0, 0, TimeSpan.FromHours(1));
        var id = _cairn.Save(
            new NewEntry { Text = "Body", Title = "Title", Type = "decision", SourceRef = "docs/a.md", Tags = ["b", "a"], Metadata = Json("""{"k":1}"""), OccurredAt = happened },
            _cairn.Context with { Origin = EntryOrigin.Agent, SessionId = "session-1", Commit = "0123abc" });

        var entry = _cairn.Get(id);
        Assert.Equal(("Title", "Body", "decision", "docs/a.md"), (entry.Title, entry.Body, entry.EntryType, entry.SourceRef));
        Assert.Equal(["b", "a"], entry.Tags);
        Assert.Equal("""{"k":1}""", entry.Metadata?.GetRawText());
        Assert.Equal(("agent", "session-1", "0123abc"), (entry.Origin, entry.SessionId, entry.GitCommit));
        Assert.Equal(happened, entry.CreatedAt);
        Assert.Equal(_cairn.Time.Start, entry.RecordedAt);
    }

    [Theory]
    [InlineData("user")]
    [InlineData("agent")]
    [InlineData("document")]
    [InlineData("commit")]
    [InlineData("transcript")]
    [InlineData("import")]
    public void Save_EveryOrigin_IsKept(string origin)
    {
        var id = _cairn.Save(new NewEntry { Text = "x", SourceRef = "a.md#1" }, _cairn.Context with { Origin = origin });

        Assert.Equal(origin, _cairn.Get(id).Origin);
    }

    public static TheoryData<string> UnusualTexts =>
    [
        "\u202Eright to left override\u202C and \u2066isolate\u2069",
        "👩‍👩‍👧‍👦🏳️‍🌈👍🏽 \U0010FFFD",
        "e\u0301 is not é",
        "tab\tand\r\nCRLF\rand\u2028line separator",
        "bell \a escape \u001B[31m delete \u007F",
        "zero\u200Bwidth\uFEFF",
        "'; DROP TABLE entries; -- \" ? ?1 :a @b $c %s \\",
        "日本語 ภาษาไทย Ελληνικά кириллица עברית العربية हिन्दी",
    ];

    [Theory]
    [MemberData(nameof(UnusualTexts))]
    public void Save_UnusualText_ReadsBackCharByChar(string text)
    {
        var id = _cairn.Save(new NewEntry { Text = text, Metadata = Json($$"""{"text":{{JsonSerializer.Serialize(text)}}}""") });

        Assert.Equal(text, _cairn.Get(id).Body);
        Assert.Equal(text, _cairn.Get(id).Metadata?.GetProperty("text").GetString());
    }

    [Fact]
    public void Save_AnyStorableText_ReadsBackCharByChar() => Gen.String[1, 200].Sample(
        text =>
        {
            try
            {
                return _cairn.Get(_cairn.Store(new NewEntry { Text = text }).Id).Body == text.Trim();
            }
            catch (EngineException error)
            {
                return error.Code == ErrorCode.InvalidArgument;
            }
        },
        iter: 100, threads: 1);

    [Fact]
    public void Save_TextOfTheGreatestSize_ReadsBack()
    {
        var text = string.Concat(Enumerable.Range(0, 32 * 1024).Select(i => $"{i % 9973:D7} "))[..^1];

        Assert.Equal(text, _cairn.Get(_cairn.Save(text + "x")).Body[..^1]);
    }

    [Theory]
    [InlineData("""{"a":{"b":[1,{"c":[true,false,null,"x"]}]},"z":{}}""")]
    [InlineData("""{"n":[1.0,1e3,-0,12345678901234567890123,0.1000,1E+2]}""")]
    [InlineData("""{"s":"\u00e9\ud83d\ude00\n\"\\"}""")]
    [InlineData("""{ "spaced" : [ 1 , 2 ] }""")]
    [InlineData("""{"same":1,"same":2}""")]
    public void Save_Metadata_ReadsBackAsWritten(string json) =>
        Assert.Equal(json, _cairn.Get(_cairn.Save(new NewEntry { Text = "x", Metadata = Json(json) })).Metadata?.GetRawText());

    [Fact]
    public void Save_DeepestMetadata_ReadsBack()
    {
        var json = string.Concat(Enumerable.Repeat("""{"a":""", 32)) + "1" + new string('}', 32);

        Assert.Equal(json, _cairn.Get(_cairn.Save(new NewEntry { Text = "x", Metadata = Json(json) })).Metadata?.GetRawText());
    }

    [Fact]
    public void Save_BrokenRule_StoresNothing()
    {
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<EngineException>(() => _cairn.Save(new NewEntry { Text = "x", Title = new string('x', 301) })).Code);
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<EngineException>(() => _cairn.Save("x", _cairn.In(new string('x', 201)))).Code);
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<EngineException>(() => _cairn.Save("x", _cairn.Context with { SessionId = new string('x', 201) })).Code);

        Assert.False(File.Exists(_cairn.DatabasePath));
    }

    [Theory]
    [InlineData("*")]
    [InlineData(" * ")]
    [InlineData("")]
    [InlineData("a\u0001b")]
    public void Save_ImpossibleProject_IsRefused(string project) =>
        Assert.Equal("project", Assert.Throws<EngineException>(() => _cairn.Save("x", _cairn.In(project))).Details["field"]);

    [Fact]
    public void Save_NamesAtTheLimit_AreTaken()
    {
        var name = new string('n', 200);
        var entry = _cairn.Get(_cairn.Save("x", _cairn.In(name) with { SessionId = name }));

        Assert.Equal((name, name), (entry.Project, entry.SessionId));
    }

    [Fact]
    public void Save_Twice_IsOneEntry()
    {
        var first = _cairn.Save("The same");
        var second = _cairn.Store(new NewEntry { Text = " The same\n", Tags = ["other"], SourceRef = "other" });

        Assert.Equal(("duplicate", first), (second.Status, second.Id));
        Assert.Equal(_cairn.Get(first).CreatedAt, second.CreatedAt);
        Assert.Null(_cairn.Get(first).Tags);
    }

    [Fact]
    public void Save_OtherTitleTypeBodyOrProject_IsNoDuplicate()
    {
        var ids = new[]
        {
            _cairn.Save("Body"),
            _cairn.Save("body"),
            _cairn.Save(new NewEntry { Text = "Body", Title = "Title" }),
            _cairn.Save(new NewEntry { Text = "Body", Type = "decision" }),
            _cairn.Save("Body", _cairn.In("another")),
        };

        Assert.Equal(5, ids.Distinct().Count());
    }

    [Fact]
    public void Save_TextOfAForgottenEntry_IsANewOne()
    {
        var forgotten = _cairn.Save("Said before");
        _cairn.Update(forgotten, EntryAction.Forget);

        Assert.NotEqual(forgotten, _cairn.Save("Said before"));
    }

    [Fact]
    public void Save_TextOfASupersededEntry_IsANewOne()
    {
        var old = _cairn.Save("Said before");
        _cairn.Save(new NewEntry { Text = "Said since", Supersedes = [old] });

        Assert.NotEqual(old, _cairn.Save("Said before"));
    }

    [Fact]
    public void Save_FromManyThreadsAtOnce_IsOneEntry()
    {
        var statuses = Enumerable.Range(0, 16).AsParallel().WithDegreeOfParallelism(8)
            .Select(_ => _cairn.Store(new NewEntry { Text = "Said by all" }).Status).ToList();

        Assert.Single(statuses, "saved");
        Assert.Equal(15, statuses.Count(status => status == "duplicate"));
    }

    [Fact]
    public void Save_Supersedes_TakesTheirPlace()
    {
        var (first, second) = (_cairn.Save("One"), _cairn.Save("Two"));
        var id = _cairn.Save(new NewEntry { Text = "Both", Supersedes = [first, second.ToLowerInvariant()] });

        Assert.Equal(new[] { first, second }.Order(), _cairn.Get(id).Supersedes?.Order());
        foreach (var old in new[] { first, second })
            Assert.Equal(("superseded", id), (_cairn.Get(old).State, _cairn.Get(old).SupersededBy));
        Assert.Equal(["One|supersede|user", "Two|supersede|user"], _cairn.Rows("SELECT e.title, r.action, r.origin FROM entry_revisions r JOIN entries e ON e.key = r.entry_key ORDER BY e.key"));
    }

    [Fact]
    public void Save_SupersedesTheSameTwice_IsOneLink()
    {
        var old = _cairn.Save("Old");
        var id = _cairn.Save(new NewEntry { Text = "New", Supersedes = [old, old] });

        Assert.Equal([old], _cairn.Get(id).Supersedes);
    }

    [Fact]
    public void Save_SupersedesUnknown_StoresNothing()
    {
        var known = _cairn.Save("Known");

        foreach (var unknown in new[] { EntryId.New(_cairn.Time.Start), "no id at all" })
        {
            var error = Assert.Throws<EngineException>(() => _cairn.Save(new NewEntry { Text = "New", Supersedes = [known, unknown] }));
            Assert.Equal(ErrorCode.EntryNotFound, error.Code);
            Assert.DoesNotContain("no id at all", error.Message, StringComparison.Ordinal);
        }
        Assert.Equal("active", _cairn.Get(known).State);
        Assert.Equal(["1"], _cairn.Rows("SELECT count(*) FROM entries"));
    }

    [Fact]
    public void Save_SupersedesOfAnotherProject_StoresNothing()
    {
        var theirs = _cairn.Save("Theirs", _cairn.In("another"));

        var error = Assert.Throws<EngineException>(() => _cairn.Save(new NewEntry { Text = "Ours", Supersedes = [theirs] }));
        Assert.Equal((ErrorCode.InvalidArgument, "supersedes"), (error.Code, error.Details["field"]));
        Assert.Equal("active", _cairn.Get(theirs).State);
        Assert.Equal(["another"], _cairn.Engine.Projects.List().Select(project => project.Name));
    }

    [Fact]
    public void Save_DuplicateThatSupersedes_TakesTheirPlaceToo()
    {
        var (known, old) = (_cairn.Save("Known"), _cairn.Save("Old"));
        var receipt = _cairn.Store(new NewEntry { Text = "Known", Supersedes = [old, known] });

        Assert.Equal(("duplicate", known), (receipt.Status, receipt.Id));
        Assert.Equal(("superseded", known), (_cairn.Get(old).State, _cairn.Get(old).SupersededBy));
        Assert.Equal("active", _cairn.Get(known).State);
    }

    [Fact]
    public void Save_SupersedesAForgottenEntry_LeavesItArchived()
    {
        var old = _cairn.Save("Old");
        _cairn.Update(old, EntryAction.Forget);
        var id = _cairn.Save(new NewEntry { Text = "New", Supersedes = [old] });

        Assert.Equal(("archived", id), (_cairn.Get(old).State, _cairn.Get(old).SupersededBy));
    }

    [Fact]
    public void Save_InASession_KeepsItsRow()
    {
        var session = _cairn.Context with { SessionId = " s 1 ", Client = "codex" };
        _cairn.Save("One", session);
        _cairn.Time.Advance(TimeSpan.FromMinutes(2));
        _cairn.Save("Two", session);
        _cairn.Save("Three", session with { Project = "another" });

        var start = _cairn.Time.Start.ToUnixTimeMilliseconds();
        Assert.Equal(
            [$"cairn|s 1|codex|{start}|{start + 121_000}", $"another|s 1|codex|{start + 122_000}|{start + 122_000}"],
            _cairn.Rows("SELECT p.name, s.id, s.client, s.started_at, s.last_seen_at FROM sessions s JOIN projects p ON p.key = s.project_key ORDER BY s.key"));
    }

    [Fact]
    public void Save_ManyInOneMillisecond_NeverRepeatsAnId()
    {
        var ids = Enumerable.Range(0, 50).Select(i => _cairn.Store(new NewEntry { Text = $"Entry {i}" }).Id).ToList();

        Assert.Equal(50, ids.Distinct().Count());
    }

    [Fact]
    public void Save_OneAfterAnother_IdsSortByTime()
    {
        var ids = Enumerable.Range(0, 20).Select(i => _cairn.Save($"Entry {i}")).ToList();

        Assert.Equal(ids, ids.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Save_WhenTheClockGoesBack_OrdersByWhatItSaidThenByKey()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));
        using var cairn = new EngineFixture(time: time);
        var late = cairn.Store(new NewEntry { Text = "Late" }).Id;
        time.AdjustTime(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));
        var early = cairn.Store(new NewEntry { Text = "Early" }).Id;
        var beside = cairn.Store(new NewEntry { Text = "Beside" }).Id;

        Assert.Equal([early, beside, late], cairn.Entries.Timeline(beside, 20, 20).Items.Select(item => item.Id));
        Assert.Equal(3, new[] { late, early, beside }.Distinct().Count());
    }

    [Fact]
    public void Save_HappenedLongAgo_IsRecordedNow()
    {
        var id = _cairn.Save(new NewEntry { Text = "x", OccurredAt = new DateTimeOffset(1969, 7, 20, 20, 17, 40, TimeSpan.Zero) });

        Assert.Equal(1969, _cairn.Get(id).CreatedAt.Year);
        Assert.Equal(_cairn.Time.Start, _cairn.Get(id).RecordedAt);
    }

    private static JsonElement Json(string json) => JsonElement.Parse(json);

    [Fact]
    public void Save_SupersedesTooMany_IsRefusedAndTheSameTwiceIsOnce()
    {
        var old = _cairn.Save("Old");

        var error = Assert.Throws<EngineException>(() => _cairn.Save(new NewEntry { Text = "New", Supersedes = [.. Enumerable.Repeat(old, 201)] }));
        _cairn.Save(new NewEntry { Text = "New", Supersedes = [old, old, old] });

        Assert.Equal(("supersedes", 200, 201), (error.Details["field"], error.Details["limit"], error.Details["size"]));
        Assert.Equal(["1"], _cairn.Rows("SELECT count(*) FROM entry_revisions"));
    }

    [Fact]
    public void Save_SourceRefFromHere_IsTheFilesOwnName()
    {
        var id = _cairn.Save(new NewEntry { Text = "x marks it", SourceRef = "./src/a.cs" });

        Assert.Equal("src/a.cs", _cairn.Get(id).SourceRef);
        Assert.Equal([id], EngineFixture.Ids(_cairn.Search(new SearchQuery { Query = "marks", Path = "./src" })));
    }
}
