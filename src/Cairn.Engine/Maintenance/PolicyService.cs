using System.Globalization;
using Cairn.Engine.Entries;
using Cairn.Engine.Policy;
using Cairn.Engine.Projects;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Maintenance;

/// <summary>
/// What a user does with the policy: see why a text is refused, which rules there are, what was refused, and make
/// exceptions. Nothing here ever shows a value that looks like a secret.
/// </summary>
public sealed class PolicyService
{
    /// <summary>How many lines of the audit one look may list.</summary>
    public const int MaxEvents = 10_000;

    /// <summary>How many places one look at a text lists.</summary>
    public const int MaxFindings = 100;

    private const int MaxReason = 200;
    private const string UnknownRule = "-";

    private readonly EngineOptions _options;
    private readonly Database _database;
    private readonly WritePolicy _policy;
    private readonly SecretScanner _scanner;
    private readonly TimeProvider _time;

    internal PolicyService(EngineOptions options, Database database, WritePolicy policy, SecretScanner scanner, TimeProvider time)
    {
        _options = options;
        _database = database;
        _policy = policy;
        _scanner = scanner;
        _time = time;
    }

    /// <summary>The rules' version: year, month, number.</summary>
    public static string RulesVersion => SecretRules.Version;

    /// <summary>The rules' hash: 12 hex digits.</summary>
    public static string RulesHash => SecretRules.Hash;

    /// <summary>Explains what a save of this text from here would meet. Nothing is written but, when something is found for the first time, the key.</summary>
    public PolicyCheck Check(string text, CallContext context)
    {
        var kinds = _scanner.Kinds.ToDictionary(static kind => kind.Id);
        var kept = PrivateSpans.Without(text);
        var all = _policy.FindAll(kept.Text);
        var refused = _policy.WithoutAllowed(all, _policy.Place(context)).Select(static found => found.Finding.Start).ToHashSet();
        var findings = all.Zip(Found.Violations([.. all.Select(one => one.In(kept))], "text", text), (found, violation) => new PolicyFinding
        {
            Rule = violation.Rule,
            Description = kinds[violation.Rule].Description,
            Tier = Word(kinds[violation.Rule].Tier),
            Line = violation.Line,
            Column = violation.Column,
            Length = violation.Length,
            Fingerprint = violation.Fingerprint,
            Allowed = !refused.Contains(found.Finding.Start),
        }).ToList();
        return new PolicyCheck
        {
            Status = refused.Count == 0 ? "clean" : "blocked",
            Findings = findings.Count <= MaxFindings ? findings : [.. findings.OrderBy(static finding => finding.Allowed).Take(MaxFindings).OrderBy(static finding => finding.Line).ThenBy(static finding => finding.Column)],
            More = findings.Count > MaxFindings ? findings.Count - MaxFindings : null,
        };
    }

    /// <summary>All rules, in order of precedence.</summary>
    public static PolicyRuleList Rules() => new(RulesVersion, RulesHash, [.. SecretRules.All.Select(Describe)]);

    /// <summary>One rule.</summary>
    /// <exception cref="EngineException">No rule has this id.</exception>
    public static PolicyRule Rule(string id) => SecretRules.All.FirstOrDefault(rule => rule.Id == id.Trim()) is { } rule
        ? Describe(rule)
        : throw new EngineException(ErrorCode.EntryNotFound, "No rule has this name. cairn policy rules lists all.");

    /// <summary>Holds every rule to its own examples and to those of all others, invented anew from fixed seeds.</summary>
    public PolicyTestResult Test() => PolicyTest.Run(_scanner);

    /// <summary>The newest lines of the audit.</summary>
    /// <param name="limit">How many: 1 to <see cref="MaxEvents"/>.</param>
    /// <param name="since">None before this time; null for any.</param>
    /// <param name="project">Only of the project that has, or had, this name; null for all.</param>
    public PolicyEventList Events(int limit, DateTimeOffset? since, string? project)
    {
        if (limit is < 1 or > MaxEvents) throw EngineException.Invalid("limit", $"must be 1 to {MaxEvents}", ("limit", MaxEvents), ("size", limit));
        if (!_database.Exists) return new PolicyEventList([]);
        return _database.Read(connection => new PolicyEventList(PolicyEventStore.Newest(connection, limit, since, project is null ? null : ProjectResolver.Name(connection, new ProjectIdentity(project)))));
    }

    /// <summary>The exceptions.</summary>
    /// <exception cref="EngineException">Their file cannot be read.</exception>
    public PolicyAllowanceList Allowed() => new(_policy.Allowances.FilePath, _policy.Allowances.List());

    /// <summary>
    /// Makes an exception: what has this fingerprint is let pass from the next save of any process on. The same again gives
    /// it the new reason.
    /// </summary>
    /// <exception cref="EngineException">A text breaks a rule or looks like a secret, or the file cannot be written.</exception>
    public PolicyAllowanceChange Allow(string fingerprint, string reason, string? project)
    {
        var item = new PolicyAllowance
        {
            Fingerprint = Require(fingerprint),
            Reason = RequireClean("reason", TextRules.Line("reason", reason, MaxReason)),
            Project = project is null ? null : RequireClean("project", ProjectName.Require("project", project)),
            AddedAt = DateTimeOffset.FromUnixTimeMilliseconds(_time.GetUtcNow().ToUnixTimeMilliseconds()),
            Rule = KnownRule(fingerprint),
        };
        _policy.Allowances.Change(items => [.. items.Where(other => !IsSame(other, item)), item]);
        var recorded = _policy.TryRecord(at => [Event(PolicyEvent.Allowed, item, at)]);
        return new PolicyAllowanceChange
        {
            Status = "allowed",
            Exception = item,
            ChangedAt = item.AddedAt,
            Note = item.Rule is null ? "No refusal with this fingerprint is on record here. That is right if cairn policy check showed it; else look whether it is typed correctly." : null,
            Audited = recorded ? null : false,
        };
    }

    /// <summary>Takes exceptions back: all of a fingerprint, or that of one project.</summary>
    /// <exception cref="EngineException">There is none, or the file cannot be written.</exception>
    public PolicyAllowanceChange Remove(string fingerprint, string? project)
    {
        var print = Require(fingerprint);
        List<PolicyAllowance> removed = [];
        _policy.Allowances.Change(items =>
        {
            removed = [.. items.Where(item => item.Fingerprint == print && (project is null || IsSameProject(item.Project, project.Trim())))];
            if (removed.Count == 0) throw new EngineException(ErrorCode.EntryNotFound, "No exception has this fingerprint. cairn policy allow --list shows all.");
            return [.. items.Except(removed)];
        });
        var recorded = _policy.TryRecord(at => removed.Select(item => Event(PolicyEvent.AllowRemoved, item, at)));
        return new PolicyAllowanceChange { Status = "removed", Exception = removed[^1], ChangedAt = _time.GetUtcNow(), Audited = recorded ? null : false };
    }

    /// <summary>The policy's lines of a health report, for calls from here.</summary>
    public IReadOnlyList<HealthCheck> Health(CallContext context) => PolicyHealth.Check(_options, _policy, context, _scanner.Kinds.Count);

    private string? KnownRule(string fingerprint)
    {
        if (!_database.Exists) return null;
        try
        {
            return _database.Read(connection => PolicyEventStore.Rule(connection, fingerprint));
        }
        catch (EngineException error) when (error.Code is ErrorCode.StorageFailure or ErrorCode.MigrationFailure)
        {
            return null; // the note says that it is not on record
        }
    }

    private static PolicyEvent Event(string name, PolicyAllowance item, DateTimeOffset at) => new()
    {
        Event = name,
        OccurredAt = at,
        Rule = item.Rule ?? UnknownRule,
        Fingerprint = item.Fingerprint,
        Origin = EntryOrigin.User,
        Project = item.Project,
        Reason = item.Reason,
    };

    private string RequireClean(string field, string text) => _scanner.Scan(text) is [var finding, ..]
        ? throw new EngineException(ErrorCode.PolicyBlocked, $"{field}: this looks like a secret ({finding.RuleId}). Nothing was changed: say it without the value.", new Dictionary<string, object> { ["field"] = field, ["rule"] = finding.RuleId })
        : text;

    // What is no fingerprint may be the secret itself: it is not shown back.
    private static string Require(string fingerprint) => Fingerprints.IsOne(fingerprint) ? fingerprint : throw EngineException.Invalid("fingerprint",
        string.Create(CultureInfo.InvariantCulture, $"is not {Fingerprints.Length} of 0-9 and a-f. The refusal, cairn policy blocked and cairn policy check show it"));

    private static bool IsSame(PolicyAllowance one, PolicyAllowance other) => one.Fingerprint == other.Fingerprint && IsSameProject(one.Project, other.Project);

    private static bool IsSameProject(string? one, string? other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static PolicyRule Describe(SecretRule rule)
    {
        var keys = new KeyMaterial(1);
        return new PolicyRule
        {
            Id = rule.Id,
            Description = rule.Description,
            Tier = Word(rule.Tier),
            Keywords = rule.Keywords,
            Form = rule is TokenRule token ? Form(token) : rule.Definition,
            Positives = rule.Positives(keys).Count,
            Negatives = rule.Negatives(keys).Count,
        };
    }

    private static string Form(TokenRule rule)
    {
        var length = rule.MinLength == rule.MaxLength
            ? rule.MinLength.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{rule.MinLength} to {rule.MaxLength}");
        var alphabet = rule.Alphabet.Characters
            .Replace("abcdefghijklmnopqrstuvwxyz", "a-z", StringComparison.Ordinal).Replace("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "A-Z", StringComparison.Ordinal).Replace("0123456789", "0-9", StringComparison.Ordinal);
        return $"{string.Join(" or ", rule.Prefixes)}, then {length} of {alphabet}";
    }

    private static string Word(SecretTier tier) => tier.ToString().ToLowerInvariant();
}
