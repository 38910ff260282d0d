using System.CommandLine;
using System.Globalization;
using Cairn.Engine;
using Cairn.Engine.Maintenance;
using Spectre.Console;

namespace Cairn.Host.Cli;

/// <summary>cairn policy check: why a text is, or would be, refused. It never shows a value.</summary>
internal static class PolicyCheckCommand
{
    public static CairnCommand Create()
    {
        var file = new Argument<string?>("file") { Description = "The file; - or nothing reads stdin", Arity = ArgumentArity.ZeroOrOne };
        var project = CommandContext.ProjectOption();
        return new CairnCommand("check", "Explain what looks like a secret in a text, without showing it. Exit code 3 when something is found that no exception lets pass.",
            "cairn policy check notes.md", "git diff | cairn policy check -")
        {
            file, project,
        }.Does(context =>
        {
            var text = CommandContext.ReadInput(context.Parsed.GetValue(file)) ?? throw EngineException.Invalid("file", "is missing: name a file, or give the text on stdin");
            var check = context.Engine.Policy.Check(text, context.Origin(context.Parsed.GetValue(project)));
            if (context.Json) Output.Json(check, WireJson.Indented.PolicyCheck);
            else Show(check);
            return check.Status == "clean" ? ExitCode.Done : ExitCode.Blocked;
        });
    }

    private static void Show(PolicyCheck check)
    {
        if (check.Findings.Count == 0)
        {
            Output.Line("Clean: nothing looks like a secret.");
            return;
        }
        var table = new Table().Border(TableBorder.None).AddColumns("line", "column", "length", "rule", "what it is", "tier", "fingerprint", "");
        foreach (var finding in check.Findings)
            table.AddRow(Number(finding.Line), Number(finding.Column), Number(finding.Length), Output.Safe(finding.Rule), Output.Safe(finding.Description), finding.Tier,
                finding.Fingerprint ?? "-", finding.Allowed ? "[green]allowed[/]" : "[red]refused[/]");
        Output.Table(table);
        if (check.More is { } more) Output.Line(string.Create(CultureInfo.InvariantCulture, $"and {more:N0} more"));
        Output.Line(check.Status == "clean"
            ? "Exceptions let all of it pass."
            : "Take it out, or, where it is no secret: cairn policy allow FINGERPRINT --reason \"...\"");
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
