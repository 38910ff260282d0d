using Cairn.Engine.Policy;

namespace Cairn.Engine.Entries;

/// <summary>Every field of everything that is written goes through here. It says where a secret seems to be, never what it is.</summary>
internal sealed class WritePolicy(SecretScanner scanner)
{
    /// <summary>What the fields hold that must not be stored.</summary>
    public IReadOnlyList<PolicyViolation> Check(NewEntry entry, CallContext context) => Scan(Fields(entry).Concat(Fields(context)));

    /// <summary>What a change's fields hold that must not be stored.</summary>
    public IReadOnlyList<PolicyViolation> Check(EntryChange change, CallContext context) => Scan(Fields(change).Concat(Fields(context)));

    /// <summary>What one text holds that must not be stored.</summary>
    public IReadOnlyList<PolicyViolation> Check(string field, string? text) => Scan([(field, text)]);

    private List<PolicyViolation> Scan(IEnumerable<(string Name, string? Text)> fields)
    {
        var violations = new List<PolicyViolation>();
        foreach (var (name, text) in fields)
        {
            if (text is null) continue;
            foreach (var finding in scanner.Scan(text))
            {
                var before = text.AsSpan(0, finding.Start);
                violations.Add(new PolicyViolation(finding.RuleId, name, before.Count('\n') + 1, finding.Start - before.LastIndexOf('\n'), finding.Length));
            }
        }
        return violations;
    }

    private static IEnumerable<(string, string?)> Fields(NewEntry entry)
    {
        yield return ("text", entry.Text);
        yield return ("title", entry.Title);
        yield return ("type", entry.Type);
        yield return ("source_ref", entry.SourceRef);
        for (var i = 0; i < entry.Tags.Count; i++) yield return ($"tags[{i}]", entry.Tags[i]);
        if (entry.Metadata is not { } metadata) yield break;
        foreach (var (path, text) in EntryDraft.Strings(metadata, "metadata")) yield return (path, text);
    }

    private static IEnumerable<(string, string?)> Fields(EntryChange change) =>
    [
        .. Fields(new NewEntry
        {
            Text = change.Text ?? "",
            Title = change.Title,
            Type = change.Type,
            SourceRef = change.SourceRef,
            Tags = change.Tags ?? [],
            Metadata = change.Metadata,
        }),
        ("reason", change.Reason),
    ];

    private static IEnumerable<(string, string?)> Fields(CallContext context) =>
        [("project", context.Project), ("session_id", context.SessionId), ("client", context.Client), ("commit", context.Commit)];
}
