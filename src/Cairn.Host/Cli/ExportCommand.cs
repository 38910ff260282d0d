using System.CommandLine;
using Cairn.Engine;
using Cairn.Engine.Transfer;

namespace Cairn.Host.Cli;

/// <summary>cairn export: the way out. No tool does this: it writes files, and all that there is.</summary>
internal static class ExportCommand
{
    public static CairnCommand Create()
    {
        var format = new Option<string>("--format") { Description = "jsonl: one line a record; markdown: a folder with one file an entry", DefaultValueFactory = static _ => ExportService.JsonLines };
        format.AcceptOnlyFromAmong(ExportService.JsonLines, ExportService.Markdown);
        var project = new Option<string>("--project") { Description = "The one project to export (default: \"*\", all of them)", HelpName = "NAME" };
        var output = new Option<string>("--output") { Description = "The file, or for markdown the new folder (default for jsonl: stdout)", HelpName = "PATH" };
        var force = new Option<bool>("--force") { Description = "Replace a file that is there" };
        return new CairnCommand("export",
            "Write all entries, in every state, with ids, times, links and history. cairn import reads it back. Files are readable by their user alone.",
            "cairn export --output memory.jsonl",
            "cairn export --format markdown --output notes --project billing",
            "cairn export | gzip > memory.jsonl.gz")
        {
            format, project, output, force,
        }.Does(context =>
        {
            var read = context.Parsed;
            var only = read.GetValue(project) is { } name and not "*" ? name : null;
            var markdown = read.GetValue(format) == ExportService.Markdown;
            var path = read.GetValue(output) is { } given and not "-" ? given : null;
            if (path is null && markdown) throw EngineException.Invalid("--output", "is missing: name a new folder");
            if (markdown && read.GetValue(force)) throw EngineException.Invalid("--force", "goes with a file; for a folder, name a new one");
            if (path is null) return ToStandardOutput(context, only);

            var result = markdown ? context.Engine.Export.ToFolder(path, only) : context.Engine.Export.ToFile(path, only, read.GetValue(force));
            if (context.Json) Output.Json(result, WireJson.Indented.ExportResult);
            else Output.Line($"Exported {result.Entries} entries of {result.Projects} projects to [green]{Output.Safe(result.Path!)}[/]{Redacted(result)}");
            return ExitCode.Done;
        });
    }

    private static int ToStandardOutput(CommandContext context, string? project)
    {
        using var output = Output.StandardOutput;
        var result = context.Engine.Export.ToStream(output, project);
        Output.Hint($"Exported {result.Entries} entries of {result.Projects} projects{Redacted(result)}");
        return ExitCode.Done;
    }

    private static string Redacted(ExportResult result) => result.Redacted is { } count ? $"; [yellow]{count} redacted[/] (see cairn policy rescan)" : "";
}
