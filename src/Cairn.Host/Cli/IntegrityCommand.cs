using System.CommandLine;

namespace Cairn.Host.Cli;

/// <summary>cairn integrity: whether the database is what was written to it.</summary>
internal static class IntegrityCommand
{
    public static CairnCommand Create() => new("integrity", "Whether the database is what was written to it: check.") { Check() };

    private static CairnCommand Check()
    {
        var quick = new Option<bool>("--quick") { Description = "Leave out what reads every byte: texts against their hashes, indexes against their tables" };
        return new CairnCommand("check",
            "Check the database while servers go on: SQLite's own check, foreign keys, schema, full-text index, audit chain, states, texts. Reads only. Exit code 1 when a check fails.",
            "cairn integrity check", "cairn integrity check --quick --json")
        {
            quick,
        }.Looks().Does(context =>
        {
            var report = context.Engine.Integrity.Check(context.Parsed.GetValue(quick), Progress(context));
            if (context.Json) Output.Json(report, WireJson.Indented.IntegrityReport);
            else HealthCommand.Show(report.Checks);
            return report.Status == "pass" ? ExitCode.Done : ExitCode.Failed;
        });
    }

    /// <summary>Tells people at a terminal what begins.</summary>
    public static Action<string>? Progress(CommandContext context) => context.Json || !Output.IsInteractive ? null : static step => Output.Hint($"[grey]{Output.Safe(step)} …[/]");
}
