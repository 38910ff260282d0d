using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Cairn.Engine.Entries;
using Cairn.Engine.Retention;

namespace Cairn.Engine.Tests.Retention;

/// <summary>The record of the runs: what it holds, and that it shows what was done to it.</summary>
public sealed class RetentionAuditTests : IDisposable
{
    private readonly EngineFixture _cairn = new();

    public void Dispose() => _cairn.Dispose();

    [Fact]
    public void DryRun_LeavesARowWithInputsCountsAndAllCandidates()
    {
        _cairn.Store(new NewEntry { Text = "Old", OccurredAt = _cairn.Time.Start.AddDays(-100) });
        _cairn.Store(new NewEntry { Text = "Less old", OccurredAt = _cairn.Time.Start.AddDays(-50) });
        _cairn.Store(new NewEntry { Text = "New" });

        var run = _cairn.Engine.Retention.DryRun(new RetentionInputs { MaxAgeDays = 60, MaxEntriesPerProject = 1, Project = EngineFixture.Project });

        Assert.Equal(
            [
                $$"""
                {{run.RunId}}|dry-run|{"now":"2026-03-14T09:26:53.589Z","max_age_days":60,"max_entries_per_project":1,"project":"cairn"}|{"total_candidates":2,"age":1,"project_count":1}|["{{run.CandidateIds[0]}}","{{run.CandidateIds[1]}}"]|{{_cairn.Time.Start.ToUnixTimeMilliseconds()}}
                """,
            ],
            _cairn.Rows("SELECT run_id, event, inputs, counts, candidate_ids, executed_at FROM retention_audit_events"));
    }

    [Fact]
    public void DryRun_RowHash_IsThatOfTheDocumentedText()
    {
        Run(1);
        Run(2);

        // Made here from the description alone: other programs check the chain the same way.
        var rows = _cairn.Rows("SELECT run_id, event, executed_at, inputs, counts, candidate_ids, lower(hex(row_hash)) FROM retention_audit_events ORDER BY key").Select(row => row.Split('|')).ToList();
        var previous = "-";
        foreach (var row in rows)
        {
            var text = string.Join('\n', ["cairn-retention-audit-1", previous, .. row[..6]]);
            previous = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
            Assert.Equal(previous, row[6]);
        }
        Assert.Equal(2, rows.Count);
        Assert.Equal(previous, History().Runs[0].RowHash);
    }

    [Fact]
    public void History_ListsTheNewestFirst()
    {
        var runs = Enumerable.Range(1, 5).Select(days => Run(days)).ToList();

        var history = _cairn.Engine.Retention.History(3);

        Assert.Equal(runs.Select(run => run.RunId).Reverse().Take(3), history.Runs.Select(run => run.RunId));
        Assert.Equal(5, history.Runs[0].Inputs!.Value.GetProperty("max_age_days").GetInt32());
        Assert.Equal(0, history.Runs[0].Counts!.Value.GetProperty("total_candidates").GetInt32());
        Assert.Equal((runs[4].ExecutedAt, "dry-run"), (history.Runs[0].ExecutedAt, history.Runs[0].Event));
        Assert.Equal(new RetentionChain { Verified = true, Events = 5 }, history.Chain);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public void History_LimitOutOfRange_IsRefused(int limit)
    {
        var error = Assert.Throws<EngineException>(() => _cairn.Engine.Retention.History(limit));

        Assert.Equal((ErrorCode.InvalidArgument, "limit"), (error.Code, error.Details["field"]));
    }

    [Fact]
    public void Verify_NoRuns_IsWhole() => Assert.Equal(new RetentionChain { Verified = true, Events = 0 }, History().Chain);

    [Theory]
    [InlineData("run_id = '0000000000000000'")]
    [InlineData("event = 'other'")]
    [InlineData("executed_at = executed_at + 1")]
    [InlineData("inputs = '{}'")]
    [InlineData("inputs = inputs || ' '")]
    [InlineData("counts = '{\"total_candidates\":1}'")]
    [InlineData("candidate_ids = '[\"0123456789ABCDEF\"]'")]
    [InlineData("event = event || char(0) || 'hidden'")]
    [InlineData("event = event || char(10)")]
    [InlineData("row_hash = zeroblob(32)")]
    [InlineData("row_hash = x''")]
    public void Verify_AlteredRow_IsFound(string change)
    {
        Run(1);
        Run(2);
        Run(3);
        _cairn.Sql($"UPDATE retention_audit_events SET {change} WHERE key = 2");

        AssertBrokenAt(2, "this row was altered");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Verify_FirstOrLastRowAltered_IsFound(int key)
    {
        for (var i = 1; i <= 3; i++) Run(i);
        _cairn.Sql($"UPDATE retention_audit_events SET counts = '{{}}' WHERE key = {key}");

        AssertBrokenAt(key, "this row was altered");
    }

    [Fact]
    public void Verify_TextMovedBetweenColumns_IsFound()
    {
        Run(1);
        _cairn.Sql("UPDATE retention_audit_events SET run_id = run_id || char(10) || event, event = executed_at");

        Assert.False(History().Chain.Verified);
    }

    [Theory]
    [InlineData("DELETE FROM retention_audit_events WHERE key = 1", 2)]
    [InlineData("DELETE FROM retention_audit_events WHERE key = 2", 3)]
    [InlineData("UPDATE retention_audit_events SET key = 9 WHERE key = 2; UPDATE retention_audit_events SET key = 2 WHERE key = 3; UPDATE retention_audit_events SET key = 3 WHERE key = 9", 2)]
    [InlineData("UPDATE retention_audit_events SET key = -1 WHERE key = 3", -1)]
    [InlineData("UPDATE retention_audit_events SET previous_hash = NULL WHERE key = 2", 2)]
    public void Verify_RowRemovedOrMoved_IsFound(string change, int brokenAt)
    {
        for (var i = 1; i <= 4; i++) Run(i);
        _cairn.Sql(change);

        AssertBrokenAt(brokenAt, "the row before it was altered, removed or moved");
    }

    [Fact]
    public void Verify_RowAlteredAndHashedAnew_BreaksTheNext()
    {
        Run(1);
        Run(2);
        var altered = _cairn.Rows("SELECT run_id, event, executed_at, '{}', counts, candidate_ids FROM retention_audit_events WHERE key = 1")[0].Replace('|', '\n');
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"cairn-retention-audit-1\n-\n{altered}")));
        _cairn.Sql($"UPDATE retention_audit_events SET inputs = '{{}}', row_hash = x'{hash}' WHERE key = 1");

        AssertBrokenAt(2, "the row before it was altered, removed or moved");
    }

    [Fact]
    public void History_RowWithoutJson_IsListedAndFound()
    {
        Run(1);
        _cairn.Sql("PRAGMA ignore_check_constraints = ON; UPDATE retention_audit_events SET inputs = 'nonsense'");

        Assert.Null(Assert.Single(History().Runs).Inputs);
        AssertBrokenAt(1, "this row was altered");
    }

    [Fact]
    public async Task DryRun_SeveralEnginesAtOnce_MakeOneChain()
    {
        _cairn.Store(new NewEntry { Text = "Old", OccurredAt = _cairn.Time.Start.AddDays(-100) });
        var engines = Enumerable.Range(0, 4).Select(_ => _cairn.Another()).ToList();

        var runs = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Factory.StartNew(
            () => Enumerable.Range(1, 10).Select(days => engines[i % 4].Retention.DryRun(new RetentionInputs { MaxAgeDays = days }).RunId).ToList(),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        foreach (var engine in engines) engine.Dispose();

        var history = _cairn.Engine.Retention.History(100);
        Assert.Equal(new RetentionChain { Verified = true, Events = 80 }, history.Chain);
        Assert.Equal(runs.SelectMany(list => list).Order(), history.Runs.Select(run => run.RunId).Order());
    }

    [Fact]
    public void DryRun_AfterABrokenChain_GoesOnAndTheBreakStaysVisible()
    {
        Run(1);
        Run(2);
        _cairn.Sql("DELETE FROM retention_audit_events WHERE key = 1");
        Run(3);

        AssertBrokenAt(2, "the row before it was altered, removed or moved");
    }

    private RetentionRun Run(int days) => _cairn.Engine.Retention.DryRun(new RetentionInputs { MaxAgeDays = days });

    private RetentionHistory History() => _cairn.Engine.Retention.History(RetentionService.MaxHistory);

    private void AssertBrokenAt(int key, string reason)
    {
        var runId = _cairn.Rows(string.Create(CultureInfo.InvariantCulture, $"SELECT run_id FROM retention_audit_events WHERE key = {key}"))[0];
        var chain = History().Chain;
        Assert.Equal((false, runId, reason), (chain.Verified, chain.BrokenAt, chain.Reason));
    }
}
