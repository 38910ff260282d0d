using System.CommandLine;
using System.Globalization;
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
        var state = entry.SupersededBy is { } by ? $"{entry.State} by {by}" : entry.StateReason is { } reason ? $"{entry.State} ({reason})" : entry.State;
        var facts = new (string Name, string? Value)[]
        {
            ("id", entry.Id),
            ("type", entry.EntryType),
            ("project", entry.Project),
            ("state", entry.Pinned is true ? $"{state}, pinned" : state),
            ("when", entry.CreatedAt.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture)),
            ("origin", entry.Origin),
            ("source", entry.SourceRef),
            ("tags", entry.Tags is { } tags ? string.Join(", ", tags) : null),
            ("session", entry.SessionId),
            ("git", entry.GitCommit is { } commit ? $"{entry.GitBranch} {commit[..Math.Min(12, commit.Length)]}".Trim() : entry.GitBranch),
            ("supersedes", entry.Supersedes is { } older ? string.Join(", ", older) : null),
            ("metadata", entry.Metadata?.GetRawText()),
            ("redacted", entry.Redacted is { } count ? $"{count}: stored by older rules; see cairn policy rescan" : null),
            ("cut", entry.OmittedTokens is { } omitted ? $"{omitted} tokens left out" : null),
        };
        if (entry.Stale is { } stale) Output.Line($"[yellow]{Output.Stale(stale)}[/]");
        foreach (var (name, value) in facts)
            if (value is not null) Output.Line($"[grey]{name,-10}[/] {Output.Safe(value)}");
        Output.Line();
        Output.Text(entry.Body);
        Output.Line();
    }
}
