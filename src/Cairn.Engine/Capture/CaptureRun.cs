using System.Text;
using Cairn.Engine.Entries;
using Cairn.Engine.Policy;
using Cairn.Engine.Search;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Capture;

/// <summary>What is decided of one candidate, before anything is written.</summary>
internal sealed record CaptureVerdict(CaptureCandidate Candidate, string Outcome, string Reason, string Fingerprint)
{
    public const string Save = "saved", Duplicate = "duplicate", Skip = "skipped";

    /// <summary>The entry that says the same already.</summary>
    public string? EntryId { get; init; }

    /// <summary>Whether an earlier call came to the same verdict, so that it needs no second row.</summary>
    public bool IsKnown { get; init; }

    /// <summary>The entry that it takes the place of; null when it takes none's.</summary>
    public string? Replaces { get; init; }

    /// <summary>What was cut out of the events that it rests on.</summary>
    public IReadOnlyList<PolicyViolation> Redacted { get; init; } = [];
}

/// <summary>One call of capture: judges windows in order, and remembers what it decided to save. It writes nothing.</summary>
internal sealed class CaptureRun(Database database, WritePolicy policy, PolicyPlace policyPlace, CapturePlace place, string? project, long? projectKey, DateTimeOffset now)
{
    /// <summary>Within how many days the same is not saved twice.</summary>
    public const int DuplicateDays = 30;

    // A turn that says more than so many things of a type says none of them to be remembered.
    private const int MaxOfAType = 20;

    private const int MaxMatches = 4_000, MaxAlike = 50, MaxRecent = 2_000;
    private const string CutOut = "[REDACTED:";

    private readonly List<(string Id, string Type, Shingles Shingles)> _kept = [];
    private readonly Dictionary<string, string?> _seen = new(StringComparer.Ordinal);

    /// <summary>What holds for the project.</summary>
    public CapturePlace Place => place;

    /// <summary>The project's name, or the one it would get; null when it looks like a secret.</summary>
    public string? Project => project;

    /// <summary>The verdicts on a window's candidates, in order. Their texts have no secrets any more.</summary>
    public IEnumerable<CaptureVerdict> Judge(SessionWindow sent) => Judge(sent, CaptureRules.Find, []);

    /// <summary>The same of what somebody else finds in it.</summary>
    /// <param name="sent">The window.</param>
    /// <param name="find">Finds the candidates; asked twice where there are secrets, the second time of what is left.</param>
    /// <param name="except">Entries that a candidate is to take the place of: they make it no duplicate.</param>
    public IEnumerable<CaptureVerdict> Judge(SessionWindow sent, Func<SessionWindow, IReadOnlyList<CaptureCandidate>> find, IReadOnlyCollection<string> except)
    {
        var window = sent with { Events = [.. sent.Events.Select(Storable)] };
        var candidates = find(window);
        if (candidates.Count == 0) yield break;

        // Before anything is cut to a title or a sentence: half a secret is not found any more. What is cut out of one event
        // changes what the rules see, and they may then rest on any other: so all of them are cleaned, or none.
        var redaction = policy.Redaction(policyPlace);
        var evidence = candidates.SelectMany(static candidate => candidate.Evidence).ToHashSet();
        var clean = window.Events.Select(item => evidence.Contains(item) || item.Kind == SessionEventKind.FileEdit ? Clean(item, redaction) : item).ToList();
        if (redaction.Count > 0)
        {
            window = window with { Events = [.. clean.Select(item => Clean(item, redaction))] };
            candidates = find(window);
        }
        // By what the client wrote, and not by what is left of it.
        var refusal = place.Refusal(sent, sent.Before) ?? (sent.IsOfSession && WasDenied(sent.Events[0].SessionId) ? CaptureReason.PathDenied : null);
        var left = new Dictionary<string, int>(StringComparer.Ordinal);

        foreach (var candidate in candidates)
        {
            var verdict = Judge(refusal, candidate, except);
            if (verdict.Outcome == CaptureVerdict.Save && (left[candidate.Rule.Type] = left.GetValueOrDefault(candidate.Rule.Type) + 1) > MaxOfAType)
            {
                _seen.Remove(verdict.Fingerprint);
                verdict = verdict with { Outcome = CaptureVerdict.Skip, Reason = CaptureReason.TooMany };
            }
            if (redaction.Count > 0 && IsCut(candidate)) verdict = verdict with { Redacted = redaction.Violations };
            yield return verdict;
        }
    }

    /// <summary>Whether an event of a window touches what is denied, and no earlier call has seen that of the session.</summary>
    public bool IsNewlyDenied(SessionWindow window) => window.Events.Any(place.Denies) && !WasDenied(window.Events[0].SessionId);

    private bool WasDenied(string sessionId) => place.HasDenied && database.Read(connection => CaptureStore.WasDenied(connection, SafeId(sessionId)));

    /// <summary>Tells which entry a candidate was saved as, so that what follows in this call is compared to it.</summary>
    public void Keep(CaptureVerdict verdict, string id)
    {
        _seen[verdict.Fingerprint] = id;
        _kept.Add((id, verdict.Candidate.Rule.Type, new Shingles($"{verdict.Candidate.Title}\n{verdict.Candidate.Body}")));
    }

    /// <summary>What capture has saved of a session and is still active: handoffs with their rule, and the titles of questions.</summary>
    public (List<(string Id, string Rule, string Body)> Handoffs, List<string> Questions) Left(string sessionId) =>
        projectKey is { } key ? database.Read(connection => (EntryStore.Handoffs(connection, key, SafeId(sessionId)), EntryStore.Questions(connection, key, SafeId(sessionId)))) : ([], []);

    private CaptureVerdict Judge(string? refusal, CaptureCandidate candidate, IReadOnlyCollection<string> except)
    {
        var fingerprint = Shingles.Fingerprint(candidate.Rule.Type, candidate.Body);
        var session = candidate.Evidence[^1].SessionId;
        var verdict = new CaptureVerdict(candidate, CaptureVerdict.Skip, "", fingerprint);
        var reason = refusal ?? candidate.Doubt
            ?? (IsBlocked(candidate) ? CaptureReason.Policy : candidate.Confidence < CaptureScore.Least(place.Mode) ? CaptureReason.LowConfidence : null);
        if (reason is not null)
            return verdict with { Reason = reason, IsKnown = !_seen.TryAdd($"{fingerprint} {reason}", null) || database.Read(connection => CaptureStore.WasSkipped(connection, SafeId(session), fingerprint, reason)) };

        if (_seen.TryGetValue(fingerprint, out var twin)) return verdict with { Outcome = CaptureVerdict.Duplicate, Reason = CaptureReason.Duplicate, EntryId = twin, IsKnown = true };
        var (judged, saved) = database.Read(connection => (CaptureStore.Entry(connection, SafeId(session), fingerprint), CaptureStore.SavedAs(connection, fingerprint, project, now.AddDays(-DuplicateDays))));
        if (judged is not null) return verdict with { Outcome = CaptureVerdict.Duplicate, Reason = CaptureReason.Duplicate, EntryId = judged, IsKnown = true };
        if (saved is not null) return verdict with { Outcome = CaptureVerdict.Duplicate, Reason = CaptureReason.Duplicate, EntryId = saved };
        if (candidate.Rule.Type == EntryType.Handoff)
        {
            // The newer one tells where things are now, and takes the place of one that told nearly the same.
            _seen[fingerprint] = null;
            var former = Saved(candidate, static (one, other) => one.IsNear(other)).Find(static former => former is { IsOurs: true, State: "active", Type: EntryType.Handoff });
            return verdict with { Outcome = CaptureVerdict.Save, Reason = CaptureReason.Evidence, Replaces = former?.Id };
        }
        if (Nearest(candidate, except) is { } near) return verdict with { Outcome = CaptureVerdict.Duplicate, Reason = CaptureReason.NearDuplicate, EntryId = near };
        _seen[fingerprint] = null;
        return verdict with { Outcome = CaptureVerdict.Save, Reason = CaptureReason.Evidence };
    }

    private string? Nearest(CaptureCandidate candidate, IReadOnlyCollection<string> except)
    {
        var own = new Shingles($"{candidate.Title}\n{candidate.Body}");
        if (_kept.Find(kept => kept.Type == candidate.Rule.Type && kept.Shingles.SaysTheSame(own)) is { Shingles: not null } kept) return kept.Id;
        return Saved(candidate, static (one, other) => one.SaysTheSame(other)).Find(entry => !except.Contains(entry.Id))?.Id;
    }

    // What the user or the agent saved by hand counts as well, as a note or as the same, and what was forgotten: it was let go on
    // purpose. What was replaced is no longer remembered. What says nearly the same has most of the words, and so some of the rare ones.
    private List<AlikeEntry> Saved(CaptureCandidate candidate, Func<Shingles, Shingles, bool> isAlike)
    {
        if (projectKey is not { } key) return [];
        var (text, since) = ($"{candidate.Title}\n{candidate.Body}", now.AddDays(-DuplicateDays));
        List<AlikeEntry>? found = null;
        try
        {
            found = database.Read(connection => FullTextSchema.IsAttached(connection) ? FullTextIndex.Alike(connection, Shingles.Telling(text), key, since, MaxMatches, MaxAlike) : null);
        }
        catch (EngineException error) when (error.InnerException is { } cause && FullTextSchema.CanFailSearch(cause))
        {
            // The next search makes the index anew; until then what is newest is looked at.
        }
        found ??= database.Read(connection => EntryStore.Recent(connection, key, since, MaxRecent));
        var own = new Shingles(text);
        return found.FindAll(entry => entry.State != "superseded" && (entry.Type == candidate.Rule.Type || entry.Type == EntryType.Default) && isAlike(new Shingles($"{entry.Title}\n{entry.Start}"), own));
    }

    private bool IsBlocked(CaptureCandidate candidate) => IsCut(candidate) && policyPlace.Mode == PolicyMode.Block;

    private static bool IsCut(CaptureCandidate candidate) => candidate.Body.Contains(CutOut, StringComparison.Ordinal) || candidate.Title.Contains(CutOut, StringComparison.Ordinal);

    private static SessionEvent Clean(SessionEvent item, Redaction redaction) =>
        item with { Text = redaction.Clean(item.Text, "text"), Command = redaction.Clean(item.Command, "command"), Paths = [.. item.Paths.Select(path => redaction.Clean(path, "path"))] };

    // What the database cannot hold is replaced, and what is marked private is gone before any rule sees it.
    private static SessionEvent Storable(SessionEvent item) => item with { Text = Storable(item.Text), Command = Storable(item.Command), Branch = Storable(item.Branch), Paths = [.. item.Paths.Select(static path => Storable(path)!)] };

    private static string? Storable(string? text)
    {
        if (text is null) return null;
        var kept = PrivateSpans.Without(text).Text;
        return kept.Any(static c => c == '\0' || char.IsSurrogate(c)) ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(kept)).Replace('\0', ' ') : kept;
    }

    /// <summary>An id of a client as it may be kept: what could be anything is named by its hash.</summary>
    public string SafeId(string id) =>
        id.Length is > 0 and <= 128 && id.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':') && !policy.HoldsSecret(id)
            ? id : $"sha256:{Shingles.Fingerprint("id", id)}";
}
