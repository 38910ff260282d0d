using System.CommandLine;
using Cairn.Engine.Entries;

namespace Cairn.Host.Cli;

/// <summary>cairn timeline: twin of timeline.</summary>
internal static class TimelineCommand
{
    public static CairnCommand Create()
    {
        var anchor = new Argument<string>("anchor-id") { Description = "The entry around which to look; or --query", Arity = ArgumentArity.ZeroOrOne };
        var query = new Option<string>("--query") { Description = "Words; the entry that they find first is the one around which to look" };
        var project = CommandContext.ProjectOption();
        var before = new Option<int>("--depth-before") { Description = $"How many entries before it, 0 to {EntryService.MaxDepth}", DefaultValueFactory = static _ => EntryService.DefaultDepth };
        var after = new Option<int>("--depth-after") { Description = $"How many entries after it, 0 to {EntryService.MaxDepth}", DefaultValueFactory = static _ => EntryService.DefaultDepth };
        return new CairnCommand("timeline", "Show what happened in a project around an entry.", "cairn timeline 06BQ1Z7K3M9XWVTD --depth-before 10", "cairn timeline --query 'rate limit'") { anchor, query, before, after, project }.Looks().Does(context =>
        {
            var id = context.Engine.Search.Anchor(context.Parsed.GetValue(anchor), context.Parsed.GetValue(query), context.Origin(context.Parsed.GetValue(project)), SearchCommand.ModelPatience);
            var timeline = context.Engine.Entries.Timeline(id, context.Parsed.GetValue(before), context.Parsed.GetValue(after));
            if (context.Json) Output.Json(timeline, WireJson.Indented.Timeline);
            else foreach (var item in timeline.Items) Output.Item(item, showProject: false);
            return ExitCode.Done;
        });
    }
}
