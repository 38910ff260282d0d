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

    /// <summary>What was cut out of the events that it rests on.</summary>
    public IReadOnlyList<PolicyViolation> Redacted { get; init; } = [];
}

/// <summary>One call of capture: judges windows in order, and remembers what it decided to save. It writes nothing.</summary>
internal sealed class CaptureRun(Database database, WritePolicy policy, PolicyPlace policyPlace, CapturePlace place, string? project, long? projectKey, DateTimeOffset now)
{
    /// <summary>Within how many days the same is not saved twice.</summary>
    public const int DuplicateDays = 30;

    private const int MaxMatches = 4_000, MaxAlike = 50, MaxRecent = 2_000;
    private const string CutOut = "[REDACTED:";

    private readonly List<(string? Id, Shingles Shingles)> _kept = [];
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

        // Before anything is cut to a title or a sentence: half a secret is not found any more.
        var redaction = policy.Redaction(policyPlace);
        var evidence = candidates.SelectMany(static candidate => candidate.Evidence).ToHashSet();
        window = window with { Events = [.. window.Events.Select(item => Clean(item, evidence.Contains(item), redaction))] };
        if (redaction.Count > 0) candidates = find(window);

        foreach (var candidate in candidates)
        {
            var verdict = Judge(window, candidate, except);
            if (redaction.Count > 0 && IsCut(candidate)) verdict = verdict with { Redacted = redaction.Violations };
            yield return verdict;
        }
    }

    /// <summary>Tells which entry a candidate was saved as, so that what follows in this call is compared to it.</summary>
    public void Keep(CaptureVerdict verdict, string id)
    {
        _seen[verdict.Fingerprint] = id;
        _kept.Add((id, new Shingles($"{verdict.Candidate.Title}\n{verdict.Candidate.Body}")));
    }

    /// <summary>What capture has saved of a session and is still active: handoffs with their rule, and the titles of questions.</summary>
    public (List<(string Id, string Rule, string Body)> Handoffs, List<string> Questions) Left(string sessionId) =>
        projectKey is { } key ? database.Read(connection => (EntryStore.Handoffs(connection, key, SafeId(sessionId)), EntryStore.Questions(connection, key, SafeId(sessionId)))) : ([], []);

    private CaptureVerdict Judge(SessionWindow window, CaptureCandidate candidate, IReadOnlyCollection<string> except)
    {
        var fingerprint = Shingles.Fingerprint(candidate.Rule.Type, candidate.Body);
        var session = candidate.Evidence[^1].SessionId;
        var verdict = new CaptureVerdict(candidate, CaptureVerdict.Skip, "", fingerprint);
        var refusal = place.Refusal(window) ?? candidate.Doubt
            ?? (IsBlocked(candidate) ? CaptureReason.Policy : candidate.Confidence < CaptureScore.Least(place.Mode) ? CaptureReason.LowConfidence : null);
        if (refusal is not null)
            return verdict with { Reason = refusal, IsKnown = !_seen.TryAdd($"{fingerprint} {refusal}", null) || database.Read(connection => CaptureStore.WasSkipped(connection, SafeId(session), fingerprint, refusal)) };

        if (_seen.TryGetValue(fingerprint, out var twin)) return verdict with { Outcome = CaptureVerdict.Duplicate, Reason = CaptureReason.Duplicate, EntryId = twin, IsKnown = true };
        var (judged, saved) = database.Read(connection => (CaptureStore.Entry(connection, SafeId(session), fingerprint), CaptureStore.SavedAs(connection, fingerprint, project, now.AddDays(-DuplicateDays))));
        if (judged is not null) return verdict with { Outcome = CaptureVerdict.Duplicate, Reason = CaptureReason.Duplicate, EntryId = judged, IsKnown = true };
        if (saved is not null) return verdict with { Outcome = CaptureVerdict.Duplicate, Reason = CaptureReason.Duplicate, EntryId = saved };
        if (Nearest(candidate, except) is { } near) return verdict with { Outcome = CaptureVerdict.Duplicate, Reason = CaptureReason.NearDuplicate, EntryId = near };
        _seen[fingerprint] = null;
        return verdict with { Outcome = CaptureVerdict.Save, Reason = CaptureReason.Evidence };
    }

    private string? Nearest(CaptureCandidate candidate, IReadOnlyCollection<string> except)
    {
        var text = $"{candidate.Title}\n{candidate.Body}";
        var own = new Shingles(text);
        if (_kept.FirstOrDefault(kept => kept.Shingles.Share(own) >= Shingles.Near) is { Shingles: not null } kept) return kept.Id;
        return projectKey is { } key ? Saved(key, text).FirstOrDefault(entry => !except.Contains(entry.Id) && new Shingles($"{entry.Title}\n{entry.Start}").Share(own) >= Shingles.Near).Id : null;
    }

    // What the user or the agent saved by hand counts as well, and what was forgotten: it was let go on purpose. What says
    // nearly the same has most of the words, and so some of the rare ones.
    private List<(string Id, string Title, string Start)> Saved(long key, string text)
    {
        var since = now.AddDays(-DuplicateDays);
        try
        {
            if (database.Read(connection => FullTextSchema.IsAttached(connection) ? FullTextIndex.Alike(connection, Shingles.Telling(text), key, since, MaxMatches, MaxAlike) : null) is { } alike) return alike;
        }
        catch (EngineException error) when (error.InnerException is { } cause && FullTextSchema.CanFailSearch(cause))
        {
            // The next search makes the index anew; until then what is newest is looked at.
        }
        return database.Read(connection => EntryStore.Recent(connection, key, since, MaxRecent));
    }

    private bool IsBlocked(CaptureCandidate candidate) => IsCut(candidate) && policyPlace.Mode == PolicyMode.Block;

    private static bool IsCut(CaptureCandidate candidate) => candidate.Body.Contains(CutOut, StringComparison.Ordinal) || candidate.Title.Contains(CutOut, StringComparison.Ordinal);

    private static SessionEvent Clean(SessionEvent item, bool isEvidence, Redaction redaction) => isEvidence || item.Kind == SessionEventKind.FileEdit
        ? item with { Text = redaction.Clean(item.Text, "text"), Command = redaction.Clean(item.Command, "command"), Paths = [.. item.Paths.Select(path => redaction.Clean(path, "path"))] }
        : item;

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
