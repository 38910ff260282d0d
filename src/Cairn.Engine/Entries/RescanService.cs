using Cairn.Engine.Projects;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Entries;

/// <summary>
/// Judges stored entries by the rules of today. It reads a page at a time and writes in short transactions, so that other
/// processes go on; interrupted, the next run goes on where this one was, since what is clean is marked.
/// </summary>
public sealed class RescanService
{
    private const int PageEntries = 100;
    private const int BatchCharacters = 128 * 1024;
    private const string Found = "found";
    private const string Redacted = "redacted";
    private const string Purged = "purged";

    private readonly Database _database;
    private readonly WritePolicy _policy;
    private readonly PurgeService _purge;

    internal RescanService(Database database, WritePolicy policy, PurgeService purge)
    {
        _database = database;
        _policy = policy;
        _purge = purge;
    }

    /// <summary>Judges the entries that other rules than today's have judged, or all.</summary>
    /// <param name="request">Which, and what is done with those that would be refused.</param>
    /// <param name="progress">Told after every page, within the call.</param>
    /// <param name="cancellation">Ends the run after the page that it is at; what was done stays.</param>
    /// <exception cref="EngineException">No project has this name, or the storage failed.</exception>
    public RescanResult Run(RescanRequest request, Action<RescanProgress>? progress = null, CancellationToken cancellation = default)
    {
        var ruleSet = _policy.RuleSet;
        var (project, last) = _database.Read(connection => (
            request.Project is { } name ? ProjectName.RequireKnown(connection, "project", name) : (long?)null, EntryTransferStore.LastKeys(connection).Entry));
        var current = request.DryRun ? _database.Read(connection => RuleSetStore.Find(connection, ruleSet) ?? 0) : _database.Write(scope => RuleSetStore.FindOrAdd(scope, ruleSet));
        var found = new List<RescanFinding>();
        long after = 0, judged = 0;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var page = _database.Read(connection => RescanStore.Page(connection, after, last, project, request.All ? null : current, PageEntries));
            foreach (var batch in Batches(page)) found.AddRange(Judge(batch, request, current));
            judged += page.Count;
            progress?.Invoke(new RescanProgress(judged, found.Count));
            if (page.Count < PageEntries) break;
            after = page[^1].Key;
        }
        return new RescanResult
        {
            RuleSet = ruleSet,
            DryRun = request.DryRun ? true : null,
            Judged = judged,
            Clean = judged - found.Count,
            Found = found,
            // Always, not only when something was found: the run before may have been killed on its way here.
            BytesLeft = request.Action == RescanAction.List || request.DryRun ? null : _purge.Compact(),
        };
    }

    private List<RescanFinding> Judge(IReadOnlyList<RescanRow> rows, RescanRequest request, long current)
    {
        var judged = rows.Select(row => (Row: row, Violations: Check(row))).ToList();
        if (request.DryRun) return [.. judged.Where(static row => row.Violations.Count > 0).Select(static row => Finding(row.Row, row.Violations, Found))];
        var findings = _database.Write(scope =>
        {
            var written = new List<RescanFinding>();
            foreach (var (row, violations) in judged)
            {
                if (violations.Count == 0) RescanStore.Mark(scope.Connection, row.Key, row.ChangedAt, current);
                else if (Treat(scope, row, violations, request.Action, current) is { } finding) written.Add(finding);
            }
            return written;
        });
        _database.Turns.GiveWay();
        return findings;
    }

    // Null when the entry is gone, or was made clean, since it was read.
    private RescanFinding? Treat(WriteScope scope, RescanRow read, IReadOnlyList<PolicyViolation> violations, RescanAction action, long current)
    {
        if (RescanStore.Find(scope.Connection, read.Key) is not { } row) return null;
        if (row.ChangedAt != read.ChangedAt && (violations = Check(row)).Count == 0) return null;
        switch (action)
        {
            case RescanAction.Purge:
                EntryStore.Purge(scope.Connection, EntryStore.Find(scope.Connection, row.Id)!, "policy rescan", scope.Now);
                return Record(scope, row, violations, Purged);
            case RescanAction.Redact:
                var isClean = Redact(scope, row, current);
                Record(scope, row, violations, Redacted);
                return Finding(row, violations, isClean ? Redacted : "partly_redacted");
            default:
                return Finding(row, violations, Found);
        }
    }

    private bool Redact(WriteScope scope, RescanRow row, long current)
    {
        var redaction = _policy.Redaction(_policy.Place(row.Project));
        // The rule's name may be longer than what it stands for.
        var draft = EntryDraft.From(ForeignText.Fit(redaction.Clean(row.Fields), []));
        GiveWayToTwin(scope, row, draft);
        RescanStore.Rewrite(scope, row, draft, redaction.Clean(row.Branch, "git_branch"), redaction.Clean(row.Commit, "git_commit"));
        foreach (var (key, reason) in row.Reasons)
            if (redaction.Clean(reason, "history.reason") is var clean && clean != reason) RescanStore.SetReason(scope.Connection, key, clean);

        var left = Check(RescanStore.Find(scope.Connection, row.Key)!);
        if (left.Count == 0) RescanStore.Mark(scope.Connection, row.Key, scope.Now.ToUnixTimeMilliseconds(), current);
        return left.Count == 0;
    }

    // Two entries that differed in their secrets alone say the same now, and only one of them can be active.
    private static void GiveWayToTwin(WriteScope scope, RescanRow row, EntryDraft draft)
    {
        if (row.State != "active") return;
        var twin = row.Origin != EntryOrigin.Document ? EntryStore.FindDuplicate(scope.Connection, row.ProjectKey, draft.ContentHash)
            : draft.SourceRef is { } place ? EntryStore.FindDocument(scope.Connection, row.ProjectKey, place) : null;
        if (twin is null || twin.Key == row.Key) return;
        EntryStore.SetState(scope.Connection, row.Key, "superseded", null, scope.Now);
        EntryStore.LinkSupersedes(scope.Connection, twin.Key, row.Key, scope.Now);
    }

    private List<PolicyViolation> Check(RescanRow row)
    {
        var place = _policy.Place(row.Project);
        return
        [
            .. _policy.CheckStored(row.Fields, place),
            .. _policy.Check("project", row.Project, place),
            .. _policy.Check("session_id", row.Session, place),
            .. _policy.Check("git_branch", row.Branch, place),
            .. _policy.Check("git_commit", row.Commit, place),
            .. row.Reasons.SelectMany(reason => _policy.Check("history.reason", reason.Text, place)),
        ];
    }

    private static RescanFinding Record(WriteScope scope, RescanRow row, IReadOnlyList<PolicyViolation> violations, string action)
    {
        foreach (var violation in violations) RescanStore.AddEvent(scope, action, row.Id, violation);
        return Finding(row, violations, action);
    }

    private static RescanFinding Finding(RescanRow row, IReadOnlyList<PolicyViolation> violations, string outcome) => new(row.Id, outcome,
        [.. violations.Select(static violation => violation.Rule).Distinct()], [.. violations.Select(static violation => violation.Field).Distinct()]);

    private static IEnumerable<List<RescanRow>> Batches(List<RescanRow> page)
    {
        var batch = new List<RescanRow>();
        var characters = 0;
        foreach (var row in page)
        {
            batch.Add(row);
            if ((characters += row.Body.Length) < BatchCharacters) continue;
            yield return batch;
            (batch, characters) = ([], 0);
        }
        if (batch.Count > 0) yield return batch;
    }
}
