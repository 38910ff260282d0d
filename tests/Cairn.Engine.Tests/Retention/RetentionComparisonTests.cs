using Cairn.Engine.Entries;
using Cairn.Engine.Retention;
using Cairn.Engine.Tests.Ingestion;

namespace Cairn.Engine.Tests.Retention;

/// <summary>rerun and explain: why a run finds other entries than another.</summary>
public sealed class RetentionComparisonTests : IDisposable
{
    private readonly EngineFixture _cairn = new();

    private RetentionService Retention => _cairn.Engine.Retention;

    public void Dispose() => _cairn.Dispose();

    [Fact]
    public void Rerun_SameEntries_GivesTheSameCandidatesAtTheSameTime()
    {
        SaveAged("Old", 40);
        var first = Retention.DryRun(new RetentionInputs { MaxAgeDays = 30, MaxEntriesPerProject = 5, Project = EngineFixture.Project, Rules = [new() { Type = "command", MaxAgeDays = 3 }] });
        _cairn.Time.Advance(TimeSpan.FromDays(10));

        var rerun = Retention.Rerun(first.RunId);

        Assert.Equal((first.RunId, 1), (rerun.RerunOf, rerun.Run.TotalCandidates));
        Assert.Empty(rerun.NewCandidates);
        Assert.Empty(rerun.GoneCandidates);
        Assert.Equal(first.Inputs with { Rules = null }, rerun.Run.Inputs with { Rules = null });
        Assert.Equal(first.Inputs.Rules, rerun.Run.Inputs.Rules);
        Assert.Equal([rerun.Run.RunId, first.RunId], Retention.History(9).Runs.Select(run => run.RunId));
    }

    [Fact]
    public void Rerun_EntriesCameAndWent_GivesTheDifference()
    {
        var (stays, goes) = (SaveAged("Stays", 50), SaveAged("Goes", 40));
        var first = Retention.DryRun(new RetentionInputs { MaxAgeDays = 30 });
        _cairn.Update(goes, EntryAction.Pin);
        var imported = SaveAged("Imported", 60);

        var rerun = Retention.Rerun(first.RunId);

        Assert.Equal([imported, stays], rerun.Run.CandidateIds);
        Assert.Equal([imported], rerun.NewCandidates);
        Assert.Equal([goes], rerun.GoneCandidates);
    }

    [Fact]
    public void Rerun_RowThatWasAltered_IsRefused()
    {
        SaveAged("Old", 40);
        var run = Retention.DryRun(new RetentionInputs { MaxAgeDays = 30 });
        _cairn.Sql("UPDATE retention_audit_events SET inputs = json_set(inputs, '$.max_age_days', 1)");

        Assert.Equal(ErrorCode.StorageFailure, Assert.Throws<EngineException>(() => Retention.Rerun(run.RunId)).Code);
    }

    [Fact]
    public void Explain_NoRun_IsNotFound() => Assert.Equal(ErrorCode.EntryNotFound, Assert.Throws<EngineException>(() => Retention.Explain(null)).Code);

    [Fact]
    public void Explain_FirstRun_HasNothingToCompareWith()
    {
        var run = Retention.DryRun(new RetentionInputs { MaxAgeDays = 30 });

        var explanation = Retention.Explain(null);

        Assert.Equal((run.RunId, null, null), (explanation.Run.RunId, explanation.Previous, explanation.Projects));
    }

    [Fact]
    public void Explain_TwoRuns_SaysWhatIsDifferent()
    {
        var goes = SaveAged("Goes", 400);
        var first = Retention.DryRun(new RetentionInputs { MaxAgeDays = 365 });
        _cairn.Time.Advance(TimeSpan.FromDays(1));
        _cairn.Update(goes, EntryAction.Pin);
        SaveAged("One", 50);
        SaveAged("Two", 40);
        _cairn.Store(new NewEntry { Text = "Elsewhere" }, _cairn.In("another"));
        _cairn.Time.Advance(TimeSpan.FromDays(1));
        var second = Retention.DryRun(new RetentionInputs { MaxAgeDays = 30, Project = EngineFixture.Project });
        _cairn.Time.Advance(TimeSpan.FromSeconds(1));
        _cairn.Store(new NewEntry { Text = "After it" });

        var explanation = Retention.Explain(second.RunId);

        Assert.Equal((second.RunId, first.RunId), (explanation.Run.RunId, explanation.Previous!.RunId));
        Assert.Equal(["now", "max_age_days", "project"], explanation.Parameters!.Select(difference => difference.Name));
        Assert.Contains(new RetentionDifference("max_age_days", "365", "30"), explanation.Parameters!);
        Assert.Contains(new RetentionDifference("project", null, "cairn"), explanation.Parameters!);
        Assert.Contains(new RetentionDifference("total_candidates", "1", "2"), explanation.Candidates!);
        Assert.Equal((2, 1), (explanation.NewCandidates, explanation.GoneCandidates));
        Assert.Equal([Growth("another", 1), Growth("cairn", 2)], explanation.Projects);
        Assert.Equal(second.RunId, Retention.Explain(null).Run.RunId);
    }

    [Fact]
    public void Explain_DocumentsIngestedBetween_CountsThemAndTheirSections()
    {
        using var documents = new DocumentFolder();
        var cairn = documents.Fixture;
        documents.Write("same.md", "# Same\n\nText\n");
        documents.Ingest("same.md");
        cairn.Engine.Retention.DryRun(new RetentionInputs { MaxAgeDays = 30 });
        cairn.Time.Advance(TimeSpan.FromDays(1));
        documents.Write("README.md", "# One\n\nText\n\n# Two\n\nText\n");
        documents.Ingest("README.md", "same.md");
        cairn.Engine.Retention.DryRun(new RetentionInputs { MaxAgeDays = 30 });

        Assert.Equal([Growth("project", 0, ingested: 2, sources: 1)], cairn.Engine.Retention.Explain(null).Projects);
    }

    private static RetentionGrowth Growth(string project, int saved, int ingested = 0, int sources = 0) => new() { Project = project, Saved = saved, Ingested = ingested, Sources = sources };

    private string SaveAged(string text, int days) => _cairn.Store(new NewEntry { Text = text, OccurredAt = _cairn.Time.GetUtcNow().AddDays(-days) }).Id;
}
