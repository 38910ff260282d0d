using System.CommandLine;
using System.Globalization;
using Cairn.Engine.Entries;

namespace Cairn.Host.Cli;

/// <summary>cairn get: twin of get_entries.</summary>
internal static class GetCommand
{
    public static CairnCommand Create()
    {
        var ids = new Argument<string[]>("id") { Description = "Ids, as search and timeline show them", Arity = ArgumentArity.OneOrMore };
        return new CairnCommand("get", "Show whole entries.", "cairn get 06BQ1Z7K3M9XWVTD", "cairn get 06BQ1Z7K3M9XWVTD --json") { ids }.Looks().Does(context =>
        {
            var found = context.Engine.Entries.Get(context.Parsed.GetValue(ids)!);
            if (context.Json) Output.Json(found, WireJson.Indented.EntryList);
            else foreach (var entry in found.Items) Show(entry);
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
        };
        foreach (var (name, value) in facts)
            if (value is not null) Output.Line($"[grey]{name,-10}[/] {Output.Safe(value)}");
        Output.Line();
        Output.Text(entry.Body);
        Output.Line();
    }
}
