using Cairn.Engine.Entries;
using Cairn.Engine.Projects;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Transfer;

/// <summary>
/// What an import would do, without writing. What the import itself would have brought in by then is remembered by its
/// ids and contents, about 100 bytes an entry.
/// </summary>
internal sealed class ImportPreview(ImportProjects projects)
{
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly HashSet<string> _contents = new(StringComparer.Ordinal);

    /// <summary>Counts what would become of one thing.</summary>
    public void Take(DatabaseConnection connection, ImportStep step, ImportTally tally)
    {
        if (step.Project is { } project && !projects.IsForced) projects.Learn(project.Name, ProjectTransferStore.Match(connection, project) ?? project.Name);
        if (step.Entry is not { } entry) return;
        var name = projects.NameOf(entry.Entry.Project);
        var decision = ImportWriter.Decide(connection, entry, projects.Find(connection, name));
        if (decision.Outcome == ImportOutcome.Skipped) tally.Skip(step.Where, decision.Reason!);
        else if (decision.Outcome == ImportOutcome.Duplicate) tally.Duplicate();
        else if (!_ids.Add(entry.Entry.Id)) tally.Duplicate();
        else if (entry.Entry.State == "active" && !_contents.Add(Content(name, entry))) tally.Duplicate();
        else tally.Import(step.Where, entry);
    }

    private static string Content(string? project, ImportDraft entry) => entry.Entry.Origin == EntryOrigin.Document
        ? $"{project?.ToLowerInvariant()}\n{entry.Draft.SourceRef ?? entry.Entry.Id}"
        : $"{project?.ToLowerInvariant()}\n{Convert.ToHexString(entry.ContentHash)}";
}
