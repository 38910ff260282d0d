using System.Text.Json;

namespace Cairn.Engine.Entries;

/// <summary>
/// An entry from outside after policy and rules: what looked like a secret is redacted, the rest stands within its limits.
/// All of the work on its text is done here, before the write transaction.
/// </summary>
internal sealed record ImportDraft(EntryRecord Entry, EntryDraft Draft, IReadOnlyList<PolicyViolation> Redactions, IReadOnlyList<string> Notes)
{
    private const int MaxRaw = 1000;

    private static readonly string[] States = ["active", "superseded", "archived"];
    private static readonly string[] Reasons = ["forgotten", "retention", "source_gone"];
    private static readonly string[] Actions = ["revise", "supersede", "forget", "reinstate", "pin", "unpin"];
    private static readonly string[] Origins =
        [EntryOrigin.User, EntryOrigin.Agent, EntryOrigin.Document, EntryOrigin.Commit, EntryOrigin.Transcript, EntryOrigin.Import];

    /// <summary>SHA-256 of type, title and body.</summary>
    public byte[] ContentHash { get; } = Draft.ContentHash;

    /// <summary>What names the rules that have judged it.</summary>
    public required string RuleSet { get; init; }

    /// <summary>What is searched beside title and body.</summary>
    public string SearchText { get; } = Draft.SearchText(Entry.CreatedAt);

    /// <summary>Applies policy and rules, or refuses with the field and the reason.</summary>
    /// <param name="entry">What the source holds.</param>
    /// <param name="redaction">Replaces what looks like a secret, in this entry alone.</param>
    /// <param name="fit">Shorten titles, types, sources and tags that are too long, after the redaction, and say so.</param>
    /// <exception cref="EngineException">A field breaks a rule.</exception>
    public static ImportDraft From(EntryRecord entry, Redaction redaction, bool fit)
    {
        var notes = new List<string>();
        RequireStates(entry);
        var clean = redaction.Clean(PrivateFields.Remove(new NewEntry
        {
            Text = entry.Body,
            Title = entry.Title,
            Type = entry.EntryType,
            SourceRef = entry.SourceRef,
            Tags = entry.Tags,
            Metadata = entry.Metadata is { } json ? ParseMetadata(json) : null,
        }));
        var (project, session) = (Clean(entry.Project, "project"), Clean(entry.SessionId, "session_id"));
        if (fit)
        {
            clean = ForeignText.Fit(clean, notes);
            project = ForeignText.Line(project, EntryDraft.MaxName, "project", notes) is { } name and not "*" ? name : null;
            session = ForeignText.Line(session, EntryDraft.MaxName, "session_id", notes);
        }
        var record = entry with
        {
            Id = EntryId.Parse(entry.Id) ?? throw EngineException.Invalid("id", "is not an entry's id"),
            Project = project is null ? null : Raw("project", project),
            SessionId = session is null ? null : TextRules.Line("session_id", session, EntryDraft.MaxName),
            GitBranch = Raw("git_branch", Clean(entry.GitBranch, "git_branch")),
            GitCommit = Raw("git_commit", Clean(entry.GitCommit, "git_commit")),
            History = [.. entry.History.Select(revision => revision with
            {
                Reason = Clean(revision.Reason, "history.reason") is { } reason ? TextRules.Line("history.reason", reason, EntryDraft.MaxName) : null,
            })],
        };
        return new ImportDraft(record, EntryDraft.From(clean), redaction.Violations, notes) { RuleSet = redaction.RuleSet };

        string? Clean(string? text, string field) => redaction.Clean(PrivateFields.Remove(text), field);
    }

    /// <summary>A session after policy and rules.</summary>
    public static SessionRecord Check(SessionRecord session, Redaction redaction) => session with
    {
        Project = Raw("project", redaction.CleanSent(session.Project, "project"))!,
        Id = TextRules.Line("id", redaction.CleanSent(session.Id, "id"), EntryDraft.MaxName),
        Client = Raw("client", redaction.Clean(PrivateFields.Remove(session.Client), "client")),
    };

    /// <summary>A purged id after policy and rules.</summary>
    public static PurgedRecord Check(PurgedRecord purged, Redaction redaction) => purged with
    {
        Id = EntryId.Parse(purged.Id) ?? throw EngineException.Invalid("id", "is not an entry's id"),
        Reason = redaction.Clean(PrivateFields.Remove(purged.Reason), "reason") is { } reason ? TextRules.Line("reason", reason, EntryDraft.MaxName) : null,
    };

    /// <summary>
    /// Text that the engine stores as it got it (a branch, a folder's name): storable, not empty, at most 1,000 characters.
    /// </summary>
    public static string? Raw(string field, string? text)
    {
        if (text is null) return null;
        TextRules.RequireStorable(field, text);
        if (text.Length == 0) throw EngineException.Invalid(field, "is empty");
        return text.Length <= MaxRaw ? text : throw TextRules.TooLong(field, "characters", MaxRaw, text.Length);
    }

    private static void RequireStates(EntryRecord entry)
    {
        RequireOneOf("state", entry.State, States);
        if (entry.StateReason is { } reason) RequireOneOf("state_reason", reason, Reasons);
        if (entry.State == "archived" != entry.StateReason is not null) throw EngineException.Invalid("state_reason", "goes with the state archived, and with no other");
        RequireOneOf("origin", entry.Origin, Origins);
        foreach (var revision in entry.History)
        {
            RequireOneOf("history.action", revision.Action, Actions);
            RequireOneOf("history.origin", revision.Origin, Origins);
        }
    }

    private static void RequireOneOf(string field, string value, string[] known)
    {
        if (!known.Contains(value, StringComparer.Ordinal)) throw EngineException.Invalid(field, $"is none of {string.Join(", ", known)}");
    }

    private static JsonElement ParseMetadata(string json)
    {
        try
        {
            var metadata = JsonElement.Parse(json);
            foreach (var (path, text, _) in EntryDraft.Strings(metadata, "metadata")) TextRules.RequireStorable(path, text);
            return metadata;
        }
        catch (JsonException)
        {
            throw EngineException.Invalid("metadata", "is not a JSON object, or is nested more than 64 deep");
        }
    }
}
