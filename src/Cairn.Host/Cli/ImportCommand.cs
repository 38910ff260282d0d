using System.CommandLine;
using Cairn.Engine.Transfer;

namespace Cairn.Host.Cli;

/// <summary>cairn import: an export's way back, and the way in from other memories. No tool does this: it reads any file.</summary>
internal static class ImportCommand
{
    private const int ProgressStep = 1000;

    public static CairnCommand Create()
    {
        var source = new Argument<string[]>("[FORMAT] PATH")
        {
            Description = $"The file or folder, with its format before it where it does not show it: {string.Join(", ", ImportService.Formats)}",
            Arity = new ArgumentArity(1, 2),
        };
        var project = new Option<string>("--project") { Description = "Put everything into this project (default: the project that each entry names)", HelpName = "NAME" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would be done" };
        return new CairnCommand("import",
            "Bring entries in from an export or another memory. What is there is never overwritten, importing twice changes nothing, and what looks like a secret is redacted.",
            "cairn import memory.jsonl",
            "cairn import codex-mem old/memory.db --dry-run",
            "cairn import server-memory memory.json --project billing")
        {
            source, project, dryRun,
        }.Does(context =>
        {
            var named = context.Parsed.GetValue(source)!;
            var request = new ImportRequest
            {
                Format = named.Length == 2 ? named[0] : null,
                Path = named[^1],
                Project = context.Parsed.GetValue(project),
                DryRun = context.Parsed.GetValue(dryRun),
            };
            var result = context.Engine.Import.Import(request, context.Origin(null), Progress());
            if (context.Json) Output.Json(result, WireJson.Indented.ImportResult);
            else Show(result);
            return ExitCode.Done;
        });
    }

    private static Action<long> Progress()
    {
        long next = ProgressStep;
        return read =>
        {
            if (read < next) return;
            Output.Hint($"{read} entries read");
            next = read - (read % ProgressStep) + ProgressStep;
        };
    }

    private static void Show(ImportResult result)
    {
        Output.Line($"{(result.DryRun is true ? "Would import" : "Imported")} [green]{result.Imported}[/] of {result.Read} entries ({result.Format}); "
            + $"{result.Duplicates} were there already, {result.SkippedCount} were skipped, {result.Redactions} likely secrets were redacted.");
        Show("Skipped", result.Skipped, result.SkippedCount);
        Show("Note", result.Notes, result.NoteCount);
    }

    private static void Show(string label, IReadOnlyList<ImportRemark>? remarks, long count)
    {
        if (remarks is null) return;
        foreach (var remark in remarks) Output.Line($"{label}: {Output.Safe(remark.Where)}: {Output.Safe(remark.Reason)}");
        if (count > remarks.Count) Output.Line($"{label}: and {count - remarks.Count} more");
    }
}
