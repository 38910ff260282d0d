using System.Text.Json;
using Cairn.Engine.Briefing;
using Cairn.Engine.Entries;
using Cairn.Engine.Tokens;
using CsCheck;

namespace Cairn.Engine.Tests.Briefing;

public sealed class BriefTests : IDisposable
{
    private readonly EngineFixture _cairn = new();

    public void Dispose() => _cairn.Dispose();

    [Fact]
    public void Compose_EachKind_StandsInItsSectionOnce()
    {
        var note = Save("note", "An older note");
        var first = Save("handoff", "The first handoff");
        var handoff = Save("handoff", "Go on with the importer");
        var pinned = Save("note", "Read this always");
        _cairn.Update(pinned, EntryAction.Pin);
        var constraint = Save("Constraint", "No network in tests");
        var question = Save("question", "Which queue?");
        var decision = Save("decision", "SQLite it is");
        var preference = Save("preference", "Small commits");

        var brief = Compose();

        Assert.Equal(handoff, brief.Handoff!.Id);
        Assert.Equal([pinned], Ids(brief.Pinned));
        Assert.Equal([constraint], Ids(brief.Constraints));
        Assert.Equal([question], Ids(brief.Questions));
        Assert.Equal([decision], Ids(brief.Decisions));
        Assert.Equal([preference], Ids(brief.Preferences));
        Assert.Equal([first, note], Ids(brief.Recent));
        Assert.Null(brief.Changes);
        Assert.Null(brief.LeftOut);
        Assert.Equal(EngineFixture.Project, brief.Project);
    }

    [Fact]
    public void Compose_WhatIsReplacedForgottenOrAnotherProjects_IsNotThere()
    {
        var old = Save("decision", "Redis it is");
        var now = Save("decision", "SQLite it is");
        _cairn.Update(new EntryChange { Id = old, Action = EntryAction.Supersede, SupersededBy = now });
        var gone = Save("question", "Which queue?");
        _cairn.Update(gone, EntryAction.Forget);
        var foreign = _cairn.Save(new NewEntry { Text = "Kafka it is", Type = "decision" }, _cairn.In("other"));

        var brief = Compose(new BriefRequest { Focus = "Kafka Redis SQLite queue" });

        Assert.Equal([now], All(brief));
        Assert.DoesNotContain(foreign, brief.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Compose_SinceTheLastSession_ListsWhatWasSavedAfterIt()
    {
        _cairn.Save("In an older session", Session("one"));
        var last = _cairn.Save("In the last session", Session("two"));
        var plain = _cairn.Save("Saved by hand");
        var commit = _cairn.Save(new NewEntry { Text = "Fix the importer", Type = "commit" });
        var mine = _cairn.Save("In this session", Session("three"));

        var brief = Compose(null, Session("three"));
        var stranger = Compose(null, Session("four"));

        Assert.Equal([mine, commit, plain], Ids(brief.Changes));
        Assert.Equal(_cairn.Get(last).CreatedAt, brief.Since);
        Assert.Null(stranger.Changes);
        Assert.Equal(_cairn.Get(mine).CreatedAt, stranger.Since);
    }

    [Fact]
    public void Compose_Focus_RaisesWhatIsRelated()
    {
        var related = Save("decision", "Retry with a growing delay");
        var bugfix = Save("bugfix", "The retry counter was never reset");
        var others = Enumerable.Range(0, 5).Select(i => Save("decision", $"Something else, number {i}")).Reverse().ToList();

        var brief = Compose(new BriefRequest { Focus = "retry" });

        Assert.Equal([related, .. others], Ids(brief.Decisions));
        Assert.Equal([bugfix], Ids(brief.Related));
        Assert.Equal([.. others, related], Ids(Compose().Decisions));
    }

    [Fact]
    public void Compose_ManyPinned_DoNotHideTheRest()
    {
        for (var i = 0; i < 60; i++) _cairn.Update(Save("note", $"Pinned entry {i}: {new string('x', 10)} and more words that take their room in it"), EntryAction.Pin);
        var question = Save("question", "Which queue?");
        var handoff = Save("handoff", "Go on here");

        var brief = Compose(new BriefRequest { MaxTokens = 900 });

        Assert.Equal(handoff, brief.Handoff!.Id);
        Assert.Equal([question], Ids(brief.Questions));
        Assert.True(brief.LeftOut > 30);
        Assert.NotEmpty(brief.Pinned!);
    }

    [Fact]
    public void Compose_SameDatabase_GivesTheSameBytes()
    {
        for (var i = 0; i < 40; i++) Save(i % 3 == 0 ? "decision" : i % 3 == 1 ? "note" : "constraint", $"Entry number {i} about the importer");
        var first = Json(Compose(new BriefRequest { Focus = "importer" }));
        _cairn.Time.Advance(TimeSpan.FromDays(100));
        _cairn.Reopen();

        Assert.Equal(first, Json(Compose(new BriefRequest { Focus = "importer" })));
    }

    [Fact]
    public void Compose_OlderRulesLetASecretIn_IsRedacted()
    {
        var secret = "gh" + "p_" + string.Concat(Enumerable.Range(0, 36).Select(i => "a1B2c3D4e5F6g7H8i9J0"[i * 7 % 20]));
        var id = Save("decision", "The token is PLACE");
        _cairn.Age(id, "PLACE", secret);

        var brief = Compose();

        Assert.DoesNotContain(secret, Json(brief) + brief.Text(), StringComparison.Ordinal);
        Assert.Contains("[REDACTED:github-token]", brief.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Compose_UnknownProject_IsItsNameAlone()
    {
        var brief = Compose(null, _cairn.In("nothing-here"));

        Assert.Equal("nothing-here", brief.Project);
        Assert.Empty(All(brief));
        Assert.Contains("not instructions", brief.Text(), StringComparison.Ordinal);
        Assert.Empty(_cairn.Engine.Projects.List());
    }

    [Theory]
    [InlineData("max_tokens", 199, null)]
    [InlineData("max_tokens", 10_001, null)]
    [InlineData("focus", 1_500, " ")]
    public void Compose_OutOfRange_IsRefused(string field, int maxTokens, string? focus)
    {
        var error = Assert.Throws<EngineException>(() => Compose(new BriefRequest { MaxTokens = maxTokens, Focus = focus }));

        Assert.Equal((ErrorCode.InvalidArgument, field), (error.Code, error.Details["field"]));
    }

    [Fact]
    public void Compose_AllProjects_IsRefused()
    {
        var error = Assert.Throws<EngineException>(() => Compose(null, _cairn.In("*")));

        Assert.Equal((ErrorCode.InvalidArgument, "project"), (error.Code, error.Details["field"]));
    }

    [Fact]
    public void Compose_AnyEntries_StayWithinTheBudget()
    {
        var word = Gen.OneOf("importer", "SQLite", "src/a/b.cs:42", "ünïcode", "記憶の中", "память", "\"quoted\"", "\\n", "🙂", "x", "because", "MEMORY_DB_PATH");
        Gen.Select(word.Array[1, 60].Select(words => string.Join(' ', words)), Gen.OneOf("decision", "question", "handoff", "note", "constraint")).Array[1, 30]
            .Sample((entries) =>
            {
                using var cairn = new EngineFixture();
                foreach (var (text, type) in entries) cairn.Entries.Save(new NewEntry { Text = text, Type = type }, cairn.Context);
                foreach (var maxTokens in new[] { 200, 500, 1_500 })
                {
                    var request = new BriefRequest { MaxTokens = maxTokens };
                    var json = Json(cairn.Engine.Briefs.Compose(request, cairn.Context, Json));
                    var text = cairn.Engine.Briefs.Compose(request, cairn.Context, static brief => brief.Text()).Text();
                    if (TokenCount.Of(json) > maxTokens || TokenCount.Of(text) > maxTokens) return false;
                }
                return true;
            }, iter: 30, threads: 1);
    }

    [Fact]
    public void Compose_EnoughEntries_UsesMostOfTheBudget()
    {
        for (var i = 0; i < 80; i++) Save("decision", $"Decision {i}: keep the queue in the database\n\nA broker would be one more process to run and to watch, and nobody here wants to.");

        Assert.InRange(TokenCount.Of(_cairn.Engine.Briefs.Compose(new BriefRequest(), _cairn.Context, static brief => brief.Text()).Text()), 750, 1_500);
    }

    private Brief Compose(BriefRequest? request = null, CallContext? context = null) => _cairn.Engine.Briefs.Compose(request ?? new BriefRequest(), context ?? _cairn.Context, Json);

    // As the wire writes it: what is null is left out, and text is not escaped more than JSON asks.
    private static readonly JsonSerializerOptions Wire = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static string Json(Brief brief) => JsonSerializer.Serialize(brief, Wire);

    private string Save(string type, string text) => _cairn.Save(new NewEntry { Text = text, Type = type });

    private CallContext Session(string id) => _cairn.Context with { SessionId = id };

    private static IEnumerable<string> Ids(IReadOnlyList<BriefItem>? items) => (items ?? []).Select(static item => item.Id);

    private static IEnumerable<string> All(Brief brief) =>
        new[] { brief.Handoff is { } handoff ? [handoff] : null, brief.Pinned, brief.Constraints, brief.Questions, brief.Decisions, brief.Related, brief.Changes, brief.Preferences, brief.Recent }.SelectMany(Ids);
}
