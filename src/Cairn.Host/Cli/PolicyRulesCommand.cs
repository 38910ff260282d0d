using System.CommandLine;
using System.Globalization;
using Cairn.Engine.Maintenance;
using Spectre.Console;

namespace Cairn.Host.Cli;

/// <summary>cairn policy rules: what the policy looks for.</summary>
internal static class PolicyRulesCommand
{
    public static CairnCommand Create()
    {
        var id = new Argument<string?>("rule") { Description = "One rule, in detail (default: a list of all)", Arity = ArgumentArity.ZeroOrOne };
        return new CairnCommand("rules", "Show what the policy looks for: all rules, or one in detail. Forms only, never an example, which would look like a secret.",
            "cairn policy rules", "cairn policy rules private-key", "cairn policy rules --json")
        {
            id,
        }.Looks().Does(context =>
        {
            if (context.Parsed.GetValue(id) is { } name) ShowOne(context, PolicyService.Rule(name));
            else ShowAll(context, PolicyService.Rules());
            return ExitCode.Done;
        });
    }

    private static void ShowOne(CommandContext context, PolicyRule rule)
    {
        if (context.Json)
        {
            Output.Json(rule, WireJson.Indented.PolicyRule);
            return;
        }
        Output.Line($"[green]{Output.Safe(rule.Id)}[/]: {Output.Safe(rule.Description)}");
        Output.Line($"tier      {rule.Tier}");
        Output.Line($"keywords  {Output.Safe(string.Join(", ", rule.Keywords))}");
        Output.Line($"form      {Output.Safe(rule.Form)}");
        Output.Line(string.Create(CultureInfo.InvariantCulture, $"tested on {rule.Positives} examples that it must find and {rule.Negatives} texts that it must not"));
    }

    private static void ShowAll(CommandContext context, PolicyRuleList list)
    {
        if (context.Json)
        {
            Output.Json(list, WireJson.Indented.PolicyRuleList);
            return;
        }
        var table = new Table().Border(TableBorder.None).AddColumns("rule", "tier", "what it is");
        foreach (var rule in list.Rules) table.AddRow(Output.Safe(rule.Id), rule.Tier, Output.Safe(rule.Description));
        Output.Table(table);
        Output.Line(string.Create(CultureInfo.InvariantCulture, $"[grey]{list.Rules.Count} rules, version {list.Version} ({list.Hash}); the first that fits gives the name[/]"));
    }
}
