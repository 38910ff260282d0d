using Cairn.Engine.Projects;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Entries;

/// <summary>
/// Which project the policy judges for. Nothing is looked up for clean texts: folder and database are asked when something
/// was found. Where they give no answer, the strictest holds: no exception of a project, and no redaction.
/// </summary>
internal sealed class PolicyPlace(EngineOptions options, Database database, ProjectResolver projects, CallContext? caller, string? name)
{
    private readonly Dictionary<string, bool> _named = new(StringComparer.Ordinal);
    private (PolicyMode? Mode, string? Project)? _found;
    private ProjectIdentity? _identity;
    private ProjectFile? _file;

    /// <summary>The call's origin, for the audit; null when there is no call.</summary>
    public string? Origin => caller?.Origin;

    /// <summary>What is set for the project, by the user or, if that is stricter, by the file of the call's folder; null when nothing is.</summary>
    public PolicyMode? Mode => File.BlocksSecrets ? PolicyMode.Block : Found.Mode;

    /// <summary>The project's present name, or the one it would get; null when it cannot be told. It may hold a secret.</summary>
    public string? Project => Found.Project;

    /// <summary>What of the folder's file is not followed, in one line; null when all is.</summary>
    public string? Ignored => File.Ignored is { } reason ? $"{Path.Combine(Root!, ProjectFile.Name)} is not followed in full: {reason}." : null;

    private bool IsNone => name is null && caller is null;

    private string? Root => caller is null ? null : projects.Folder(caller);

    private ProjectIdentity Identity => _identity ??= name is not null ? new ProjectIdentity(name) : projects.Identify(caller!);

    private ProjectFile File => _file ??= ReadFile();

    private (PolicyMode? Mode, string? Project) Found => _found ??= Find();

    /// <summary>Whether the project has, or had, this name.</summary>
    public bool Is(string project)
    {
        if (IsNone) return false;
        if (_named.TryGetValue(project, out var known)) return known;
        try
        {
            return _named[project] = database.Read(connection => ProjectResolver.IsNamed(connection, Identity, project));
        }
        catch (EngineException)
        {
            return false;
        }
    }

    private ProjectFile ReadFile()
    {
        _file = Root is { } root ? ProjectFile.Of(root) : ProjectFile.Empty;
        if (Ignored is { } ignored) options.Warn(ignored);
        return _file;
    }

    private (PolicyMode?, string?) Find()
    {
        if (IsNone) return (options.Policy.Mode, null);
        try
        {
            var project = database.Read(connection => ProjectResolver.Name(connection, Identity));
            var own = options.Policy.Projects.Where(project => Is(project.Key)).Select(static project => project.Value).ToList();
            return (own.Count == 0 ? options.Policy.Mode : own.Contains(PolicyMode.Block) ? PolicyMode.Block : PolicyMode.Redact, project);
        }
        catch (EngineException)
        {
            return (PolicyMode.Block, null);
        }
    }
}
