using Cairn.Engine.Projects;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Transfer;

/// <summary>Which project of this database each project of a source is.</summary>
/// <param name="forced">The one project that everything goes to, or null.</param>
/// <param name="caller">The project of the caller, for what names none.</param>
internal sealed class ImportProjects(string? forced, ProjectIdentity caller)
{
    private readonly Dictionary<string, string> _names = new(StringComparer.OrdinalIgnoreCase);

    public bool IsForced => forced is not null;

    /// <summary>Remembers the name that a project of the source has here.</summary>
    public void Learn(string source, string name) => _names[source] = name;

    /// <summary>The name here of a project of the source; null means the caller's.</summary>
    public string? NameOf(string? source) => forced ?? (source is null ? null : _names.GetValueOrDefault(source, source));

    /// <summary>The key of a project that is there.</summary>
    public long? Find(DatabaseConnection connection, string? name) => ProjectStore.Find(connection, Identity(name));

    /// <summary>The key of a project, which is made when it is not there.</summary>
    public long FindOrCreate(WriteScope scope, string? name) => ProjectStore.FindOrCreate(scope.Connection, Identity(name), scope.Now);

    private ProjectIdentity Identity(string? name) => name is null ? caller : new ProjectIdentity(name);
}
