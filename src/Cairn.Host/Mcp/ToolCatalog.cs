using Cairn.Engine;

namespace Cairn.Host.Mcp;

/// <summary>The one list of all tools.</summary>
internal static class ToolCatalog
{
    /// <summary>The tools over an engine.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="origin">What tells where a call comes from.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="shared">Whether many clients call them.</param>
    public static IReadOnlyList<CairnTool> Create(CairnEngine engine, RequestOrigin origin, Settings settings, bool shared = false)
    {
        var lastSearch = new LastSearch(shared);
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
