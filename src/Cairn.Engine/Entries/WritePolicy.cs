using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Cairn.Engine.Policy;
using Cairn.Engine.Projects;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Entries;

/// <summary>
/// Every field of everything that is written goes through here. It says where a secret seems to be, never what it is, and
/// keeps the audit of what was refused.
/// </summary>
internal sealed class WritePolicy(EngineOptions options, Database database, ProjectResolver projects, SecretScanner scanner)
{
    /// <summary>The exceptions.</summary>
    public PolicyAllowances Allowances { get; } = new(options.ConfigurationDirectory);

    /// <summary>The names that secrets are called by.</summary>
    public Fingerprints Fingerprints { get; } = new(options.ConfigurationDirectory);

    /// <summary>
    /// Names what an entry is judged by now: the rules and the exceptions in force. Where the name differs from the one that
    /// an entry was stored under, the entry is to be judged again.
    /// </summary>
    public string RuleSet
    {
        get
        {
            var exceptions = InForce();
            if (exceptions.Count == 0) return SecretRules.Hash;
            var lines = exceptions.Select(static item => $"{item.Fingerprint} {item.Project}").Order(StringComparer.Ordinal).Prepend(SecretRules.Hash);
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))))[..12];
        }
    }

    /// <summary>The project of a call.</summary>
    public PolicyPlace Place(CallContext caller) => new(options, database, projects, caller, null);

    /// <summary>A project by name, for a call that brings entries of several in; null means the call's own.</summary>
    public PolicyPlace Place(CallContext caller, string? project) => new(options, database, projects, caller, project);

    /// <summary>A project by name, for what is read.</summary>
    public PolicyPlace Place(string project) => new(options, database, projects, null, project);

    /// <summary>No project: only exceptions for all of them hold.</summary>
    public PolicyPlace NoPlace => new(options, database, projects, null, null);

    /// <summary>Cuts out what <see cref="Find"/> finds.</summary>
    public Redaction Redaction(PolicyPlace place) => new((text, name) => Find(text, name, place), RuleSet);

    /// <summary>Cuts out of what is stored and read what would not be stored now.</summary>
    public Redaction RedactionOfStored(PolicyPlace place) => new((text, name) => FindStored(text, name, place), RuleSet);

    /// <summary>What the fields hold, beside private spans, that must not be stored.</summary>
    /// <param name="entry">The entry as it was sent: places are told in this. What is stored has no private spans.</param>
    /// <param name="place">The project.</param>
    public IReadOnlyList<PolicyViolation> Check(NewEntry entry, PolicyPlace place) => Scan(Fields(entry), place, PrivateSpans.Without);

    /// <summary>What the fields of an entry hold as it is stored, where a private span is text like any other.</summary>
    public IReadOnlyList<PolicyViolation> CheckStored(NewEntry entry, PolicyPlace place) => Scan(Fields(entry), place, static text => new TextVariant(text));

    /// <summary>What a change's fields hold, beside private spans, that must not be stored.</summary>
    /// <param name="change">The change as it was sent: places are told in this. What is stored has no private spans.</param>
    /// <param name="place">The project.</param>
    public IReadOnlyList<PolicyViolation> Check(EntryChange change, PolicyPlace place) => Scan(Fields(change), place, PrivateSpans.Without);

    /// <summary>What is said of a call that must not be stored. It is refused in every mode: a name of a project is nothing to cut a piece out of.</summary>
    public IReadOnlyList<PolicyViolation> Check(CallContext context, PolicyPlace place) => Scan(Fields(context), place, static text => new TextVariant(text));

    /// <summary>What one text holds that must not be stored.</summary>
    public IReadOnlyList<PolicyViolation> Check(string field, string? text, PolicyPlace place) => Scan([new Field(field, text)], place, static text => new TextVariant(text));

    /// <summary>Whether a text may not even be shown back: it looks like a secret, whatever exceptions say.</summary>
    public bool HoldsSecret(string text) => scanner.Scan(text).Count > 0;

    /// <summary>What looks like a secret in a text, by position, but for what an exception lets pass.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">The name that it stands under, which may tell that it is a secret; null for none.</param>
    /// <param name="place">The project.</param>
    public IReadOnlyList<Found> Find(string text, string? name, PolicyPlace place) => WithoutAllowed(FindAll(text, name), place);

    /// <summary>Of what was found, what no exception lets pass.</summary>
    public IReadOnlyList<Found> WithoutAllowed(IReadOnlyList<Found> found, PolicyPlace place)
    {
        if (found.Count == 0 || InForce() is not { Count: > 0 } exceptions) return found;
        return [.. found.Where(found => !exceptions.Any(item => item.Fingerprint == found.Fingerprint && (item.Project is null || place.Is(item.Project))))];
    }

    /// <summary>What looks like a secret in a text, by position, whatever exceptions say.</summary>
    public IReadOnlyList<Found> FindAll(string text, string? name = null)
    {
        var findings = ScanUnder(name, text);
        if (findings.Count == 0) return [];
        var key = Fingerprints.Key();
        return [.. findings.Select(finding => new Found(finding, key is null ? null : Fingerprints.Of(text.AsSpan(finding.Start, finding.Length), key)))];
    }

    /// <summary>Refuses a save or a change, and records that. Where it cannot be recorded it is refused all the same.</summary>
    public SaveOutcome.Blocked Refuse(IReadOnlyList<PolicyViolation> violations, PolicyPlace place) =>
        new([.. violations.Take(SaveOutcome.Blocked.MaxViolations)], TryRecord(at => Events(PolicyEvent.Blocked, violations, place, null, at))) { Total = violations.Count };

    /// <summary>Refuses a call whose own words (its project, its session) look like a secret, and records that.</summary>
    /// <exception cref="EngineException">POLICY_BLOCKED.</exception>
    public void Require(CallContext context)
    {
        var place = Place(context);
        if (Check(context, place) is not { Count: > 0 } found) return;
        Refuse(found, place);
        throw Refusal(found, "Nothing was done.");
    }

    /// <summary>A refusal as a failure, for what gives no <see cref="SaveOutcome"/>.</summary>
    public static EngineException Refusal(IReadOnlyList<PolicyViolation> found, string consequence)
    {
        var first = found[0];
        return new EngineException(ErrorCode.PolicyBlocked,
            string.Create(CultureInfo.InvariantCulture, $"{first.Field}: this looks like a secret ({first.Rule} at line {first.Line}, column {first.Column}). {consequence}"),
            new Dictionary<string, object>
            {
                ["field"] = first.Field, ["rule"] = first.Rule, ["line"] = first.Line, ["column"] = first.Column, ["length"] = first.Length, ["fingerprint"] = first.Fingerprint ?? "",
            });
    }

    /// <summary>The rows of the audit for what was found, the first <see cref="SaveOutcome.Blocked.MaxViolations"/>.</summary>
    public IEnumerable<PolicyEvent> Events(string @event, IReadOnlyList<PolicyViolation> violations, PolicyPlace place, string? entryId, DateTimeOffset at)
    {
        if (violations.Count == 0) return [];
        var project = place.Project is { } name && !HoldsSecret(name) ? name : null;
        return violations.Take(SaveOutcome.Blocked.MaxViolations).Select(violation => new PolicyEvent
        {
            Event = @event,
            OccurredAt = at,
            Rule = violation.Rule,
            Field = violation.Field,
            Line = violation.Line,
            Column = violation.Column,
            Length = violation.Length,
            Fingerprint = violation.Fingerprint,
            Origin = place.Origin,
            Project = project,
            EntryId = entryId,
        });
    }

    /// <summary>Writes rows of the audit in a transaction of their own.</summary>
    /// <returns>False when the database cannot be written.</returns>
    public bool TryRecord(Func<DateTimeOffset, IEnumerable<PolicyEvent>> events)
    {
        try
        {
            return database.Write(scope =>
            {
                PolicyEventStore.Add(scope.Connection, events(scope.Now));
                return true;
            });
        }
        catch (EngineException error) when (error.Code is ErrorCode.StorageFailure or ErrorCode.MigrationFailure)
        {
            return false;
        }
    }

    // A damaged key lets nothing be written that holds a finding. It must not keep what is stored from its user: without a
    // name no exception lets a finding pass.
    private IReadOnlyList<Found> FindStored(string text, string? name, PolicyPlace place)
    {
        try
        {
            return Find(text, name, place);
        }
        catch (EngineException error)
        {
            options.Warn(error.Message);
            return [.. ScanUnder(name, text).Select(static finding => new Found(finding, null))];
        }
    }

    // A list that nobody can read lets nothing pass; who is refused may have to know why.
    private IReadOnlyList<PolicyAllowance> InForce()
    {
        try
        {
            return Allowances.List();
        }
        catch (EngineException error)
        {
            options.Warn(error.Message);
            return [];
        }
    }

    private List<PolicyViolation> Scan(IEnumerable<Field> fields, PolicyPlace place, Func<string, TextVariant> keep)
    {
        var violations = new List<PolicyViolation>();
        foreach (var (name, text, member) in fields)
            if (text is not null && keep(text) is var kept && Find(kept.Text, member, place) is { Count: > 0 } found)
                violations.AddRange(Found.Violations([.. found.Select(one => one.In(kept))], name, text));
        return violations;
    }

    // "db_password": "..." in metadata tells as much as in a text, where both stand in one line.
    private IReadOnlyList<SecretFinding> ScanUnder(string? name, string text)
    {
        if (scanner.Scan(text) is var findings && (findings.Count > 0 || name is null)) return findings;
        var before = $"\"{name}\": \"";
        return
        [
            .. from finding in scanner.Scan($"{before}{text}\"")
               let start = Math.Max(finding.Start - before.Length, 0)
               let end = Math.Min(finding.End - before.Length, text.Length)
               where end > start
               select new SecretFinding(finding.RuleId, start, end - start),
        ];
    }

    private static IEnumerable<Field> Fields(NewEntry entry)
    {
        yield return new Field("text", entry.Text);
        yield return new Field("title", entry.Title);
        yield return new Field("type", entry.Type);
        yield return new Field("source_ref", entry.SourceRef);
        for (var i = 0; i < entry.Tags.Count; i++) yield return new Field($"tags[{i}]", entry.Tags[i]);
        if (entry.Metadata is not { } metadata) yield break;
        foreach (var (path, text, member) in EntryDraft.Strings(metadata, "metadata")) yield return new Field(path, text, member);
    }

    private static IEnumerable<Field> Fields(EntryChange change) =>
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
        new Field("reason", change.Reason),
    ];

    private static IEnumerable<Field> Fields(CallContext context) =>
        [new Field("project", context.Project), new Field("session_id", context.SessionId), new Field("client", context.Client), new Field("commit", context.Commit)];

    /// <summary>A field to be scanned: what it is called, its text, and the member's name that a text of metadata stands under.</summary>
    private readonly record struct Field(string Name, string? Text, string? Member = null);
}
