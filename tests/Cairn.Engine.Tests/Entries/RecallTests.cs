using System.Text.Json;
using Cairn.Engine.Entries;
using Cairn.Engine.Search;

namespace Cairn.Engine.Tests.Entries;

/// <summary>What older rules let in is never handed out: entries here are made old past the engine, with a secret in them.</summary>
public sealed class RecallTests : IDisposable
{
    private const string Word = "PLACE";
    private const string Cut = "[REDACTED:github-token]";

    // Put together here: the repository holds no text that looks like a secret.
    private static readonly string Secret = "gh" + "p_" + string.Concat(Enumerable.Range(0, 36).Select(i => "a1B2c3D4e5F6g7H8i9J0"[i * 7 % 20]));

    private readonly EngineFixture _cairn = new();

    public void Dispose() => _cairn.Dispose();

    [Fact]
    public void Save_Revise_Ingest_Import_KeepTheRuleSetThatJudged()
    {
        var id = _cairn.Save("Saved");
        _cairn.Update(new EntryChange { Id = id, Action = EntryAction.Revise, Text = "Revised" });
        Directory.CreateDirectory(Path.Combine(_cairn.Folder, ".git"));
        File.WriteAllText(Path.Combine(_cairn.Folder, "note.txt"), "Ingested");
        _cairn.Engine.Ingestion.Ingest(new Engine.Ingestion.IngestionRequest { Sources = ["note.txt"] }, _cairn.Context, cancellation: TestContext.Current.CancellationToken);
        using var into = new EngineFixture();
        var path = Path.Combine(_cairn.Folder, "export.jsonl");
        _cairn.Engine.Export.ToFile(path, null, replace: false);
        into.Engine.Import.Import(new Engine.Transfer.ImportRequest { Path = path }, into.Context);

        foreach (var cairn in new[] { _cairn, into })
        {
            Assert.True(cairn.Rows("SELECT key FROM entries").Count >= 2);
            Assert.Equal([$"1|{Engine.Policy.SecretRules.Hash}"], cairn.Rows("SELECT key, hash FROM policy_rule_sets"));
            Assert.Empty(cairn.Rows("SELECT key FROM entries WHERE rule_set_key IS NOT 1"));
        }
    }

    [Fact]
    public void Get_OldEntry_IsRedactedInEveryField()
    {
        var id = SaveOld();

        var entry = _cairn.Get(id);

        Assert.Equal($"Title {Cut}", entry.Title);
        Assert.Equal($"The token is {Cut}, kept safe", entry.Body);
        Assert.Equal($"docs/{Cut}.md", entry.SourceRef);
        Assert.Equal(["a", Cut], entry.Tags!);
        Assert.Equal($$"""{"{{Cut}}":["{{Cut}}"]}""", entry.Metadata!.Value.GetRawText());
        Assert.Equal(6, entry.Redacted);
        Assert.DoesNotContain(Secret, JsonSerializer.Serialize(entry), StringComparison.Ordinal);
    }

    [Fact]
    public void SearchAndTimeline_OldEntry_AreRedacted()
    {
        var id = SaveOld();

        var hit = Assert.Single(_cairn.Search("kept safe").Items);
        Assert.Equal((id, $"Title {Cut}", $"docs/{Cut}.md", $"The token is {Cut}, kept safe"), (hit.Id, hit.Title, hit.SourceRef, hit.Snippet));
        Assert.Equal(3, hit.Redacted);
        var line = Assert.Single(_cairn.Entries.Timeline(id, 1, 1).Items);
        Assert.Equal((hit.Title, hit.SourceRef, hit.Redacted), (line.Title, line.SourceRef, line.Redacted));
    }

    [Fact]
    public void Search_SnippetOfALongOldEntry_IsCutFromTheRedactedText()
    {
        for (var before = 0; before < 150; before += 7)
        {
            var id = _cairn.Save($"{new string('w', 300)} {new string('v', before)} marble {Word} {before} {new string('u', 300)}");
            _cairn.Age(id, Word, Secret);
            var snippet = Assert.Single(_cairn.Search("marble").Items).Snippet!;
            Assert.DoesNotContain(Secret[..8], snippet, StringComparison.Ordinal);
            _cairn.Purge(id);
        }
    }

    [Fact]
    public void TitleThatEndsInsideASecret_IsMadeAnew()
    {
        var start = new string('w', 100);
        var id = _cairn.Save($"{start}={Word} and more of it");
        _cairn.Age(id, Word, Secret);
        var title = EntryDraft.FirstLine($"{start}={Secret} and more of it");
        Assert.EndsWith($"={Secret[..18]}…", title, StringComparison.Ordinal);
        _cairn.Sql($"UPDATE entries SET title = '{title}' WHERE id = '{id}'");

        Assert.DoesNotContain(Secret[..6], _cairn.Get(id).Title, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret[..6], Assert.Single(_cairn.Entries.Timeline(id, 0, 0).Items).Title, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret[..6], Assert.Single(_cairn.Search("more").Items).Title, StringComparison.Ordinal);
    }

    [Fact]
    public void CleanOldEntry_ReadAgainAndAgain_IsTheSameAndNotCounted()
    {
        var id = _cairn.Save(new NewEntry { Text = "Clean PLACE", Title = "T", Tags = ["a"], Metadata = JsonElement.Parse("""{ "a" : 1 }""") });
        _cairn.Age(id, Word, "text");

        foreach (var _ in Enumerable.Range(0, 3))
        {
            var entry = _cairn.Get(id);
            Assert.Equal(("Clean text", "T", null, """{ "a" : 1 }"""), (entry.Body, entry.Title, entry.Redacted, entry.Metadata!.Value.GetRawText()));
            Assert.Null(Assert.Single(_cairn.Search("clean").Items).Redacted);
        }
        // What is known to be clean is known for one state of the entry alone.
        _cairn.Age(id, "text", Secret);
        _cairn.Update(id, EntryAction.Pin);
        Assert.Equal($"Clean {Cut}", _cairn.Get(id).Body);
    }

    [Fact]
    public void NamesOfProjectAndSession_AreJudgedEachTime()
    {
        var id = _cairn.Save("Entry", _cairn.Context with { Project = "named", SessionId = "session" });
        _cairn.Sql($"UPDATE projects SET name = '{Secret}'; UPDATE sessions SET id = '{Secret}'");

        var entry = _cairn.Get(id);
        Assert.Equal((Cut, Cut, 2), (entry.Project, entry.SessionId, entry.Redacted));
        Assert.Equal(Cut, Assert.Single(_cairn.Search(new SearchQuery { Query = "entry" }, _cairn.In("*")).Items).Project);
        Assert.Equal(Cut, Assert.Single(_cairn.Entries.Timeline(id, 0, 0).Items).Project);
    }

    [Fact]
    public void EntryOfThePresentRules_IsNotJudgedAgain()
    {
        var id = _cairn.Save($"The token is {Word}");
        _cairn.Sql($"UPDATE entries SET body = replace(body, '{Word}', '{Secret}') WHERE id = '{id}'");

        Assert.Contains(Secret, _cairn.Get(id).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("jsonl")]
    [InlineData("markdown")]
    public void Export_OldEntries_AreRedactedAndCounted(string format)
    {
        var id = SaveOld();
        _cairn.Update(id, EntryAction.Pin);
        _cairn.Sql($"UPDATE entry_revisions SET reason = '{Secret}'");
        var path = Path.Combine(_cairn.Folder, "export");

        var result = format == "jsonl" ? _cairn.Engine.Export.ToFile(path, null, replace: false) : _cairn.Engine.Export.ToFolder(path, null);

        Assert.Equal(7, result.Redacted);
        var files = format == "jsonl" ? [path] : Directory.GetFiles(path, "*", SearchOption.AllDirectories);
        Assert.DoesNotContain(files, file => File.ReadAllText(file).Contains(Secret, StringComparison.Ordinal));
        Assert.Contains(files, file => File.ReadAllText(file).Contains(Cut, StringComparison.Ordinal));
    }

    [Fact]
    public void Revise_OldEntryThatHoldsASecret_IsRefusedUntilItsTextIsReplaced()
    {
        var id = _cairn.Save($"The token is {Word}");
        _cairn.Age(id, Word, Secret);

        var blocked = Assert.IsType<SaveOutcome.Blocked>(_cairn.Entries.Update(new EntryChange { Id = id, Action = EntryAction.Revise, Tags = ["new"] }, _cairn.Context));
        Assert.Contains(blocked.Violations, violation => violation.Field == "text");
        Assert.Single(_cairn.Rows("SELECT key FROM entries"));

        Assert.Equal("revised", _cairn.Update(new EntryChange { Id = id, Action = EntryAction.Revise, Text = "The token is in the vault", Title = "Where the token is" }).Status);
    }

    private string SaveOld()
    {
        var id = _cairn.Save(new NewEntry
        {
            Text = $"The token is {Word}, kept safe",
            Title = $"Title {Word}",
            SourceRef = $"docs/{Word}.md",
            Tags = ["a", Word],
            Metadata = JsonElement.Parse($$"""{"{{Word}}":["{{Word}}"]}"""),
        });
        _cairn.Age(id, Word, Secret);
        return id;
    }
}
