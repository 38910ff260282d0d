using Cairn.Engine.Entries;
using Cairn.Engine.Projects;
using Cairn.Engine.Storage;
using Cairn.Engine.Transfer.Formats;

namespace Cairn.Engine.Transfer;

/// <summary>
/// Writes entries out, whole: in every state, with links, history, sessions and the names of their projects, and the ids
/// of what was purged. What today's rules refuse is redacted. Not in it: the records of ingestion and retention runs, which are this database's own. It reads
/// some hundred entries at a time and holds no more; what was there when it began is in it, what came later is not.
/// </summary>
public sealed class ExportService
{
    /// <summary>The format of one line a record.</summary>
    public const string JsonLines = "jsonl";

    /// <summary>The format of one file an entry.</summary>
    public const string Markdown = "markdown";

    private const int PageEntries = 200;
    private const int PageRecords = 1000;

    private readonly Database _database;
    private readonly RecallPolicy _recall;
    private readonly TimeProvider _time;

    internal ExportService(Database database, RecallPolicy recall, TimeProvider time)
    {
        _database = database;
        _recall = recall;
        _time = time;
    }

    /// <summary>Writes JSON Lines to a stream, which stays open.</summary>
    /// <param name="output">The stream.</param>
    /// <param name="project">The one project that is written; null for all.</param>
    /// <exception cref="EngineException">No project has this name, or the stream cannot be written.</exception>
    public ExportResult ToStream(Stream output, string? project) =>
        ExportFile.Try("the output", () => Run(new JsonLinesWriter(output), project, JsonLines, null));

    /// <summary>
    /// Writes JSON Lines to a file that only its user can read. It gets its name when it is whole; a file that is there is
    /// replaced only when told so.
    /// </summary>
    /// <exception cref="EngineException">There is a file, no project has this name, or the file cannot be written.</exception>
    public ExportResult ToFile(string path, string? project, bool replace)
    {
        var full = Path.GetFullPath(path);
        ExportFile.RequireFree(full, _database.Path, replace);
        return ExportFile.Write(full, replace, stream => Run(new JsonLinesWriter(stream), project, JsonLines, full));
    }

    /// <summary>Writes a folder of Markdown files, one an entry, that only its user can read. The folder must be new or empty.</summary>
    /// <exception cref="EngineException">The folder holds something, no project has this name, or it cannot be written.</exception>
    public ExportResult ToFolder(string path, string? project)
    {
        var full = Path.GetFullPath(path);
        return ExportFile.Try(full, () =>
        {
            using var folder = MarkdownFolder.Create(full);
            var result = Run(folder, project, Markdown, full);
            folder.Publish();
            return result;
        });
    }

    private ExportResult Run(IExportTarget target, string? project, string format, string? path)
    {
        var start = _database.Read(connection => Start(connection, project));
        var redaction = _recall.Redaction();
        target.Line(CairnFormat.Header(_time.GetUtcNow(), start.Only is { } only ? redaction.Clean(start.Names[only], "project") : null));
        foreach (var (key, record) in start.Projects)
            if (start.Only is null || start.Only == key) target.Line(CairnFormat.Line(Clean(record, redaction)));
        foreach (var session in Sessions(start)) target.Line(CairnFormat.Line(session with { Project = redaction.Clean(session.Project, "project"), Id = redaction.Clean(session.Id, "session_id"), Client = redaction.Clean(session.Client, "client") }));
        if (start.Only is null)
            foreach (var purged in Purged()) target.Line(CairnFormat.Line(purged with { Reason = redaction.Clean(purged.Reason, "reason") }));
        long number = 0;
        var redacted = 0;
        foreach (var row in Entries(start))
        {
            target.Entry(_recall.Clean(row.Entry, row.RuleSet, out var cut), ++number);
            redacted += cut;
        }
        redacted += redaction.Count;
        target.End();
        return new ExportResult(format, path, start.Only is null ? start.Projects.Count : 1, number, redacted > 0 ? redacted : null);
    }

    private static ProjectRecord Clean(ProjectRecord project, Redaction redaction) => project with
    {
        Name = redaction.Clean(project.Name, "name"),
        Aliases = [.. project.Aliases.Select(alias => alias with { Value = redaction.Clean(alias.Value, "aliases.value") })],
    };

    private IEnumerable<(Recalled<EntryRecord> Entry, long RuleSet)> Entries(Beginning start)
    {
        long after = 0;
        while (true)
        {
            var (page, ruleSet) = _database.Read(connection => (
                EntryTransferStore.Page(connection, after, start.LastEntry, start.Only, start.Names, PageEntries), _recall.Current(connection)));
            foreach (var (_, entry) in page) yield return (entry, ruleSet);
            if (page.Count < PageEntries) yield break;
            after = page[^1].Key;
        }
    }

    private IEnumerable<SessionRecord> Sessions(Beginning start)
    {
        long after = 0;
        while (true)
        {
            var page = _database.Read(connection => EntryTransferStore.Sessions(connection, after, start.LastSession, start.Only, start.Names, PageRecords));
            foreach (var (_, session) in page) yield return session;
            if (page.Count < PageRecords) yield break;
            after = page[^1].Key;
        }
    }

    private IEnumerable<PurgedRecord> Purged()
    {
        var after = "";
        while (true)
        {
            var page = _database.Read(connection => EntryTransferStore.Purged(connection, after, PageRecords));
            foreach (var purged in page) yield return purged;
            if (page.Count < PageRecords) yield break;
            after = page[^1].Id;
        }
    }

    private static Beginning Start(DatabaseConnection connection, string? project)
    {
        long? only = project is null ? null : ProjectName.RequireKnown(connection, "project", project);
        var projects = ProjectTransferStore.All(connection);
        var (entry, session) = EntryTransferStore.LastKeys(connection);
        return new Beginning(only, projects, projects.ToDictionary(static row => row.Key, static row => row.Project.Name), entry, session);
    }

    /// <summary>What was there when the export began. A project goes by the name that it had then.</summary>
    private sealed record Beginning(
        long? Only, IReadOnlyList<(long Key, ProjectRecord Project)> Projects, IReadOnlyDictionary<long, string> Names, long LastEntry, long LastSession);
}
