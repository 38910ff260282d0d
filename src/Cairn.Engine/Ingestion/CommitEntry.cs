using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Cairn.Engine.Entries;
using Cairn.Engine.Git;

namespace Cairn.Engine.Ingestion;

/// <summary>What an entry says of a commit: its message, what it breaks or reverts, and its files. Pure.</summary>
internal static partial class CommitEntry
{
    /// <summary>The type of the entries.</summary>
    public const string Type = "commit";

    private const int MaxBody = 16 * 1024;
    private const int MaxFiles = 50;
    private const int MaxPath = 300;

    /// <summary>What names a commit in source_ref.</summary>
    public static string SourceRef(string commitId) => $"commit:{commitId}";

    /// <summary>The id of the commit that a commit says it reverts, perhaps cut short; null when it says none.</summary>
    public static string? Reverts(GitCommit commit) => RevertLine().Match(commit.Body) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>The entry of a commit.</summary>
    public static NewEntry Of(GitCommit commit)
    {
        var subject = Printable(commit.Subject) is { Length: > 0 } line ? line : "(no subject)";
        var (body, reverts, breaking) = (Cut(Storable(commit.Body.Trim()), MaxBody), Reverts(commit), Breaking(commit));
        var text = new StringBuilder(subject);
        if (body.Length > 0) text.Append("\n\n").Append(body);
        if (breaking) text.Append("\n\nThis is a breaking change.");
        text.Append(CultureInfo.InvariantCulture, $"\n\nCommit {commit.Id}");
        var files = commit.Files.Take(MaxFiles).Select(static file => Cut(Printable(file), MaxPath)).ToList();
        if (files.Count > 0) text.Append("\n\nFiles:\n").AppendJoin('\n', files.Select(static file => $"- {file}"));
        if (commit.Files.Count > MaxFiles) text.Append(CultureInfo.InvariantCulture, $"\n- and {commit.Files.Count - MaxFiles} more");

        var metadata = new JsonObject { ["commit"] = commit.Id, ["files"] = commit.Files.Count };
        if (breaking) metadata["breaking"] = true;
        if (reverts is not null) metadata["reverts"] = reverts;
        List<string> tags = [];
        if (Conventional().Match(subject) is { Success: true } kind) tags.Add(kind.Groups["kind"].Value.ToLowerInvariant());
        if (breaking) tags.Add("breaking");
        if (reverts is not null && !tags.Contains("revert")) tags.Add("revert");
        return new NewEntry
        {
            Text = text.ToString(),
            Title = Cut(subject, EntryDraft.MaxTitle),
            Type = Type,
            SourceRef = SourceRef(commit.Id),
            Tags = tags,
            Metadata = JsonElement.Parse(metadata.ToJsonString()),
            OccurredAt = commit.CommittedAt,
        };
    }

    // The two spellings of Conventional Commits.
    private static bool Breaking(GitCommit commit) => BreakingFooter().IsMatch(commit.Body) || Conventional().Match(commit.Subject).Groups["breaks"].Success;

    // Not nothing for a control character: what it keeps apart must not come together behind the policy's back.
    private static string Printable(string text) => string.Join(' ', string.Concat(text.Select(static c => char.IsControl(c) ? ' ' : c)).Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static string Storable(string text) => string.Concat(text.Select(static c => char.IsControl(c) && c is not ('\n' or '\t') ? ' ' : c));

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..(most - (char.IsHighSurrogate(text[most - 2]) ? 2 : 1))] + "…";

    [GeneratedRegex(@"^This reverts commit ([0-9a-f]{7,64})\b", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex RevertLine();

    [GeneratedRegex(@"^BREAKING[ -]CHANGE:", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex BreakingFooter();

    [GeneratedRegex(@"^(?<kind>[A-Za-z]{2,16})(?:\([^()\r\n]{1,60}\))?(?<breaks>!)?: ", RegexOptions.CultureInvariant)]
    private static partial Regex Conventional();
}
