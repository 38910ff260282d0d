using System.CommandLine;
using Cairn.Engine.Briefing;
using Cairn.Engine.Entries;
using Cairn.Host.Mcp;

namespace Cairn.Host.Cli;

/// <summary>cairn get: twin of get_entries.</summary>
internal static class GetCommand
{
    public static CairnCommand Create()
    {
        var ids = new Argument<string[]>("id") { Description = "Ids, as search and timeline show them", Arity = ArgumentArity.OneOrMore };
        var maxTokens = new Option<int?>("--max-tokens") { Description = $"Cut texts so that the JSON has at most so many tokens, {ExcerptService.MinMaxTokens} to {ExcerptService.MaxMaxTokens}" };
        return new CairnCommand("get", "Show whole entries.", "cairn get 06BQ1Z7K3M9XWVTD", "cairn get 06BQ1Z7K3M9XWVTD --json") { ids, maxTokens }.Looks().Does(context =>
        {
            var found = context.Engine.Excerpts.Get(context.Parsed.GetValue(ids)!, context.Parsed.GetValue(maxTokens), null, context.Origin(null), EntryTools.Wire);
            if (context.Json) Output.Json(found, WireJson.Indented.EntryList);
            else foreach (var entry in found.Items) Show(entry);
            if (!context.Json && found.LeftOut is { } count) Output.Note($"[yellow]{count} more have no room in so few tokens.[/]");
            if (found.Missing is not { } missing) return ExitCode.Done;
            if (!context.Json) Output.Note($"[red]Not found:[/] {Output.Safe(string.Join(", ", missing))}");
            return ExitCode.NotFound;
        });
    }

    private static void Show(Entry entry)
    {
        Output.Line($"[bold]{Output.Safe(entry.Title)}[/]");
        if (entry.Stale is { } stale) Output.Line($"[yellow]{Output.Stale(stale)}[/]");
        foreach (var (name, value) in EntryFacts.Of(entry)) Output.Line($"[grey]{name,-EntryFacts.NameWidth}[/] {Output.Safe(value)}");
        Output.Line();
        Output.Text(entry.Body);
        Output.Line();
    }
}
