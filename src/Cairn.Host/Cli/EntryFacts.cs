using System.Globalization;
using Cairn.Engine.Entries;

namespace Cairn.Host.Cli;

/// <summary>What a person is told of an entry beside its title and text, as it is stored.</summary>
internal static class EntryFacts
{
    /// <summary>As wide as the longest name.</summary>
    public const int NameWidth = 10;

    /// <summary>What became of a file that an entry names.</summary>
    public static string Stale(Stale stale) => stale.Gone is true
        ? $"{stale.Path} is gone since"
        : string.Create(CultureInfo.InvariantCulture, $"{stale.Path} was changed since, by {stale.ChangedCommits} {(stale.ChangedCommits == 1 ? "commit" : "commits")}");

    /// <summary>Names and values, in the order in which they are shown.</summary>
    public static IEnumerable<(string Name, string Value)> Of(Entry entry)
    {
        var state = entry.SupersededBy is { } by ? $"{entry.State} by {by}" : entry.StateReason is { } reason ? $"{entry.State} ({reason})" : entry.State;
        (string Name, string? Value)[] facts =
        [
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
        ];
        foreach (var (name, value) in facts)
            if (value is not null) yield return (name, value);
    }
}
