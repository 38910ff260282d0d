using Cairn.Benchmarks.Capture;
using Cairn.Engine.Capture;
using Cairn.Engine.Entries;
using CsCheck;

namespace Cairn.Engine.Tests.Capture;

/// <summary>Capture through its service, on a real database.</summary>
public sealed class CaptureServiceTests : IDisposable
{
    private const string Decided = "u: Which queue?\nf: We decided to use NATS for the mailer, because it keeps messages on disk.";

    private static readonly string Secret = "gh" + "p_" + string.Concat(Enumerable.Range(0, 36).Select(static i => "a1B2c3D4e5F6g7H8i9J0"[i * 7 % 20]));

    private readonly EngineFixture _cairn = new();

    private CaptureService Capture => _cairn.Engine.Capture;

    public void Dispose() => _cairn.Dispose();

    /// <summary>The bar of assist: nine of ten entries that it saves are right, in windows that the rules were not tuned by.</summary>
    [Fact]
    public void Simulate_AssistOnTheHeldOutWindows_IsAtLeastNineTenthsPrecise()
    {
        var measure = Measure("holdout");

        Assert.True(measure.Precision >= 0.9, $"precision {measure.Precision:0.000}: {string.Join("\n", measure.Misses)}");
        Assert.True(measure.Recall >= 0.8, $"recall {measure.Recall:0.000}");
        Assert.All(measure.Types, static type => Assert.True(type.Expected > 0 && type.Right >= 0.75 * Math.Max(type.Taken, type.Expected), $"{type}"));
    }

    /// <summary>All in one project and a session each, as a month is: no window's entry may be taken for a former one's because few words differ.</summary>
    [Fact]
    public void Simulate_TheHeldOutWindowsOfOneProject_LosesNoneToDuplicates()
    {
        var windows = Windows("holdout");
        var events = windows.SelectMany(static (window, index) => WindowText.Read(window.Events, $"s{index}").Select(item => item with { SessionId = $"s{index}" })).ToList();

        var decisions = Capture.Simulate(events, _cairn.Context).Decisions;

        var expected = windows.Sum(static window => window.Expected.Count);
        Assert.True(decisions.Count(static item => item.Reason == "near_duplicate") <= expected / 20, string.Join("\n", decisions.Where(static item => item.Reason == "near_duplicate").Select(static item => item.Title)));
        Assert.True(decisions.Count(static item => item.Outcome == "saved") >= 0.8 * expected);
    }

    [Fact]
    public void LabelledWindows_AreThreeHundredOrMore_OfWhichSomeHoldNothing()
    {
        var all = Windows("tune").Concat(Windows("holdout")).ToList();

        Assert.True(all.Count >= 300, $"{all.Count}");
        Assert.True(all.Count(static window => window.Expected.Count == 0) >= all.Count / 3);
    }

    /// <summary>The same bar on files that the real Codex wrote, with labels that were written before; whole sessions, as duplicates would be.</summary>
    [Fact]
    public void SimulateFile_RolloutsOfTheRealCodex_InAssist_AreAtLeastNineTenthsPrecise()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Capture", "Rollouts");
        var measure = new CaptureMeasure();
        var turns = LabelledRollout.Read(folder);
        foreach (var session in turns.GroupBy(static turn => turn.Label.Name.Split(' ')[0]))
            measure.Add(new LabelledWindow(session.Key, "", [.. session.SelectMany(static turn => turn.Label.Expected)]), Capture.SimulateFile(Path.Combine(folder, $"{session.Key}.jsonl"), _cairn.In(session.Key)).Decisions
                .Where(static item => item.Outcome == "saved").Select(static item => (item.EntryType, $"{item.Title}\n{item.Text}")));

        Assert.True(turns.Count >= 20, $"{turns.Count}");
        Assert.True(measure.Precision >= 0.9, $"precision {measure.Precision:0.000}: {string.Join("\n", measure.Misses)}");
        Assert.True(measure.Recall >= 0.7, $"recall {measure.Recall:0.000}");
    }

    [Fact]
    public void Capture_ADecision_IsSavedWithItsEvidenceAndOnRecord()
    {
        var result = Take(Decided);

        Assert.Equal((CaptureMode.Assist, 1, 1, 0), (result.Mode, result.Windows, result.Saved, result.Duplicates));
        var entry = _cairn.Get(Assert.Single(result.SavedIds));
        Assert.Equal(("decision", "transcript", "s1"), (entry.EntryType, entry.Origin, entry.SessionId));
        Assert.StartsWith("We decided to use NATS", entry.Title, StringComparison.Ordinal);
        Assert.Equal("we-decided", entry.Metadata!.Value.GetProperty("capture").GetProperty("rule").GetString());
        var row = Assert.Single(Capture.Audit(10).Events);
        Assert.Equal(("saved", "evidence", "we-decided", entry.Id, "s1"), (row.Outcome, row.Reason, row.Rule, row.EntryId, row.SessionId));
        Assert.Equal(["e1"], row.EventIds);
        Assert.DoesNotContain("NATS", string.Join('\n', _cairn.Rows("SELECT * FROM capture_events")), StringComparison.Ordinal);
    }

    [Fact]
    public void Capture_EventsOfACheckout_SavesTheirBranchAndCommit()
    {
        var events = Events(Decided).Select(static item => item with { Branch = "feature/mail", Commit = "3aefbbc4fc52892da76c74e9dcc1eef4e8feda28" });

        var entry = _cairn.Get(Assert.Single(Capture.Capture(events, _cairn.Context).SavedIds));

        Assert.Equal(("3aefbbc4fc52892da76c74e9dcc1eef4e8feda28", "feature/mail"), (entry.GitCommit, entry.Metadata!.Value.GetProperty("capture").GetProperty("branch").GetString()));
    }

    [Fact]
    public void Capture_TheSameEventsAgain_ChangesNothing()
    {
        Take(Decided + "\nu: Maybe we switch to Kafka?");
        var rows = _cairn.Rows("SELECT * FROM capture_events");

        var again = Take(Decided + "\nu: Maybe we switch to Kafka?");

        Assert.Equal((0, 1), (again.Saved, again.Duplicates));
        Assert.Equal(rows, _cairn.Rows("SELECT * FROM capture_events"));
        Assert.Equal(["1"], _cairn.Rows("SELECT count(*) FROM entries"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("DROP TRIGGER entries_fts_insert; DROP TRIGGER entries_fts_delete; DROP TRIGGER entries_fts_update")]
    public void Capture_WhatSomebodySavedInOtherWords_IsANearDuplicate_AlsoWithoutAnIndex(string damage)
    {
        var id = _cairn.Save("We use NATS for the mailer because it keeps messages on disk");
        for (var i = 0; i < 60; i++) _cairn.Save($"The mailer of build {i} keeps its messages in folder {i}");
        _cairn.Sql(damage);

        var result = Take(Decided);

        Assert.Equal((0, 1), (result.Saved, result.Duplicates));
        var row = Assert.Single(Capture.Audit(10).Events);
        Assert.Equal(("duplicate", "near_duplicate", id), (row.Outcome, row.Reason, row.EntryId));
    }

    [Theory]
    [InlineData("u: The request timeout must be 30 seconds for all upstream calls.", "u: The request timeout must be 60 seconds for all upstream calls.")]
    [InlineData("u: We decided to store invoices in MySQL for the billing service.", "u: We decided to store invoices in Postgres for the billing service.")]
    [InlineData("u: We decided to keep the audit log in the main database until the summer.", "u: We decided not to keep the audit log in the main database until the summer.")]
    [InlineData("u: We decided to render invoices on the server rather than on the client of the shop.", "u: We decided to render invoices on the client rather than on the server of the shop.")]
    public void Capture_WhatChangedInAWordOrTwo_IsNoDuplicateOfWhatItWas(string before, string after)
    {
        Assert.Equal(1, Take(before, "s1").Saved);

        Assert.Equal((1, 0), Take(after, "s2") is var changed ? (changed.Saved, changed.Duplicates) : default);
        Assert.Equal((0, 1), Take(after, "s3") is var again ? (again.Saved, again.Duplicates) : default);
        Assert.Equal(2, Capture.Capture(Events($"{before}\n{after}", "s4"), _cairn.In("other")).Saved);
    }

    [Fact]
    public void Capture_AListOfWhatRemains_TakesThePlaceOfTheLongerOneBefore()
    {
        const string Longer = "u: Stop here.\nf: The importer is done.\n  Remaining:\n  - the header of old files\n  - the report of errors\n  - the large file\n  - the manual";
        var before = Assert.Single(Take(Longer, "s1").SavedIds);

        var after = Assert.Single(Take(Longer.Replace("\n  - the header of old files", "", StringComparison.Ordinal), "s2").SavedIds);

        Assert.Equal(("superseded", after), (_cairn.Get(before).State, _cairn.Get(before).SupersededBy));
    }

    [Fact]
    public void Capture_GoingBackToWhatWasReplaced_IsRememberedAgain()
    {
        const string First = "u: We decided to store invoices in MySQL for the billing service.";
        var former = Assert.Single(Take(First, "s1").SavedIds);
        _cairn.Engine.Entries.Save(new NewEntry { Text = "Invoices are stored in Postgres.", Supersedes = [former] }, _cairn.Context);

        Assert.Equal(1, Take(First, "s2").Saved);
        Assert.Equal(1, Take("u: ok, we decided to store the invoices in MySQL for the billing service!", "s3").Duplicates);
    }

    [Fact]
    public void Capture_ATurnThatSaysTooMuch_KeepsItsFirstThingsAlone()
    {
        var result = Take("f: All of it.\n" + string.Join('\n', Enumerable.Range(0, 400).Select(static i => $"  - Open question: who owns module m{i} of part p{i * 7}?")));

        Assert.Equal(20, result.Saved);
        Assert.InRange(result.Skipped, 200, 380);
        Assert.Equal("too_many", Capture.Audit(1).Events[0].Reason);
    }

    // Cleaned of the secret, the first and the last run are the same command no more as the one between.
    [Fact]
    public void Capture_AFixWhoseCommandHoldsASecret_HasNoHalfOfItInATitle()
    {
        var command = $"npm run seed postgres://admin:{string.Concat(Enumerable.Repeat(Secret[4..20], 6))}@db.example.com/prod";
        var window = $"u: The seed fails, fix it.\nc 1: {command}\nc 0: {command}\ne: src/seed.js\nc 0: {command}\nf: Root cause: the schema was missing. I added it to the seed, and the error is gone. Run it with `{command}` to seed the database.";

        var decisions = Capture.Simulate(Events(window), _cairn.Context, CaptureMode.Full).Decisions;
        Take(window);

        Assert.NotEmpty(decisions);
        Assert.All(decisions, static item => Assert.DoesNotContain(Secret[4..20], $"{item.Title} {item.Text}", StringComparison.Ordinal));
        Assert.False(_cairn.Holds(Secret[4..20]));
    }

    [Fact]
    public void Capture_TheSameInAnotherSession_IsSavedAgainAfterThirtyDaysAlone()
    {
        Take("u: From now on we tag releases with a leading v.", "s1");
        _cairn.Time.Advance(TimeSpan.FromDays(20));
        Assert.Equal((0, 1), Take("u: From now on we tag releases with a leading V!", "s2") is var second ? (second.Saved, second.Duplicates) : default);
        _cairn.Time.Advance(TimeSpan.FromDays(20));

        Assert.Equal(1, Take("u: From now on, we tag releases with a leading v", "s3").Saved);
    }

    [Fact]
    public void Capture_InAnotherProject_IsItsOwn()
    {
        Take(Decided);

        Assert.Equal(1, Capture.Capture(Events(Decided, "s2"), _cairn.In("other")).Saved);
    }

    [Fact]
    public void Capture_ASecretSaidInASession_IsInNoByteOfTheDatabase()
    {
        var result = Take($"u: We decided to use the token {Secret} for releases, because it is there.\nf: Never mind.\nu: Set it.\nc 1: npm publish --token {Secret}\nc 0: npm publish --registry local --token {Secret}\nf: Published.");

        Assert.InRange(result.Saved, 1, 3);
        Assert.All(result.SavedIds, id => Assert.Contains("[REDACTED:", _cairn.Get(id).Body, StringComparison.Ordinal));
        Assert.False(_cairn.Holds(Secret));
        Assert.False(_cairn.Holds(Secret[..20]));
        Assert.Contains(_cairn.Engine.Policy.Events(10, null, null).Events, static item => item.Event == "redacted");
    }

    [Fact]
    public void Capture_WherePolicyBlocks_SkipsWhatHoldsASecret()
    {
        using var cairn = new EngineFixture(static options => options with { Policy = new PolicyOptions { Mode = PolicyMode.Block } });

        var result = cairn.Engine.Capture.Capture(Events($"u: We decided to use the token {Secret} for releases."), cairn.Context);

        Assert.Equal((0, 1), (result.Saved, result.Skipped));
        Assert.Equal("policy", Assert.Single(cairn.Engine.Capture.Audit(10).Events).Reason);
        Assert.False(cairn.Holds(Secret));
    }

    [Fact]
    public void Capture_WhatIsMarkedPrivate_IsNotSeen()
    {
        Assert.Equal(0, Take("u: <private>We decided to sell the company. It is Acme that buys.</private> Go on.").Saved);
        Assert.False(_cairn.Holds("Acme"));
    }

    [Theory]
    [InlineData("u: Should we use NATS for the mailer?", "question")]
    [InlineData("f: Perhaps we have decided to use NATS for the mailer.", "hypothetical")]
    [InlineData("u: The article says we decided to use NATS for the mailer.", "reported")]
    public void Capture_WhatIsNoDecision_IsSkippedWithItsReason(string said, string reason)
    {
        var result = Capture.Capture(Events(said.Replace("Should we use", "Have we decided to use", StringComparison.Ordinal)), _cairn.Context);

        Assert.Equal((0, 1), (result.Saved, result.Skipped));
        Assert.Equal(("skipped", reason), Assert.Single(Capture.Audit(10).Events) is var row ? (row.Outcome, row.Reason) : default);
    }

    [Fact]
    public void Capture_ModeOff_LooksAtNothing()
    {
        var result = Capture.Capture(Events(Decided), _cairn.Context, CaptureMode.Off);

        Assert.Equal((CaptureMode.Off, 0, 0), (result.Mode, result.Windows, result.Saved));
        Assert.Empty(Capture.Audit(10).Events);
    }

    [Fact]
    public void Capture_AProjectsFile_MayTurnItDownAndNeverUp()
    {
        var checkout = Checkout("""{"capture": {"mode": "full"}}""");
        Assert.Equal(CaptureMode.Assist, Capture.Capture(Events(Decided), checkout).Mode);

        Checkout("""{"capture": {"mode": "assist"}}""");
        Assert.Equal(CaptureMode.Assist, Capture.Capture([], checkout, CaptureMode.Full).Mode);
        Assert.Equal(CaptureMode.Off, Capture.Capture([], checkout, CaptureMode.Off).Mode);

        Checkout("""{"capture": {"mode": "off"}}""");
        Assert.Equal(CaptureMode.Off, Capture.Capture(Events(Decided, "s2"), checkout, CaptureMode.Full).Mode);
    }

    [Theory]
    [InlineData("clients/**", "clients/acme/api.cs", "path_denied")]
    [InlineData("clients", "clients/acme/api.cs", "path_denied")]
    [InlineData("**/*.pem", "src/keys/a.pem", "path_denied")]
    [InlineData("*.pem", "src/keys/a.pem", "path_denied")]
    [InlineData("secrets/", "packages/api/secrets/x.txt", "path_denied")]
    [InlineData("/clients", "src/clients/x.cs", "evidence")]
    [InlineData("clients/**", "src/clients.cs", "evidence")]
    public void Capture_DeniedPaths_LeaveTheWholeTurnOut(string glob, string path, string reason)
    {
        var checkout = Checkout($$$"""{"capture": {"deny": ["{{{glob}}}"]}}""");

        Capture.Capture(Events($"u: Go.\ne: {path}\nf: We decided to use NATS for the mailer, because it is small."), checkout);

        Assert.Equal(reason, Assert.Single(Capture.Audit(10).Events).Reason);
    }

    [Theory]
    [InlineData("u: Go.\ne: clients/acme/contract.md\ns: We wrote the contract of Acme, which gives a rebate of forty percent from next year on.\nf: We decided to give Acme forty percent, because they asked for it.")]
    [InlineData("u: Go.\nc 0: sed -i 's/30/40/' clients/acme/contract.md\nf: We decided to give Acme forty percent, because they asked for it.")]
    [InlineData("u: Go.\nc 0: cd clients && make contract\nf: We decided to give Acme forty percent, because they asked for it.")]
    public void Capture_DeniedPaths_LeaveOutWhatACompactionOrACommandParts(string window)
    {
        var checkout = Checkout("""{"capture": {"deny": ["clients/**"]}}""");

        Assert.DoesNotContain(Capture.Simulate(Events(window), checkout, CaptureMode.Full).Decisions, static item => item.Outcome == "saved");
        Assert.Equal(0, Capture.Capture(Events(window), checkout).Saved);
    }

    [Fact]
    public void Capture_DeniedPaths_LeaveOutALongTurn_AndALaterSummaryOfTheSession()
    {
        var checkout = Checkout("""{"capture": {"deny": ["clients/**"]}}""");
        var turn = Events("u: Go.\ne: clients/acme/contract.md\n" + string.Concat(Enumerable.Repeat("c 0: ls\n", 1_200)) + "f: We decided to give Acme forty percent, because they asked for it.");
        Assert.Equal(0, Capture.Capture(turn, checkout).Saved);

        Capture.Capture(Events("u: Go.\ne: clients/acme/contract.md\nf: Done.", "s2"), checkout);
        Assert.Equal(0, Capture.Capture(Events("s: We wrote the contract of Acme, which gives a rebate of forty percent from next year on.", "s2"), checkout).Saved);
        Assert.Equal(1, Capture.Capture(Events("s: We wrote the contract of Acme, which gives a rebate of forty percent from next year on.", "s3"), checkout).Saved);
    }

    [Fact]
    public void Capture_DeniedPaths_AreDeniedThroughALink()
    {
        if (OperatingSystem.IsWindows()) return; // a link takes a right there that users do not have
        var checkout = Checkout("""{"capture": {"deny": ["clients/**"]}}""");
        var link = Path.Combine(_cairn.Folder, "link");
        Directory.CreateSymbolicLink(link, checkout.WorkingDirectory);
        Directory.CreateDirectory(Path.Combine(checkout.WorkingDirectory, "clients"));
        var events = Events($"u: Go.\ne: {Path.Combine(link, "clients", "acme.md")} \nf: We decided to give Acme forty percent, because they asked for it.")
            .Select(item => item with { WorkingDirectory = Path.Combine(link, "clients"), Paths = [.. item.Paths.Where(static path => path.Length > 0)] });

        Assert.Equal(0, Capture.Capture(events, checkout).Saved);
    }

    [Fact]
    public void Capture_AllowedPaths_LeaveOtherTurnsOut()
    {
        using var cairn = new EngineFixture(static options => options with { Capture = new CaptureOptions { Projects = new Dictionary<string, CaptureScope> { ["cairn"] = new() { Mode = CaptureMode.Full, Allow = ["src/**"] } } } });
        string Turn(string path) => $"u: Go.\ne: {path}\nf: We decided to use {path} for the mailer, because it is small.";

        Assert.Equal(CaptureMode.Full, cairn.Engine.Capture.Capture(Events(Turn("src/a.cs")), cairn.Context).Mode);
        cairn.Engine.Capture.Capture(Events(Turn("docs/a.md"), "s2"), cairn.Context);

        Assert.Equal(["path_not_allowed", "evidence"], cairn.Engine.Capture.Audit(10).Events.Select(static row => row.Reason));
    }

    [Fact]
    public void Undo_ArchivesWhatTheSessionSavedAndCanBeTakenBack()
    {
        var kept = Take("u: Never log request bodies in the gateway.").SavedIds[0];
        var gone = Take(Decided).SavedIds[0];
        var other = Take("u: I prefer early returns over nested ifs.", "s2").SavedIds[0];
        var byHand = _cairn.Save("Saved by hand", _cairn.Context with { SessionId = "s1" });
        _cairn.Update(kept, EntryAction.Pin);

        var undone = Capture.Undo("s1", _cairn.Context);

        Assert.Equal([gone], undone.Changed);
        Assert.Equal([kept], undone.Kept);
        Assert.Equal("archived", _cairn.Get(gone).State);
        Assert.All([kept, other, byHand], id => Assert.Equal("active", _cairn.Get(id).State));
        Assert.Equal(("undone", gone), Capture.Audit(1, project: _cairn.Get(gone).Project).Events[0] is var row ? (row.Outcome, row.EntryId) : default);
        Assert.Equal(0, Take(Decided).Saved);
        Assert.Equal(0, Take(Decided, "s9").Saved);

        Assert.Equal([gone], Capture.Undo("s1", _cairn.Context, reinstate: true).Changed);
        Assert.Equal("active", _cairn.Get(gone).State);
        Assert.Equal(ErrorCode.EntryNotFound, Assert.Throws<EngineException>(() => Capture.Undo("nobody", _cairn.Context)).Code);
    }

    [Fact]
    public void Statistics_CountWhatBecameOfCandidates()
    {
        Take(Decided);
        Take("u: Have we decided to use NATS?");
        Take(Decided, "s2");

        var statistics = Capture.Statistics(_cairn.Context);

        Assert.Equal((2, CaptureMode.Assist), (statistics.Sessions, statistics.Mode));
        Assert.Equal(new CaptureRuleCount("decision", "we-decided", 1, 1, 1, 0), Assert.Single(statistics.Rules));
        Assert.Equal(new CaptureReasonCount("question", 1), Assert.Single(statistics.Reasons));
    }

    [Fact]
    public void Audit_KeepsTheNewestRows()
    {
        Take(Decided);
        _cairn.Sql("UPDATE capture_events SET key = 20001");
        Take("u: I prefer early returns over nested ifs.");

        Assert.Equal(2, Capture.Audit(10).Events.Count);
        _cairn.Sql("UPDATE capture_events SET key = key + 20000 WHERE key > 20001");
        Take("u: Never log request bodies in the gateway.");
        Assert.Equal(2, Capture.Audit(10).Events.Count);
    }

    [Fact]
    public void SimulateFile_OfEventLines_SaysWhatWouldBeSavedAndStoresNothing()
    {
        var file = Path.Combine(_cairn.Folder, "events.jsonl");
        File.WriteAllLines(file, Events(Decided + "\nu: Maybe we decided to use Kafka.").Select(EventLines.Write));

        var result = Capture.SimulateFile(file, _cairn.Context);

        Assert.Equal((3, 2), (result.Events, result.Windows));
        Assert.Equal([("saved", "evidence"), ("skipped", "hypothetical")], result.Decisions.Select(static item => (item.Outcome, item.Reason)));
        Assert.Empty(Capture.Audit(10).Events);
        File.AppendAllText(file, "{\"id\": 1}\n");
        Assert.Contains("line 4", Assert.Throws<EngineException>(() => Capture.SimulateFile(file, _cairn.Context)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Capture_AnyText_NeverFails()
    {
        var pieces = Gen.OneOf("We decided to use ", "Never ", "```\n", "\n- ", "\u0000", "\ud800", "Decision: ", "because ", " <private>", "</private>", "漢字 ", ". ");
        Gen.Select(pieces, Gen.String[0, 6], static (piece, any) => piece + any).Array[1, 8].Sample(texts =>
        {
            var said = new SessionEvent { Id = string.Concat(texts), Client = texts[0], SessionId = "s" + texts[0], Kind = SessionEventKind.UserPrompt, OccurredAt = DateTimeOffset.MaxValue, Text = string.Concat(texts) };
            return Capture.Capture([said], _cairn.Context, CaptureMode.Full).Windows == 1;
        }, iter: 200, threads: 1);
    }

    /// <summary>A call from a folder whose project file says this.</summary>
    private CallContext Checkout(string projectFile)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_cairn.Folder, "work")).FullName;
        File.WriteAllText(Path.Combine(folder, ".cairn.json"), projectFile);
        return _cairn.Context with { WorkingDirectory = folder };
    }

    private CaptureResult Take(string window, string session = "s1")
    {
        var result = Capture.Capture(Events(window, session), _cairn.Context);
        _cairn.Time.Advance(TimeSpan.FromSeconds(1));
        return result;
    }

    private List<SessionEvent> Events(string window, string session = "s1") => [.. WindowText.Read(window, session).Select(item => item with { OccurredAt = _cairn.Time.GetUtcNow() })];

    private static IReadOnlyList<LabelledWindow> Windows(string set) => LabelledWindow.Read(Path.Combine(AppContext.BaseDirectory, "Capture", "Data", $"{set}.txt"));

    private CaptureMeasure Measure(string set)
    {
        var measure = new CaptureMeasure();
        foreach (var (window, index) in Windows(set).Select(static (window, index) => (window, index)))
            measure.Add(window, Capture.Simulate(WindowText.Read(window.Events), _cairn.In($"p{index}")).Decisions
                .Where(static item => item.Outcome == "saved").Select(static item => (item.EntryType, $"{item.Title}\n{item.Text}")));
        return measure;
    }
}
