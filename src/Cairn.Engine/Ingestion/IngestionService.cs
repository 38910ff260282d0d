using Cairn.Engine.Entries;
using Cairn.Engine.Git;
using Cairn.Engine.Projects;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Ingestion;

/// <summary>
/// Takes documents into memory: Markdown as one entry a section, other text whole or in parts. Only regular files below
/// the project's root folder are read. Ingesting again takes over what changed: another text supersedes the former one, what
/// is gone is archived, what is the same stays.
/// </summary>
public sealed class IngestionService
{
    /// <summary>The largest file that is read, in bytes.</summary>
    public const int MaxFileBytes = 4 * 1024 * 1024;

    /// <summary>How many skipped files a result lists.</summary>
    public const int MaxShown = 200;

    private const int MaxShownSource = 300;

    private readonly Database _database;
    private readonly ProjectResolver _projects;
    private readonly WritePolicy _policy;
    private readonly GitClient _git;
    private readonly TimeProvider _time;

    internal IngestionService(Database database, ProjectResolver projects, WritePolicy policy, GitClient git, TimeProvider time)
    {
        _database = database;
        _projects = projects;
        _policy = policy;
        _git = git;
        _time = time;
    }

    /// <summary>What is ingested when no source is named.</summary>
    public static IReadOnlyList<string> DefaultSources { get; } = ["docs/session-log.md", "docs/decisions.md", "docs/requirements.md"];

    /// <summary>
    /// Ingests sources. One that cannot be read is in the result with its reason and stops no other. It writes in short
    /// transactions; interrupted, the next run goes on where this one was.
    /// </summary>
    /// <param name="request">What to ingest.</param>
    /// <param name="context">Where the call comes from.</param>
    /// <param name="progress">Told about once a second, within the call.</param>
    /// <param name="cancellation">Ends the run after what it is at; what was written stays.</param>
    /// <exception cref="EngineException">The type or the context breaks a rule or holds a secret, or the storage failed.</exception>
    public IngestionResult Ingest(IngestionRequest request, CallContext context, Action<IngestionProgress>? progress = null, CancellationToken cancellation = default)
    {
        var type = TextRules.Line("entry_type", PrivateFields.Remove(request.EntryType) ?? "document", EntryDraft.MaxName);
        var caller = EntryService.Require(context) with { Origin = EntryOrigin.Document };
        var place = _policy.Place(caller);
        if (_policy.Check("entry_type", type, place) is { Count: > 0 } found)
        {
            _policy.Refuse(found, place);
            throw WritePolicy.Refusal(found, "Nothing was ingested.");
        }
        _policy.Require(caller);

        var identity = _projects.Identify(caller);
        var provenance = _database.Write(scope => EntryService.Provenance(scope, identity, caller, _policy.RuleSet));
        var run = new IngestionRun(_database, provenance, _policy, place, type, EntryId.New(_time.GetUtcNow()), cancellation);
        if (_database.Read(connection => _projects.Root(connection, caller)) is { } root) Ingest(request, caller, root, run, progress, cancellation);
        else foreach (var source in request.Sources ?? DefaultSources) run.Skip(Shown(source, run.Redaction), "the home folder and the root of a drive are too wide to be a project's root folder: call this from the project's own");
        return run.Finish();
    }

    private void Ingest(IngestionRequest request, CallContext caller, string root, IngestionRun run, Action<IngestionProgress>? progress, CancellationToken cancellation)
    {
        var reader = new DocumentReader(root);
        var workingFolder = request.Sources is null ? "" : Below(root, ProjectResolver.Workspace(caller));
        var sources = new List<DocumentSource>();
        var missing = new List<(string Shown, DocumentSource Source)>();
        foreach (var text in request.Sources ?? DefaultSources)
        {
            var shown = Shown(text, run.Redaction);
            if (DocumentSource.Refusal(text) is { } reason)
            {
                run.Skip(shown, reason);
                continue;
            }
            var source = DocumentSource.Find(text, reader, workingFolder);
            sources.Add(source);
            if (!source.IsThere) missing.Add((shown, source));
        }

        var tree = new DocumentTree(root, reader, _git);
        tree.Add(sources, cancellation);
        foreach (var skip in tree.Skipped) run.Skip(Shown(skip.Source, run.Redaction), skip.Reason);
        foreach (var skip in tree.PassedOver.Where(skip => !tree.Files.Contains(skip.Source))) run.PassOver(Shown(skip.Source, run.Redaction), skip.Reason);
        var known = run.KnownFiles();
        var gone = known.Where(file => sources.Exists(source => source.Covers(file)) && IsGone(reader.FullPath(file))).ToList();
        foreach (var (shown, source) in missing)
            if (!gone.Exists(source.Covers)) run.Skip(shown, DocumentReader.NotThere);

        var files = tree.Files.Except(gone).ToList();
        run.Expect(files);
        var started = _time.GetTimestamp();
        for (var i = 0; i < files.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (progress is not null && _time.GetElapsedTime(started) >= TimeSpan.FromSeconds(1))
            {
                started = _time.GetTimestamp();
                progress(new IngestionProgress(i, files.Count));
            }
            run.Add(files[i], Shown(files[i], run.Redaction), reader.Read(files[i]));
        }
        foreach (var file in gone) run.AddGone(file);
    }

    // The path from the root to a folder, "" when that is the root or elsewhere.
    private static string Below(string root, string folder)
    {
        var path = Path.GetRelativePath(root, GitPlace.RealPath(folder) ?? root).Replace(Path.DirectorySeparatorChar, '/');
        return path == "." || path == ".." || path.StartsWith("../", StringComparison.Ordinal) || Path.IsPathRooted(path) ? "" : path;
    }

    // Only when the file system says so: what may not be looked at may still be there.
    private static bool IsGone(string file)
    {
        try
        {
            return (File.GetAttributes(file) & FileAttributes.Directory) != 0;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string Shown(string source, Redaction redaction)
    {
        // A name of a file can hold what is no text: half a surrogate pair, on Windows.
        var text = string.Concat(redaction.Clean(source, "sources").Replace('\0', '\uFFFD').EnumerateRunes());
        return text.Length <= MaxShownSource ? text : text[..(char.IsHighSurrogate(text[MaxShownSource - 1]) ? MaxShownSource - 1 : MaxShownSource)] + "…";
    }
}
