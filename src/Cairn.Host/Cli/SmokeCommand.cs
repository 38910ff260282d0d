using Cairn.Host.Mcp;

namespace Cairn.Host.Cli;

/// <summary>One step of the smoke test.</summary>
internal sealed record SmokeStep(string Name, bool Passed, double Milliseconds, string Detail);

/// <summary>The smoke test's result.</summary>
internal sealed record SmokeReport(bool Passed, string Database, IReadOnlyList<SmokeStep> Steps);

/// <summary>cairn smoke: the main path, through a real server process.</summary>
internal static class SmokeCommand
{
    public static CairnCommand Create() => new CairnCommand("smoke",
        "Start a server and save, search, get and look at the timeline through it. On a temporary database, unless --db names one.",
        "cairn smoke", "cairn smoke --db /path/to/memory.db")
        .Looks().Does(static async (context, cancellation) =>
        {
            var named = context.Parsed.GetValue(CommandContext.DatabaseOption);
            var folder = named is null ? Directory.CreateTempSubdirectory("cairn-smoke-") : null;
            try
            {
                var database = named is null ? Path.Combine(folder!.FullName, "memory.db") : Path.GetFullPath(named);
                var report = await SmokeSession.RunAsync(database, context.Json ? null : Show, cancellation).ConfigureAwait(false);
                if (context.Json) Output.Json(report, WireJson.Indented.SmokeReport);
                else Output.Line(report.Passed ? "[green]All steps passed.[/]" : "[red]The smoke test failed.[/]");
                return report.Passed ? ExitCode.Done : ExitCode.Failed;
            }
            finally
            {
                folder?.Delete(recursive: true);
            }
        });

    private static void Show(SmokeStep step) =>
        Output.Line($"{(step.Passed ? "[green]pass[/]" : "[red]FAIL[/]")} {step.Name,-12} {step.Milliseconds,8:0.0} ms  {Output.Safe(step.Detail)}");
}
