using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Cli;

/// <summary>The way of a run through the real program: dry-run, approve, apply, undo, purge.</summary>
public sealed class RetentionApplyCommandTests : IDisposable
{
    private readonly TempHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Run_FromDryRunToPurge_GoesStepByStep()
    {
        var (old, young) = (Save("The old zebra"), Save("The young heron"));
        var run = Json("retention", "dry-run", "--max-entries-per-project", "1").String("run_id");

        CliProcess.AssertRefused(_home, 2, $"cairn retention approve {run}", ["retention", "apply", run]);
        Assert.Equal(("approved", 1), (Json("retention", "approve", run).String("status"), (int)Json("retention", "approve", run)["total_candidates"]!));
        var applied = Json("retention", "apply", run);
        Assert.Equal(("applied", 1, false), (applied.String("status"), (int)applied["archived"]!, applied.ContainsKey("skipped")));
        Cairn("backup", "verify", applied.String("backup")).ShouldExitWith(0);
        Assert.Equal("retention", State(old));
        Assert.Equal("unchanged", Json("retention", "apply", run).String("status"));

        var waiting = Json("retention", "purge");
        Assert.Equal(("unchanged", 0, 1), (waiting.String("status"), (int)waiting["purged"]!, (int)waiting["waiting"]!));
        CliProcess.AssertRefused(_home, 2, "1 entry of 1 run would be removed for good", ["retention", "purge", run, "--grace-days", "0"]);
        var purged = Json("retention", "purge", run, "--grace-days", "0", "--yes");
        Assert.Equal(("purged", 1, run), (purged.String("status"), (int)purged["purged"]!, (string?)purged["runs"]![0]));
        Assert.Equal([applied.String("backup")], purged.Array("backups").Select(static name => (string?)name));
        Assert.Equal(4, Cairn("get", old).ExitCode);
        Cairn("get", young).ShouldExitWith(0);
        Assert.Equal(
            ["purge_finished", "purge_started", "apply_finished", "apply_started", "approve", "dry-run"],
            Json("retention", "history").Array("runs").Select(static step => step!.AsObject().String("event")));
    }

    [Fact]
    public void Run_ForPeople_SaysWhatWasDoneAndWhatComesNext()
    {
        Save("Old");
        var young = Save("Young");
        var run = Json("retention", "dry-run", "--max-entries-per-project", "1").String("run_id");
        Cairn("update", young, "pin").ShouldExitWith(0);

        Assert.Contains($"Approved: run {run}, 1 candidate.", Cairn("retention", "approve", run).ShouldExitWith(0).Output, StringComparison.Ordinal);
        var applied = Cairn("retention", "apply", run).ShouldExitWith(0);
        Assert.Contains($"Archived: 1 entry of run {run}.\nBackup: memory-", applied.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains($"cairn retention undo {run}", applied.Error, StringComparison.Ordinal);
        Assert.Matches(@"Purged 0 entries of 0 runs\.\s+Within their grace: 1 entry, the first until \d{4}-\d\d-\d\d", Cairn("retention", "purge").ShouldExitWith(0).Output);
        var undone = Cairn("retention", "undo", run).ShouldExitWith(0).Output;
        Assert.Contains($"Brought back: 1 entry of run {run}.", undone, StringComparison.Ordinal);
        CliProcess.AssertRefused(_home, 2, "was undone", ["retention", "apply", run]);
    }

    [Fact]
    public void RerunAndExplain_SayWhatIsDifferent()
    {
        var old = Save("Old");
        Save("Young");
        var run = Json("retention", "dry-run", "--max-entries-per-project", "1").String("run_id");
        var third = Save("Third");

        var rerun = Json("retention", "rerun", run);
        var explained = Json("retention", "explain");
        var shown = Cairn("retention", "explain").ShouldExitWith(0).Output;

        Assert.Equal((run, 2, 1, 0), (rerun.String("rerun_of"), (int)rerun["run"]!["total_candidates"]!, rerun.Array("new_candidates").Count, rerun.Array("gone_candidates").Count));
        Assert.DoesNotContain(third, rerun.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(run, explained.Object("previous").String("run_id"));
        Assert.True(JsonNode.DeepEquals(new JsonArray(new JsonObject { ["project"] = "project", ["saved"] = 1, ["ingested"] = 0, ["sources"] = 0 }), explained["projects"]), explained.ToJsonString());
        Assert.Matches(@"(?m)^total_candidates +1 +2 *$", shown);
        Assert.Matches(@"(?m)^project +1 +0 +0 *$", shown);
        Assert.DoesNotContain(old, explained.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void EachStep_UnknownRun_IsNotFound()
    {
        Save("Entry");
        foreach (var step in new[] { "approve", "apply", "undo", "purge", "rerun", "explain" })
            CliProcess.AssertRefused(_home, 4, "No retention run has the id", ["retention", step, "0123456789ABCDEF"]);
        CliProcess.AssertRefused(_home, 4, "There is no retention run yet", ["retention", "explain"]);
    }

    [Fact]
    public void Apply_RecordThatWasTouched_FailsAndHistoryShowsIt()
    {
        var id = Save("Old");
        Save("Young");
        var run = Json("retention", "dry-run", "--max-entries-per-project", "1").String("run_id");
        Cairn("retention", "approve", run).ShouldExitWith(0);
        DatabaseFile.Execute(_home.DefaultDatabase, "UPDATE retention_audit_events SET inputs = '{}' WHERE event = 'dry-run'");

        CliProcess.AssertRefused(_home, 1, "not whole", ["retention", "apply", run]);

        Assert.Null(State(id));
        Cairn("retention", "history").ShouldExitWith(1);
    }

    [Fact]
    public void Apply_NothingRecordedForLong_AsksWhetherTheClockIsRight()
    {
        var id = Save("Old");
        Save("Young");
        const string past = "1000000000000";
        DatabaseFile.Execute(_home.DefaultDatabase, $"UPDATE schema_migrations SET applied_at = {past}; UPDATE entries SET recorded_at = {past}, changed_at = {past}");
        var run = Cairn("retention", "dry-run", "--max-entries-per-project", "1", "--json").ShouldExitWith(0);
        var runId = JsonNode.Parse(run.Output)!.AsObject().String("run_id");
        Assert.Contains("may have jumped", (string?)JsonNode.Parse(run.Output)!["warnings"]![0], StringComparison.Ordinal);
        Cairn("retention", "approve", runId).ShouldExitWith(0);

        CliProcess.AssertRefused(_home, 2, "--clock-is-right", ["retention", "apply", runId]);
        Assert.Null(State(id));
        Assert.Equal(1, (int)Json("retention", "apply", runId, "--clock-is-right")["archived"]!);
    }

    [Fact]
    public void Apply_ManyEntries_LetsOthersSaveMeanwhile()
    {
        Fill(3000);
        using var server = McpProcess.StartInitialized(_home, ["mcp", "--db", _home.DefaultDatabase]);
        var run = Json("retention", "dry-run", "--max-entries-per-project", "1").String("run_id");
        Cairn("retention", "approve", run).ShouldExitWith(0);
        using var process = ChildProcess.Start(CairnBinary.Path, ["retention", "apply", run], _home);
        Assert.True(SpinWait.SpinUntil(() => Batches() > 0 || process.HasExited, ChildProcess.Limit));

        var (saves, longest) = (0, TimeSpan.Zero);
        while (!process.HasExited)
        {
            var started = Stopwatch.GetTimestamp();
            Assert.False(server.CallTool("save_memory", new JsonObject { ["text"] = $"Save {saves++}" }).IsError);
            longest = Stopwatch.GetElapsedTime(started) is var took && took > longest ? took : longest;
        }

        Assert.Equal(0, process.ExitCode);
        Assert.True(saves > 1, $"{saves} saves, the longest took {longest}");
        Assert.True(longest < TimeSpan.FromSeconds(5), $"A save took {longest}.");
    }

    private void Fill(int entries)
    {
        Save("The first entry makes the database");
        DatabaseFile.Execute(_home.DefaultDatabase, string.Create(CultureInfo.InvariantCulture, $"""
            WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {entries})
            INSERT INTO entries (id, project_key, occurred_at, recorded_at, changed_at, origin, entry_type, content_hash, title, search_text, body)
            SELECT printf('%016d', n), 1, n, e.recorded_at, e.recorded_at, 'user', 'note', randomblob(32), 'Entry ' || n, '', 'Body ' || n FROM number, entries e WHERE e.key = 1;
            """));
    }

    private long Batches() => Number("SELECT count(*) FROM retention_audit_events WHERE event = 'apply_batch'");

    private long Number(string sql) => DatabaseFile.Number(_home.DefaultDatabase, sql);

    private string? State(string id) => (string?)Json("get", id).Array("items")[0]!["state_reason"];

    private string Save(string text) => CliProcess.Save(_home, text);

    private JsonObject Json(params string[] arguments) => CliProcess.Json(_home, arguments);

    private ProcessResult Cairn(params string[] arguments) => CliProcess.Run(_home, arguments);
}
