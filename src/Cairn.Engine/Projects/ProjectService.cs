using Cairn.Engine.Policy;
using Cairn.Engine.Storage;

namespace Cairn.Engine.Projects;

/// <summary>Which projects there are, which one is meant, and their names. Merging two is EntryService's, since entries move.</summary>
public sealed class ProjectService
{
    private readonly Database _database;
    private readonly ProjectResolver _resolver;
    private readonly SecretScanner _scanner;

    private readonly Func<string, string> _clean;

    /// <param name="database">The database.</param>
    /// <param name="resolver">Which project a call means.</param>
    /// <param name="scanner">Looks at new names.</param>
    /// <param name="clean">A stored name as it may be handed out.</param>
    internal ProjectService(Database database, ProjectResolver resolver, SecretScanner scanner, Func<string, string> clean)
    {
        _clean = clean;
        _database = database;
        _resolver = resolver;
        _scanner = scanner;
    }

    /// <summary>All projects, by name. What looks like a secret by today's rules is replaced by its rule's name.</summary>
    public IReadOnlyList<Project> List() =>
    [
        .. _database.Read(ProjectStore.All).Select(project => project with
        {
            Name = _clean(project.Name),
            Origins = project.Origins?.Select(_clean).ToList(),
            Roots = project.Roots?.Select(_clean).ToList(),
            FormerNames = project.FormerNames?.Select(_clean).ToList(),
        }),
    ];

    /// <summary>The name of the project that a call means; where it is not known yet, the name it would get.</summary>
    public string Current(CallContext context)
    {
        var identity = _resolver.Identify(context);
        return _clean(_database.Read(connection => ProjectResolver.Name(connection, identity)));
    }

    /// <summary>Remembers the linked worktree that a call works in, where its project is known: sessions that were held there are read when it may be gone.</summary>
    public void Remember(CallContext context)
    {
        var identity = _resolver.Identify(context with { Project = null });
        if (!_database.Read(connection => ProjectStore.IsNew(connection, identity))) return;
        _database.Write(scope => ProjectStore.FindOrCreate(scope.Connection, identity, scope.Now));
    }

    /// <summary>Gives a project a new name. The old name goes on leading to it.</summary>
    /// <exception cref="EngineException">No project has the name <paramref name="from"/>, another has <paramref name="to"/>, or that looks like a secret.</exception>
    public void Rename(string from, string to)
    {
        var name = ProjectName.Require("to", to);
        if (_scanner.Scan(name) is [var finding, ..])
            throw new EngineException(ErrorCode.PolicyBlocked, $"to: this looks like a secret ({finding.RuleId}). Nothing was changed.", new Dictionary<string, object> { ["field"] = "to", ["rule"] = finding.RuleId });
        _database.Write(scope =>
        {
            var key = ProjectName.RequireKnown(scope.Connection, "from", from);
            if (ProjectStore.FindByName(scope.Connection, name) is { } other && other != key)
                throw EngineException.Invalid("to", $"another project has the name {name}; to make them one, use: cairn project merge");
            ProjectStore.Rename(scope.Connection, key, name, scope.Now);
            return true;
        });
    }
}
