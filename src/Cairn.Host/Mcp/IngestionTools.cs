using Cairn.Engine.Ingestion;

namespace Cairn.Host.Mcp;

/// <summary>The tools that take documents in.</summary>
internal static class IngestionTools
{
    public static CairnTool Ingest(IngestionService ingestion, RequestOrigin origin) => CairnTool.Writes("ingest_docs", "Ingest documents",
        """
        Take this project's documents into memory, Markdown as one entry a section, so that search finds them. Call it again after they
        changed: changed sections replace their former entries, unchanged ones stay, those that are gone are archived.
        """,
        [
            ToolField.Text("project", "Default: the current project"),
            ToolField.Texts("sources", $"Files, folders or globs (docs/**/*.md) below the project's root; default: {string.Join(", ", IngestionService.DefaultSources)}"),
            ToolField.Text("entry_type", "Default: document"),
        ],
        call => ToolResults.Ok(
            ingestion.Ingest(
                new IngestionRequest { Sources = call.Texts("sources"), EntryType = call.Text("entry_type") },
                origin.Of(call),
                progress => call.Report(progress.Done, progress.Total),
                call.Cancellation),
            WireJson.Compact.IngestionResult));
}
