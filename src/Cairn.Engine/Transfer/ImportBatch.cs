using Cairn.Engine.Entries;
using Cairn.Engine.Projects;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Transfer;

/// <summary>One thing to bring in, after policy and rules; one of its parts is there.</summary>
internal readonly record struct ImportStep(
    string Where, ImportDraft? Entry = null, ProjectRecord? Project = null, SessionRecord? Session = null, PurgedRecord? Purged = null);

/// <summary>A link whose other end has not come in yet.</summary>
internal readonly record struct PendingLink(string Where, long From, SupersededLink Link);

/// <summary>
/// Brings a batch of steps in, inside one write transaction. A transaction may have to run again: what it learns is
/// kept here, and taken over by the import once it is committed.
/// </summary>
internal sealed class ImportBatch(WriteScope scope, ImportProjects projects, ImportPolicy policy)
{
    private readonly Dictionary<string, long> _keys = new(StringComparer.OrdinalIgnoreCase);

    public ImportTally Tally { get; } = new();

    public List<PendingLink> Pending { get; } = [];

    /// <summary>Brings one thing in.</summary>
    public void Take(ImportStep step)
    {
        if (step.Entry is { } entry) TakeEntry(step.Where, entry);
        else if (step.Project is { } project) TakeProject(step.Where, project);
        else if (step.Session is { } session) EntryTransferStore.PutSession(scope.Connection, Require(session.Project), session);
        else TakePurged(step.Where, step.Purged!);
    }

    /// <summary>Records a link when both of its ends are there, and says why not otherwise.</summary>
    /// <param name="pending">The link.</param>
    /// <param name="isLast">Whether nothing comes in any more, so that an end that is missing stays so.</param>
    public void Take(PendingLink pending, bool isLast)
    {
        if (EntryId.Parse(pending.Link.Id) is not { } id) Tally.Note(pending.Where, "supersedes what is no entry's id");
        else if (EntryStore.Find(scope.Connection, id) is not { } older)
        {
            if (isLast) Tally.Note(pending.Where, $"supersedes {id}, which is not here");
            else Pending.Add(pending);
        }
        else if (ImportWriter.Link(scope, pending.From, older, pending.Link.At) is { } reason) Tally.Note(pending.Where, reason);
    }

    private void TakeEntry(string where, ImportDraft entry)
    {
        var decision = ImportWriter.Decide(scope.Connection, entry, Find(entry.Entry.Project));
        var key = decision.Key;
        switch (decision.Outcome)
        {
            case ImportOutcome.Skipped:
                Tally.Skip(where, decision.Reason!);
                return;
            case ImportOutcome.Duplicate:
                Tally.Duplicate();
                break;
            default:
                key = ImportWriter.Insert(scope, entry, Require(entry.Entry.Project));
                policy.Record(scope, entry);
                Tally.Import(where, entry);
                break;
        }
        foreach (var link in entry.Entry.Supersedes) Take(new PendingLink(where, key!.Value, link), isLast: false);
    }

    private void TakeProject(string where, ProjectRecord project)
    {
        if (projects.IsForced) return;
        var name = ProjectTransferStore.Import(scope.Connection, project);
        projects.Learn(project.Name, name);
        if (!name.Equals(project.Name, StringComparison.OrdinalIgnoreCase)) Tally.Note(where, $"the project {project.Name} is {name} here");
    }

    private void TakePurged(string where, PurgedRecord purged)
    {
        if (EntryStore.Find(scope.Connection, purged.Id) is not null) Tally.Note(where, $"{purged.Id} was purged there, and is kept here");
        else EntryTransferStore.PutPurged(scope.Connection, purged);
    }

    private long? Find(string? source)
    {
        var name = projects.NameOf(source);
        if (_keys.TryGetValue(name ?? "", out var key)) return key;
        var found = projects.Find(scope.Connection, name);
        if (found is { } known) _keys[name ?? ""] = known;
        return found;
    }

    private long Require(string? source)
    {
        if (Find(source) is { } known) return known;
        var name = projects.NameOf(source);
        return _keys[name ?? ""] = projects.FindOrCreate(scope, name);
    }
}
