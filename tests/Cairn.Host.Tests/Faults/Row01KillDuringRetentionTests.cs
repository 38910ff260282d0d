using System.Globalization;
using System.Text.Json.Nodes;
using Cairn.Host.Tests.Harness;

namespace Cairn.Host.Tests.Faults;

/// <summary>An application of a retention run is killed between its batches, and within one.</summary>
[Collection(typeof(Alone))]
public sealed class Row01KillDuringRetentionTests : IDisposable
{
    private const int Entries = 3_000;

    private TempHome _home = new();
    private readonly Random _random = new(20267);

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Row01_RetentionApplyKilled_LeavesWhatTheRecordSaysAndGoesOn()
    {
        var (rounds, killed) = (FaultRun.Rounds(2), 0);
        for (var round = 0; round < rounds; round++)
        {
            // Each on a database of its own: the record of runs grows, and is read as a whole by each step.
            _home.Dispose();
            _home = new TempHome();
            Fill();
            var run = Json("retention", "dry-run", "--max-entries-per-project", "1").String("run_id");
            Cairn("retention", "approve", run).ShouldExitWith(0);
            killed += KillApply(run);
            if (round % 2 == 0) killed += KillApply(run);
            Assert.True(Archived() < Entries, "It was never killed in time.");
            CliProcess.Save(_home, string.Create(CultureInfo.InvariantCulture, $"Others go on meanwhile, round {round}"));

            var applied = Json("retention", "apply", run);

            Assert.Equal(("applied", false), (applied.String("status"), applied.ContainsKey("skipped")));
            Assert.Equal((int)applied["archived"]!, Archived());
            Assert.True((bool)Json("retention", "history")["chain"]!["verified"]!);
            Assert.Equal((int)applied["archived"]!, (int)Json("retention", "undo", run)["reinstated"]!);
            DatabaseFile.AssertIntact(_home.DefaultDatabase);
        }
        Assert.True(killed > 0);
        FaultRun.Report(1, "kill -9 in mid-retention", "SIGKILL after a random batch of retention apply", killed,
            string.Create(CultureInfo.InvariantCulture, $"retention: what was archived is what the record says, its chain is whole, the same command goes on, undo brings all {Entries} back"), "retention: the same command again");
    }

    // 1 when it was still at work.
    private int KillApply(string run)
    {
        using var process = ChildProcess.Start(CairnBinary.Path, ["retention", "apply", run], _home);
        var (before, some) = (Batches(), _random.Next(1, 3));
        Assert.True(SpinWait.SpinUntil(() => Batches() >= before + some || process.HasExited, ChildProcess.Limit));
        var running = !process.HasExited;
        process.Kill();
        process.WaitForExit();
        Assert.Equal(Number($"SELECT count(*) FROM retention_audit_events a, json_each(a.candidate_ids) WHERE a.event = 'apply_batch' AND a.run_id = '{run}'"), Archived());
        return running ? 1 : 0;
    }

    private void Fill()
    {
        CliProcess.Save(_home, "The first entry makes the database");
        DatabaseFile.Execute(_home.DefaultDatabase, string.Create(CultureInfo.InvariantCulture, $"""
            WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {Entries})
            INSERT INTO entries (id, project_key, occurred_at, recorded_at, changed_at, origin, entry_type, content_hash, title, search_text, body)
            SELECT printf('%016d', n), 1, n, e.recorded_at, e.recorded_at, 'user', 'note', randomblob(32), 'Entry ' || n, '', 'Body ' || n FROM number, entries e WHERE e.key = 1;
            """));
    }

    private long Batches() => Number("SELECT count(*) FROM retention_audit_events WHERE event = 'apply_batch'");

    private long Archived() => Number("SELECT count(*) FROM entries WHERE state_reason = 'retention'");

    private long Number(string sql) => DatabaseFile.Number(_home.DefaultDatabase, sql);

    private JsonObject Json(params string[] arguments) => CliProcess.Json(_home, arguments);

    private ProcessResult Cairn(params string[] arguments) => CliProcess.Run(_home, arguments);
}
