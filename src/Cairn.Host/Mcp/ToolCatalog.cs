using Cairn.Engine;

namespace Cairn.Host.Mcp;

/// <summary>The one list of all tools.</summary>
internal static class ToolCatalog
{
    /// <summary>The tools over an engine.</summary>
    public static IReadOnlyList<CairnTool> Create(CairnEngine engine, RequestOrigin origin, Settings settings) =>
    [
        SearchTools.Search(engine.Search, origin),
        EntryTools.Save(engine.Entries, origin),
        EntryTools.Get(engine.Entries),
        EntryTools.Timeline(engine.Entries),
        EntryTools.Update(engine.Entries, origin),
        RetentionTools.DryRun(engine.Retention, settings),
        IngestionTools.Ingest(engine.Ingestion, origin),
    ];
}
