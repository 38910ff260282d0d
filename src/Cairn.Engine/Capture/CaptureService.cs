using System.Text.Json;
using Cairn.Engine.Capture.Rules;
using Cairn.Engine.Capture.Sessions;
using Cairn.Engine.Entries;
using Cairn.Engine.Projects;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Capture;

/// <summary>
/// Takes what is worth remembering out of sessions' events: windows, candidates by rules, policy, score, duplicates; each
/// candidate is saved through the write gate or skipped, and the audit says why. It asks no model and sends nothing.
/// </summary>
public sealed class CaptureService
{
    /// <summary>How many rows of the audit one list may have.</summary>
    public const int MaxEvents = 1_000;

    /// <summary>The reason of an entry's archiving by <see cref="Undo"/>.</summary>
    public const string UndoReason = "capture undone";

    private readonly EngineOptions _options;
    private readonly Database _database;
    private readonly ProjectResolver _projects;
    private readonly WritePolicy _policy;
    private readonly EntryService _entries;
    private readonly TimeProvider _time;

    internal CaptureService(EngineOptions options, Database database, ProjectResolver projects, WritePolicy policy, EntryService entries, TimeProvider time)
    {
        _options = options;
        _database = database;
        _projects = projects;
        _policy = policy;
        _entries = entries;
        _time = time;
    }

    /// <summary>
    /// Captures from events, in their order. Called again with the same events it saves nothing new. A turn counts by what
    /// this call sees of it: hand over whole turns, and after them the next prompt where there is one.
    /// </summary>
    /// <param name="events">The events of a project's sessions; read once, one turn at a time.</param>
    /// <param name="context">The project. Session and client are the events' own.</param>
    /// <param name="mode">In place of the user's setting; the project's file may still turn it down.</param>
    /// <exception cref="EngineException">The storage failed; what was saved before stays.</exception>
    public CaptureResult Capture(IEnumerable<SessionEvent> events, CallContext context, CaptureMode? mode = null)
    {
        var caller = EntryService.Require(context with { Origin = EntryOrigin.Transcript });
        _policy.Require(caller);
        var run = Begin(caller, mode);
        var result = new CaptureResult { Mode = run.Place.Mode, Project = run.Project };
        if (run.Place.Mode == CaptureMode.Off) return result;
        foreach (var window in SessionWindow.Of(events))
        {
            result = result with { Windows = result.Windows + 1 };
            var rows = new List<(CaptureVerdict Verdict, string Outcome, string Reason, string? Id)>();
            foreach (var verdict in run.Judge(window))
            {
                var (outcome, reason, id) = verdict.Outcome == CaptureVerdict.Save ? Save(run, verdict, caller, verdict.Replaces is { } former ? [former] : []) : (verdict.Outcome, verdict.Reason, verdict.EntryId);
                result = result.With(outcome, id);
                if (!verdict.IsKnown) rows.Add((verdict, outcome, reason, id));
            }
            // Kept also where nothing else is on record: a summary of the session that comes later tells of that path as well.
            var denied = !rows.Exists(static row => row.Reason == CaptureReason.PathDenied) && run.IsNewlyDenied(window) ? window.Events.First(run.Place.Denies) : null;
            if (rows.Count > 0 || denied is not null) _database.Write(scope =>
            {
                if (denied is not null) CaptureStore.Add(scope.Connection, [(Denied(run, denied, scope.Now), null)]);
                CaptureStore.Add(scope.Connection, rows.Select(row => (Row(run, row.Verdict, row.Outcome, row.Reason, row.Id, scope.Now), (string?)row.Verdict.Fingerprint)));
                return true;
            });
        }
        return result;
    }

    /// <summary>
    /// Saves where a session that has ended stopped, as one handoff in place of those that it left before. A handoff that says
    /// the same as the last one is not saved again. Summaries that the client made of it stay.
    /// </summary>
    /// <param name="events">The last events of the session, in order; at least one.</param>
    /// <param name="context">The project.</param>
    /// <exception cref="EngineException">The storage failed.</exception>
    public CaptureResult HandOff(IReadOnlyList<SessionEvent> events, CallContext context)
    {
        var caller = EntryService.Require(context with { Origin = EntryOrigin.Transcript });
        _policy.Require(caller);
        var run = Begin(caller, null);
        var result = new CaptureResult { Mode = run.Place.Mode, Project = run.Project };
        if (run.Place.Mode == CaptureMode.Off) return result;
        var window = new SessionWindow(events, null, HasEnded: true) { IsOfSession = true };
        var (former, open) = run.Left(events[^1].SessionId);
        var rule = SessionEndRule.Of(open);
        foreach (var verdict in run.Judge(window, seen => CaptureRules.Find(seen, rule), [.. former.Select(static handoff => handoff.Id)]))
        {
            // What it noted on the way goes only where this says it as well.
            var replaced = former.Where(handoff => handoff.Rule == rule.Id || verdict.Candidate.Body.Contains(handoff.Body, StringComparison.Ordinal)).Select(static handoff => handoff.Id).ToList();
            if (verdict.Replaces is { } near) replaced.Add(near);
            var (outcome, reason, id) = verdict.Outcome == CaptureVerdict.Save ? Save(run, verdict, caller, replaced) : (verdict.Outcome, verdict.Reason, verdict.EntryId);
            if (!verdict.IsKnown) _database.Write(scope =>
            {
                CaptureStore.Add(scope.Connection, [(Row(run, verdict, outcome, reason, id, scope.Now), verdict.Fingerprint)]);
                return true;
            });
            result = result.With(outcome, id);
        }
        return result with { Windows = 1 };
    }

    /// <summary>What <see cref="Capture"/> would do with events. Nothing is written.</summary>
    public CaptureSimulation Simulate(IEnumerable<SessionEvent> events, CallContext context, CaptureMode? mode = null)
    {
        var run = Begin(EntryService.Require(context with { Origin = EntryOrigin.Transcript }), mode);
        var (count, windows) = (0, 0);
        var decisions = new List<CaptureDecision>();
        foreach (var window in SessionWindow.Of(Counted(events, () => count++)))
        {
            windows++;
            if (run.Place.Mode == CaptureMode.Off) continue;
            foreach (var verdict in run.Judge(window))
            {
                if (verdict.Outcome == CaptureVerdict.Save) run.Keep(verdict, "");
                var candidate = verdict.Candidate;
                decisions.Add(new CaptureDecision
                {
                    Outcome = verdict.Outcome,
                    Reason = verdict.Reason,
                    Rule = candidate.Rule.Id,
                    EntryType = candidate.Rule.Type,
                    Confidence = candidate.Confidence,
                    Title = candidate.Title,
                    Text = candidate.Body,
                    EventIds = [.. candidate.Evidence.Select(item => run.SafeId(item.Id))],
                    EntryId = verdict.EntryId is { Length: > 0 } id ? id : null,
                });
            }
        }
        return new CaptureSimulation { Mode = run.Place.Mode, Events = count, Windows = windows, Decisions = decisions };
    }

    /// <summary>What <see cref="Capture"/> would do with a client's session file, or a file of events: JSON, one event a line.</summary>
    /// <exception cref="EngineException">INVALID_ARGUMENT: the file cannot be read, or a line is no event.</exception>
    public CaptureSimulation SimulateFile(string path, CallContext context, CaptureMode? mode = null)
    {
        if (!File.Exists(path)) throw EngineException.Invalid("file", Directory.Exists(path) ? "is a folder" : "there is no such file");
        try
        {
            if (SessionEvents.ClientOf(path) is { } client) return Simulate(SessionEvents.Read(client, path), context, mode);
        }
        catch (Exception error) when (error is ZstdSharp.ZstdException or EndOfStreamException)
        {
            throw EngineException.Invalid("file", "is no whole compressed file");
        }
        using var lines = new StreamReader(path);
        return Simulate(EventLines.Read(lines), context, mode);
    }

    /// <summary>The newest rows of the audit, newest first.</summary>
    /// <param name="limit">How many, 1 to <see cref="MaxEvents"/>.</param>
    /// <param name="sessionId">Only of this session; null for all.</param>
    /// <param name="project">Only of this project; null for all.</param>
    public CaptureAudit Audit(int limit, string? sessionId = null, string? project = null)
    {
        if (limit is < 1 or > MaxEvents) throw EngineException.Invalid("limit", $"must be 1 to {MaxEvents}", ("limit", MaxEvents), ("size", limit));
        return new CaptureAudit(_database.Read(connection => CaptureStore.Newest(connection, limit, sessionId, project)));
    }

    /// <summary>Counts of the audit.</summary>
    /// <param name="context">The project whose mode is told.</param>
    /// <param name="project">Only of this project; null for all.</param>
    public CaptureStatistics Statistics(CallContext context, string? project = null)
    {
        var mode = Begin(EntryService.Require(context), null).Place.Mode;
        return _database.Read(connection =>
        {
            var (sessions, since) = CaptureStore.Extent(connection, project);
            return new CaptureStatistics { Mode = mode, Sessions = sessions, Since = since, Rules = CaptureStore.Rules(connection, project), Reasons = CaptureStore.Reasons(connection, project) };
        });
    }

    /// <summary>Archives what capture saved of a session, or brings it back. What is pinned or was revised since stays.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="context">Who does it.</param>
    /// <param name="reinstate">Whether to take an undo back.</param>
    /// <exception cref="EngineException">ENTRY_NOT_FOUND: capture has saved nothing of this session.</exception>
    public CaptureUndone Undo(string sessionId, CallContext context, bool reinstate = false)
    {
        var saved = _database.Read(connection => EntryStore.OfTranscript(connection, sessionId));
        if (saved.Count == 0) throw new EngineException(ErrorCode.EntryNotFound, "Capture has saved nothing of this session. Nothing was changed; sessions are listed by: cairn capture audit");
        var (changed, kept, projects) = (new List<string>(), new List<string>(), saved.ToDictionary(static entry => entry.Id, static entry => entry.Project, StringComparer.Ordinal));
        foreach (var (id, state, pinned, _, reason) in saved)
        {
            if (reinstate ? state == "archived" && reason == UndoReason : state == "active" && !pinned)
            {
                _entries.Update(new EntryChange { Id = id, Action = reinstate ? EntryAction.Reinstate : EntryAction.Forget, Reason = UndoReason }, context);
                changed.Add(id);
            }
            else if (!reinstate && state != "archived") kept.Add(id);
        }
        if (changed.Count > 0) _database.Write(scope =>
        {
            CaptureStore.Add(scope.Connection, changed.Select(id => (new CaptureEvent
            {
                Outcome = reinstate ? "reinstated" : "undone",
                Reason = "user",
                Rule = "-",
                EntryType = "-",
                Client = "-",
                SessionId = sessionId,
                Project = _policy.HoldsSecret(projects[id]) ? null : projects[id],
                EntryId = id,
                OccurredAt = scope.Now,
                DecidedAt = scope.Now,
            }, (string?)null)));
            return true;
        });
        return new CaptureUndone(sessionId, changed, kept);
    }

    /// <summary>Says of the files of a commit whether they are such as may be captured, null files being too many to tell; null where nothing of the call's project is.</summary>
    internal Func<IReadOnlyList<string>?, bool>? Files(CallContext caller)
    {
        var place = Begin(caller, null).Place;
        return place.Mode == CaptureMode.Off ? null : files => !place.Refuses(files);
    }

    private CaptureRun Begin(CallContext caller, CaptureMode? mode)
    {
        var identity = _projects.Identify(caller);
        var place = _database.Read(connection =>
            (Capture: CapturePlace.Of(_options.Capture, connection, identity, _projects.Folder(caller), mode, _options.Warn), Name: ProjectResolver.Name(connection, identity), Key: ProjectStore.Find(connection, identity)));
        return new CaptureRun(_database, _policy, _policy.Place(caller), place.Capture, _policy.HoldsSecret(place.Name) ? null : place.Name, place.Key, _time.GetUtcNow());
    }

    private (string Outcome, string Reason, string? Id) Save(CaptureRun run, CaptureVerdict verdict, CallContext caller, IReadOnlyList<string> supersedes)
    {
        var candidate = verdict.Candidate;
        var last = candidate.Evidence[^1];
        var outcome = _entries.Save(
            new NewEntry
            {
                Text = candidate.Body,
                Title = ForeignText.Line(candidate.Title, EntryDraft.MaxTitle, "title", []),
                Type = candidate.Rule.Type,
                SourceRef = candidate.Evidence.Where(static item => item.Kind == SessionEventKind.FileEdit).SelectMany(run.Place.Relative).FirstOrDefault(static path => path.Length is > 0 and <= EntryDraft.MaxName),
                Metadata = Metadata(run, candidate),
                Supersedes = supersedes,
                OccurredAt = last.OccurredAt > _time.GetUtcNow() ? null : last.OccurredAt,
            },
            caller with { SessionId = run.SafeId(last.SessionId), Client = last.Client, Commit = last.Commit is { Length: > 0 and <= 64 } commit && commit.All(char.IsAsciiHexDigit) ? commit : caller.Commit });
        if (outcome is not SaveOutcome.Stored stored) return (CaptureVerdict.Skip, CaptureReason.Policy, null);
        run.Keep(verdict, stored.Receipt.Id);
        if (stored.Receipt.Status != "saved") return (CaptureVerdict.Duplicate, CaptureReason.Duplicate, stored.Receipt.Id);
        if (verdict.Redacted.Count > 0) _policy.TryRecord(at => _policy.Events(PolicyEvent.Redacted, verdict.Redacted, _policy.Place(caller), stored.Receipt.Id, at));
        return (CaptureVerdict.Save, CaptureReason.Evidence, stored.Receipt.Id);
    }

    // Where it comes from, for whoever asks why it is there.
    private static JsonElement Metadata(CaptureRun run, CaptureCandidate candidate)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("capture");
            json.WriteString("rule", candidate.Rule.Id);
            json.WriteNumber("confidence", candidate.Confidence);
            json.WriteString("client", run.SafeId(candidate.Evidence[^1].Client));
            json.WriteStartArray("events");
            foreach (var item in candidate.Evidence) json.WriteStringValue(run.SafeId(item.Id));
            json.WriteEndArray();
            if (candidate.Evidence[^1].Branch is { Length: > 0 } branch) json.WriteString("branch", branch);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return JsonElement.Parse(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private static CaptureEvent Row(CaptureRun run, CaptureVerdict verdict, string outcome, string reason, string? id, DateTimeOffset now) => new()
    {
        Outcome = outcome,
        Reason = reason,
        Rule = verdict.Candidate.Rule.Id,
        EntryType = verdict.Candidate.Rule.Type,
        Confidence = verdict.Candidate.Confidence,
        Client = run.SafeId(verdict.Candidate.Evidence[^1].Client),
        SessionId = run.SafeId(verdict.Candidate.Evidence[^1].SessionId),
        Project = run.Project,
        EventIds = [.. verdict.Candidate.Evidence.Select(item => run.SafeId(item.Id))],
        EntryId = id,
        OccurredAt = verdict.Candidate.Evidence[^1].OccurredAt,
        DecidedAt = now,
    };

    private static CaptureEvent Denied(CaptureRun run, SessionEvent item, DateTimeOffset now) => new()
    {
        Outcome = CaptureVerdict.Skip,
        Reason = CaptureReason.PathDenied,
        Rule = "-",
        EntryType = "-",
        Client = run.SafeId(item.Client),
        SessionId = run.SafeId(item.SessionId),
        Project = run.Project,
        EventIds = [run.SafeId(item.Id)],
        OccurredAt = item.OccurredAt,
        DecidedAt = now,
    };

    private static IEnumerable<SessionEvent> Counted(IEnumerable<SessionEvent> events, Action count)
    {
        foreach (var item in events)
        {
            count();
            yield return item;
        }
    }
}
