using Cairn.Engine;
using Cairn.Engine.Retention;

namespace Cairn.Host.Mcp;

/// <summary>The tool that says what retention would let go.</summary>
internal static class RetentionTools
{
    private const int MaxIds = 200; // some 2,000 tokens

    public static CairnTool DryRun(RetentionService retention, Settings settings) => CairnTool.Writes("retention_dry_run", "Retention dry run",
        $"""
        Which memory entries a retention rule (maximum age, maximum number a project) would let go: counts and ids, oldest first.
        Deletes nothing; records the run for audit. Shows at most {MaxIds} ids; the record holds all.
        """,
        [
            ToolField.Text("now", "ISO 8601 time to count ages from; default: now"),
            ToolField.Number("max_age_days", "1-36500; default: RETENTION_MAX_AGE_DAYS"),
            ToolField.Number("max_entries_per_project", "1-1000000; default: RETENTION_MAX_ENTRIES_PER_PROJECT"),
            ToolField.Text("project", "Default: all projects"),
        ],
        call => ToolResults.Ok(
            Short(retention.DryRun(Inputs(settings, "now", call.Text("now"), call.Number("max_age_days"), call.Number("max_entries_per_project"), call.Text("project")))),
            WireJson.Compact.RetentionRun),
        idempotent: false);

    /// <summary>
    /// What is asked for; a rule that is left out is the settings'. A number that is asked for, or that the environment
    /// sets, holds for all: then the file's rules for single types and projects do not.
    /// </summary>
    public static RetentionInputs Inputs(Settings settings, string nowField, string? now, int? maxAgeDays, int? maxEntriesPerProject, string? project)
    {
        var (ageForAll, countForAll) = (ForAll(maxAgeDays, settings.RetentionMaxAgeDays), ForAll(maxEntriesPerProject, settings.RetentionMaxEntriesPerProject));
        var rules = settings.RetentionRules
            .Select(rule => rule with { MaxAgeDays = ageForAll ? null : rule.MaxAgeDays, MaxEntriesPerProject = countForAll ? null : rule.MaxEntriesPerProject })
            .Where(static rule => rule.MaxAgeDays is not null || rule.MaxEntriesPerProject is not null)
            .ToList();
        return new RetentionInputs
        {
            Now = now is null ? null : DateText.Parse(nowField, now),
            MaxAgeDays = maxAgeDays ?? settings.RetentionMaxAgeDays.WholeNumber(1, RetentionService.MaxAgeDays),
            MaxEntriesPerProject = maxEntriesPerProject ?? settings.RetentionMaxEntriesPerProject.WholeNumber(1, RetentionService.MaxEntriesPerProject),
            Project = project,
            Rules = rules.Count > 0 ? rules : null,
        };
    }

    private static bool ForAll(int? asked, Setting setting) => asked is not null || setting.Source is "environment";

    private static RetentionRun Short(RetentionRun run) => run.CandidateIds.Count <= MaxIds
        ? run
        : run with { CandidateIds = [.. run.CandidateIds.Take(MaxIds)], CandidateIdsTruncated = true };
}
