using System.CommandLine;
using Cairn.Engine.Maintenance;
using Cairn.Host.Setup;

namespace Cairn.Host.Cli;

/// <summary>What was mended, and the health after that.</summary>
internal sealed record DoctorReport(string Status, IReadOnlyList<RepairStep> Repairs, IReadOnlyList<HealthCheck> Checks);

/// <summary>cairn doctor: health, and with --fix the repairs that need no choice.</summary>
internal static class DoctorCommand
{
    public static CairnCommand Create()
    {
        var fix = new Option<bool>("--fix") { Description = "Mend first what can be mended safely, and say what was done" };
        return new CairnCommand("doctor",
            "Check everything, as health does, and ask Codex whether it trusts cairn's hooks; with --fix first mend permissions, files of killed servers, an older schema (backup first), a lost index, and a write-ahead log that nobody uses. Exit code 1 when a check fails.",
            "cairn doctor", "cairn doctor --fix")
        {
            fix,
        }.Does(async (context, cancellation) =>
        {
            var repairs = context.Parsed.GetValue(fix) ? context.Engine.Repair.Repair() : [];
            if (!context.Json) foreach (var step in repairs) Show(step);
            var checks = (await HealthCommand.CheckAsync(context, cancellation).ConfigureAwait(false)).ToList();
            var codex = SetupCommand.Clients().Single(static client => client.Name == "codex");
            if (await ClientHealth.TrustAsync(codex, ProgramSearch.Find("codex", Environment.GetEnvironmentVariable("PATH")), cancellation).ConfigureAwait(false) is { } trust) checks.Add(trust);
            var worst = HealthCommand.Worst(checks);
            if (context.Json) Output.Json(new DoctorReport(worst, repairs, checks), WireJson.Indented.DoctorReport);
            else HealthCommand.Show(checks);
            return worst == "fail" ? ExitCode.Failed : ExitCode.Done;
        });
    }

    private static void Show(RepairStep step)
    {
        if (step.Status == "not-needed") return;
        Output.Line($"{(step.Status == "done" ? "[green]mended[/]" : "[red]not mended[/]")} {step.Name}: {Output.Safe(step.Detail)}");
    }
}
