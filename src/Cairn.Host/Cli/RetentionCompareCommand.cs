using System.CommandLine;
using System.Globalization;
using Cairn.Engine.Retention;
using Spectre.Console;

namespace Cairn.Host.Cli;

/// <summary>cairn retention rerun and explain: why a run finds other entries than the one before.</summary>
internal static class RetentionCompareCommand
{
    public static CairnCommand Rerun()
    {
        var run = RetentionCommand.RunArgument();
        return new CairnCommand("rerun", "Make a run again with the same inputs, its time included, and show the difference. It is recorded as a run of its own.",
            "cairn retention rerun 06BQ1Z7K3M9XWVTD")
        {
            run,
        }.Does(context =>
        {
            var rerun = context.Engine.Retention.Rerun(context.Parsed.GetValue(run)!);
            if (context.Json) Output.Json(rerun, WireJson.Indented.RetentionRerun);
            else Show(context, rerun);
            return ExitCode.Done;
        });
    }

    public static CairnCommand Explain()
    {
        var run = new Argument<string?>("run") { Description = "The run's id (default: the newest)", Arity = ArgumentArity.ZeroOrOne };
        return new CairnCommand("explain", "Show what is different between a run and the one before: parameters, candidates, and what came to each project.",
            "cairn retention explain", "cairn retention explain 06BQ1Z7K3M9XWVTD --json")
        {
            run,
        }.Looks().Does(context =>
        {
            var explanation = context.Engine.Retention.Explain(context.Parsed.GetValue(run));
            if (context.Json) Output.Json(explanation, WireJson.Indented.RetentionExplanation);
            else Show(explanation);
            return ExitCode.Done;
        });
    }

    private static void Show(CommandContext context, RetentionRerun rerun)
    {
        foreach (var warning in rerun.Run.Warnings ?? []) Output.Note($"[yellow]{Output.Safe(warning)}[/]");
        Show("New", rerun.NewCandidates);
        Show("Gone", rerun.GoneCandidates);
        Output.Line($"{RetentionCommand.Count(rerun.Run.TotalCandidates, "candidate")}: {rerun.NewCandidates.Count} new, {rerun.GoneCandidates.Count} gone since run {rerun.RerunOf}. Nothing was deleted. Run [green]{rerun.Run.RunId}[/]");
        if (rerun.Run.Audited is false) Output.Note("[yellow]The run is not recorded: the database cannot be written.[/]");

        void Show(string title, IReadOnlyList<string> ids)
        {
            if (ids.Count > 0) Output.Line($"{title}:");
            RetentionCommand.ShowEntries(context, ids);
        }
    }

    private static void Show(RetentionExplanation explanation)
    {
        if (explanation.Previous is not { } previous)
        {
            Output.Line($"Run [green]{Output.Safe(explanation.Run.RunId)}[/] is the first: there is none to compare it with.");
            return;
        }
        Output.Line($"Run [green]{Output.Safe(explanation.Run.RunId)}[/] of {Time(explanation.Run)}, and run [green]{Output.Safe(previous.RunId)}[/] of {Time(previous)} before it");
        var table = new Table().Border(TableBorder.None).AddColumns("", "before", "now");
        foreach (var difference in (explanation.Parameters ?? []).Concat(explanation.Candidates ?? []))
            table.AddRow(Output.Safe(difference.Name), Output.Safe(difference.Before ?? "-"), Output.Safe(difference.After ?? "-"));
        Output.Table(table);
        Output.Line($"{RetentionCommand.Count(explanation.NewCandidates ?? 0, "candidate")} new, {explanation.GoneCandidates ?? 0} gone.");
        if (explanation.Projects is not { Count: > 0 } projects)
        {
            Output.Line("Nothing was saved or ingested between the two.");
            return;
        }
        var growth = new Table().Border(TableBorder.None).AddColumns("project", "saved", "ingested", "from documents");
        foreach (var project in projects)
            growth.AddRow(Output.Safe(project.Project), Number(project.Saved), Number(project.Ingested), Number(project.Sources));
        Output.Table(growth);
    }

    private static string Time(RetentionAuditEvent run) => run.ExecutedAt.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
