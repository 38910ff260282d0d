using System.CommandLine;
using System.Globalization;
using Cairn.Engine.Ingestion;

namespace Cairn.Host.Cli;

/// <summary>cairn ingest: twin of ingest_docs.</summary>
internal static class IngestCommand
{
    public static CairnCommand Create()
    {
        var sources = new Argument<string[]>("sources") { Description = $"Files, folders or globs (*, **) below the project's root folder (default: {string.Join(", ", IngestionService.DefaultSources)})", Arity = ArgumentArity.ZeroOrMore };
        var type = new Option<string>("--entry-type") { Description = "The type of the entries (default: document)" };
        var project = CommandContext.ProjectOption();
        return new CairnCommand("ingest", "Take documents into memory, Markdown as one entry a section; again, after they changed.",
            "cairn ingest",
            "cairn ingest README.md docs",
            "cairn ingest 'packages/**/*.md' --entry-type reference")
        {
            sources, type, project,
        }.Does(context =>
        {
            var read = context.Parsed;
            var result = context.Engine.Ingestion.Ingest(
                new IngestionRequest { Sources = read.GetValue(sources) is { Length: > 0 } named ? named : null, EntryType = read.GetValue(type) },
                context.Origin(read.GetValue(project)),
                static progress => Output.Note(string.Create(CultureInfo.InvariantCulture, $"[grey]{progress.Done} of {progress.Total} files[/]")));
            if (context.Json) Output.Json(result, WireJson.Indented.IngestionResult);
            else Show(result);
            return ExitCode.Done;
        });
    }

    private static void Show(IngestionResult result)
    {
        foreach (var skip in result.Skipped) Output.Line($"[yellow]skipped[/] {Output.Safe(skip.Source)}: {Output.Safe(skip.Reason)}");
        if (result.SkippedTotal is { } total) Output.Line(string.Create(CultureInfo.InvariantCulture, $"[yellow]skipped[/] {total - result.Skipped.Count} more"));
        var more = $"{(result.ArchivedEntries is { } archived ? $", {archived} archived" : "")}{(result.Redactions is { } redactions ? $", {redactions} redacted" : "")}";
        Output.Line(string.Create(CultureInfo.InvariantCulture,
            $"Files: {result.ProcessedSources}. Entries: {result.ImportedEntries} new or changed, {result.DuplicateEntries} as they were{more}."));
    }
}
