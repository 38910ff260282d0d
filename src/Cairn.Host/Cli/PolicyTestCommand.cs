using System.Globalization;

namespace Cairn.Host.Cli;

/// <summary>cairn policy test: the rules over their examples, on this machine.</summary>
internal static class PolicyTestCommand
{
    public static CairnCommand Create() => new CairnCommand("test",
        "Hold every rule to its own examples and those of all others, invented anew. Exit code 1 when one fails.", "cairn policy test", "cairn policy test --json").Looks().Does(static context =>
    {
        var result = context.Engine.Policy.Test();
        if (context.Json)
        {
            Output.Json(result, WireJson.Indented.PolicyTestResult);
        }
        else
        {
            foreach (var failure in result.Failures) Output.Line($"[red]fail[/] {Output.Safe(failure.Rule)}, {Output.Safe(failure.Example)}: {Output.Safe(failure.Problem)}");
            Output.Line(string.Create(CultureInfo.InvariantCulture,
                $"{(result.Failures.Count == 0 ? "[green]pass[/]" : "[red]fail[/]")} {result.Rules} rules, version {result.Version} ({result.Hash}): {result.Positives} examples to find, {result.Negatives} to leave alone, {result.Failures.Count} failed"));
        }
        return result.Failures.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    });
}
