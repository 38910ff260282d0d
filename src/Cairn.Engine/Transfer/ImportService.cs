using Cairn.Engine.Entries;
using Cairn.Engine.Projects;
using Cairn.Engine.Storage;
using Cairn.Engine.Transfer.Formats;

namespace Cairn.Engine.Transfer;

/// <summary>
/// Brings entries in from an export or another memory. Every entry passes policy and rules: what looks like a secret is
/// redacted (where the policy's mode is block, its entry is skipped), what breaks a rule is skipped with its reason, and the rest goes on. It writes at most 100 entries a
/// transaction; an import that was interrupted is simply run again, since importing twice changes nothing.
/// </summary>
public sealed class ImportService
{
    /// <summary>The formats that can be imported.</summary>
    public static IReadOnlyList<string> Formats => ImportFormats.All;

    private const int BatchSteps = 100;
    private const int BatchCharacters = 128 * 1024;

    private readonly Database _database;
    private readonly ProjectResolver _projects;
    private readonly WritePolicy _policy;

    internal ImportService(Database database, ProjectResolver projects, WritePolicy policy)
    {
        _database = database;
        _projects = projects;
        _policy = policy;
    }

    /// <summary>Imports a file or folder.</summary>
    /// <param name="request">What is to be imported.</param>
    /// <param name="context">Its project takes what names none.</param>
    /// <param name="progress">Told how many entries have been read, after each transaction.</param>
    /// <exception cref="EngineException">The source cannot be read, the project's name looks like a secret, or the storage failed; what was imported before stays.</exception>
    public ImportResult Import(ImportRequest request, CallContext context, Action<long>? progress = null)
    {
        var path = Path.GetFullPath(request.Path);
        RefuseOwnFiles(path);
        var forced = request.Project is { } name ? ProjectName.Require("project", name) : null;
        var caller = context with { Project = forced ?? context.Project, Origin = EntryOrigin.Import };
        _policy.Require(caller);
        var source = ImportFormats.Open(path, request.Format);
        var run = new Run(_database, new ImportProjects(forced, _projects.Identify(context)), new ImportPolicy(_policy, caller, forced), request.DryRun);

        using var items = source.Read().GetEnumerator();
        while (Next(items, run))
        {
            run.Add(items.Current);
            if (run.IsFull) progress?.Invoke(run.Flush());
        }
        run.Flush();
        run.FlushLinks();
        return run.Tally.Result(source.Format, request.DryRun);
    }

    // A source that breaks off says so once what came before is in.
    private static bool Next(IEnumerator<ImportItem> items, Run run)
    {
        try
        {
            return items.MoveNext();
        }
        catch (EngineException error) when (run.HasRead)
        {
            run.Flush();
            throw new EngineException(error.Code, $"{error.Message} {run.Tally.Read} entries before it were read, {run.Tally.Imported} of them imported.", error.Details, error);
        }
    }

    // A plain open and close of the database's files would drop its locks.
    private void RefuseOwnFiles(string path)
    {
        var own = Path.GetFullPath(_database.Path);
        var real = File.Exists(path) ? SourceFile.Try(path, () => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path) : path;
        foreach (var suffix in (ReadOnlySpan<string>)["", "-wal", "-shm", "-journal"])
            if (string.Equals(own + suffix, real, StringComparison.OrdinalIgnoreCase)) throw EngineException.Invalid(path, "is this very database");
    }

    /// <summary>One import under way.</summary>
    private sealed class Run(Database database, ImportProjects projects, ImportPolicy policy, bool dryRun)
    {
        private readonly List<ImportStep> _steps = [];
        private readonly List<PendingLink> _pending = [];
        private readonly ImportPreview _preview = new(projects);
        private int _characters;

        public ImportTally Tally { get; } = new();

        public bool HasRead => Tally.Read > 0 || _steps.Count > 0;

        public bool IsFull => _steps.Count >= BatchSteps || _characters >= BatchCharacters;

        /// <summary>Checks one thing and puts it into the batch, or says why it is skipped.</summary>
        public void Add(ImportItem item)
        {
            try
            {
                if (Check(item) is { } step) _steps.Add(step);
            }
            catch (EngineException error)
            {
                Tally.Skip(item.Where, error.Message);
            }
        }

        /// <summary>Writes the batch and returns how many entries have been read so far.</summary>
        public long Flush()
        {
            if (dryRun) Preview();
            else if (_steps.Count > 0) Write(batch => _steps.ForEach(batch.Take));
            if (!dryRun) policy.RecordRefused();
            _steps.Clear();
            _characters = 0;
            return Tally.Read;
        }

        /// <summary>Records the links whose other end came later.</summary>
        public void FlushLinks()
        {
            foreach (var links in _pending.ToArray().Chunk(BatchSteps))
                Write(batch => Array.ForEach(links, link => batch.Take(link, isLast: true)));
        }

        private void Write(Action<ImportBatch> work)
        {
            var done = database.Write(scope =>
            {
                var batch = new ImportBatch(scope, projects, policy);
                work(batch);
                return batch;
            });
            Tally.Add(done.Tally);
            _pending.AddRange(done.Pending);
        }

        private void Preview() => Tally.Add(database.Read(connection =>
        {
            var tally = new ImportTally();
            foreach (var step in _steps) _preview.Take(connection, step, tally);
            return tally;
        }));

        private ImportStep? Check(ImportItem item)
        {
            switch (item)
            {
                case ImportItem.OfEntry entry:
                    var draft = policy.Clean(entry);
                    _characters += draft.Draft.Body.Length;
                    return new ImportStep(item.Where, entry.Note is { } note ? draft with { Notes = [.. draft.Notes, note] } : draft);
                case ImportItem.OfProject project:
                    return new ImportStep(item.Where, Project: Check(project.Project));
                case ImportItem.OfSession session:
                    return new ImportStep(item.Where, Session: ImportDraft.Check(session.Session, policy.Redaction));
                case ImportItem.OfPurged purged:
                    return new ImportStep(item.Where, Purged: ImportDraft.Check(purged.Purged, policy.Redaction));
                case ImportItem.Unreadable unreadable:
                    Tally.Skip(item.Where, unreadable.Reason);
                    return null;
                default:
                    return null;
            }
        }

        private ProjectRecord Check(ProjectRecord project) => project with
        {
            Name = ImportDraft.Raw("name", policy.Redaction.CleanSent(project.Name, "name"))!,
            Aliases = [.. project.Aliases.Select(alias => alias with { Value = ImportDraft.Raw("aliases.value", policy.Redaction.CleanSent(alias.Value, "aliases.value"))! })],
        };
    }
}
