using Cairn.Engine;

namespace Cairn.Host.Mcp;

/// <summary>The one list of all tools.</summary>
internal static class ToolCatalog
{
    /// <summary>The tools over an engine.</summary>
    public static IReadOnlyList<CairnTool> Create(CairnEngine engine, RequestOrigin origin, Settings settings)
    {
        var lastSearch = new LastSearch();
        return
        [
            SearchTools.Search(engine, origin, lastSearch),
            EntryTools.Save(engine.Entries, origin),
            EntryTools.Get(engine, origin, lastSearch),
            EntryTools.Timeline(engine, origin),
            EntryTools.Update(engine.Entries, origin),
            BriefTools.Recent(engine.Briefs, origin),
            RetentionTools.DryRun(engine.Retention, settings),
            IngestionTools.Ingest(engine.Ingestion, origin),
        ];
    }
}
