using System.CommandLine;
using System.Globalization;
using Cairn.Engine;
using Cairn.Engine.Search;

namespace Cairn.Host.Cli;

/// <summary>cairn search: twin of search.</summary>
internal static class SearchCommand
{
    // A person can wait for what a server answers from its second search on.
    internal static readonly TimeSpan ModelPatience = TimeSpan.FromSeconds(3);

    public static CairnCommand Create()
    {
        var query = new Argument<string[]>("query") { Description = "Any words; a \"quoted phrase\"; a path", Arity = ArgumentArity.OneOrMore };
        var type = new Option<string>("--type") { Description = "Only entries of this type" };
        var limit = new Option<int>("--limit") { Description = $"How many hits, 1 to {SearchService.MaxLimit}", DefaultValueFactory = static _ => SearchQuery.DefaultLimit };
        var offset = new Option<int>("--offset") { Description = "How many hits to pass over" };
        var after = new Option<string>("--after") { Description = "Only what happened at or after this date or time (ISO 8601)" };
        var before = new Option<string>("--before") { Description = "Only what happened before this date or time (ISO 8601)" };
        var session = new Option<string>("--session-id") { Description = "Only entries of this session" };
        var path = new Option<string>("--path") { Description = "Only entries about this file or folder" };
        var superseded = new Option<bool>("--include-superseded") { Description = "Replaced entries too" };
        var project = new Option<string>("--project") { Description = "The project (default: the one of this folder; * for all)", HelpName = "NAME" };
        return new CairnCommand("search", "Find entries by their words, best first.",
            "cairn search which database do we use",
            "cairn search '\"connection refused\"' --type bugfix --after 2026-01-01",
            "cairn search retry policy --path src/Http --project '*' --json")
        {
            query, type, limit, offset, after, before, session, path, superseded, project,
        }.Looks().Does(context =>
        {
            var read = context.Parsed;
            var origin = context.Origin(read.GetValue(project));
            var found = context.Engine.Freshness.Mark(context.Engine.Search.Search(new SearchQuery
            {
                Query = string.Join(' ', read.GetValue(query)!),
                Type = read.GetValue(type),
                Limit = read.GetValue(limit),
                Offset = read.GetValue(offset),
                After = read.GetValue(after) is { } from ? DateText.Parse("--after", from) : null,
                Before = read.GetValue(before) is { } to ? DateText.Parse("--before", to) : null,
                SessionId = read.GetValue(session),
                Path = read.GetValue(path),
                IncludeSuperseded = read.GetValue(superseded),
                ModelPatience = ModelPatience,
            }, origin), origin);
            if (context.Json)
            {
                Output.Json(found, WireJson.Indented.SearchResult);
                return ExitCode.Done;
            }
            foreach (var item in found.Items) Output.Item(item, showProject: origin.Project is "*");
            if (found.Items.Count == 0) Output.Hint(origin.Project is "*" ? "Nothing found." : "Nothing found in this project. Other projects: --project '*'");
            // Hits that say the same are shown as one: what was passed over is the limit, not what is shown.
            else if (found.Total > found.Offset + found.Limit) Output.Hint($"[grey]{found.Offset + found.Limit} of {(found.TotalIsEstimate is true ? "at least " : "")}{found.Total}. More: --offset {found.Offset + found.Limit}[/]");
            // Who has no server running has no vectors either, and need not read of it after each search: status tells.
            if (found.Semantic is { Covered: > 0 } semantic) Output.Hint(string.Create(CultureInfo.InvariantCulture, $"[grey]{semantic.Covered:N0} of {semantic.Of:N0} entries can be found by meaning as well. A server that runs does the rest by itself; at once: cairn embeddings rebuild[/]"));
            return ExitCode.Done;
        });
    }
}
