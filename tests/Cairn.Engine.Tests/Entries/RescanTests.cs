using Cairn.Engine.Entries;

namespace Cairn.Engine.Tests.Entries;

public sealed class RescanTests : IDisposable
{
    private const string Word = "PLACE";
    private const string Cut = "[REDACTED:github-token]";

    private static readonly string Secret = "gh" + "p_" + string.Concat(Enumerable.Range(0, 36).Select(i => "a1B2c3D4e5F6g7H8i9J0"[i * 7 % 20]));

    private readonly EngineFixture _cairn = new();

    public void Dispose() => _cairn.Dispose();

    [Fact]
    public void Run_OldEntries_MarksTheCleanOnesAndListsTheOthers()
    {
        var (clean, dirty, current) = (_cairn.Save("Clean"), SaveOld("Dirty"), _cairn.Save("Current"));
        _cairn.Sql($"UPDATE entries SET rule_set_key = NULL WHERE id = '{clean}'");

        var result = Run();

        Assert.Equal((2, 1, null), (result.Judged, result.Clean, result.DryRun));
        var finding = Assert.Single(result.Found);
        Assert.Equal((dirty, "found", "github-token", "text, title"), (finding.Id, finding.Outcome, string.Join(", ", finding.Rules), string.Join(", ", finding.Fields)));
        Assert.Equal([$"{clean}|1", $"{dirty}|", $"{current}|1"], _cairn.Rows("SELECT id, rule_set_key FROM entries ORDER BY key"));
        Assert.Equal((1, 0), (Run().Judged, Run().Clean));
        Assert.Equal((3, 2), (Run(all: true).Judged, Run(all: true).Clean));
    }

    [Fact]
    public void Run_OldEntryWithASecretInPrivateTags_FindsIt()
    {
        var id = _cairn.Save("Keep PLACE");
        _cairn.Age(id, Word, $"<private>{Secret}</private>");

        Assert.Equal("found", Assert.Single(Run().Found).Outcome);

        Assert.DoesNotContain(Secret, _cairn.Get(id).Body, StringComparison.Ordinal);
        var revised = _cairn.Entries.Update(new EntryChange { Id = id, Action = EntryAction.Revise, Tags = ["new"] }, _cairn.Context);
        Assert.IsType<SaveOutcome.Blocked>(revised);
    }

    [Fact]
    public void Run_Dry_WritesNothing()
    {
        SaveOld("Dirty");
        var clean = _cairn.Save("Clean");
        _cairn.Sql($"UPDATE entries SET rule_set_key = NULL; DELETE FROM policy_rule_sets");

        var result = Run(RescanAction.Purge, dryRun: true);

        Assert.Equal((2, 1, true, "found"), (result.Judged, result.Clean, result.DryRun, Assert.Single(result.Found).Outcome));
        Assert.Equal(["0|2"], _cairn.Rows("SELECT (SELECT count(*) FROM policy_rule_sets), count(*) FROM entries WHERE rule_set_key IS NULL"));
        Assert.Equal("Clean", _cairn.Get(clean).Body);
    }

    [Fact]
    public void Run_OneProject_LeavesTheOthers()
    {
        var here = SaveOld("Dirty");
        var there = SaveOld("Dirty", _cairn.In("other"));

        Assert.Equal([here], Run(project: EngineFixture.Project).Found.Select(finding => finding.Id));
        Assert.Equal([there], Run(RescanAction.Purge, project: "other").Found.Select(finding => finding.Id));
        Assert.Equal([here], _cairn.Rows("SELECT id FROM entries"));
        Assert.Equal(ErrorCode.EntryNotFound, Assert.Throws<EngineException>(() => Run(project: "unknown")).Code);
    }

    [Fact]
    public void Redact_OldEntry_KeepsItAndNoByteOfTheSecret()
    {
        var older = _cairn.Save("Older");
        var id = SaveOld("Dirty", supersedes: older);
        _cairn.Update(new EntryChange { Id = id, Action = EntryAction.Pin, Reason = Word });
        _cairn.Sql($"UPDATE entry_revisions SET reason = replace(reason, '{Word}', '{Secret}')");
        Assert.True(_cairn.Holds(Secret[8..]));

        var finding = Assert.Single(Run(RescanAction.Redact).Found);

        Assert.Equal((id, "redacted"), (finding.Id, finding.Outcome));
        Assert.Contains("history.reason", finding.Fields);
        Assert.False(_cairn.Holds(Secret[8..]));
        Assert.False(_cairn.Holds(Secret[8..].ToLowerInvariant()));
        var entry = _cairn.Get(id);
        Assert.Equal(($"Dirty {Cut} end", $"Dirty {Cut} end", null, true), (entry.Body, entry.Title, entry.Redacted, entry.Pinned));
        Assert.Equal([older], entry.Supersedes!);
        Assert.Equal([id], _cairn.Find("dirty end"));
        Assert.Empty(_cairn.Find(Secret));
        _cairn.Sql("INSERT INTO entries_fts (entries_fts, rank) VALUES ('integrity-check', 1)");
        Assert.Equal(["redacted|github-token|history.reason", "redacted|github-token|text", "redacted|github-token|title"],
            _cairn.Rows($"SELECT event, rule, field FROM policy_events WHERE entry_id = '{id}' ORDER BY field"));
        Assert.Equal((0, 0), (Run().Judged, Run().Found.Count));
    }

    [Fact]
    public void Redact_EntriesThatThenSayTheSame_LeavesOneActive()
    {
        var first = SaveOld("Same");
        var other = "gh" + "p_" + new string([.. Secret[4..].Reverse()]);
        var second = _cairn.Save("Same OTHER end");
        _cairn.Age(second, "OTHER", other);

        Assert.All(Run(RescanAction.Redact).Found, finding => Assert.Equal("redacted", finding.Outcome));

        Assert.Equal([first], _cairn.Find("same"));
        Assert.Equal(("superseded", first), (_cairn.Get(second).State, _cairn.Get(second).SupersededBy));
    }

    [Fact]
    public void Redact_FieldsThatGrowBeyondTheirLimits_AreShortened()
    {
        var id = _cairn.Save(new NewEntry { Text = "Text", Title = $"{Word}{new string('t', 250)} {Word}", Tags = [$"{new string('g', 20)} {Word}"] });
        _cairn.Age(id, Word, Secret[..40]);

        Assert.Equal("redacted", Assert.Single(Run(RescanAction.Redact).Found).Outcome);
        Assert.True(_cairn.Get(id).Title.Length <= 300);
        Assert.False(_cairn.Holds(Secret[8..]));
    }

    [Fact]
    public void Redact_SecretInTheSessionsName_IsPartAndPurgeTakesIt()
    {
        var id = SaveOld("Dirty", _cairn.Context with { SessionId = "session" });
        _cairn.Sql($"UPDATE sessions SET id = '{Secret}'");

        Assert.Equal("partly_redacted", Assert.Single(Run(RescanAction.Redact).Found).Outcome);
        Assert.Equal("session_id", Assert.Single(Assert.Single(Run().Found).Fields));
        Assert.Equal("purged", Assert.Single(Run(RescanAction.Purge).Found).Outcome);
        Assert.False(_cairn.Holds(Secret[8..]));
        Assert.Equal([id], _cairn.Entries.Get([id]).Missing);
    }

    [Fact]
    public void Purge_OldEntries_RemovesThemAndNoOther()
    {
        var dirty = Enumerable.Range(0, 130).Select(i => SaveOld($"Dirty {i}")).ToList();
        var kept = _cairn.Save("Kept");
        long told = 0;

        var result = _cairn.Engine.Rescans.Run(new RescanRequest { Action = RescanAction.Purge }, progress => told = progress.Judged, TestContext.Current.CancellationToken);

        Assert.Null(result.BytesLeft);
        Assert.Equal((130, 130, 0), (told, result.Judged, result.Clean));
        Assert.Equal(dirty, result.Found.Select(finding => finding.Id));
        Assert.False(_cairn.Holds(Secret[8..]));
        Assert.Equal([kept], _cairn.Rows("SELECT id FROM entries"));
        Assert.Equal(["130|policy rescan"], _cairn.Rows("SELECT count(*), min(reason) FROM purged_entries"));
    }

    [Fact]
    public void Run_InterruptedAndAgain_GoesOnWhereItWas()
    {
        for (var i = 0; i < 150; i++) _cairn.Save($"Clean {i}");
        _cairn.Sql("UPDATE entries SET rule_set_key = NULL");
        using var stop = new CancellationTokenSource();

        Assert.Throws<OperationCanceledException>(() => _cairn.Engine.Rescans.Run(new RescanRequest(), _ => stop.Cancel(), stop.Token));

        Assert.Equal(50, Run().Judged);
        Assert.Equal(0, Run().Judged);
    }

    [Fact]
    public async Task Run_WhileAnotherProcessSaves_BothComeToTheirEnd()
    {
        for (var i = 0; i < 200; i++) _cairn.Save($"Clean {i} {new string('x', 5000)}");
        _cairn.Sql("UPDATE entries SET rule_set_key = NULL");
        using var other = _cairn.Another();
        var saved = EngineFixture.Start(() => Enumerable.Range(0, 40).Count(i => other.Entries.Save(new NewEntry { Text = $"Meanwhile {i}" }, _cairn.Context) is SaveOutcome.Stored));

        Assert.Equal(200, Run().Judged);
        Assert.Equal(40, await saved);
        Assert.Empty(_cairn.Rows("SELECT id FROM entries WHERE rule_set_key IS NULL"));
    }

    private RescanResult Run(RescanAction action = RescanAction.List, string? project = null, bool all = false, bool dryRun = false) =>
        _cairn.Engine.Rescans.Run(new RescanRequest { Action = action, Project = project, All = all, DryRun = dryRun });

    private string SaveOld(string text, CallContext? context = null, string? supersedes = null)
    {
        var id = _cairn.Save(new NewEntry { Text = $"{text} {Word} end", Supersedes = supersedes is null ? [] : [supersedes] }, context);
        _cairn.Age(id, Word, Secret);
        return id;
    }
}
